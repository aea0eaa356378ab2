"""Every error that a user can meet.

Each says in one line what was given, which rule it met and what to do next; each is also the built-in
exception that a caller would guess, and knows the exit code that the command line answers with
(1 refused, 3 answered no, 4 undecided or budget spent).
"""

__all__ = [
    "BudgetSpentError",
    "CatalogError",
    "GroupToolError",
    "InfiniteGroupError",
    "InputFileError",
    "NetworkError",
    "NoEvidenceError",
    "NotAGroupError",
    "NotationError",
    "QueryError",
    "RepresentationError",
    "RunFolderError",
    "TooLargeError",
    "UnknownGroupError",
]


class GroupToolError(Exception):
    """Base of everything that grouptool and verify raise on purpose."""

    exit_code = 1


class NotationError(GroupToolError, ValueError):
    """A text that the notation cannot read, or a family asked for a member that it does not have."""


class QueryError(GroupToolError, ValueError):
    """A text that the search language of the catalog cannot read, or a question that makes no sense of a field."""


class UnknownGroupError(GroupToolError, LookupError):
    """A name that no family and no catalog record carries."""


class NotAGroupError(GroupToolError, ValueError):
    """A table or a set of permutations that breaks a group axiom; the message names where."""


class TooLargeError(GroupToolError, ValueError):
    """A group or a computation beyond a stated bound, refused before memory is taken."""


class InfiniteGroupError(GroupToolError, ValueError):
    """A presentation that is proved to define an infinite group."""


class BudgetSpentError(GroupToolError, RuntimeError):
    """A search that stopped at its budget: the answer is unknown, not no."""

    exit_code = 4


class RepresentationError(GroupToolError, ArithmeticError):
    """Matrices or characters that fail a defining relation; the message names the relation."""


class InputFileError(GroupToolError, OSError):
    """A file that is missing, unreadable, too large or not what its name says."""


class CatalogError(GroupToolError, OSError):
    """A catalog that cannot be opened, or a record in it that fails its own checks."""


class NetworkError(GroupToolError, ValueError):
    """Weights whose names, shapes or values are not those of a network on this group."""


class RunFolderError(GroupToolError, OSError):
    """A run folder that is damaged, or that belongs to another experiment."""


class NoEvidenceError(GroupToolError, ValueError):
    """A claim that this network or this group cannot decide; the message is the reason."""

    exit_code = 4
