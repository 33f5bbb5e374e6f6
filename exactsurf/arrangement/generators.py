"""Generators of a closed cell: vertices, extreme rays and a basis of the lines in it, by double description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from operator import mul
from typing import TYPE_CHECKING

from exactsurf.effort import look
from exactsurf.exact.linear_algebra import Matrix, from_flint, identity, kernel, pivot_columns, primitive, to_flint

if TYPE_CHECKING:
    from exactsurf.arrangement.hyperplanes import ArrangementCell, Hyperplanes


@dataclass(frozen=True)
class Generators:
    """A closed cell as conv(vertices) + cone(rays) + span(lineality), each a tuple of vectors of length d.

    Rays have coprime integer entries. With lines in the cell, vertices and rays are given up to adding such lines (and a
    vertex is a point of a smallest face). A central arrangement has the one vertex 0.
    """

    vertices: Matrix
    rays: Matrix
    lineality: Matrix


def find_generators(arrangement: Hyperplanes, cell: ArrangementCell) -> Generators:
    """The generators of the closure of `cell`.

    Parameters: `cell`, a cell of `arrangement` with its witness.
    Exactness: exact, in integers; complete by the double description method. Raises: nothing; see `Arrangement.generators`.
    Source: Motzkin et al. 1953; Fukuda and Prodon, "Double description method revisited", 1996 (combinatorial test).

    >>> import exactsurf as es
    >>> from exactsurf.arrangement.hyperplanes import ArrangementCell
    >>> right = es.Arrangement([[1, 0, 0], [0, 1, 0]])
    >>> find_generators(right, ArrangementCell((1, -1), (Fraction(1), Fraction(-1), Fraction(0)))).rays
    ((Fraction(1, 1), Fraction(0, 1), Fraction(0, 1)), (Fraction(0, 1), Fraction(-1, 1), Fraction(0, 1)))
    """
    dimension, walls = arrangement.dimension, arrangement.walls
    origin, units = (Fraction(0),) * dimension, list(identity(dimension))
    if not walls:
        return Generators((origin,), (), tuple(units))
    forms = [tuple(cell.signs[wall.rows[0]] * value for value in wall.form) for wall in walls]
    lineality = kernel([tuple(map(Fraction, form[:-1])) for form in forms])
    central = arrangement.is_central
    table = [form[:-1] for form in forms] if central else [*forms, (0,) * dimension + (1,)]
    kept = pivot_columns(table)
    rays = [_spread(ray, kept, len(table[0])) for ray in _extreme_rays([[form[p] for p in kept] for form in table])]
    if central:
        return Generators((origin,), tuple(tuple(map(Fraction, ray)) for ray in rays), lineality)
    vertices = tuple(tuple(Fraction(value, ray[-1]) for value in ray[:-1]) for ray in rays if ray[-1])
    return Generators(vertices, tuple(tuple(map(Fraction, ray[:-1])) for ray in rays if not ray[-1]), lineality)


def _extreme_rays(forms: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The extreme rays of the pointed cone {x : forms ≥ 0}; the forms span the space, the cone has an inner point."""
    independent = pivot_columns(list(zip(*forms, strict=True)))
    inverse = from_flint(to_flint([forms[i] for i in independent]).inv())
    # Ray k of the first, simplicial cone lies on all walls but one; bit i of a mask says that it lies on wall i.
    rays = [
        (primitive(column)[0], sum(1 << i for m, i in enumerate(independent) if m != k))
        for k, column in enumerate(zip(*inverse, strict=True))
    ]
    for i, form in enumerate(forms):
        if i not in independent:
            look("vertices and rays of a cell are listed")
            rays = _cut(rays, form, i)
    return sorted((ray for ray, _ in rays), reverse=True)


def _cut(rays: list[tuple[tuple[int, ...], int]], form: Sequence[int], index: int) -> list[tuple[tuple[int, ...], int]]:
    """The extreme rays of the cone with one inequality more: those inside, and one for each edge that is cut."""
    values = [sum(map(mul, form, ray)) for ray, _ in rays]
    kept = [(ray, mask if value else mask | 1 << index) for (ray, mask), value in zip(rays, values, strict=True) if value >= 0]
    inside = [k for k, value in enumerate(values) if value > 0]
    outside = [k for k, value in enumerate(values) if value < 0]
    for a in inside:
        for b in outside:
            common = rays[a][1] & rays[b][1]
            if any(mask & common == common for k, (_, mask) in enumerate(rays) if k not in (a, b)):
                continue
            ray = [values[a] * y - values[b] * x for x, y in zip(rays[a][0], rays[b][0], strict=True)]
            divisor = gcd(*ray)
            kept.append((tuple(value // divisor for value in ray), common | 1 << index))
    return kept


def _spread(values: Sequence[int], kept: Sequence[int], length: int) -> tuple[int, ...]:
    spread = [0] * length
    for position, value in zip(kept, values, strict=True):
        spread[position] = value
    return tuple(spread)
