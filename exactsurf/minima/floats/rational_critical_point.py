"""Rational critical points near a given point: Newton's method in rational arithmetic proposes, exact zeros decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain

from exactsurf.effort import UNBOUNDED, Effort, look
from exactsurf.errors import SingularMatrixError
from exactsurf.exact.linear_algebra import Matrix, Vector, least_squares, solve
from exactsurf.minima.local.critical_faces import hessian_on, second_derivatives
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.local.second_order_form import PointForms
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

_BITS = 400
"""Binary places to which a solution is known before its fractions are read off."""

_ROUNDS = 14

_BESIDE = Fraction(1, 100)
"""How far from the floats, of their largest entry, a solved output layer may lie."""

_DENOMINATORS = (1, 2, 3, 4, 6, 10, 12, 60, 100, 1_000, 1_000_000)


_MOST_PARAMETERS = 2_000
"""With more of them a Hessian of fractions does not fit into memory."""
_ENTRIES = 2_000_000
"""Entries of a matrix of fractions that are made in a second, at most."""


def propose_rational_points(problem: Problem, parameters: Parameters, effort: Effort = UNBOUNDED) -> Iterator[Parameters]:
    """Points near `parameters` that may be rational critical points: rounded ones, and those that Newton's method finds.

    Parameters: a point, e.g. a float solution; `effort`, after which Newton's method stops. Returns: candidates, lazily;
    nothing is claimed about them.
    Exactness: heuristic. Raises: nothing. Source: continued fractions, where the loss is squared also with the output layer
    solved for, in which the risk is quadratic; Newton's method on a well-conditioned set of coordinates, the others (along
    which invariances move) rounded and held.
    """
    seen = set()
    here = vector_of(parameters)
    roundings = []
    for bound in _DENOMINATORS:
        look("points with short fractions are tried")
        roundings.append(parameters_of(problem.network, tuple(v.limit_denominator(bound) for v in here)))
    # With weight decay critical points are algebraic, and seldom rational.
    newton = problem.loss.is_piecewise_quadratic and problem.decay is None
    further = chain(_refined(problem, here, effort), _solved(problem, here, roundings)) if newton else ()
    for candidate in chain(roundings, further):
        if candidate not in seen:
            seen.add(candidate)
            yield candidate


def _refined(problem: Problem, here: Vector, effort: Effort) -> Iterator[Parameters]:
    refined = _newton(problem, here, effort)
    if refined is not None:
        for bits in (_BITS // 8, _BITS // 4, _BITS // 2 - 10):
            yield parameters_of(problem.network, tuple(value.limit_denominator(1 << bits) for value in refined))


def _solved(problem: Problem, here: Vector, roundings: Sequence[Parameters]) -> Iterator[Parameters]:
    """Rounded points with the output layer solved for, where that is beside the floats: they must have been trained so far."""
    if problem.is_least_squares:
        reach = _BESIDE * (1 + max(map(abs, here)))
        for point in roundings:
            solved = with_best_output_layer(problem, point)
            if all(abs(a - b) <= reach for a, b in zip(vector_of(solved), here, strict=True)):
                yield solved


def with_best_output_layer(problem: Problem, parameters: Parameters) -> Parameters:
    """The parameters with the output layer that makes the risk least for these hidden layers, as near as a basis allows.

    Parameters: a `problem` of least squares (`is_least_squares`). Exactness: exact. Raises: `ShapeError`.
    Source: the normal equations of the outputs, given the last hidden layer.
    """
    point, network = Point(problem, parameters), problem.network
    inputs = tuple(problem.data.inputs.column(j) for j in range(network.widths[0]))
    below = point.forward.activations[-1] if network.layers > 1 else inputs
    has_bias = network.biases[-1]
    features = list(zip(*(row.fractions() for row in below), strict=True))
    rows = [(*row, Fraction(1)) if has_bias else row for row in features]
    last, shift = list(parameters.weights[-1]), list(parameters.biases[-1] or ())
    for k, outputs in enumerate(point.forward.outputs):
        targets = problem.data.targets.column(k).fractions()
        # What is left is solved for, so that directions without effect stay where they are.
        step = least_squares(rows, [y - f for y, f in zip(targets, outputs.fractions(), strict=True)])
        last[k] = tuple(w + d for w, d in zip(last[k], step, strict=False))
        if has_bias:
            shift[k] += step[-1]
    biases = (*parameters.biases[:-1], tuple(shift) if has_bias else None)
    return Parameters((*parameters.weights[:-1], tuple(last)), biases)


def _newton(problem: Problem, start: Vector, effort: Effort) -> Vector | None:
    if len(start) > _MOST_PARAMETERS:
        return None
    point = parameters_of(problem.network, start)
    hessian = _hessian(problem, point, effort)
    if hessian is None:
        return None
    moving = _conditioned(hessian, effort)
    if not moving:
        return None
    fixed = set(range(len(start))) - set(moving)
    here = tuple(value.limit_denominator(64) if p in fixed else value for p, value in enumerate(start))
    for _ in range(_ROUNDS):
        if effort.is_over:
            return None
        point = parameters_of(problem.network, here)
        hessian = _hessian(problem, point, effort)
        if hessian is None:
            return None
        gradient = vector_of(selected_gradient(Point(problem, point)))
        minor = [[hessian[p][q] for q in moving] for p in moving]
        try:
            step = dict(zip(moving, solve(minor, [-gradient[p] for p in moving]), strict=True))
        except SingularMatrixError:
            return None
        if max(map(abs, step.values())) > 1:
            return None
        here = tuple(_rounded(value + step.get(p, 0)) if p in step else value for p, value in enumerate(here))
        if max(map(abs, step.values())) * (1 << (_BITS - 20)) < 1:
            return here
    return None


def _hessian(problem: Problem, parameters: Parameters, effort: Effort) -> Matrix | None:
    size = len(vector_of(parameters))
    effort.check_ahead(Fraction(size * size, _ENTRIES), "the Hessian of points with short fractions")
    here = Point(problem, parameters)
    curvatures = second_derivatives(here)
    if isinstance(curvatures, NotProved):
        return None
    return hessian_on(PointForms(here), curvatures, {}, effort)


def _conditioned(hessian: Matrix, effort: Effort) -> list[int]:
    """Coordinates whose principal minor is far from singular, by elimination with the largest diagonal entry first.

    None if the time is over. Entries are integers, multiples of 2^−120.
    """
    size = len(hessian)
    table = [[round(value * (1 << 120)) for value in row] for row in hessian]
    largest = max((abs(table[p][p]) for p in range(size)), default=0)
    chosen: list[int] = []
    while True:
        if effort.is_over:
            return []
        rest = [p for p in range(size) if p not in chosen]
        pivot = max(rest, key=lambda p: abs(table[p][p]), default=None)
        if pivot is None or abs(table[pivot][pivot]) * 10**6 <= largest:
            return sorted(chosen)
        chosen.append(pivot)
        line, head = table[pivot], table[pivot][pivot]
        for p in rest:
            if p != pivot and table[p][pivot]:
                factor = table[p][pivot]
                table[p] = [a - factor * b // head for a, b in zip(table[p], line, strict=True)]


def _rounded(value: Fraction, bits: int = _BITS) -> Fraction:
    return Fraction(round(value * (1 << bits)), 1 << bits)
