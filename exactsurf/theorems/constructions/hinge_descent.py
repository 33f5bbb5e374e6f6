"""An affine model that is bent once and better than the best affine model, exactly.

For least squares this is hinge descent: ω|a·x − c| added to the fit lowers the squared error by exactly S²/(2Q). No case split
is needed: if the samples are distinct and the fit is not perfect, some hinge descends (theory.md, section 5; papers.md, ML2).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.least_sum import least_sum
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.model.data import Data
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.affine_minimum import (
    AffineMinimum,
    Place,
    affine_rows,
    slopes_and_constants,
    terms_by_place,
)
from exactsurf.theorems.constructions.affine_network import Hinge

MAX_AXES = 12
"""Input columns tried as directions before a generic direction is drawn."""

MAX_KNOTS = 48
"""Hinge positions tried per direction before all of them are."""

_FEW_AXES, _FEW_KNOTS = 4, 12
"""The same where every hinge asks for the best affine model beside it."""


@dataclass(frozen=True)
class BentModel:
    """An affine model with a hinge added, and its risk."""

    slopes: Matrix
    constants: Vector
    hinge: Hinge
    risk: Fraction


def bent_model(problem: Problem, best: AffineMinimum, effort: Effort = UNBOUNDED) -> BentModel | None:
    """An affine model with one hinge whose risk is below that of the best affine model, if a hinge that is tried has one.

    For least squares it is hinge descent, with the affine part as it is; else for every hinge the best weight is found together
    with the best affine part, so a hinge that lowers the risk with any affine part is seen.
    Exactness: exact. Returns: None if no hinge that was tried does, and for least squares only if no function of the inputs has
    a lower risk. Raises: `OutOfTime`. Source: theory.md, section 5; papers.md, ML2.

    >>> import exactsurf as es
    >>> from exactsurf.theorems.constructions.affine_minimum import affine_minimum
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]), "absolute")
    >>> bent_model(problem, affine_minimum(problem)).risk
    Fraction(1, 1)
    """
    if problem.is_least_squares:
        found = find_hinge(problem.data, problem.data.affine_fit.residuals)
        return found and BentModel(best.slopes, best.constants, found[0], best.risk - 2 * problem.common_scale * found[1])
    functions, places = terms_by_place(problem)
    rows = affine_rows(problem, places)
    start = [value for row, c in zip(best.slopes, best.constants, strict=True) for value in (*row, c)]
    lowest: BentModel | None = None
    for normal, knots in _candidates(problem):
        motion = problem.data.inputs.affine_image([normal], [Fraction(0)])[0].fractions()
        for knot in knots:
            for output in range(problem.network.widths[-1]):
                longer = _with_hinge(rows, places, output, [abs(value - knot) for value in motion])
                least = least_sum(functions, longer, (*start, Fraction(0)), effort)
                if least.value < (best.risk if lowest is None else lowest.risk):
                    slopes, constants = slopes_and_constants(problem, least.point[:-1])
                    lowest = BentModel(slopes, constants, Hinge(output, normal, knot, least.point[-1]), least.value)
        if lowest is not None:
            return lowest
    return None


def find_hinge(data: Data, residuals: tuple[ScaledVector, ...]) -> tuple[Hinge, Fraction] | None:
    """A hinge that lowers ½Σ(f − y)², the best of those tried, and its exact gain S²/(2Q).

    Parameters: `residuals` r = ŷ − y of the affine least squares fit, one vector per output. Returns None only if every
    group of coinciding samples has residuals that sum to zero: then no function of x has a lower squared error.
    Exactness: exact; which hinge is chosen is a heuristic. Raises: nothing. Source: theory.md, section 5; papers.md, ML2.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[0], [1], [2], [3]], [0, 1, 0, 2])
    >>> r = ScaledVector.from_fractions([Fraction(0), Fraction(-1, 2), Fraction(1), Fraction(-1, 2)])
    >>> hinge, gain = find_hinge(data, (r,))
    >>> gain
    Fraction(1, 12)
    """
    merged = _group_sums(data, residuals)
    if not any(any(sums) for sums in merged.values()):
        return None
    best: tuple[Hinge, Fraction] | None = None
    for normal in input_axes(data):
        for hinge, gain in _hinges(data, residuals, normal, MAX_KNOTS):
            if best is None or gain > best[1]:
                best = hinge, gain
    if best is not None:
        return best
    separated = separating_normal(data, len(merged))
    return max(_hinges(data, residuals, separated, len(data)), key=lambda found: found[1])


def _group_sums(data: Data, residuals: tuple[ScaledVector, ...]) -> dict[tuple[int, ...], list[int]]:
    """For every distinct input the sums of the residuals' numerators over its samples."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for i in range(len(data)):
        sums = groups.setdefault(data.inputs.integer_row(i), [0] * len(residuals))
        for k, r in enumerate(residuals):
            sums[k] += r.numerators[i]
    return groups


def input_axes(data: Data) -> Iterator[Vector]:
    """Unit vectors of the input columns, those with the most distinct values first."""
    table = data.inputs
    spread = sorted((-len(set(table.numerators[j :: table.columns])), j) for j in range(table.columns))
    for _, j in spread[:MAX_AXES]:
        yield tuple(Fraction(int(p == j)) for p in range(table.columns))


def _hinges(data: Data, residuals: tuple[ScaledVector, ...], normal: Vector, knots: int) -> Iterator[tuple[Hinge, Fraction]]:
    """Descending hinges with this normal, at up to `knots` of the samples' values, for every output."""
    motion = data.inputs.affine_image([normal], [Fraction(0)])[0]
    order = sorted(range(len(data)), key=motion.numerators.__getitem__)
    values = [motion.numerators[i] for i in order]
    positions = [p for p in range(len(values)) if p == 0 or values[p] != values[p - 1]]
    if len(positions) > knots:
        positions = [positions[k * len(positions) // knots] for k in range(knots)]
    total, squares, size = sum(values), sum(v * v for v in values), len(values)
    for k, r in enumerate(residuals):
        sorted_r = [r.numerators[i] for i in order]
        prefix = [0, *accumulate(sorted_r)]
        moments = [0, *accumulate(a * v for a, v in zip(sorted_r, values, strict=True))]
        for p in positions:
            knot = values[p]
            # Σ r|v − knot|: samples above the knot count positively, samples below it negatively.
            s = (moments[-1] - 2 * moments[p]) - knot * (prefix[-1] - 2 * prefix[p])
            q = squares - 2 * knot * total + size * knot * knot
            if s and q:
                weight = -Fraction(s, q) * motion.denominator / r.denominator
                gain = Fraction(s * s, 2 * q * r.denominator**2)
                yield Hinge(k, normal, Fraction(knot, motion.denominator), weight), gain


def separating_normal(data: Data, distinct: int) -> Vector:
    """A small integer normal that takes distinct values on distinct samples."""
    source, bound = random.Random(1), distinct**2
    while True:
        normal = tuple(Fraction(source.randint(1, bound)) for _ in range(data.inputs.columns))
        if len(set(data.inputs.affine_image([normal], [Fraction(0)])[0].numerators)) == distinct:
            return normal
        bound *= 2


def distinct_count(data: Data) -> int:
    """The number of different inputs."""
    return len({data.inputs.integer_row(i) for i in range(len(data))})


def _candidates(problem: Problem) -> Iterator[tuple[Vector, list[Fraction]]]:
    """Normals with the knots to try: some of the samples' values on the first columns, then all on a generic direction."""
    data = problem.data
    for normal in [axis for _, axis in zip(range(_FEW_AXES), input_axes(data), strict=False)]:
        values = _values(problem, normal)
        inner = values[1:-1] or values
        yield normal, inner if len(inner) <= _FEW_KNOTS else [inner[k * len(inner) // _FEW_KNOTS] for k in range(_FEW_KNOTS)]
    generic = separating_normal(data, distinct_count(data))
    yield generic, _values(problem, generic)


def _values(problem: Problem, normal: Vector) -> list[Fraction]:
    return sorted(set(problem.data.inputs.affine_image([normal], [Fraction(0)])[0].fractions()))


def _with_hinge(rows: Sequence[Vector], places: Sequence[Place], output: int, bend: Sequence[Fraction]) -> list[Vector]:
    zero = Fraction(0)
    return [
        (*row, sum((sign * bend[sample] for k, sign in outputs if k == output), zero))
        for row, (sample, outputs) in zip(rows, places, strict=True)
    ]
