"""Homogeneous systems with strict inequalities: B y > 0, C y ≥ 0, A y = 0, or multipliers that show there is none (Motzkin)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.errors import InputError, InternalError
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector, dot


@dataclass(frozen=True)
class MotzkinMultipliers:
    """λ ≥ 0 with Σ λ_j = 1, μ ≥ 0 and ν with Σ λ_j B_j + Σ μ_k C_k + Σ ν_i A_i = 0: no y has B y > 0, C y ≥ 0 and A y = 0."""

    strict: Vector
    equal: Vector
    weak: Vector = ()


def solve_strict_system(
    strict: Sequence[Sequence[Fraction]],
    equal: Sequence[Sequence[Fraction]] = (),
    weak: Sequence[Sequence[Fraction]] = (),
) -> Vector | MotzkinMultipliers:
    """A y with B y ≥ 1, C y ≥ 0 in every row and A y = 0, or multipliers against any y with B y > 0, C y ≥ 0 and A y = 0.

    Parameters: `strict`, the rows of B (at least one), `equal`, those of A, `weak`, those of C. The number of rows may be large:
    the linear system that is solved has one equation per unknown. Exactness: exact; the answer is checked by substitution.
    Raises: `InputError` without a strict row, `ShapeError` if rows differ in length. Source: Motzkin's transposition theorem.

    >>> one, zero = Fraction(1), Fraction(0)
    >>> solve_strict_system([(one, zero), (zero, one)], [(one, -one)])
    (Fraction(1, 1), Fraction(1, 1))
    >>> solve_strict_system([(one,), (-one,)])
    MotzkinMultipliers(strict=(Fraction(1, 2), Fraction(1, 2)), equal=(), weak=())
    """
    if not strict:
        raise InputError("a strict system needs at least one strict inequality")
    zero, one = Fraction(0), Fraction(1)
    vectors = [(*row, one) for row in strict] + [(*row, zero) for row in (*weak, *equal)]
    first = len(strict) + len(weak)
    lower: list[Fraction | None] = [zero] * first + [None] * len(equal)
    target = [zero] * len(strict[0]) + [one]
    found = solve_bounded_system(vectors, target, lower, [None] * len(vectors))
    if not isinstance(found, FarkasVector):
        return MotzkinMultipliers(found.values[: len(strict)], found.values[first:], found.values[len(strict) : first])
    *direction, level = found.values
    solution = tuple(-value / level for value in direction)
    if (
        any(dot(row, solution) < 1 for row in strict)
        or any(dot(row, solution) < 0 for row in weak)
        or any(dot(row, solution) for row in equal)
    ):
        raise InternalError("the solution of a strict system does not solve it")
    return solution
