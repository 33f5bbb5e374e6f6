"""Curves that stay, order by order, where first order holds them: on walls with multipliers and at kinks of the loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, islice, product
from typing import TYPE_CHECKING

from exactsurf.certificate.rules.boundary_pair import Pair
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.errors import UnsupportedError
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Matrix, Vector, identity, kernel, to_fraction
from exactsurf.minima.local.cell_programs import CellPrograms
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.minima.local.multiplier_system import first_order_system
from exactsurf.minima.local.risk_series import descend_along
from exactsurf.minima.local.slice_polynomials import MOST_PARAMETERS, SlicePolynomials
from exactsurf.model.parameter_vector import parameters_of

if TYPE_CHECKING:
    from flint import fmpq_mpoly, fmpq_poly

_ZERO = Fraction(0)
_DEGREE = 5
"""The degree of the curves in t."""

_CURVES = 300
"""Most curves that are tried on one cone, with all polynomials held."""

_CURVES_OF_PART = 40
"""Most curves that are tried with some of the polynomials."""

_MAX_FREE = 12
"""Most free parameters, that is, dimensions modulo invariances."""

_SUBSETS = 32
"""Most choices of the polynomials that stay 0 on one cone."""

_CONES = 8
"""Most cones that are looked at."""


def find_descent_arc(local: CellPrograms) -> DescentCurve | None:
    """A curve along which the risk falls, tried where no curve of second order was found; None if none was found.

    Parameters: `local`, the cells at a point. On each cone the walls with positive multipliers and the kinks with inner
    subgradients hold every critical direction d. A curve t d + t² c₂ + t³ c₃ + … with coefficients that keep these polynomials 0
    to fifth order, shifted by a second critical direction at t², pays nothing for them.
    Exactness: exact; a heuristic that tries small integers. Raises: nothing. Source: proofs/rules/curve.md.
    """
    if dimension(local.problem.network) > MOST_PARAMETERS:
        return None
    shapes = SlicePolynomials(local)
    if len(shapes.free) > _MAX_FREE:
        return None
    try:
        for cone in islice(local.fan.cones(effort=replace(local.effort, fan=_CONES)), _CONES):
            found = _on_cone(shapes, dict(cone.signs))
            if found is not None:
                return found
    except UnsupportedError:
        return None
    return None


def _on_cone(shapes: SlicePolynomials, signs: dict[Pair, int]) -> DescentCurve | None:
    local = shapes.local
    system, _, _ = first_order_system(local, signs)
    solved = system.solve()
    if isinstance(solved, FarkasVector):
        return None
    cell = shapes.cell(signs)
    named = [*(cell.walls[pair] for pair in system.walls), *(cell.kinks[name] for name in system.kinks)]
    support = system.support(system.fullest(solved))
    held = {str(polynomial): polynomial for polynomial, tight in zip(named, support, strict=True) if tight and polynomial}
    # A prediction may leave its kink on the free side where others can take over its subgradient.
    for part in islice(_parts([*held.values()]), _SUBSETS):
        found = _staying(shapes, part, _CURVES if len(part) == len(held) else _CURVES_OF_PART)
        if found is not None:
            return found
    return None


def _parts(held: list[fmpq_mpoly]) -> Iterator[list[fmpq_mpoly]]:
    """All, all but one, each alone, and what lies between."""
    sizes = dict.fromkeys((len(held), len(held) - 1, 1, *range(len(held) - 2, 1, -1)))
    yield from (list(part) for size in sizes if size > 0 for part in combinations(held, size))
    if not held:
        yield []


def _staying(shapes: SlicePolynomials, held: Sequence[fmpq_mpoly], most: int) -> DescentCurve | None:
    """A descent along one of `most` curves on which the polynomials stay 0."""
    local, size = shapes.local, len(shapes.free)
    rows = [_gradient(polynomial, size) for polynomial in held]
    basis = kernel(rows) if rows else identity(size)
    shifts: list[Vector] = [(_ZERO,) * size, *(tuple(sign * v for v in b) for b in basis for sign in (1, -1))]
    pairs = ((direction, shift) for direction in _small_combinations(basis) for shift in shifts)
    for direction, shift in islice(pairs, most):
        local.effort.check()
        curve = _extended(held, rows, direction, shift)
        tangents = [parameters_of(local.problem.network, shapes.whole(vector)) for vector in curve]
        found = descend_along(local.point, tangents, 2 * local.problem.network.layers)
        if found is not None:
            return found
    return None


def _small_combinations(basis: Matrix) -> Iterator[Vector]:
    """Sums of the basis with coefficients −1, 0, 1, and then ±2, the simplest first."""
    for most in (1, 2):
        choices = product(range(-most, most + 1), repeat=min(len(basis), 6))
        wanted = [choice for choice in choices if any(choice) and max(map(abs, choice)) == most]
        for choice in sorted(wanted, key=lambda c: sum(map(bool, c))):
            columns = zip(*basis[: len(choice)], strict=True)
            yield tuple(sum((c * b for c, b in zip(choice, column, strict=True)), _ZERO) for column in columns)


def _extended(held: Sequence[fmpq_mpoly], rows: Sequence[Vector], direction: Vector, shift: Vector) -> list[Vector]:
    """direction, c₂, c₃, …: c₂ is moved by `shift`, and all keep the polynomials 0 as long as the linear equations allow it."""
    curve = [direction]
    columns = list(zip(*rows, strict=True)) if rows else []
    for order in range(2, _DEGREE + 1):
        step: Vector = (_ZERO,) * len(direction)
        if rows:
            wanted = [-_coefficient(polynomial, curve, order) for polynomial in held]
            answer = solve_bounded_system(columns, wanted, [None] * len(columns), [None] * len(columns))
            if isinstance(answer, FarkasVector):
                break
            step = answer.values
        curve.append(tuple(a + b for a, b in zip(step, shift, strict=True)) if order == 2 else step)
    return curve


def _coefficient(polynomial: fmpq_mpoly, curve: Sequence[Vector], order: int) -> Fraction:
    """The coefficient of t^order of a polynomial along t curve[0] + t² curve[1] + …"""
    from flint import fmpq, fmpq_poly

    variables = [fmpq_poly([fmpq(0), *(fmpq(v.numerator, v.denominator) for v in values)]) for values in zip(*curve, strict=True)]
    total: fmpq_poly = fmpq_poly([0])
    for exponents, value in polynomial.to_dict().items():
        term = fmpq_poly([value])
        for variable, power in zip(variables, exponents, strict=True):
            term = term * variable**power
        total = total + term
    return to_fraction(total[order])


def _gradient(polynomial: fmpq_mpoly, size: int) -> Vector:
    """The linear coefficients."""
    found = [_ZERO] * size
    for exponents, value in polynomial.to_dict().items():
        if sum(exponents) == 1:
            found[exponents.index(1)] = to_fraction(value)
    return tuple(found)
