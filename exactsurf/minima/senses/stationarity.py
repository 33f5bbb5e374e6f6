"""stationarity(problem, parameters): in which senses is a point stationary? All senses that papers use, side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from exactsurf.certificate.claims.point import Certificate
from exactsurf.certificate.claims.restricted_point import RestrictedCurve, RestrictedPoint
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.verdict import Status
from exactsurf.effort import RAISE_FAN, AnyEffort, Effort, OutOfTime
from exactsurf.errors import InternalError, UnsupportedError
from exactsurf.exact.copositivity import Sign
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import near
from exactsurf.minima.decide import decide
from exactsurf.minima.local.clarke import HullPoint, KinkMultipliers, Separator, TooManyCells, decide_unit_hull
from exactsurf.minima.local.cone_tree import ConeTree, TooManyCones, decide_nonnegative
from exactsurf.minima.local.coordinate_vector import unit_direction
from exactsurf.minima.local.critical_faces import decide_second_order
from exactsurf.minima.local.decay_descent import whole_derivative, whole_series
from exactsurf.minima.local.first_layer_form import FirstLayerForm, first_layer_form, kinked_pair
from exactsurf.minima.local.subspace import Subspace
from exactsurf.minima.local.tangent_fan import TangentFan
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.senses.analytic_senses import analytic_stationarity
from exactsurf.minima.senses.fan_senses import fan_senses
from exactsurf.minima.senses.senses import (
    NAMES,
    CurvatureWitness,
    DescentWitness,
    KinkWitness,
    Sense,
    Stationarity,
    UnitMultipliers,
)
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem


def stationarity(problem: Problem | RestrictedProblem, parameters: Parameters, *, effort: AnyEffort = None) -> Stationarity:
    """Decide in which senses `parameters` are a stationary point of the risk.

    Parameters: exact `parameters` of the problem's network; `effort`, seconds (60) or an `Effort`, whose `fan`
    bounds the tangent cones of a unit or point. With a `RestrictedProblem` the risk is that of the free parameters, and the
    parameters obey the restriction.
    Returns: a `Stationarity`. Where only the first layer has kinks (one hidden layer, a loss that is differentiable at the
    predictions) all senses are decided but for `effort`; elsewhere the second order may stay UNDECIDED at boundary
    points that `decide` does not prove to be minima, and Clarke's sense where walls above the first layer touch. With weight
    decay the senses are those of the whole risk. Losses that are expressions, convex or not, may leave the second order
    UNDECIDED where a form vanishes along a direction, and Clarke's sense where 0 is on the boundary of a hull. Restricted
    risks have all senses decided where at most one weight varies on each path of the network, but for `effort`.
    Exactness: exact; directions and multipliers are checked before they are given.
    Raises: `ShapeError` for parameters of another network, `InputError` for an effort that is none, for a smooth activation,
    and for parameters that do not obey the restriction.
    Source: theory.md, sections 3, 5 and 6; Clarke 1983; papers.md, section 3
    (Yun, Sra and Jadbabaie, "Efficiently testing local optimality", 2019).

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
    >>> print(es.stationarity(problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])))
    differentiable            REFUTED  unit 0 of layer 1 has a kink on sample 1
    gradient zero             REFUTED  there is no gradient
    Clarke stationary         PROVED   0 is a combination of limiting gradients, unit by unit
    directionally stationary  PROVED   no one-sided derivative is negative
    second-order stationary   PROVED   no critical direction has negative curvature

    Shared weights can stop a descent that the free network has:

    >>> shared = es.restriction(es.Network([1, 1, 1], biases=False), W1=[["a"]], W2=[["-a"]])
    >>> tied = es.RestrictedProblem(shared, es.Data.from_arrays([1, 2], [1, 2]))
    >>> theta = tied.parameters(a=0)
    >>> [es.stationarity(p, theta).second_order.status.value for p in (tied, tied.unrestricted)]
    ['PROVED', 'REFUTED']
    """
    running = Effort.of(effort).started()
    running = replace(running, cones=running.fan)
    restricted = problem.restriction if isinstance(problem, RestrictedProblem) else None
    whole = problem.unrestricted if isinstance(problem, RestrictedProblem) else problem
    check_piecewise_linear(whole, "stationarity")
    if not whole.loss.is_piecewise_quadratic:
        return analytic_stationarity(problem, parameters, effort=running)
    point = Point(whole, parameters)
    if restricted is not None:
        restricted.values(parameters)
    try:
        with running.governs():
            return _senses(problem, point, running)
    except OutOfTime as late:
        return Stationarity(point.risk, None, *(Sense(name, Status.UNDECIDED, str(late)) for name in NAMES))


def _senses(problem: Problem | RestrictedProblem, point: Point, effort: Effort) -> Stationarity:
    if isinstance(problem, RestrictedProblem):
        fan = TangentFan(point, Subspace(problem.restriction, point.undecayed, point.problem.decay))
        return _by_fan(problem, fan, "two tangent cones have different derivatives", effort)
    form = first_layer_form(point)
    if isinstance(form, FirstLayerForm):
        return _by_units(point, form, effort)
    return _by_fan(problem, TangentFan(point), form.reason, effort)


def _by_units(point: Point, form: FirstLayerForm, effort: Effort) -> Stationarity:
    problem = point.problem
    gradient = form.mean_gradient(problem) if form.is_linear else None
    if gradient is not None:
        smooth = Sense(NAMES[0], Status.PROVED, "all one-sided derivatives agree", gradient)
    else:
        j, unit = next((j, unit) for j, unit in enumerate(form.units) if unit.hyperplanes)
        one, other = (unit_direction(problem, j, delta) for delta in kinked_pair(unit))
        reason = f"unit {j} of layer 1 has a kink on sample {unit.hyperplanes[0].name}"
        smooth = Sense(NAMES[0], Status.REFUTED, reason, KinkWitness(one, other, _slopes_of_two(point, one, other)))
    # A descent is often quickly found where the hull of the limiting gradients is a large program.
    directional = _in_time(NAMES[3], _directional_by_units, point, form, effort.share(Fraction(1, 2)))
    clarke = _in_time(NAMES[2], _clarke_by_units, point, form, effort.share(Fraction(2, 3)))
    second = _second_order_by_units(point, form, directional, effort)
    return Stationarity(point.risk, gradient, smooth, _gradient_sense(smooth, gradient), clarke, directional, second)


def _in_time(
    name: str, ask: Callable[[Point, FirstLayerForm, Effort], Sense], point: Point, form: FirstLayerForm, effort: Effort
) -> Sense:
    try:
        with effort.governs():
            return ask(point, form, effort)
    except OutOfTime as late:
        return Sense(name, Status.UNDECIDED, str(late))


def _gradient_sense(smooth: Sense, gradient: Parameters | Vector | None) -> Sense:
    if gradient is None:
        reason = "there is no gradient" if smooth.status is Status.REFUTED else smooth.reason
        return Sense(NAMES[1], smooth.status, reason)
    vector = vector_of(gradient) if isinstance(gradient, Parameters) else gradient
    if not any(vector):
        return Sense(NAMES[1], Status.PROVED, "every partial derivative is 0", gradient)
    largest = max(vector, key=abs)
    return Sense(NAMES[1], Status.REFUTED, f"a partial derivative is {near(largest)}, and none is larger", gradient)


def _clarke_by_units(point: Point, form: FirstLayerForm, effort: Effort) -> Sense:
    name = NAMES[2]
    if any(vector_of(form.above)):
        return _descending(name, point, _negative(point.problem, form.above), "a partial derivative above layer 1 is not 0")
    found: list[HullPoint | KinkMultipliers] = []
    crowded = ""
    for j, unit in enumerate(form.units):
        answer = decide_unit_hull(unit, effort=effort)
        if isinstance(answer, Separator):
            direction = unit_direction(point.problem, j, answer.direction)
            return _descending(name, point, direction, f"a direction of unit {j} separates 0 from all limiting gradients")
        if isinstance(answer, TooManyCells):
            much = f"unit {j} of layer 1 has at least {answer.count} tangent cones: more than {effort.fan}"
            crowded = crowded or f"{much}; {RAISE_FAN}"
        else:
            found.append(answer)
    if crowded:
        return Sense(name, Status.UNDECIDED, crowded)
    return Sense(name, Status.PROVED, "0 is a combination of limiting gradients, unit by unit", UnitMultipliers(tuple(found)))


def _directional_by_units(point: Point, form: FirstLayerForm, effort: Effort) -> Sense:
    name = NAMES[3]
    if any(vector_of(form.above)):
        return _descending(name, point, _negative(point.problem, form.above), "a partial derivative above layer 1 is not 0")
    crowded = ""
    for j, unit in enumerate(form.units):
        answer = decide_nonnegative(unit, effort=effort)
        if isinstance(answer, TooManyCones):
            much = f"unit {j} of layer 1 sits on {answer.hyperplanes} concave walls: more than {effort.fan} cones"
            crowded = crowded or f"{much}; {RAISE_FAN}"
        elif not isinstance(answer, ConeTree):
            return _descending(
                name, point, unit_direction(point.problem, j, answer), f"unit {j} of layer 1 has a descent direction"
            )
    if crowded:
        return Sense(name, Status.UNDECIDED, crowded)
    return Sense(name, Status.PROVED, "no one-sided derivative is negative")


def _second_order_by_units(point: Point, form: FirstLayerForm, directional: Sense, effort: Effort) -> Sense:
    name = NAMES[4]
    if directional.status is not Status.PROVED:
        return Sense(name, directional.status, directional.reason, directional.witness)
    try:
        answer = decide_second_order(point, form, effort=effort)
    except (UnsupportedError, OutOfTime) as error:
        return Sense(name, Status.UNDECIDED, str(error))
    if isinstance(answer, NotProved):
        return Sense(name, Status.UNDECIDED, answer.reason)
    if answer.sign is not Sign.NEGATIVE:
        return Sense(name, Status.PROVED, "no critical direction has negative curvature")
    witness = _curvature_witness(point, parameters_of(point.problem.network, answer.witness or ()))
    return Sense(name, Status.REFUTED, "a critical direction has negative curvature", witness)


def _by_fan(problem: Problem | RestrictedProblem, fan: TangentFan, kink: str, effort: Effort) -> Stationarity:
    point, senses, gradient = fan.point, fan_senses(fan, effort=effort), None
    if senses.gradient is not None:
        gradient = senses.gradient if fan.subspace is not None else fan.pushed(senses.gradient)
    if senses.crowded:
        smooth = Sense(NAMES[0], Status.UNDECIDED, senses.crowded)
    elif senses.kinked is None:
        smooth = Sense(NAMES[0], Status.PROVED, "all one-sided derivatives agree", gradient)
    else:
        smooth = Sense(NAMES[0], Status.REFUTED, kink, _failing_pair(point, *map(fan.pushed, senses.kinked)))
    name = NAMES[2]
    if isinstance(senses.clarke, Separator):
        direction = fan.pushed(senses.clarke.direction)
        clarke = _descending(name, point, direction, "a direction separates 0 from all limiting gradients")
    elif isinstance(senses.clarke, HullPoint):
        clarke = Sense(name, Status.PROVED, "0 is a combination of limiting gradients", senses.clarke)
    else:
        clarke = Sense(name, Status.UNDECIDED, senses.clarke.reason)
    if senses.descent is not None:
        directional = _descending(NAMES[3], point, fan.pushed(senses.descent), "a tangent cone has a descent direction")
    elif senses.crowded:
        directional = Sense(NAMES[3], Status.UNDECIDED, senses.crowded)
    else:
        directional = Sense(NAMES[3], Status.PROVED, "no one-sided derivative is negative")
    second = Sense(NAMES[4], directional.status, directional.reason, directional.witness)
    if directional.status is Status.PROVED:
        second = _second_order_by_decision(problem, point, kink, effort)
    return Stationarity(point.risk, gradient, smooth, _gradient_sense(smooth, gradient), clarke, directional, second)


def _second_order_by_decision(problem: Problem | RestrictedProblem, point: Point, kink: str, effort: Effort) -> Sense:
    """A local minimum is stationary of second order; where none is proved, a straight descent of second order refutes."""
    verdict = decide(problem, point.parameters, effort=effort)
    if verdict.status is Status.PROVED:
        return Sense(NAMES[4], Status.PROVED, "the point is a local minimum")
    certificate, moves = verdict.certificate, tuple[Parameters, ...]()
    evidence = certificate.descent if isinstance(certificate, (Certificate, RestrictedPoint)) else None
    if isinstance(evidence, DescentCurve) and evidence.order == 2:
        moves = evidence.curve
    elif isinstance(evidence, RestrictedCurve) and evidence.order == 2 and isinstance(problem, RestrictedProblem):
        moves = tuple(map(problem.restriction.direction, evidence.curve))
    if moves and not any(map(any, map(vector_of, moves[1:]))):
        witness = _curvature_witness(point, moves[0])
        return Sense(NAMES[4], Status.REFUTED, "a critical direction has negative curvature", witness)
    return Sense(NAMES[4], Status.UNDECIDED, f"critical directions are not all examined where {kink}")


def _failing_pair(point: Point, base: Parameters, other: Parameters, step: Parameters) -> KinkWitness:
    """The derivative changes differently along one step from two bases, so at one of them it does not add up."""
    for start in (base, other):
        first, second, both = _slopes_of_two(point, start, step)
        if first + second != both:
            return KinkWitness(start, step, (first, second, both))
    raise InternalError("two different gradients, but the one-sided derivatives add up")


def _slopes_of_two(point: Point, first: Parameters, second: Parameters) -> tuple[Fraction, Fraction, Fraction]:
    """The one-sided derivatives along two directions and along their sum."""
    one, other, both = (whole_derivative(point, direction) for direction in (first, second, first.moved(second, Fraction(1))))
    return one, other, both


def _curvature_witness(point: Point, direction: Parameters) -> CurvatureWitness:
    """A direction of derivative 0 and negative curvature, checked along the ray."""
    series = whole_series(point, [direction], 2)
    if series[1] != 0 or series[2] >= 0:
        raise InternalError("a critical direction of negative curvature does not go down")
    return CurvatureWitness(direction, series[2])


def _descending(name: str, point: Point, direction: Parameters, reason: str) -> Sense:
    derivative = whole_derivative(point, direction)
    if derivative >= 0:
        raise InternalError("a descent direction does not go down")
    return Sense(name, Status.REFUTED, reason, DescentWitness(direction, derivative))


def _negative(problem: Problem, direction: Parameters) -> Parameters:
    return parameters_of(problem.network, tuple(-value for value in vector_of(direction)))
