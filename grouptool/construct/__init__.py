"""From specifications, permutations, presentations, matrices and tables to groups.

Public: build, permutation_generators, Built, Acting, quotient_group, from_permutations, from_presentation, from_table,
families.
"""

from __future__ import annotations

import math

import numpy as np

from ..errors import NotationError, TooLargeError, UnknownGroupError
from ..group import TABLE_LIMIT, Group
from ..notation import (
    Automorphisms,
    CentralProduct,
    Centre,
    Extraspecial,
    Label,
    Matrices,
    Named,
    Permutations,
    Power,
    Presentation,
    Product,
    Quotient,
    Semidirect,
    Spec,
    TableFile,
    Wreath,
    parse,
)
from .blueprint import Blueprint
from .built import Acting, Built
from .families import blueprint_of_family, extraspecial, families
from .matrices import matrix_generators
from .permutations import closure_of, from_permutations
from .presentations import DEFAULT_COSETS, from_presentation
from .products import cyclic_semidirect, direct_power, direct_product, wreath_product
from .quotients import central_product, quotient_group
from .semidirect import only_action, semidirect_generators, written_action
from .tables import from_table, read_table

__all__ = [
    "Acting",
    "Built",
    "build",
    "elements_named",
    "families",
    "from_permutations",
    "from_presentation",
    "from_table",
    "permutation_generators",
    "quotient_group",
]


def build(spec: str | Spec | Built | Acting, *, limit: int = TABLE_LIMIT, max_cosets: int = DEFAULT_COSETS) -> Group:
    """The group that a specification denotes; its name is the specification's text.

    Args:
        spec: a text in the notation of ``grouptool.notation``, or a parsed one; ``Built`` and ``Acting`` stand for
            themselves.
        limit: largest order; it is compared with the order that the specification implies before memory is taken.
        max_cosets: budget for presentations.

    Raises:
        NotationError, UnknownGroupError: the specification names no group. TooLargeError: order above ``limit``.
        InfiniteGroupError, BudgetSpentError: see ``from_presentation`` and ``matrices``.
        NotAGroupError, InputFileError: see tables and ``matrices``.

    >>> build("S3").order
    6
    """
    given = parse(spec) if isinstance(spec, str) else spec
    if isinstance(given, Built):
        return given.group
    if isinstance(given, TableFile):
        return read_table(given.path, limit=limit)
    if isinstance(given, Presentation):
        return from_presentation(given, max_cosets=max_cosets, limit=limit)
    plan = _Planner(limit, max_cosets).plan(given)
    if plan.order is not None and plan.order > limit:
        size = f"{plan.order:,}" if plan.order < 10**15 else f"at least 10^{int(math.log10(plan.order))}"
        raise TooLargeError(f"{given} has {size} elements; the limit for a Cayley table is {limit:,}")
    made = from_permutations(plan.generators(), str(given), limit=limit)
    assert plan.order in (None, made.order), (str(given), made.order, plan.order)
    return made


def permutation_generators(
    spec: str | Spec | Built | Acting, *, limit: int = TABLE_LIMIT, max_cosets: int = DEFAULT_COSETS
) -> np.ndarray:
    """Generators of the group that a specification denotes, as permutations, whatever its order.

    Args:
        limit: largest order of a part that needs a table, such as the left side of a semidirect product.

    Returns:
        Shape (s, degree): image lists of points from 0, in the order in which ``build`` lists the generators.

    Raises:
        TooLargeError: more than 100,000 points. The others as for ``build``.

    >>> permutation_generators("S100").shape
    (2, 100)
    """
    given = parse(spec) if isinstance(spec, str) else spec
    return _Planner(limit, max_cosets).plan(given).generators()


class _Planner:
    """Blueprints of specifications; the bounds are those of ``build``."""

    def __init__(self, limit: int, max_cosets: int) -> None:
        self.limit, self.max_cosets = limit, max_cosets

    def plan(self, spec: Spec | Built | Acting) -> Blueprint:
        match spec:
            case Acting():
                return Blueprint(spec.order, spec.images.shape[1], lambda: spec.images)
            case Named():
                return blueprint_of_family(spec)
            case Extraspecial():
                return extraspecial(spec.prime, spec.exponent, spec.sign)
            case Permutations():
                images = _image_lists(spec)
                return Blueprint(None, images.shape[1], lambda: images)
            case Matrices():
                images = matrix_generators(spec)
                return Blueprint(None, images.shape[1], lambda: images)
            case Product():
                return direct_product([self.plan(factor) for factor in spec.factors])
            case Power():
                if spec.exponent < 1:
                    raise NotationError(f"{spec}: the exponent of a direct power is at least 1")
                return direct_power(self.plan(spec.base), spec.exponent)
            case Wreath():
                return wreath_product(self.plan(spec.base), self.plan(spec.top))
            case Semidirect():
                return self.semidirect(spec)
            case CentralProduct():
                images = central_product(self.table(spec.left), self.table(spec.right), str(spec))
                return Blueprint(None, images.shape[1], lambda: images)
            case Quotient():
                return _of_group(self.quotient(spec))
            case Automorphisms():
                raise UnknownGroupError(f"{spec}: finding automorphisms needs a search; use grouptool.group")
            case Label():
                raise UnknownGroupError(f"{spec} is a small-group label; it needs the shipped library of groups")
        return _of_group(self.table(spec))

    def table(self, spec: Spec | Built | Acting) -> Group:
        return build(spec, limit=self.limit, max_cosets=self.max_cosets)

    def semidirect(self, spec: Semidirect) -> Blueprint:
        cyclic = _cyclic_order(spec.normal), _cyclic_order(spec.complement)
        if not spec.action and all(cyclic):
            return cyclic_semidirect(*cyclic)
        normal, complement = self.plan(spec.normal), self.plan(spec.complement)
        size = self.table(spec.normal).order if normal.order is None else normal.order
        order = None if complement.order is None else size * complement.order

        def generators() -> np.ndarray:
            kernel, images = self.table(spec.normal), complement.generators()
            if spec.action:
                action = written_action(spec, kernel, closure_of(images, self.limit))
            else:
                action = only_action(spec, kernel, self.table(spec.complement))
            return semidirect_generators(kernel, images, action)

        return Blueprint(order, size + complement.degree, generators)

    def quotient(self, spec: Quotient) -> Group:
        if not isinstance(spec.kernel, Centre | Permutations):
            raise UnknownGroupError(
                f"{spec}: which normal subgroup {spec.kernel} is needs a search; "
                "write Z for the centre, or permutations that generate it"
            )
        group = self.table(spec.group)
        if isinstance(spec.kernel, Centre):
            return quotient_group(group.whole.centralizer, str(spec))
        elements = elements_named(group, spec.kernel)
        return quotient_group(group.subgroup(elements).normal_closure, str(spec))


def _of_group(group: Group) -> Blueprint:
    return Blueprint(group.order, group.degree, lambda: group.permutations[list(group.generators)])


def _cyclic_order(spec: Spec) -> int:
    """The order of a cyclic group that is written Cn, else 0."""
    if isinstance(spec, Named) and spec.family == "C" and len(spec.arguments) == 1:
        order = spec.arguments[0]
        return order if isinstance(order, int) and 1 <= order <= 10**5 else 0
    return 0


def _image_lists(spec: Permutations) -> np.ndarray:
    degree = max((point for generator in spec.generators for cycle in generator for point in cycle), default=1)
    images = np.tile(np.arange(degree), (len(spec.generators), 1))
    for image, generator in zip(images, spec.generators, strict=True):
        for cycle in generator:
            points = np.array(cycle) - 1
            image[points] = np.roll(points, -1)
    return images


def elements_named(group: Group, spec: Permutations) -> list[int]:
    """The elements of a group that are these permutations; points that they do not name are fixed.

    Raises:
        NotationError: one is not in the group.
    """
    found = []
    for image in _image_lists(spec):
        wanted = np.arange(max(group.degree, len(image)))
        wanted[: len(image)] = image
        places = np.arange(group.order)
        for point in range(group.degree):  # a few points leave one element
            places = places[group.permutations[places, point] == wanted[point]]
        if not places.size or (wanted != np.arange(len(wanted)))[group.degree :].any():
            raise NotationError(f"{spec} is not in {group.name}, which permutes {group.degree} points")
        found.append(int(places[0]))
    return found
