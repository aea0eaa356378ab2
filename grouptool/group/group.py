"""The finite group that everything else takes: a Cayley table, its generators, and a permutation for each element.

Public: Group, TABLE_LIMIT.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..acceleration import use_compiled
from ..errors import NotAGroupError, TooLargeError
from .arithmetic import prime_factors, smallest_unsigned
from .element import Element, cycle_notation
from .subgroup import Subgroup

__all__ = ["TABLE_LIMIT", "Group"]

TABLE_LIMIT = 20_160
"""Largest order for which a Cayley table is made: 20,160 elements take 813 MB of two-byte integers."""


@dataclass(frozen=True, eq=False)
class Group:
    """A finite group on the integers 0 to n - 1, with element 0 the identity.

    Products compose left to right: ``table[i, j]`` is element i times element j, first i and then j, and
    ``permutations[table[i, j]]`` is ``permutations[j][permutations[i]]``. Arrays are read-only and shared, not copied.
    Two groups are equal when their tables are; isomorphism is ``grouptool.structure.find_isomorphism``'s question.

    ``G[i]`` is element i, iteration gives all of them, ``G * H`` is the direct product, ``G**k`` a direct power,
    ``G / N`` the quotient by a normal subgroup.

    Attributes:
        table: shape (n, n), unsigned integers of the smallest width that holds n - 1, row after row.
        generators: indices of the elements that the group was made from, in that order; may repeat.
        permutations: shape (n, degree), a faithful permutation representation; row i is the image list of element i.
        name: the group as the notation writes it.
        parents: shape (n,); element i is ``parents[i] * generators[letters[i]]``, except i = 0.
        letters: shape (n,), as above. The tree is breadth-first: a parent is one step nearer to the
            identity, though its number may be larger.
        relators: the defining relators that the group was given by, if it came as a presentation.
    """

    table: np.ndarray
    generators: tuple[int, ...]
    permutations: np.ndarray
    name: str
    parents: np.ndarray = field(repr=False)
    letters: np.ndarray = field(repr=False)
    relators: str | None = None

    def __post_init__(self) -> None:
        for array in (self.table, self.permutations, self.parents, self.letters):
            array.flags.writeable = False

    @classmethod
    def of_table(
        cls, table: np.ndarray, generators: Sequence[int], name: str, *, permutations: np.ndarray | None = None
    ) -> Group:
        """The group with a table that is known to be one; nothing is checked (``construct.from_table`` checks).

        Args:
            table: shape (n, n), element 0 the identity.
            generators: elements that generate the group.
            permutations: a faithful permutation representation, shape (n, degree); by default the right regular one,
                a view of the table.
        """
        table = np.ascontiguousarray(table, dtype=smallest_unsigned(len(table)))
        parents, letters, reached = spanning_tree(table, generators)
        assert reached.all(), f"{name}: the generators reach {reached.sum()} of {len(table)} elements"
        regular = table.T if permutations is None else permutations
        return cls(table, tuple(map(int, generators)), regular, name, parents, letters)

    def __len__(self) -> int:
        return self.order

    def __repr__(self) -> str:
        return f"<Group {self.name} of order {self.order}>"

    def _repr_latex_(self) -> str:
        return f"${latex_name(self.name)}$"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Group):
            return NotImplemented
        if self is other:
            return True
        # Two group tables that agree on the columns of generators agree: x (s t) = (x s) t.
        chosen = list(self.generators)
        return self.order == other.order and np.array_equal(self.table[:, chosen], other.table[:, chosen])

    def __hash__(self) -> int:
        return hash((self.order, self.table[-1].tobytes()))

    def __getitem__(self, index: int) -> Element:
        number = operator.index(index)
        return Element(self, number + self.order if -self.order <= number < 0 else number)

    def __iter__(self) -> Iterator[Element]:
        return (Element(self, index) for index in range(self.order))

    def __contains__(self, element: object) -> bool:
        return isinstance(element, Element) and element.group == self

    def __mul__(self, other: Group) -> Group:
        if not isinstance(other, Group):
            return NotImplemented
        return direct_product(self, other)

    def __pow__(self, exponent: int) -> Group:
        if exponent < 1:
            raise ValueError(f"the exponent of a direct power is at least 1, not {exponent}")
        product = self
        for _ in range(exponent - 1):
            product = product * self
        return product

    def __truediv__(self, normal: Subgroup) -> Group:
        if not isinstance(normal, Subgroup):
            return NotImplemented
        return quotient(self, normal)

    @property
    def order(self) -> int:
        """Number n of elements."""
        return len(self.table)

    @property
    def degree(self) -> int:
        """Number of points that the elements permute."""
        return int(self.permutations.shape[1])

    @property
    def inverses(self) -> np.ndarray:
        """Shape (n,): the index of the inverse of each element."""
        return self._orders_and_inverses[1]

    @property
    def element_orders(self) -> np.ndarray:
        """Shape (n,), int64: the order of each element."""
        return self._orders_and_inverses[0]

    @cached_property
    def _orders_and_inverses(self) -> tuple[np.ndarray, np.ndarray]:
        if use_compiled(self.order):
            from ._kernels import orders_and_inverses

            orders, inverses = orders_and_inverses(self.table)
        else:
            orders, inverses = self._plain_orders(), self.powers(self.order - 1)
        return _frozen(orders), _frozen(inverses)

    def _plain_orders(self) -> np.ndarray:
        """Each order divides n, so the primes of n are divided out in turn."""
        orders = np.full(self.order, self.order, dtype=np.int64)
        for prime, multiplicity in prime_factors(self.order):
            for _ in range(multiplicity):
                shorter = np.where(orders % prime == 0, orders // prime, orders)
                orders = np.where(self.powers(shorter) == 0, shorter, orders)
        return orders

    @cached_property
    def exponent(self) -> int:
        """Least e with g^e = 1 for every g: the least common multiple of the element orders."""
        return int(np.lcm.reduce(np.flatnonzero(np.bincount(self.element_orders))))

    @cached_property
    def is_abelian(self) -> bool:
        """Whether every two elements commute; enough to ask of the generators."""
        chosen = np.array(self.generators, dtype=np.int64)
        pairs = self.table[chosen[:, None], chosen]
        return bool((pairs == pairs.T).all())

    @property
    def generators_as_elements(self) -> tuple[Element, ...]:
        """The generators, in the order that the group was given by."""
        return tuple(Element(self, index) for index in self.generators)

    @property
    def identity(self) -> Element:
        """Element 0."""
        return Element(self, 0)

    def subgroup(self, generators: Iterable[Element | int]) -> Subgroup:
        """The subgroup that elements generate.

        Raises:
            ValueError: one lies in another group.
            IndexError: a number is that of no element.
        """
        chosen = []
        for one in generators:
            if isinstance(one, Element) and one not in self:
                raise ValueError(f"{one!r} lies in {one.group.name}, not in {self.name}")
            chosen.append(Element(self, int(one)).index)
        return Subgroup(self, self.closure(chosen))

    @property
    def trivial_subgroup(self) -> Subgroup:
        """The subgroup {1}."""
        return self.subgroup([])

    @property
    def whole(self) -> Subgroup:
        """The group as a subgroup of itself, on its own generators."""
        return Subgroup(self, np.ones(self.order, dtype=bool), tuple(dict.fromkeys(g for g in self.generators if g)))

    def powers(self, exponents: int | np.ndarray, elements: np.ndarray | None = None) -> np.ndarray:
        """Shape (m,): ``elements`` to the ``exponents`` (an integer or shape (m,), not negative), all at once.

        ``elements`` are indices, shape (m,); by default all n elements in order. Cost: two gathers a binary digit.
        """
        base = np.arange(self.order) if elements is None else np.asarray(elements)
        left = np.broadcast_to(np.asarray(exponents, dtype=np.int64), base.shape).copy()
        result = np.zeros(base.shape, dtype=self.table.dtype)
        while left.any():
            result = np.where(left & 1, self.table[result, base], result)
            base = self.table[base, base]
            left >>= 1
        return result

    def conjugation(self, g: int) -> np.ndarray:
        """Shape (n,): x -> g^-1 x g, a permutation of the elements."""
        return np.asarray(self.table[self.table[self.inverses[g]], g])

    def closure(self, elements: Sequence[int] | np.ndarray) -> np.ndarray:
        """Shape (n,), bool: membership in the subgroup that ``elements`` generate.

        Elements inside what the ones before generate cost nothing; each of the others, at most log2 n of them, costs
        n gathers a generator and no more memory.
        """
        if use_compiled(self.order):
            from ._kernels import closure

            return np.asarray(closure(self.table, np.asarray(elements, dtype=np.int64)))
        chosen = np.unique(np.asarray(elements, dtype=np.int64))
        inside = np.zeros(self.order, dtype=bool)
        inside[0] = True
        used: list[int] = []
        while (missing := chosen[~inside[chosen]]).size:
            inside = self.extended(inside, used, int(missing[0]))
            used.append(int(missing[0]))
        return inside

    def extended(self, inside: np.ndarray, generators: Sequence[int], z: int) -> np.ndarray:
        """Shape (n,), bool: membership in <H, z>, as a new array.

        Where z normalises H it is the union of the H z^i, in one gather; else cosets H x are multiplied by generators
        until nothing is new, or until more than half of G is reached (Lagrange).

        Args:
            inside: membership in the subgroup H, shape (n,), bool; ``generators`` generate it.

        Source: Holt, Eick, O'Brien, Handbook of Computational Group Theory (2005), section 4.1 (Dimino's algorithm).
        """
        table, members, reached = self.table, np.flatnonzero(inside), inside.copy()
        chosen = np.array([*generators, z])
        if inside[self.conjugation(z)[chosen[:-1]]].all():
            reached[table[np.ix_(members, self._powers_outside(inside, z))]] = True
            return reached
        frontier = np.zeros(1, dtype=np.int64)
        while frontier.size:
            products = np.unique(table[np.ix_(frontier, chosen)])
            fresh = products[~reached[products]]
            if not fresh.size:
                break
            cosets = table[np.ix_(members, fresh)]
            reached[cosets] = True
            if 2 * np.count_nonzero(reached) > self.order:
                return np.ones(self.order, dtype=bool)
            frontier = fresh[np.unique(cosets.min(axis=0), return_index=True)[1]]
        return reached

    def _powers_outside(self, inside: np.ndarray, z: int) -> np.ndarray:
        """Shape (m,): 1, z, ..., z^(m-1), where m > 0 is least with z^m in H; by doubling."""
        powers, step = np.zeros(1, dtype=np.int64), z
        while True:
            following = self.table[powers, step]
            back = np.flatnonzero(inside[following])
            if back.size:
                return np.concatenate([powers, following[: back[0]]])
            powers, step = np.concatenate([powers, following]), int(self.table[step, step])

    def generating_set(self, inside: np.ndarray) -> list[int]:
        """Elements that generate a subgroup, each the smallest that the ones before do not reach.

        Args:
            inside: membership of the subgroup, shape (n,), bool.
        """
        chosen: list[int] = []
        reached = self.closure(chosen)
        while (missing := np.flatnonzero(inside & ~reached)).size:
            reached = self.extended(reached, chosen, int(missing[0]))
            chosen.append(int(missing[0]))
        return chosen

    def cycles(self, element: int) -> str:
        """The element as a product of disjoint cycles of points from 1; the identity is ``()``."""
        return cycle_notation(self.permutations[element])

    def word(self, element: int) -> list[int]:
        """A shortest product of generators that gives the element: positions in ``generators``, left to right."""
        letters: list[int] = []
        while element:
            letters.append(int(self.letters[element]))
            element = int(self.parents[element])
        return letters[::-1]

    @cached_property
    def levels(self) -> tuple[np.ndarray, ...]:
        """The elements other than 1 by their distance from 1 in the tree of ``parents``, nearest first."""
        return tree_levels(self.parents)

    def right_multiplications(self) -> Iterator[np.ndarray]:
        """For each generator s the permutation x -> x s of the elements, shape (n,)."""
        for generator in self.generators:
            yield self.table[:, generator]


def spanning_tree(table: np.ndarray, generators: Sequence[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The breadth-first tree of right products: parents (n,), letters (n,), and what it reaches, (n,) bool."""
    parents = np.zeros(len(table), dtype=np.int64)
    letters = np.zeros(len(table), dtype=np.int64)
    reached = np.zeros(len(table), dtype=bool)
    reached[0] = True
    level = np.zeros(1, dtype=np.int64)
    while level.size:
        found: list[np.ndarray] = []
        for letter, generator in enumerate(generators):
            products = table[level, generator].astype(np.int64)
            fresh, first = np.unique(products, return_index=True)
            new = ~reached[fresh]
            fresh, first = fresh[new], first[new]
            reached[fresh] = True
            parents[fresh] = level[first]
            letters[fresh] = letter
            found.append(fresh)
        level = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
    return parents, letters, reached


def tree_levels(parents: np.ndarray) -> tuple[np.ndarray, ...]:
    """The nodes of a tree with root 0 by depth, without the root; depths by doubling."""
    depth, above = (np.arange(len(parents)) > 0).astype(np.int64), parents
    while above.any():
        depth += depth[above]
        above = above[above]
    return tuple(np.split(np.argsort(depth, kind="stable"), np.cumsum(np.bincount(depth)))[1:-1])


def direct_product(first: Group, second: Group) -> Group:
    """G x H on the disjoint union of their points; element (i, j) has number i |H| + j.

    Raises:
        TooLargeError: the order is above the limit for a table.
    """
    order = first.order * second.order
    name = f"{bracketed(first.name)} x {bracketed(second.name)}"
    if order > TABLE_LIMIT:
        raise TooLargeError(f"{name} has {order:,} elements; the limit for a Cayley table is {TABLE_LIMIT:,}")
    number = smallest_unsigned(order).type
    table = first.table.astype(number)[:, None, :, None] * number(second.order) + second.table[None, :, None, :]
    points = np.empty((order, first.degree + second.degree), dtype=np.int64)
    points[:, : first.degree] = np.repeat(first.permutations, second.order, axis=0)
    points[:, first.degree :] = np.tile(second.permutations, (first.order, 1)).astype(np.int64) + first.degree
    generators = [*(g * second.order for g in first.generators), *second.generators]
    return Group.of_table(table.reshape(order, order), generators, name, permutations=points)


def quotient(group: Group, normal: Subgroup) -> Group:
    """G / N on its own elements (the right regular representation); coset i holds the i-th smallest representative.

    Raises:
        NotAGroupError: the subgroup is not normal.
    """
    if normal.group != group:
        raise ValueError(f"{normal!r} is no subgroup of {group.name}")
    _check_normal(normal)
    coset = normal.right_cosets
    representatives = np.unique(coset, return_index=True)[1]
    table = coset[group.table[np.ix_(representatives, representatives)]]
    kernel = ", ".join(map(group.cycles, normal.generators)) or "()"
    name = f"{bracketed(group.name)} / ({kernel})"
    return Group.of_table(table, [int(coset[g]) for g in group.generators], name)


def _check_normal(subgroup: Subgroup) -> None:
    group, members = subgroup.group, subgroup.elements
    for g in () if subgroup.is_normal else group.generators:
        moved = members[~subgroup.mask[group.conjugation(g)[members]]]
        if moved.size:
            raise NotAGroupError(
                f"{subgroup!r} is not normal: it contains {group.cycles(int(moved[0]))} but not its conjugate by "
                f"{group.cycles(g)}"
            )


def bracketed(name: str) -> str:
    """A name as a factor of a product: in brackets when it is a product, or permutations, itself."""
    return f"({name})" if " " in name or name.startswith("(") else name


def latex_name(name: str) -> str:
    """A group's name in LaTeX: ``C2^3 x S4`` becomes ``C_{2}^{3} \\times S_{4}``."""
    text = re.sub(r"([\\{}#%&$])", r"\\\1", name.replace("\\", "/"))
    text = re.sub(r"[A-Za-z_]\w*(?:[+-](?=\())?", _latex_word, text)  # SO-(4,3) carries its sign
    text = re.sub(r"\^\((\d\+\d+)\)([+-])", r"^{\1}_{\2}", text)  # as do extraspecial groups
    text = re.sub(r"\^(?:\((-?\d+)\)|(-?\d+))", r"^{\1\2}", text)
    text = re.sub(r"<(.*?)\|(.*)>", r"\\langle \1\\mid \2 \\rangle", text)
    text = re.sub(" +", " ", text.replace("*", " "))
    signs = {"x": r"\times", ":": r"\rtimes", "o": r"\circ", "wr": r"\wr"}
    return re.sub(
        r"(?<![,|]) (x|:|o|wr) (?![=|])", lambda found: f" {signs[found[1]]} ", text
    )  # <y, x | x = y> has none


def _latex_word(found: re.Match[str]) -> str:
    """A family or a letter, with its number below it; Greek letters as such, longer names upright."""
    word = found[0]
    if word in ("x", "o", "wr", "mod"):
        return r"\bmod" if word == "mod" else word
    letters, number, sign = re.fullmatch(r"(.*?)(\d*)([+-]?)", word).groups()  # type: ignore[union-attr]
    letters = letters.rstrip("_")
    parts = re.split("(Gamma|Sigma|Omega)", letters.replace("_", r"\_"))
    text = "".join(
        rf"\{part}" + " " * bool(after) if place % 2 else part if len(letters) == 1 else rf"\mathrm{{{part}}}"
        for place, (part, after) in enumerate(zip(parts, [*parts[1:], ""], strict=True))
        if part
    )
    return text + (f"_{{{number}}}" if number else "") + (f"^{{{sign}}}" if sign else "")


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
