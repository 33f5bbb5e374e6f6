"""Quadratic forms on cones: positive, non-negative with a zero, or negative somewhere; each with a vector that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import combinations

from exactsurf.errors import UnsupportedError
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, from_flint, kernel, solve_normal_equations, to_flint

MAX_RAYS = 14
"""Most rays on which copositivity is examined: the work doubles with each."""


class Sign(Enum):
    """What a form q is on a cone: `POSITIVE` but at 0, `NONNEGATIVE` with a zero elsewhere, `NEGATIVE` somewhere."""

    POSITIVE = "positive"
    NONNEGATIVE = "nonnegative"
    NEGATIVE = "negative"


@dataclass(frozen=True)
class FormOnCone:
    """The sign of a form on a cone; `witness` ≠ 0 in the cone has q = 0 or q < 0, and is None if q is positive."""

    sign: Sign
    witness: Vector | None


def decide_copositive(rows: Sequence[Sequence[Fraction]], *, max_rays: int = MAX_RAYS) -> FormOnCone:
    """The sign of xᵀAx on x ≥ 0.

    Parameters: `rows`, a symmetric n × n matrix A; `max_rays`, the largest n for which subsets are tried.
    Exactness: exact. If all smaller principal submatrices are copositive, A is not exactly if det A < 0 and no entry of its
    inverse is positive; and a least set of indices with a zero inside is one whose submatrix has a positive kernel vector.
    Raises: `UnsupportedError` if more than `max_rays` rows have negative entries and A is not positive semidefinite;
    errors of `ldlt`. Source: Cottle, Habetler and Lemke 1970; Hadeler 1983.

    >>> horn = [[1, -1, 1, 1, -1], [-1, 1, -1, 1, 1], [1, -1, 1, -1, 1], [1, 1, -1, 1, -1], [-1, 1, 1, -1, 1]]
    >>> decide_copositive([[Fraction(v) for v in row] for row in horn]).sign
    <Sign.NONNEGATIVE: 'nonnegative'>
    >>> decide_copositive([[Fraction(1), Fraction(-2)], [Fraction(-2), Fraction(1)]])
    FormOnCone(sign=<Sign.NEGATIVE: 'negative'>, witness=(Fraction(1, 1), Fraction(1, 1)))
    """
    size = len(rows)
    factors = ldlt(rows)
    if factors.is_positive_definite:
        return FormOnCone(Sign.POSITIVE, None)
    if factors.is_positive_semidefinite:
        return _semidefinite(rows)
    # A row without negative entries adds nothing negative; alone it may give a zero.
    harmless = next((i for i in range(size) if all(value >= 0 for value in rows[i])), None)
    if harmless is not None:
        others = [i for i in range(size) if i != harmless]
        answer = decide_copositive([[rows[i][j] for j in others] for i in others], max_rays=max_rays)
        if answer.sign is not Sign.NEGATIVE and rows[harmless][harmless] == 0:
            return FormOnCone(Sign.NONNEGATIVE, _unit(size, harmless))
        if answer.witness is None:
            return answer
        entries = dict(zip(others, answer.witness, strict=True))
        return FormOnCone(answer.sign, tuple(entries.get(i, Fraction(0)) for i in range(size)))
    if size > max_rays:
        raise UnsupportedError(
            f"copositivity of a {size} × {size} matrix (at most {max_rays} rows)",
            "raise max_rays: the work doubles with each row",
        )
    zero: Vector | None = None
    for count in range(1, size + 1):
        for chosen in combinations(range(size), count):
            minor = [[rows[i][j] for j in chosen] for i in chosen]
            found = _inside(minor)
            if found is None:
                continue
            sign, values = found
            entries = dict(zip(chosen, values, strict=True))
            witness = tuple(entries.get(i, Fraction(0)) for i in range(size))
            if sign is Sign.NEGATIVE:
                return FormOnCone(sign, witness)
            zero = zero or witness
    return FormOnCone(Sign.POSITIVE if zero is None else Sign.NONNEGATIVE, zero)


def _semidefinite(rows: Sequence[Sequence[Fraction]]) -> FormOnCone:
    """xᵀAx = 0 means Ax = 0 here, so that a zero in the orthant is a solution of a linear system."""
    size = len(rows)
    columns = [(*(row[k] for row in rows), Fraction(1)) for k in range(size)]
    target = (*(Fraction(0),) * size, Fraction(1))
    answer = solve_bounded_system(columns, target, [Fraction(0)] * size, [None] * size)
    if isinstance(answer, FarkasVector):
        return FormOnCone(Sign.POSITIVE, None)
    return FormOnCone(Sign.NONNEGATIVE, answer.values)


def _unit(size: int, index: int) -> Vector:
    return tuple(Fraction(int(k == index)) for k in range(size))


def _inside(minor: Matrix | list[list[Fraction]]) -> tuple[Sign, Vector] | None:
    """A vector x ≥ 0 (> 0 for a zero) on which the form is negative or zero, if all smaller minors are copositive."""
    matrix = to_flint(minor)
    determinant = matrix.det()
    if determinant < 0:
        inverse = from_flint(matrix.inv())
        if all(value <= 0 for row in inverse for value in row):
            return Sign.NEGATIVE, tuple(-sum(row, Fraction(0)) for row in inverse)
    elif determinant == 0:
        basis = kernel(minor)
        for sign in (1, -1):
            if len(basis) == 1 and all(sign * value > 0 for value in basis[0]):
                return Sign.NONNEGATIVE, tuple(sign * value for value in basis[0])
    return None


def decide_form_on_cone(
    form: Sequence[Sequence[Fraction]],
    free: Sequence[Sequence[Fraction]],
    rays: Sequence[Sequence[Fraction]],
    *,
    max_rays: int = MAX_RAYS,
) -> FormOnCone:
    """The sign of q(x) = xᵀQx on the cone span(free) + {Σ λ_k ρ_k : λ ≥ 0}.

    Parameters: `form`, the symmetric matrix Q; `free`, independent vectors; `rays` ρ_k, which with λ ≥ 0 are to give a vector
    of span(free) for λ = 0 only (extreme rays modulo the lines of a cone do).
    Exactness: exact: the free part is eliminated by a Schur complement, the rest is decided by `decide_copositive`.
    Raises: as `decide_copositive`, n being the number of rays. Source: standard (Schur complement on a cone).

    >>> saddle = [[Fraction(0), Fraction(1)], [Fraction(1), Fraction(0)]]
    >>> x, y = (Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))
    >>> decide_form_on_cone(saddle, [], [x, y]).sign, decide_form_on_cone(saddle, [x], [y]).sign
    (<Sign.NONNEGATIVE: 'nonnegative'>, <Sign.NEGATIVE: 'negative'>)
    """
    split, generators = len(free), [*free, *rays]
    if not generators:
        return FormOnCone(Sign.POSITIVE, None)
    basis = to_flint(generators)
    gram = from_flint(basis * to_flint(form, len(generators[0])) * basis.transpose())

    def combined(weights: Sequence[Fraction]) -> Vector:
        return from_flint(to_flint([weights]) * basis)[0]

    corner = [row[:split] for row in gram[:split]]
    negative = ldlt(corner).negative_direction
    if negative is not None:
        return FormOnCone(Sign.NEGATIVE, combined([*negative, *[Fraction(0)] * len(rays)]))
    mixed = [row[split:] for row in gram[:split]]
    flat: Vector | None = None
    for vector in kernel(corner) if split else ():
        slopes = [dot(vector, column) for column in zip(*mixed, strict=True)]
        k = next((k for k, slope in enumerate(slopes) if slope), None)
        if k is not None:
            # Far enough along the free vector the cross term outweighs the square of the ray.
            far = -(gram[split + k][split + k] + 1) / (2 * slopes[k])
            return FormOnCone(Sign.NEGATIVE, combined([*(far * value for value in vector), *_unit(len(rays), k)]))
        flat = flat or combined([*vector, *[Fraction(0)] * len(rays)])
    complement = tuple(row[split:] for row in gram[split:])
    shift: Matrix = ()
    if split and rays:
        solution = solve_normal_equations(to_flint(corner), to_flint(mixed))
        shift = from_flint(solution)
        complement = from_flint(to_flint(complement) - solution.transpose() * to_flint(mixed))
    answer = decide_copositive(complement, max_rays=max_rays)
    if answer.witness is None:
        return FormOnCone(Sign.POSITIVE if flat is None else Sign.NONNEGATIVE, flat)
    weights = [-sum((a * b for a, b in zip(row, answer.witness, strict=True)), Fraction(0)) for row in shift] or [
        Fraction(0)
    ] * split
    return FormOnCone(answer.sign, combined([*weights, *answer.witness]))
