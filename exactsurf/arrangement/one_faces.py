"""The vertices and extreme rays of all closed cells of an arrangement at once, without a list of the cells."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.arrangement.characteristic_polynomial import distinct_rows, restricted_rows
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import Vector, pivot_columns

if TYPE_CHECKING:
    from exactsurf.arrangement.arrangement import Arrangement

Row: TypeAlias = tuple[int, ...]

MAX_LINES = 100_000
"""The most lines in which hyperplanes meet: vertices and pairs of opposite rays."""

_LISTED = "the vertices and rays of the cells of one unit are listed"
"""What was tried when the time of an effort is over."""


def vertices_and_rays(arrangement: Arrangement, effort: Effort = UNBOUNDED) -> tuple[tuple[Vector, ...], tuple[Vector, ...]]:
    """All vertices of closed cells, and all their extreme rays, each once.

    Where cells contain lines, these are left out: all entries outside a basis of the columns are 0. Rays have coprime integer
    entries; a central arrangement has the one vertex 0.
    Parameters: `effort`, its clock running.
    Exactness: exact, in integers. Raises: `OutOfTime`, `InputError` beyond `MAX_LINES`.
    Source: the one-dimensional faces of the central arrangement that has a coordinate more; each is the intersection of
    hyperplanes, found by restriction to one after the other.

    >>> import exactsurf as es
    >>> vertices, rays = vertices_and_rays(es.Arrangement([[1, 0], [0, 1]], offsets=[0, 1]))
    >>> [list(map(str, vertex)) for vertex in vertices], len(rays)
    ([['0', '1']], 4)
    """
    dimension, forms = arrangement.dimension, [wall.form for wall in arrangement.walls]
    kept = pivot_columns([form[:-1] for form in forms]) if forms else []
    reduced = [tuple(form[p] for p in kept) for form in forms]
    if arrangement.is_central:
        directions, points = _lines(distinct_rows(reduced), len(kept), effort), [((0,) * len(kept), 1)]
    else:
        lifted = distinct_rows([*((*row, form[-1]) for row, form in zip(reduced, forms, strict=True)), (0,) * len(kept) + (1,)])
        lines = _lines(lifted, len(kept) + 1, effort)
        directions = [line[:-1] for line in lines if not line[-1]]
        points = [(line[:-1], line[-1]) for line in lines if line[-1]]

    def spread(values: Sequence[int], divisor: int) -> Vector:
        effort.check(_LISTED)
        found = [Fraction(0)] * dimension
        for place, value in zip(kept, values, strict=True):
            found[place] = Fraction(value, divisor)
        return tuple(found)

    both = [tuple(sign * value for value in line) for line in directions for sign in (1, -1)]
    return tuple(spread(*point) for point in points), tuple(spread(line, 1) for line in both)


def _lines(rows: Sequence[Row], dimension: int, effort: Effort) -> list[Row]:
    """The lines in which different central hyperplanes, whose normals span the space, meet; each as a primitive vector."""
    if dimension == 0:
        return []
    if dimension == 1:
        return [(1,)]
    if dimension == 2:
        return distinct_rows((-b, a) for a, b in rows)
    found: dict[Row, None] = {}
    for k, onto in enumerate(rows):
        effort.check(_LISTED)
        pivot = min((abs(value), p) for p, value in enumerate(onto) if value)[1]
        rest = onto[:pivot] + onto[pivot + 1 :]
        for line in _lines(restricted_rows(rows[k + 1 :], onto), dimension - 1, effort):
            longer = [onto[pivot] * value for value in line]
            longer.insert(pivot, -sum(map(mul, rest, line)))
            found.update(dict.fromkeys(distinct_rows([longer])))
        if len(found) > MAX_LINES:
            raise InputError(
                f"the cells of one unit have more than {MAX_LINES} vertices and extreme rays",
                fix="take fewer samples or inputs, or ask about one point with decide",
            )
    return list(found)
