"""A positive definite matrix in a linear space of symmetric matrices, or what excludes one: semidefinite feasibility, exactly.

By separation of a subspace S from the open cone of positive definite matrices exactly one of two things exists: a positive
definite M in S, or Z ≠ 0, positive semidefinite, with tr(ZM) = 0 for all M in S. Finitely many directions u turn the first into
linear inequalities uᵀMu > 0; multipliers λ against them give the second, Z = Σ λ_u uuᵀ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from exactsurf.errors import InternalError
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, Vector, identity, kernel
from exactsurf.exact.strict_system import MotzkinMultipliers, solve_strict_system

_DIRECTIONS, _CUTS, _LONGEST = 40, 40, 14


@dataclass(frozen=True)
class DefiniteMember:
    """Σ `coefficients`[k] · matrix k is `matrix`, which is positive definite."""

    coefficients: Vector
    matrix: Matrix


@dataclass(frozen=True)
class SemidefiniteNormal:
    """`matrix` is positive semidefinite, not 0, and orthogonal to every matrix of the space, in the trace product."""

    matrix: Matrix


def definite_member(matrices: Sequence[Matrix], size: int) -> DefiniteMember | SemidefiniteNormal | None:
    """Whether the linear hull of symmetric matrices holds a positive definite one.

    Parameters: `matrices`, symmetric, `size` × `size`. Returns: which of the two alternatives holds, or None where rational
    directions did not decide (the space touches the cone of semidefinite matrices, or nearly).
    Exactness: exact; both answers are checked. Raises: nothing. Source: theorem of the alternative for semidefinite systems.

    >>> definite_member([((Fraction(0), Fraction(1)), (Fraction(1), Fraction(0)))], 2)
    SemidefiniteNormal(matrix=((Fraction(0, 1), Fraction(0, 1)), (Fraction(0, 1), Fraction(1, 1))))
    """
    places = [(p, q) for p in range(size) for q in range(p, size)]
    # Rows: the trace product with each matrix, in the coordinates Z_pq, p ≤ q.
    rows = [[m[p][q] * (1 if p == q else 2) for p, q in places] for m in matrices]
    normals = kernel(rows) if rows else _units(len(places))
    if len(normals) == 1:
        for sign in (1, -1):
            normal = _symmetric([sign * value for value in normals[0]], places, size)
            if ldlt(normal).is_positive_semidefinite:
                return SemidefiniteNormal(normal)
    if not matrices:
        return SemidefiniteNormal(_identity(size))
    directions = [tuple(map(Fraction, u)) for u in product((0, 1, -1), repeat=size) if next((v for v in u if v), -1) > 0]
    directions.sort(key=lambda u: sum(map(abs, u)))
    del directions[_DIRECTIONS:]
    for _ in range(_CUTS):
        found = solve_strict_system([[_form(m, u) for m in matrices] for u in directions])
        if isinstance(found, MotzkinMultipliers):
            return SemidefiniteNormal(_checked_normal(found.strict, directions, matrices))
        member = tuple(
            tuple(sum((c * m[p][q] for c, m in zip(found, matrices, strict=True)), Fraction(0)) for q in range(size))
            for p in range(size)
        )
        factors = ldlt(member)
        if factors.is_positive_definite:
            return DefiniteMember(tuple(found), member)
        cut = _short_cut(member, factors.negative_direction or kernel(member)[0])
        if cut is None:
            return None
        directions.append(cut)
    return None


def _short_cut(member: Matrix, direction: Vector) -> Vector | None:
    """Small integers near a multiple of a direction on which the form is not positive either; None if there are none."""
    longest = max(map(abs, direction))
    for bits in range(2, _LONGEST):
        near = tuple(Fraction(round(value / longest * (1 << bits))) for value in direction)
        if any(near) and _form(member, near) <= 0:
            return near
    return None


def _checked_normal(multipliers: Vector, directions: Sequence[Vector], matrices: Sequence[Matrix]) -> Matrix:
    size = len(directions[0])
    normal = tuple(
        tuple(sum((c * u[p] * u[q] for c, u in zip(multipliers, directions, strict=True)), Fraction(0)) for q in range(size))
        for p in range(size)
    )
    pairs = range(size)
    if any(sum((normal[p][q] * m[p][q] for p in pairs for q in pairs), Fraction(0)) for m in matrices):
        raise InternalError("multipliers against a definite member are no normal of the space")
    return normal


def _form(matrix: Matrix, u: Vector) -> Fraction:
    return sum((a * b * value for a, row in zip(u, matrix, strict=True) for b, value in zip(u, row, strict=True)), Fraction(0))


def _symmetric(values: Sequence[Fraction], places: Sequence[tuple[int, int]], size: int) -> Matrix:
    table = dict(zip(places, values, strict=True))
    return tuple(tuple(table[min(p, q), max(p, q)] for q in range(size)) for p in range(size))


def _units(size: int) -> list[Vector]:
    return list(identity(size))


def _identity(size: int) -> Matrix:
    return tuple(_units(size))
