"""The fields of a catalogued group: what they are called, what kind of value they hold, and what they mean.

Public: FIELDS, FIELD, Field, RELATIONS, histogram.
One list for everything that reads or writes facts: computing, shipping, storing, searching, printing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

__all__ = ["FIELD", "FIELDS", "RELATIONS", "Field", "histogram"]


@dataclass(frozen=True)
class Field:
    """A fact about a group.

    Attributes:
        name: its key in a record's facts, and the word that the query language knows.
        kind: "flag" (true or false), "number" (an integer), "text", "group" (an isomorphism type), or
            "rows" (runs of equal rows, see ``histogram``) and "groups" (isomorphism types), which have no column.
        meaning: one line, for the list of fields.
        undefined: what no value means where the field makes no sense, such as the class of a group that is not
            nilpotent; empty where every group has a value, and none means not computed.
    """

    name: str
    kind: str
    meaning: str
    undefined: str = ""

    @property
    def has_column(self) -> bool:
        """Whether a value can be compared, so that the index has a column for it."""
        return self.kind in ("flag", "number", "text", "group")


# An isomorphism type is written as a label, 60.5, where the library holds the order, else order:fingerprint.
FIELDS = (
    Field("order", "number", "number of elements"),
    Field("label", "text", "small-group label order.index", "the library does not hold the order"),
    Field("name", "text", "readable name, which the notation reads back; where our rule finds one"),
    Field("description", "text", "structure description, not unique"),
    Field("gap_description", "text", "GAP's structure description, where D10 is our D5", "not in the library"),
    Field("degree", "number", "points of the stored permutations"),
    Field("abelian", "flag", "a*b = b*a"),
    Field("cyclic", "flag", "one element generates it"),
    Field("elementary_abelian", "flag", "a power of a group of prime order"),
    Field("p_group", "flag", "the order is a power of a prime"),
    Field("nilpotent", "flag", "the lower central series ends in 1"),
    Field("metacyclic", "flag", "a cyclic normal subgroup has a cyclic quotient"),
    Field("metabelian", "flag", "the derived subgroup is abelian"),
    Field("supersolvable", "flag", "a chief series has factors of prime order"),
    Field("solvable", "flag", "the derived series ends in 1"),
    Field("perfect", "flag", "it is its own derived subgroup"),
    Field("simple", "flag", "exactly two normal subgroups"),
    Field("quasisimple", "flag", "perfect, and simple modulo the centre"),
    Field("almost_simple", "flag", "between a nonabelian simple group and its automorphism group"),
    Field("frobenius", "flag", "a Frobenius group: kernel and complement, acting without fixed points"),
    Field("a_group", "flag", "all Sylow subgroups are abelian"),
    Field("z_group", "flag", "all Sylow subgroups are cyclic"),
    Field("complete", "flag", "trivial centre, and every automorphism is inner"),
    Field("ambivalent", "flag", "every element is conjugate to its inverse"),
    Field("rational", "flag", "every character value is an integer"),
    Field("exponent", "number", "least common multiple of the element orders"),
    Field("rank", "number", "least number of generators"),
    Field("derived_length", "number", "length of the derived series", "not solvable"),
    Field("nilpotency_class", "number", "length of the lower central series", "not nilpotent"),
    Field("chief_length", "number", "length of a chief series"),
    Field("composition_length", "number", "length of a composition series"),
    Field("center_order", "number", "elements that commute with all"),
    Field("derived_order", "number", "order of the derived subgroup"),
    Field("frattini_order", "number", "order of the Frattini subgroup"),
    Field("fitting_order", "number", "order of the Fitting subgroup"),
    Field("socle_order", "number", "order of the socle"),
    Field("num_involutions", "number", "elements of order 2"),
    Field("num_classes", "number", "conjugacy classes, and irreducible characters"),
    Field("num_real_classes", "number", "classes that hold the inverses of their elements"),
    Field("num_rational_classes", "number", "classes of cyclic subgroups, up to conjugacy"),
    Field("num_subgroups", "number", "subgroups"),
    Field("num_subgroup_classes", "number", "conjugacy classes of subgroups"),
    Field("num_normal_subgroups", "number", "normal subgroups"),
    Field("num_maximal_classes", "number", "conjugacy classes of maximal subgroups"),
    Field("automorphism_order", "number", "order of Aut(G)"),
    Field("outer_order", "number", "order of Out(G)"),
    Field("num_automorphism_orbits", "number", "orbits of Aut(G) on the elements"),
    Field("permutation_degree", "number", "least degree of a faithful permutation representation"),
    Field("max_irrep_degree", "number", "largest degree of an irreducible character"),
    Field("faithful_irrep_degree", "number", "least degree of a faithful irreducible character", "it has none"),
    Field("center", "group", "type of the centre"),
    Field("derived_subgroup", "group", "type of the derived subgroup"),
    Field("abelianization", "group", "type of G / G'"),
    Field("central_quotient", "group", "type of G / Z(G), the inner automorphisms"),
    Field("frattini", "group", "type of the Frattini subgroup"),
    Field("fitting", "group", "type of the Fitting subgroup"),
    Field("socle", "group", "type of the socle"),
    Field("classes", "rows", "element order and size of each class, in the order of the classes"),
    Field("irreps", "rows", "degree, Frobenius-Schur indicator, 1 if faithful, of each character in order"),
    Field("composition_factors", "groups", "types of the factors of a composition series, with repeats"),
    Field("subgroups", "groups", "types of the subgroups"),
    Field("normal_subgroups", "groups", "types of the normal subgroups"),
    Field("quotients", "groups", "types of the quotients"),
    Field("maximal_subgroups", "groups", "types of the maximal subgroups"),
)

FIELD = {field.name: field for field in FIELDS}

RELATIONS = ("subgroups", "normal_subgroups", "quotients", "maximal_subgroups", "composition_factors")
"""Fields whose types can be searched for."""


def histogram(rows: Iterable[Sequence[int]]) -> list[list[Any]]:
    """Runs of equal rows: each row with how often it comes in a row as its last entry; the order is kept.

    >>> histogram([(1, 1), (1, 1), (2, 1), (1, 1)])
    [[1, 1, 2], [2, 1, 1], [1, 1, 1]]
    """
    return [[*row, len(list(run))] for row, run in groupby(map(tuple, rows))]
