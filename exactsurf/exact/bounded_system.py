"""Linear systems with bounds: multipliers μ with Σ μ_c u_c = g and lower ≤ μ ≤ upper, or a Farkas vector against them.

This is the question behind every first-order decision: is the target g a bounded combination of the vectors u_c, or is
there a direction δ along which g outgrows every such combination? Both answers are evidence that anyone can check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InputError, InternalError, ShapeError
from exactsurf.exact.bounded_proposal import LARGE, proposed_answers
from exactsurf.exact.linear_algebra import Vector, primitive, to_flint, to_fraction
from exactsurf.exact.simplex import Bound, combines_to, feasible_point

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Multipliers:
    """μ with Σ_c μ_c u_c = g and lower_c ≤ μ_c ≤ upper_c; `values` has one entry per vector."""

    values: Vector


@dataclass(frozen=True)
class FarkasVector:
    """δ with g·δ > Σ_c max {μ_c (u_c·δ) : lower_c ≤ μ_c ≤ upper_c}; `values` has one entry per coordinate."""

    values: Vector


def solve_bounded_system(
    vectors: Sequence[Sequence[Fraction]],
    target: Sequence[Fraction],
    lower: Sequence[Bound],
    upper: Sequence[Bound],
    effort: Effort = UNBOUNDED,
) -> Multipliers | FarkasVector:
    """Multipliers μ with Σ_c μ_c u_c = g and lower ≤ μ ≤ upper, or a Farkas vector δ; exactly one of the two exists.

    Parameters: `vectors`, n vectors u_c of length d; `target`, the vector g of length d; `lower` and `upper`, n bounds
    each, None for −∞ and +∞; `effort`, which bounds the time.
    Exactness: exact; the answer is checked by `is_solution` or `is_farkas_vector` before it is returned. Where there are `LARGE`
    numbers of equations and unknowns, floats are asked first; what they propose is checked in the same way, and where it is
    wrong the exact simplex decides.
    Raises: `ShapeError` if the shapes do not fit, `InputError` if some lower bound exceeds its upper bound, `OutOfTime`.
    Source: Farkas's lemma with bounds; Dutertre and de Moura, "A fast linear-arithmetic solver for DPLL(T)", CAV 2006.

    >>> zero, one = Fraction(0), Fraction(1)
    >>> corner = [(one, zero), (one, one)]
    >>> solve_bounded_system(corner, (Fraction(3), Fraction(2)), [zero, zero], [None, None])
    Multipliers(values=(Fraction(1, 1), Fraction(2, 1)))
    >>> solve_bounded_system(corner, (Fraction(3), Fraction(2)), [zero, zero], [one, None])
    Multipliers(values=(Fraction(1, 1), Fraction(2, 1)))
    >>> solve_bounded_system(corner, (Fraction(4), Fraction(2)), [zero, zero], [one, None])
    FarkasVector(values=(Fraction(1, 1), Fraction(-1, 1)))
    """
    _check_input(vectors, target, lower, upper)
    nearest = tuple(map(_nearest_to_zero, lower, upper))
    if not any(target) and not any(nearest):
        return Multipliers(nearest)
    # With u_c = s_c v_c and g = t h for coprime integer vectors v_c, h the unknowns are x_c = μ_c s_c / t: common
    # factors, for instance one long residual per vector, leave the matrix.
    scales, columns = [], []
    for vector in vectors:
        column, scale = primitive(vector)
        scales.append(scale or _ONE)
        columns.append(column)
    right, target_scale = primitive(target)
    target_scale = target_scale or _ONE
    factors = scales if target_scale == 1 else [scale / target_scale for scale in scales]
    low, high = _scaled(lower, factors), _scaled(upper, factors)
    if min(len(vectors), len(target)) >= LARGE:
        for is_point, proposed in proposed_answers(columns, right, low, high, effort):
            if not is_point and is_farkas_vector(proposed, vectors, target, lower, upper):
                return FarkasVector(proposed)
            values = tuple(x / factor if x else x for x, factor in zip(proposed, factors, strict=True)) if is_point else ()
            if is_point and is_solution(values, vectors, target, lower, upper):
                return Multipliers(values)
    outcome = feasible_point(columns, right, low, high, effort)
    if outcome.point is not None:
        values = tuple(x / factor if x else x for x, factor in zip(outcome.point, factors, strict=True))
        if not is_solution(values, vectors, target, lower, upper):
            raise InternalError("the multipliers of a bounded system do not solve it")
        return Multipliers(values)
    farkas = tuple(map(Fraction, outcome.separator or ()))
    if not is_farkas_vector(farkas, vectors, target, lower, upper):
        raise InternalError("the Farkas vector of a bounded system does not separate")
    return FarkasVector(farkas)


def is_solution(
    values: Sequence[Fraction],
    vectors: Sequence[Sequence[Fraction]],
    target: Sequence[Fraction],
    lower: Sequence[Bound],
    upper: Sequence[Bound],
) -> bool:
    """Whether Σ_c values[c] u_c = g and lower ≤ values ≤ upper.

    Parameters: `values`, n numbers; the others as in `solve_bounded_system`. Exactness: exact.
    Raises: nothing for fitting shapes. Source: the definition.

    >>> is_solution([Fraction(2)], [[Fraction(1)]], [Fraction(2)], [None], [Fraction(2)])
    True
    """
    for value, low, high in zip(values, lower, upper, strict=True):
        if (low is not None and value < low) or (high is not None and value > high):
            return False
    return combines_to(values, vectors, target)


def is_farkas_vector(
    direction: Sequence[Fraction],
    vectors: Sequence[Sequence[Fraction]],
    target: Sequence[Fraction],
    lower: Sequence[Bound],
    upper: Sequence[Bound],
) -> bool:
    """Whether g·δ > Σ_c max {μ (u_c·δ) : lower_c ≤ μ ≤ upper_c}, every maximum being finite.

    Parameters: `direction`, the vector δ of length d; the others as in `solve_bounded_system`. Exactness: exact.
    Raises: nothing for fitting shapes. Source: the definition.

    >>> is_farkas_vector([Fraction(1)], [[Fraction(1)]], [Fraction(2)], [None], [Fraction(1)])
    True
    """
    if not direction:
        return False
    column = to_flint([[value] for value in direction])
    slopes = (to_flint(vectors, len(direction)) * column).entries()
    reach = Fraction(0)
    for slope, low, high in zip(slopes, lower, upper, strict=True):
        if slope == 0:
            continue
        bound = high if slope > 0 else low
        if bound is None:
            return False
        if bound:
            reach += bound * to_fraction(slope)
    return to_fraction((to_flint([target]) * column)[0, 0]) > reach


def _check_input(
    vectors: Sequence[Sequence[Fraction]], target: Sequence[Fraction], lower: Sequence[Bound], upper: Sequence[Bound]
) -> None:
    count, size = len(vectors), len(target)
    for name, bounds in (("the lower bounds", lower), ("the upper bounds", upper)):
        if len(bounds) != count:
            raise ShapeError(name, (count,), (len(bounds),))
    for c, vector in enumerate(vectors):
        if len(vector) != size:
            raise ShapeError(f"vector {c} of the bounded system", (size,), (len(vector),))
    for c, (low, high) in enumerate(zip(lower, upper, strict=True)):
        if low is not None and high is not None and low > high:
            raise InputError(
                f"the lower bound of vector {c} exceeds its upper bound, so no multiplier fits",
                fix="give lower ≤ upper, or None for no bound",
            )


def _nearest_to_zero(low: Bound, high: Bound) -> Fraction:
    if low is not None and low.numerator > 0:
        return low
    return high if high is not None and high.numerator < 0 else _ZERO


def _scaled(bounds: Sequence[Bound], factors: Sequence[Fraction]) -> list[Bound]:
    """Each bound times its (positive) factor; the frequent bounds zero and None cost nothing."""
    return [bound * factor if bound else bound for bound, factor in zip(bounds, factors, strict=True)]
