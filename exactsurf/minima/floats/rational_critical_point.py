"""Rational critical points near a given point: Newton's method in rational arithmetic proposes, exact zeros decide."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from exactsurf.exact.linear_algebra import Matrix, Vector, solve, to_flint
from exactsurf.minima.local.coordinate_vector import parameters_of, vector_of
from exactsurf.minima.local.critical_faces import hessian_on, second_derivatives
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.local.second_order_form import PointForms
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

_BITS = 400
"""Binary places to which a solution is known before its fractions are read off."""

_ROUNDS = 14

_DENOMINATORS = (1, 2, 3, 4, 6, 10, 12, 60, 100, 1_000, 1_000_000)


def propose_rational_points(problem: Problem, parameters: Parameters) -> Iterator[Parameters]:
    """Points near `parameters` that may be rational critical points: rounded ones, and those that Newton's method finds.

    Parameters: a point, e.g. a float solution. Returns: candidates, lazily; nothing is claimed about them.
    Exactness: heuristic. Raises: nothing. Source: continued fractions; Newton's method on a well-conditioned set of
    coordinates, the others (along which invariances move) rounded and held.
    """
    seen = set()
    here = vector_of(parameters)
    for bound in _DENOMINATORS:
        rounded = tuple(value.limit_denominator(bound) for value in here)
        if rounded not in seen:
            seen.add(rounded)
            yield parameters_of(problem.network, rounded)
    refined = _newton(problem, here)
    if refined is None:
        return
    for bits in (_BITS // 8, _BITS // 4, _BITS // 2 - 10):
        rounded = tuple(value.limit_denominator(1 << bits) for value in refined)
        if rounded not in seen:
            seen.add(rounded)
            yield parameters_of(problem.network, rounded)


def _newton(problem: Problem, start: Vector) -> Vector | None:
    point = parameters_of(problem.network, start)
    hessian = _hessian(problem, point)
    if hessian is None:
        return None
    moving = _conditioned(hessian)
    if not moving:
        return None
    fixed = set(range(len(start))) - set(moving)
    here = tuple(value.limit_denominator(64) if p in fixed else value for p, value in enumerate(start))
    for _ in range(_ROUNDS):
        point = parameters_of(problem.network, here)
        hessian = _hessian(problem, point)
        if hessian is None:
            return None
        gradient = vector_of(selected_gradient(Point(problem, point)))
        minor = [[hessian[p][q] for q in moving] for p in moving]
        if to_flint(minor).det() == 0:
            return None
        step = dict(zip(moving, solve(minor, [-gradient[p] for p in moving]), strict=True))
        if max(map(abs, step.values())) > 1:
            return None
        here = tuple(_rounded(value + step.get(p, 0)) if p in step else value for p, value in enumerate(here))
        if max(map(abs, step.values())) * (1 << (_BITS - 20)) < 1:
            return here
    return None


def _hessian(problem: Problem, parameters: Parameters) -> Matrix | None:
    here = Point(problem, parameters)
    curvatures = second_derivatives(here)
    if isinstance(curvatures, NotProved):
        return None
    return hessian_on(PointForms(here), curvatures, {})


def _conditioned(hessian: Matrix) -> list[int]:
    """Coordinates whose principal minor is far from singular, by elimination with the largest diagonal entry first."""
    size = len(hessian)
    table = [[_rounded(value, 120) for value in row] for row in hessian]
    largest = max((abs(table[p][p]) for p in range(size)), default=Fraction(0))
    chosen: list[int] = []
    while True:
        rest = [p for p in range(size) if p not in chosen]
        pivot = max(rest, key=lambda p: abs(table[p][p]), default=None)
        if pivot is None or abs(table[pivot][pivot]) * 10**6 <= largest:
            return sorted(chosen)
        chosen.append(pivot)
        line, head = table[pivot], table[pivot][pivot]
        for p in rest:
            if p != pivot and table[p][pivot]:
                factor = table[p][pivot] / head
                table[p] = [_rounded(a - factor * b, 120) for a, b in zip(table[p], line, strict=True)]


def _rounded(value: Fraction, bits: int = _BITS) -> Fraction:
    return Fraction(round(value * (1 << bits)), 1 << bits)
