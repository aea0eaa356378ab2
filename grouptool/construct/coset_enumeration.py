"""Coset enumeration (Todd and Coxeter) of our own, on integer arrays, over any finitely generated subgroup.

Public: CosetTable, coset_table, parse_presentation, parse_words, relators_in_columns, Task, budget_spent, STRATEGIES,
DEFAULT_COSETS.
The inner loops are ``_kernels`` (compiled) and ``coset_plain`` (for small questions).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..acceleration import use_compiled
from ..errors import BudgetSpentError, NotationError, TooLargeError
from ..notation import Presentation, Word, parse
from .coset_plain import Stopped, plain_table
from .words import cyclically_reduced, expand_all, freely_reduced, root_length, rotations

if TYPE_CHECKING:
    from types import ModuleType

__all__ = [
    "DEFAULT_COSETS",
    "STRATEGIES",
    "CosetTable",
    "Task",
    "budget_spent",
    "coset_table",
    "parse_presentation",
    "parse_words",
    "relators_in_columns",
]

DEFAULT_COSETS = 2_000_000
"""Budget: most cosets alive at a time. With two generators a coset takes 32 bytes (by Felsch 40), in all 64 MB."""
STRATEGIES = ("auto", "hlt", "felsch")
MAX_BYTES = 8 << 30
PLAIN_ROWS, PLAIN_STEPS = 20_000, 300_000
"""Where the plain twin gives up and the compiled kernels are loaded: about a third of a second."""
TOTAL_FACTOR = 50
"""An enumeration also stops when it has defined this many times ``max_cosets`` in all."""
MOST_ROTATIONS = 1_000
"""Of all relators and inverses: with more of them, "auto" leaves Felsch out, which scans a share at every new entry."""
PLAIN_ROTATED = 200_000
"""Letters of all rotations of relators that the plain twin keeps."""
SMALL_ROWS = 1 << 10
"""Rows of the first table: room for the whole budget is taken when it is full, as that costs a small question more."""
FIRST_ROWS, LOOKAHEAD_ROWS = 1 << 14, 1 << 18
"""Rows of the first pause, and from which on a pause looks ahead: that keeps the table of J1 four times smaller."""
TRIANGULAR = 3
"""Length of relators up to which "auto" begins with Felsch, for which they are cheap: twice as fast on F(2,7)."""


@dataclass(frozen=True, eq=False)
class CosetTable:
    """The right cosets Hx of a subgroup of finite index and what the generators do to them, proved by enumeration.

    Coset 0 is H; cosets are numbered breadth-first along the columns, so that equal subgroups have equal tables.

    Attributes:
        table: shape (index, 2 g), int32, read-only; columns a, a^-1, b, b^-1, ...: the coset Hxa.
        letters: names of the g generators.
        strategy: "hlt" or "felsch", whichever finished.
        total, maximum: cosets defined in all, and most alive at a time.
    """

    table: np.ndarray
    letters: tuple[str, ...]
    strategy: str
    total: int
    maximum: int

    def __post_init__(self) -> None:
        self.table.flags.writeable = False

    def __repr__(self) -> str:
        return f"<CosetTable of index {self.index:,} over {', '.join(self.letters)}, by {self.strategy}>"

    @property
    def index(self) -> int:
        """Number of cosets."""
        return len(self.table)

    @cached_property
    def permutations(self) -> np.ndarray:
        """Shape (g, index), int32: the image list of each generator on the cosets, a view of the table."""
        return self.table.T[::2]

    def trace(self, word: str | Word | Sequence[int], coset: int = 0) -> int:
        """The coset that ``coset`` is sent to by a word (text, parsed, or signed generator numbers from 1)."""
        for letter in _signed(word, self.letters):
            coset = int(self.table[coset, _column(letter)])
        return coset


def coset_table(
    presentation: str | Presentation,
    subgroup: Sequence[str | Word | Sequence[int]] = (),
    *,
    strategy: str = "auto",
    max_cosets: int = DEFAULT_COSETS,
) -> CosetTable:
    """The cosets of the subgroup that words generate in a finitely presented group.

    Args:
        presentation: ``"<a, b | a^2, b^3, (a*b)^5>"`` or a parsed one.
        subgroup: words, as text (``"a*b^-1"``), parsed, or as signed generator numbers from 1; none for the trivial
            subgroup, whose cosets are the elements of the group.
        strategy: "hlt" (with lookahead), "felsch", or "auto": hlt, and felsch when that has spent the budget and the
            relators have no more than a thousand rotations; felsch first when no relator is longer than three letters.
        max_cosets: most cosets alive at a time; for g generators 16 + 8 g bytes each, by Felsch 24 + 8 g.

    Returns:
        The finished table: its index is proved.

    Raises:
        BudgetSpentError: the budget ended first; the index is unknown, perhaps infinite.
        TooLargeError: the relators are longer than a million letters, or the budget needs more than 8 GiB.
        NotationError: the text is no presentation, or a word has a letter that is no generator.

    Cost: 2 to 10 million definitions and scans a second. Source: Holt, Eick, O'Brien, Handbook of Computational Group
    Theory (2005), sections 5.1 to 5.3; Havas and Ramsay (1999) on long relators and lookahead.

    >>> coset_table("<a, b | a^2, b^3, (a*b)^5>", ["b"]).index
    20
    """
    if strategy not in STRATEGIES:
        raise ValueError(f"{strategy!r} is no strategy; there are {', '.join(STRATEGIES)}")
    given = parse_presentation(presentation)
    task = Task.of(given, [_signed(word, given.letters) for word in subgroup])
    rows, used, total, maximum = task.run(strategy, max_cosets)
    if task.column_of != tuple(range(rows.shape[1])):  # a column that two letters share is given to both
        rows = np.ascontiguousarray(rows[:, list(task.column_of)])
    return CosetTable(rows, given.letters, used, total, maximum)


def parse_presentation(presentation: str | Presentation) -> Presentation:
    """A presentation from its text; one that is parsed comes back as it is."""
    given = parse(presentation) if isinstance(presentation, str) else presentation
    if not isinstance(given, Presentation):
        raise NotationError(f"{given} is not a presentation; write one as <a, b | a^2, b^3, (a*b)^5>")
    return given


def relators_in_columns(given: Presentation) -> Task:
    """The relators as words in the columns of a table; see ``Task``."""
    return Task.of(given, ())


def parse_words(text: str, letters: Sequence[str]) -> tuple[Word, ...]:
    """Words over some letters from a text such as ``"a*b, (a*b^2)^3"``, in the notation of relators."""
    return parse_presentation(f"<{', '.join(letters)} | {text}>").relators


def _signed(word: str | Word | Sequence[int], letters: Sequence[str]) -> list[int]:
    if isinstance(word, str):
        words = parse_words(word, letters)
        if len(words) != 1:
            raise NotationError(f"{word[:60]!r} is not one word over {', '.join(letters)}")
        word = words[0]
    return expand_all([word], letters)[0] if isinstance(word, Word) else freely_reduced(word)


def _column(letter: int) -> int:
    return 2 * letter - 2 if letter > 0 else -2 * letter - 1


@dataclass(frozen=True)
class Task:
    """What is enumerated, in columns: a generator that a relator makes an involution has one column, not two."""

    given: Presentation
    column_of: tuple[int, ...]  # of each letter and its inverse
    inverse: tuple[int, ...]  # column -> column
    subgroup: list[tuple[int, ...]]
    relators: list[tuple[int, ...]]

    @classmethod
    def of(cls, given: Presentation, subgroup: Sequence[Sequence[int]]) -> Task:
        words = [cyclically_reduced(word) for word in expand_all(given.relators, given.letters)]
        involutions = {abs(word[0]) for word in words if len(word) == 2 and word[0] == word[1]}
        column_of: list[int] = []
        inverse: list[int] = []
        for number in range(1, len(given.letters) + 1):
            first, shared = len(inverse), number in involutions
            column_of += [first, first if shared else first + 1]
            inverse += [first] if shared else [first + 1, first]

        def in_columns(word: Sequence[int]) -> list[int]:
            reduced: list[int] = []
            for letter in word:
                x = column_of[_column(letter)]
                if reduced and reduced[-1] == inverse[x]:
                    reduced.pop()
                else:
                    reduced.append(x)
            return reduced

        relators = set()
        for word in words:
            columns = in_columns(word)
            while len(columns) > 1 and columns[0] == inverse[columns[-1]]:
                columns = columns[1:-1]
            if columns:
                relators.add(tuple(columns))
        return cls(
            given,
            tuple(column_of),
            tuple(inverse),
            [tuple(word) for word in map(in_columns, subgroup) if word],
            sorted(relators, key=lambda word: (len(word), word)),
        )

    def run(self, strategy: str, max_cosets: int) -> tuple[np.ndarray, str, int, int]:
        """The standardised table, the strategy that finished, and how many cosets it took in all and at a time."""
        choices = self.strategies() if strategy == "auto" else (strategy,)
        forced = not use_compiled(1 << 62)
        if forced or not use_compiled(0):
            for choice in choices if forced else choices[:1]:
                bounds = (max_cosets, 1 << 62) if forced else (min(max_cosets, PLAIN_ROWS), PLAIN_STEPS)
                try:
                    by_first = self.by_first() if choice == "felsch" else None
                    rows, total, most = plain_table(self.inverse, self.subgroup, self.relators, by_first, *bounds)
                except Stopped:
                    continue
                return np.array(rows, dtype=np.int32).reshape(-1, len(self.inverse)), choice, total, most
            if forced:
                raise self.spent(max_cosets)
        for choice in choices:
            found = self.compiled(choice, max_cosets)
            if found is not None:
                return found
        raise self.spent(max_cosets)

    def strategies(self) -> tuple[str, ...]:
        """What "auto" tries, in turn."""
        lengths = list(map(len, self.relators))
        if 2 * sum(lengths) > MOST_ROTATIONS and sum(map(root_length, self.cyclic_words())) > MOST_ROTATIONS:
            return ("hlt",)
        return ("felsch", "hlt") if max(lengths, default=0) <= TRIANGULAR else ("hlt", "felsch")

    def spent(self, max_cosets: int) -> BudgetSpentError:
        return budget_spent("index of a subgroup of" if self.subgroup else "order of", self.given, max_cosets)

    def cyclic_words(self) -> list[tuple[int, ...]]:
        """Relators and their inverses, but none that is a rotation of one before."""
        found: dict[int, list[str]] = {}
        chosen = []
        for word in self.relators:
            for one in (word, tuple(self.inverse[x] for x in reversed(word))):
                text = "".join(map(chr, one))
                before = found.setdefault(len(one), [])
                if not any(text in doubled for doubled in before):
                    before.append(text + text)
                    chosen.append(one)
        return chosen

    def by_first(self, *, bounded: bool = True) -> list[list[tuple[int, ...]]]:
        """All rotations of the relators and their inverses, by first column, shortest first."""
        words = self.cyclic_words()
        if bounded and sum(len(word) * root_length(word) for word in words) > PLAIN_ROTATED:
            raise Stopped
        result: list[list[tuple[int, ...]]] = [[] for _ in self.inverse]
        for turned in sorted((turned for word in words for turned in rotations(word)), key=len):
            result[turned[0]].append(turned)
        return result

    def compiled(self, strategy: str, max_cosets: int) -> tuple[np.ndarray, str, int, int] | None:
        """As ``run`` with one strategy of the compiled kernels; None when the budget is spent."""
        from ._kernels import cosets as kernels

        felsch = strategy == "felsch"
        columns = len(self.inverse)
        size = max_cosets * (4 * columns + 16 + (8 if felsch else 0))
        if size > MAX_BYTES:
            raise TooLargeError(
                f"{max_cosets:,} cosets of {columns} columns take {size:,} bytes; the limit is {MAX_BYTES:,}"
            )
        cosets = self.room(kernels, min(SMALL_ROWS, max_cosets), felsch)
        subgroup = self.arrays(kernels, self.subgroup)
        words = self.rotation_arrays(kernels) if felsch else self.arrays(kernels, self.relators)
        kernel = kernels.felsch if felsch else kernels.hlt
        while kernel(cosets, subgroup, words) == kernels.FULL:
            if len(cosets.table) < max_cosets:
                cosets = _enlarged(kernels, cosets, self.room(kernels, max_cosets, felsch))
                continue
            if cosets.state[kernels.TOTAL] > TOTAL_FACTOR * max_cosets:
                return None
            if not _make_room(kernels, cosets, words, max_cosets, felsch):
                return None
        total, most = map(int, cosets.state[[kernels.TOTAL, kernels.MAXIMUM]])
        return kernels.standardise(cosets), strategy, total, most

    def room(self, kernels: ModuleType, rows: int, felsch: bool) -> Any:
        """A coset table with nothing but coset 0; the memory is taken by the system only as it is used."""
        columns = len(self.inverse)
        cosets = kernels.Cosets(
            table=np.empty((rows, columns), dtype=np.int32),
            inverse=np.array(self.inverse, dtype=np.int32),
            parent=np.empty(rows, dtype=np.int32),
            closed=np.empty(rows, dtype=np.int64),
            queue=np.empty(rows, dtype=np.int32),
            stack=np.empty((rows if felsch else 0, 2), dtype=np.int32),
            state=np.array([1, 0, 1, 1, 1, 0, 0, min(FIRST_ROWS, rows)], dtype=np.int64),
        )
        cosets.table[0], cosets.parent[0], cosets.closed[0] = -1, 0, 0
        return cosets

    def arrays(self, kernels: ModuleType, words: Sequence[tuple[int, ...]]) -> Any:
        """Words as the kernels take them; bits go to relators that read the same from several of their letters."""
        letters: list[int] = []
        ends: list[int] = []
        again: list[bool] = []
        bits = [0] * len(words)
        several = []
        for j, word in enumerate(words):
            same = self.symmetric(word)
            letters += word
            again += same
            ends.append(len(letters))
            if sum(same) > 1:
                several.append(j)
        for place, j in enumerate(sorted(several, key=lambda j: -len(words[j]))[:62]):
            bits[j] = 1 << place
        return self.packed(kernels, letters, [0, *ends[:-1]] if ends else [], ends, bits, again)

    def rotation_arrays(self, kernels: ModuleType) -> Any:
        """All rotations of relators and inverses, by first column; each word is stored twice over, once for all."""
        letters: list[int] = []
        turned: list[tuple[int, int, int]] = []  # first column, length and start of each rotation
        for word in self.cyclic_words():
            start = len(letters)
            letters += word * 2
            turned += [(x, len(word), start + i) for i, x in enumerate(word[: root_length(word)])]
        turned.sort()
        firsts = [first for first, _, _ in turned]
        starts = [start for _, _, start in turned]
        ends = [start + length for _, length, start in turned]
        packed = self.packed(kernels, letters, starts, ends, [0] * len(turned), [])
        first_of = [bisect_left(firsts, x) for x in range(len(self.inverse) + 1)]
        return packed._replace(first_of=np.array(first_of, dtype=np.int64))

    def packed(
        self,
        kernels: ModuleType,
        letters: list[int],
        starts: list[int],
        ends: list[int],
        bits: list[int],
        again: list[bool],
    ) -> Any:
        return kernels.Words(
            letters=np.array(letters, dtype=np.int32),
            back=np.array([self.inverse[x] for x in letters], dtype=np.int32),
            starts=np.array(starts, dtype=np.int64),
            ends=np.array(ends, dtype=np.int64),
            bits=np.array(bits, dtype=np.int64),
            again=np.array(again, dtype=np.bool_),
            first_of=np.zeros(0, dtype=np.int64),
        )

    def symmetric(self, word: tuple[int, ...]) -> list[bool]:
        """For each letter whether the word, read round from there forwards or backwards, is the word again."""
        period = root_length(word)
        text = "".join(map(chr, word))
        backwards = "".join(chr(self.inverse[x]) for x in reversed(word))
        turn = (backwards + backwards).find(text)
        places = {0} if turn < 0 else {0, -turn % period}
        return [i % period in places for i in range(len(word))]


def budget_spent(what: str, given: Presentation, max_cosets: int) -> BudgetSpentError:
    """The error of an enumeration that stopped; ``what`` is still unknown: "order of", say."""
    text = str(given)
    return BudgetSpentError(
        f"stopped at {max_cosets:,} cosets (budget); the {what} {text if len(text) <= 200 else text[:197] + '...'} is "
        "still unknown. Raise --max-cosets, or add relators."
    )


def _enlarged(kernels: ModuleType, cosets: Any, larger: Any) -> Any:
    """The same cosets in a larger room; there they pause once more at FIRST_ROWS."""
    state = cosets.state
    rows, depth, limit = int(state[kernels.ROWS]), int(state[kernels.DEPTH]), larger.state[kernels.LIMIT]
    for old, new in ((cosets.table, larger.table), (cosets.parent, larger.parent), (cosets.closed, larger.closed)):
        new[:rows] = old[:rows]
    larger.stack[:depth] = cosets.stack[:depth]
    larger.state[:] = state
    larger.state[kernels.LIMIT] = limit
    return larger


def _make_room(kernels: ModuleType, cosets: Any, words: Any, max_cosets: int, felsch: bool) -> bool:
    """After a pause: look ahead if the table is long, drop the dead, go on to more rows. False when nothing helps."""
    state = cosets.state
    rows = int(state[kernels.ROWS])
    if not felsch and rows >= min(LOOKAHEAD_ROWS, max_cosets) and 4 * (rows - state[kernels.ALIVE]) < rows:
        kernels.lookahead(cosets, words)
    dead = rows - int(state[kernels.ALIVE])
    if 10 * dead >= rows or rows == max_cosets:
        kernels.compact(cosets)
    if 4 * dead < rows:
        state[kernels.LIMIT] = min(2 * rows, max_cosets)
    return rows < max_cosets or dead >= max(1, max_cosets // 20)
