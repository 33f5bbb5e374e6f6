"""Spurious local minima of the risk of a ReLU student and a ReLU teacher on normal inputs, proved near given weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, isqrt
from typing import TYPE_CHECKING

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.population_minimum import PopulationMinimumInBox
from exactsurf.errors import InputError, ShapeError
from exactsurf.exact.balls import Ball, from_arb, to_arb, working_precision
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import Exact, approximate, exact
from exactsurf.minima.floats.symmetric_matrix import cholesky_factor_near, least_eigenvalue_near
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.student_teacher import StudentTeacher
from exactsurf.theorems.arguments import number_table
from exactsurf.theorems.constructions.gaussian_inputs import Objective

if TYPE_CHECKING:
    from flint import arb

BITS = 128
_VERIFIER_BITS = 80
_HESSIAN_GRID, _CURVATURE_GRID, _RISK_GRID = 1 << 40, 1 << 20, 1 << 50
_RADIUS = Fraction(1, 10**9)
_SHARES = (Fraction(31, 32), Fraction(7, 8), Fraction(1, 2))


@dataclass(frozen=True)
class PopulationMinimum:
    """A spurious local minimum of the population objective, which exists within `radius` of `weights`.

    Attributes: `weights`, rational rows w_i near it; `teachers`, the rows v_j; `radius`, in the Euclidean norm; `risk` at
    `weights`; `gradient`, an upper bound of its norm there; `curvature`, a lower bound of all eigenvalues of the Hessian on the
    whole ball; `least`, a positive lower bound of the risk at the local minimum, while the least risk of all is 0;
    `certificate`, accepted by the verifier: exactly one critical point in the box, and this is it.
    Exactness: proved by balls and an exact comparison with L Lᵀ. Source: proofs/claims/population_minimum.md.
    """

    weights: Matrix
    teachers: Matrix
    radius: Fraction
    risk: Ball
    gradient: Fraction
    curvature: Fraction
    least: Fraction
    certificate: PopulationMinimumInBox

    def __str__(self) -> str:
        return (
            f"a spurious local minimum within {approximate(self.radius, 2)} of the weights: risk at least "
            f"{approximate(self.least)}, every eigenvalue of the Hessian at least {approximate(self.curvature)}"
        )


def population_risk(students: Sequence[Sequence[Exact]], teachers: Sequence[Sequence[Exact]], bits: int = BITS) -> Ball:
    """A ball with ½ E (Σ_i relu(w_i·x) − Σ_j relu(v_j·x))², x ~ N(0, I).

    Parameters: `students` w_i and `teachers` v_j, rows of one length, none of them 0; `bits`, the working precision.
    Exactness: the ball holds the true value. Raises: `InputError` for other rows, errors of `exact`.
    Source: Cho and Saul 2009; papers.md, A5.

    >>> found = population_risk([[1, 0]], [[0, 1]])  # 1/2 − 1/(2π)
    >>> found.lower > Fraction("0.34084505"), found.upper < Fraction("0.34084506")
    (True, True)
    """
    rows, goals = _rows(students, teachers)
    with working_precision(bits):
        return _ball(_objective(rows, goals).risk())


def certify_population_minimum(
    students: Sequence[Sequence[Exact]],
    teachers: Sequence[Sequence[Exact]],
    radius: Exact = _RADIUS,
    bits: int = BITS,
) -> PopulationMinimum | NotProved:
    """Prove that a spurious local minimum of the population objective lies near given weights.

    If every eigenvalue of the Hessian is at least λ on the box of radius ρ and the gradient g at its centre has |g| < λρ/2,
    the objective is higher on the whole sphere of radius ρ than at the centre: there is a local minimum inside, of risk
    ≥ F − |g|²/(2λ), and no other critical point in the box.
    Parameters: `students`, at least as many as `teachers`, so that the least risk is 0; `radius` ρ; `bits`, the working
    precision. Returns: what was proved, with its certificate, or why it was not, as `NotProved`.
    Exactness: proved by balls and exact matrices; the certificate is accepted by the verifier.
    Raises: `InputError`, errors of `exact`. Source: Safran and Shamir 2018; proofs/claims/population_minimum.md.

    >>> certify_population_minimum([[1, 0], [0, 1]], [[1, 0], [0, 1]]).reason
    'two rows may be parallel within the radius, where the Hessian is not defined'
    """
    rows, goals = _rows(students, teachers)
    reach, problem = exact(radius, "radius"), StudentTeacher(len(rows), goals)
    with working_precision(bits):
        centre = _objective(rows, goals)
        risk, gradient = _ball(centre.risk()), [_ball(entry) for row in centre.gradient() for entry in row]
        around = Objective([[to_arb(Ball(value, reach)) for value in row] for row in rows], centre.teachers)
        table, beyond, nearby = around.hessian(), around.further(), from_arb(around.risk())
        if nearby is None or not all(entry.is_finite() for row in table for entry in row):
            return NotProved("two rows may be parallel within the radius, where the Hessian is not defined")
        hessian, further = ([[_ball(entry) for entry in row] for row in rows_of] for rows_of in (table, beyond))
    squares = sum((max(abs(entry.lower), abs(entry.upper)) ** 2 for entry in gradient), Fraction(0))
    curvature = _least_eigenvalue(hessian)
    if curvature is None:
        return NotProved("the Hessian is not known to be positive definite on the whole ball")
    if 4 * squares >= (curvature * reach) ** 2:
        return NotProved(f"the square of the gradient may be {approximate(squares)}, too much for the radius")
    least = risk.lower - squares / (2 * curvature)
    if least <= 0 or nearby.lower <= 0:
        return NotProved("the risk is not bounded away from 0")
    # The verifier's own enclosures are a little wider.
    width = nearby.upper - nearby.lower
    stated = max(nearby.lower / 2, nearby.lower - width), nearby.upper + width
    certificate = PopulationMinimumInBox(
        problem,
        rows,
        reach,
        (_floor(stated[0], _RISK_GRID), -_floor(-stated[1], _RISK_GRID)),
        _least_eigenvalue(further) is not None,
        _VERIFIER_BITS,
        _floor(curvature * _SHARES[1], _CURVATURE_GRID),
    )
    return PopulationMinimum(rows, goals, reach, risk, _root_above(squares), curvature, least, confirmed(certificate))


def _rows(students: Sequence[Sequence[Exact]], teachers: Sequence[Sequence[Exact]]) -> tuple[Matrix, Matrix]:
    try:
        rows, goals = (tuple(map(tuple, number_table(t, what))) for t, what in ((students, "w"), (teachers, "v")))
    except ShapeError:
        rows, goals = (), ()
    if not rows or not goals or len({len(row) for row in (*rows, *goals)}) != 1 or not all(map(any, (*rows, *goals))):
        raise InputError(
            "students and teachers must be rows of one length, none of them 0", fix="for example [[1, 0]] and [[0, 1], [1, 1]]"
        )
    return rows, goals


def _objective(rows: Matrix, goals: Matrix) -> Objective:
    return Objective([[to_arb(v) for v in row] for row in rows], [[to_arb(v) for v in row] for row in goals])


def _ball(value: arb) -> Ball:
    found = from_arb(value)
    if found is None:
        raise InputError("two rows are parallel, or nearly", fix="take other weights, or more bits")
    return found


def _floor(value: Fraction, grid: int) -> Fraction:
    return Fraction(floor(value * grid), grid)


def _least_eigenvalue(hessian: Sequence[Sequence[Ball]]) -> Fraction | None:
    """A positive lower bound of the eigenvalues of every symmetric matrix in the balls, None if none is found."""
    size = range(len(hessian))
    middle = [
        [Fraction(round(hessian[max(i, j)][min(i, j)].midpoint * _HESSIAN_GRID), _HESSIAN_GRID) for j in size] for i in size
    ]
    # Off the middle by at most this in every row sum, hence in the spectral norm.
    spread = max(
        sum((max(abs(b.upper - m), abs(b.lower - m)) for b, m in zip(row, mids, strict=True)), Fraction(0))
        for row, mids in zip(hessian, middle, strict=True)
    )
    near = least_eigenvalue_near(middle) - spread
    if near <= 0:
        return None
    return next((near * share for share in _SHARES if _is_above(middle, near * share + spread, near * (1 - share) / 2)), None)


def _is_above(matrix: Sequence[Sequence[Fraction]], bound: Fraction, room: Fraction) -> bool:
    """Whether no eigenvalue is below the bound: the matrix less bound·I is L Lᵀ plus a matrix that is diagonally dominant."""
    from flint import fmpz_mat

    factor = cholesky_factor_near([[v - (bound + room) * (i == j) for j, v in enumerate(row)] for i, row in enumerate(matrix)])
    if factor is None:
        return False
    grid = 1 << 30  # that of the factor
    left = fmpz_mat([[int(value * grid) for value in row] for row in factor])
    product = (left * left.transpose()).tolist()
    for i, (row, found) in enumerate(zip(matrix, product, strict=True)):
        rest = [value * grid**2 - int(entry) for value, entry in zip(row, found, strict=True)]
        own = rest[i] - bound * grid**2
        if own < sum((abs(value) for j, value in enumerate(rest) if j != i), Fraction(0)):
            return False
    return True


def _root_above(square: Fraction) -> Fraction:
    """A number whose square is at least `square`."""
    grid = 1 << 80
    return Fraction(isqrt(int(square * grid * grid)) + 1, grid)
