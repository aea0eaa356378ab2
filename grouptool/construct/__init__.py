"""From specifications, permutations, presentations and tables to groups.

Public: build, from_permutations, from_presentation, from_table, families.
"""

from __future__ import annotations

import math

import numpy as np

from ..errors import NotationError, TooLargeError
from ..group import TABLE_LIMIT, Group
from ..notation import (
    Named,
    Permutations,
    Power,
    Presentation,
    Product,
    Semidirect,
    Spec,
    TableFile,
    parse,
)
from .families import Blueprint, blueprint_of_family, families
from .permutations import from_permutations
from .presentations import DEFAULT_COSETS, from_presentation
from .products import cyclic_semidirect, direct_product
from .tables import from_table, read_table

__all__ = ["build", "families", "from_permutations", "from_presentation", "from_table"]


def build(spec: str | Spec, *, limit: int = TABLE_LIMIT, max_cosets: int = DEFAULT_COSETS) -> Group:
    """The group that a specification denotes.

    Args:
        spec: a text in the notation of ``grouptool.notation``, or a parsed one.
        limit: largest order; it is compared with the order that the specification implies before memory is taken.
        max_cosets: budget for presentations.

    Raises:
        NotationError, UnknownGroupError: the specification names no group. TooLargeError: order above ``limit``.
        InfiniteGroupError, BudgetSpentError: see ``from_presentation``. NotAGroupError, InputFileError: see tables.

    >>> build("S3").order
    6
    """
    given = parse(spec) if isinstance(spec, str) else spec
    if isinstance(given, TableFile):
        return read_table(given.path, limit=limit)
    if isinstance(given, Presentation):
        return from_presentation(given, max_cosets=max_cosets, limit=limit)
    if isinstance(given, Permutations):
        return from_permutations(_image_lists(given), str(given), limit=limit)
    plan = _blueprint(given, limit, max_cosets)
    if plan.order > limit:
        size = f"{plan.order:,}" if plan.order < 10**15 else f"at least 10^{int(math.log10(plan.order))}"
        raise TooLargeError(f"{given} has {size} elements; the limit for a Cayley table is {limit:,}")
    made = from_permutations(plan.generators(), str(given), limit=limit)
    assert made.order == plan.order, (str(given), made.order, plan.order)
    return made


def _blueprint(spec: Spec, limit: int, max_cosets: int) -> Blueprint:
    if isinstance(spec, Named):
        return blueprint_of_family(spec)
    if isinstance(spec, Product):
        return direct_product([_blueprint(factor, limit, max_cosets) for factor in spec.factors])
    if isinstance(spec, Power):
        base = _blueprint(spec.base, limit, max_cosets)
        if spec.exponent < 1:
            raise NotationError(f"{spec}: the exponent of a direct power is at least 1")
        # 2^64 is far above every limit, so the order need not be exact from there on.
        copies = spec.exponent if base.order == 1 else min(spec.exponent, 64)
        return base if base.order == 1 else direct_product([base] * copies)
    if isinstance(spec, Semidirect):
        return cyclic_semidirect(_cyclic_order(spec.normal, spec), _cyclic_order(spec.complement, spec))
    inner = build(spec, limit=limit, max_cosets=max_cosets)
    return Blueprint(inner.order, lambda: inner.permutations[list(inner.generators)])


def _cyclic_order(spec: Spec, whole: Semidirect) -> int:
    if isinstance(spec, Named) and spec.family == "C" and len(spec.arguments) == 1 and 1 <= spec.arguments[0] <= 10**5:
        return spec.arguments[0]
    raise NotationError(
        f"{whole}: the notation knows semidirect products of cyclic groups only; give permutations or a presentation"
    )


def _image_lists(spec: Permutations) -> np.ndarray:
    degree = max((point for generator in spec.generators for cycle in generator for point in cycle), default=1)
    images = np.tile(np.arange(degree), (len(spec.generators), 1))
    for image, generator in zip(images, spec.generators, strict=True):
        for cycle in generator:
            points = np.array(cycle) - 1
            image[points] = np.roll(points, -1)
    return images
