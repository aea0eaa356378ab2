"""Groups from permutations: breadth-first closure, then the Cayley table one row, one gather at a time.

Public: from_permutations, regular_tree, closure_of, Closure, cayley_table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..acceleration import use_compiled
from ..errors import NotAGroupError, TooLargeError
from ..group import TABLE_LIMIT, Group, cycle_notation, orbit_labels, smallest_unsigned

__all__ = ["Closure", "cayley_table", "closure_of", "from_permutations", "regular_tree"]

MAX_IMAGES = 1 << 31  # bytes of all image lists together
FEW_BYTES = 1 << 10
"""Size of an image list up to which it is its own key among the elements."""


@dataclass(frozen=True, eq=False)
class Closure:
    """All products of some permutations, in breadth-first order from the identity.

    Attributes:
        elements: shape (n, degree), image lists.
        parents: shape (n,); element i > 0 is its parent, an earlier element, and then the generator ``letters[i]``.
        letters: shape (n,).
        steps: shape (s, n); the number of element i and then generator k is ``steps[k, i]``.
    """

    elements: np.ndarray
    parents: np.ndarray
    letters: np.ndarray
    steps: np.ndarray

    def word(self, element: int) -> list[int]:
        """A shortest product of generators, their numbers left to right, that gives an element."""
        letters: list[int] = []
        while element:
            letters.append(int(self.letters[element]))
            element = int(self.parents[element])
        return letters[::-1]


def from_permutations(
    generators: Sequence[Sequence[int]] | np.ndarray,
    name: str | None = None,
    *,
    limit: int = TABLE_LIMIT,
    relators: str | None = None,
) -> Group:
    """The group that permutations generate, with its Cayley table.

    Args:
        generators: image lists of points from 0, shape (s, degree): ``generators[i][p]`` is the image of p. SymPy's
            ``Permutation`` has this form as ``p.array_form``. An empty list gives the trivial group.
        name: how the group calls itself; by default its generators as cycles.
        limit: largest order for which the table is made.

    Returns:
        The group; elements in breadth-first order from the identity, generators in the given order.

    Raises:
        NotAGroupError: a row is not a permutation of 0 to degree - 1.
        TooLargeError: more than ``limit`` elements.

    Cost: n s gathers of ``degree`` for the closure, n gathers of n for the table. Convention: left to right, see Group.
    """
    images = _checked(generators)
    tree = regular_tree(images)
    if tree is None:
        closure = closure_of(images, limit)
        parents, letters, steps = closure.parents, closure.letters, closure.steps
        table, permutations = cayley_table(parents, letters, steps), closure.elements
    else:
        points, parents, letters, steps = tree
        _refuse_large(len(points), 0, limit)
        table = cayley_table(parents, letters, steps)
        # The table is the representation, up to the names of points; without new names it is not copied.
        renamed = (points != np.arange(len(points))).any()
        permutations = _image_lists(images, parents, letters) if renamed else table.T
    return Group(
        table=table,
        generators=tuple(int(step[0]) for step in steps),
        permutations=permutations,
        name=name or ", ".join(map(cycle_notation, images)) or "()",
        parents=parents,
        letters=letters,
        relators=relators,
    )


def regular_tree(images: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None:
    """Whether permutations generate a regular group, found without its elements; None when they do not.

    A transitive group is regular when its centraliser is transitive: when for each generator g the map that takes
    0 x to 0 g x commutes with all generators. (Dixon and Mortimer, Permutation Groups (1996), theorem 4.2A.)

    Args:
        images: shape (s, degree), image lists.

    Returns:
        Points in breadth-first order (degree,), parents, letters (degree,) and steps (s, degree) as in ``Closure``; the
        element with number x takes point 0 to ``points[x]``.
    """
    count, degree = images.shape
    number = np.full(degree, -1, dtype=np.int64)
    number[0] = 0
    points, parents, letters = [0], [0], [0]
    lists = images.tolist()
    place = 0
    while place < len(points) and count:
        for letter in range(count):
            target = lists[letter][points[place]]
            if number[target] < 0:
                number[target] = len(points)
                points.append(target)
                parents.append(place)
                letters.append(letter)
        place += 1
    if len(points) < degree:
        return None
    steps = number[images[:, points]].astype(smallest_unsigned(degree)).reshape(count, degree)
    left = _left_multiplications(parents, letters, steps)
    if any((left[steps[h]] != steps[h][left]).any() for h in range(count)):
        return None
    return np.array(points), np.array(parents), np.array(letters), steps


def cayley_table(parents: np.ndarray, letters: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """The Cayley table, shape (n, n), row by row: (parent * g) * j = parent * (g * j), and g * (j s) = (g * j) s.

    Args:
        parents, letters: shape (n,), as in Group.
        steps: shape (s, n): x -> x s for each generator s.
    """
    order = len(parents)
    rows_of_generators = np.ascontiguousarray(_left_multiplications(parents, letters, steps).T)
    table = np.empty((order, order), dtype=steps.dtype)
    if use_compiled(0):
        from ._kernels.closure import multiply_out

        multiply_out(np.asarray(parents), np.asarray(letters), rows_of_generators, table)
        return table
    table[0] = np.arange(order)
    for parent, letter, row in zip(parents[1:].tolist(), letters[1:].tolist(), table[1:], strict=True):
        np.take(table[parent], rows_of_generators[letter], out=row, mode="clip")  # no index is out of range: no buffer
    return table


def _left_multiplications(
    parents: Sequence[int] | np.ndarray, letters: Sequence[int] | np.ndarray, steps: np.ndarray
) -> np.ndarray:
    """Shape (n, s), int64: g * j for each j and generator g, where j = parent * letter."""
    if use_compiled(0):
        from ._kernels.closure import left_multiplications

        return np.asarray(left_multiplications(np.asarray(parents), np.asarray(letters), steps))
    left = np.empty((len(parents), len(steps)), dtype=np.int64)
    left[0] = steps[:, 0]
    for j in range(1, len(parents)):
        left[j] = steps[letters[j]][left[parents[j]]]
    return left


def _checked(generators: Sequence[Sequence[int]] | np.ndarray) -> np.ndarray:
    try:
        images = np.atleast_2d(np.asarray(generators))
    except ValueError:
        raise NotAGroupError("the generators move different numbers of points; pad them to one degree") from None
    if images.size == 0:
        return np.zeros((0, 1), dtype=np.uint8)
    if images.ndim != 2 or not np.issubdtype(images.dtype, np.integer):
        raise NotAGroupError("generators are image lists: rows of integers, one row a generator")
    degree = images.shape[1]
    for i, row in enumerate(images):
        if not np.array_equal(np.sort(row), np.arange(degree)):
            raise NotAGroupError(f"generator {i + 1} is not a permutation of the points 0 to {degree - 1}")
    return images.astype(smallest_unsigned(degree))


def _refuse_large(count: int, size: int, limit: int) -> None:
    if count > limit:
        raise TooLargeError(f"the permutations generate more than {limit:,} elements, the limit for a Cayley table")
    if count * size > MAX_IMAGES:
        raise TooLargeError(f"{count:,} permutations of {size:,} bytes pass the limit of {MAX_IMAGES:,} bytes")


def closure_of(images: np.ndarray, limit: int) -> Closure:
    """The group that permutations generate, without its table.

    Elements are told apart by all points if these are few, else by what they do to a base: points, one in each orbit
    at first, and as many more as it takes until an element that fixes them all is the identity.

    Args:
        images: image lists, shape (s, degree).

    Raises:
        TooLargeError: more than ``limit`` elements, or more than 2 GB of image lists.
    """
    degree = images.shape[1]
    images = images.astype(smallest_unsigned(degree), copy=False)
    size = images.dtype.itemsize * degree
    if size <= FEW_BYTES:
        return _orbit_of_tuple(images, np.arange(degree, dtype=images.dtype), limit, size)
    base = np.unique(orbit_labels(images, degree))  # one point in each orbit
    while True:
        found = _orbit_of_tuple(images, base.astype(images.dtype), limit, size)
        point = _moved_by_stabiliser(images, base, found)
        if point is None:
            break
        base = np.append(base, point)
    return replace(found, elements=_image_lists(images, found.parents, found.letters))


def _image_lists(images: np.ndarray, parents: np.ndarray, letters: np.ndarray) -> np.ndarray:
    """Shape (n, degree): each element is its parent, then a generator."""
    elements = np.empty((len(parents), images.shape[1]), dtype=images.dtype)
    elements[0] = np.arange(images.shape[1])
    for parent, letter, row in zip(parents[1:].tolist(), letters[1:].tolist(), elements[1:], strict=True):
        np.take(images[letter], elements[parent], out=row, mode="clip")
    return elements


def _orbit_of_tuple(images: np.ndarray, start: np.ndarray, limit: int, size: int) -> Closure:
    """The orbit of some points together, in the place of elements; ``size`` is that of an image list in bytes."""
    count = len(images)
    if count and use_compiled(0):
        from ._kernels.closure import orbit_of_tuple

        most = min(limit, MAX_IMAGES // size)
        length, found, above, used, after = orbit_of_tuple(images, start, most)
        _refuse_large(length, size, limit)
        return Closure(found.copy(), above.copy(), used.copy(), after.T.astype(smallest_unsigned(length)))
    index = {start.tobytes(): 0}
    elements, parents, letters = [start], [0], [0]
    steps: list[list[int]] = [[] for _ in range(count)]
    done = 0
    while done < len(elements) and count:
        level = np.array(elements[done:])
        products = images[:, level]  # (s, level, points): first the element, then the generator
        for place in range(len(level)):
            for letter in range(count):
                product = products[letter, place]
                found = index.setdefault(product.tobytes(), len(elements))
                if found == len(elements):
                    _refuse_large(found + 1, size, limit)
                    elements.append(product)
                    parents.append(done + place)
                    letters.append(letter)
                steps[letter].append(found)
        done += len(level)
    integer = smallest_unsigned(len(elements))
    return Closure(
        np.array(elements),
        np.array(parents),
        np.array(letters),
        np.array(steps, dtype=integer).reshape(count, len(elements)),
    )


def _moved_by_stabiliser(images: np.ndarray, base: np.ndarray, orbit: Closure) -> int | None:
    """A point that an element moves which fixes all base points; None if only the identity fixes them.

    The group acts regularly on the orbit of the base exactly if, for each generator g, base x -> base g x commutes
    with all generators (as in ``regular_tree``). If not, words w and v that agree on the base differ on a point of
    base g: w v^-1 moves it.
    """
    left = _left_multiplications(orbit.parents, orbit.letters, orbit.steps)
    for step in orbit.steps:
        one, other = left[step], step[left]
        if (one != other).any():
            x, g = np.argwhere(one != other)[0]
            place = np.flatnonzero(orbit.elements[one[x, g]] != orbit.elements[other[x, g]])[0]
            return int(images[g, base[place]])
    return None
