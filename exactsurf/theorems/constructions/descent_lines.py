"""Curves along which the risk goes down at higher order: what refutes a local minimum where the gradient is zero."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import NOT_A_LOCAL_MINIMUM, Certificate
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.linear_algebra import Matrix, dot, kernel
from exactsurf.minima.decide import decide
from exactsurf.minima.deep_linear.classification import classify_deep_linear
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.minima.local.critical_faces import hessian_on, second_derivatives
from exactsurf.minima.local.risk_series import descend_along
from exactsurf.minima.local.second_order_form import PointForms
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.point_conditions import no_kink_of_the_loss

_TRIES = 60
_MAX_HESSIAN = 60


def not_a_local_minimum(problem: Problem, parameters: Parameters) -> Verdict:
    """REFUTED (no local minimum) by `decide`, or by a curve on which the first term that is not zero goes down.

    Exactness: exact; which lines are tried is a heuristic (integer directions from a fixed seed), so UNDECIDED is possible.
    """
    verdict = decide(problem, parameters)
    if verdict.status is not Status.UNDECIDED:
        return verdict
    risk = problem.rational_risk(parameters)
    for found in _curves(problem, parameters):
        if found is not None:
            reason = f"along a rational curve the risk changes by {short(found.coefficient)} t^{found.order} + …"
            certificate = confirmed(Certificate(NOT_A_LOCAL_MINIMUM, problem, parameters, risk, descent=found))
            lower = found.lower_point.parameters
            return Verdict(Status.REFUTED, f"not a local minimum: {reason}", certificate, lower, risk)
    return verdict


def _curves(problem: Problem, parameters: Parameters) -> Iterator[DescentCurve | None]:
    """What is tried: the escape of a deep linear network, then lines."""
    h = problem.network.activation
    if h.is_linear and h.slopes[0] and no_kink_of_the_loss(problem, parameters)[0]:
        yield classify_deep_linear(problem, parameters).descent
    for direction in _candidates(problem, parameters):
        yield descend_along(Point(problem, parameters), [direction], 2 * problem.network.layers)


def _candidates(problem: Problem, parameters: Parameters) -> Iterator[Parameters]:
    """Integer directions from a fixed seed, then combinations of a basis of the Hessian's kernel."""
    source, size = random.Random(1), dimension(problem.network)
    for _ in range(_TRIES):
        yield parameters_of(problem.network, [Fraction(source.randint(-2, 2)) for _ in range(size)])
    if size > _MAX_HESSIAN:
        return
    try:
        basis = kernel(hessian(problem, parameters))
    except (InputError, UnsupportedError):
        return
    for _ in range(_TRIES if basis else 0):
        weights = [source.randint(-2, 2) for _ in basis]
        vector = [dot(tuple(map(Fraction, weights)), column) for column in zip(*basis, strict=True)]
        yield parameters_of(problem.network, vector)


def hessian(problem: Problem, parameters: Parameters) -> Matrix:
    """The Hessian of the risk at a point of an open cell, weights and biases in the order of `vector_of`.

    Exactness: exact. Raises: `UnsupportedError` at a kink of the loss, `InputError` on a wall.
    """
    boundary = activation_pattern(problem, parameters).boundary
    if boundary:
        raise InputError(f"the parameters lie in no open cell: {boundary[0]}")
    point = Point(problem, parameters)
    curvatures = second_derivatives(point)
    if isinstance(curvatures, NotProved):
        raise UnsupportedError(curvatures.reason)
    return hessian_on(PointForms(point), curvatures, {})
