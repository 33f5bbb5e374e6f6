"""Are rational values of the free parameters a local minimum of a restricted risk with a smooth activation?"""

from __future__ import annotations

from dataclasses import replace

from exactsurf.certificate.check import accepted_with_more_bits
from exactsurf.certificate.claims.restricted_smooth_point import (
    NO_RESTRICTED_SMOOTH_MINIMUM,
    RESTRICTED_SMOOTH_GLOBAL_MINIMUM,
    RESTRICTED_SMOOTH_MINIMUM,
    RestrictedSmoothPoint,
)
from exactsurf.certificate.rules.smooth.fit import Fit
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import Effort, OutOfTime
from exactsurf.exact.balls import PRECISIONS, to_arb, working_precision
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.restricted.free_risk import free_derivatives
from exactsurf.minima.smooth.decide import bounds_of_descent, bounds_of_proof
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.hessian_box import negative_direction
from exactsurf.minima.smooth.lower_points import lower_point_along
from exactsurf.minima.smooth.rules import EXACT_RULES
from exactsurf.minima.smooth.rules.descent import down_the_slope
from exactsurf.minima.smooth.rules.rule import Seen, ask_rules
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem

_INSTEAD = "find_critical_box finds the critical point near it, which need not be rational"
_NOT_FOLLOWED = "the verifier does not follow the proof at any precision that was tried"
_NOT_SEEN = "no derivative by a free parameter is seen not to be 0, and no direction of negative curvature"


def decide_restricted_smooth(restricted: RestrictedProblem, parameters: Parameters, effort: Effort) -> Verdict:
    """Decide whether rational `parameters`, which obey the restriction, are a local minimum of a restricted smooth risk.

    PROVED where exact arithmetic proves it of the point without the restriction; REFUTED where balls show that the risk falls
    along a direction of the free parameters, to first or second order. Most local minima are no rational points: ask
    `find_critical_box`.

    Parameters: `effort`, started. Returns: a `Verdict`. Exactness: exact; the verifier has accepted the certificate.
    Raises: `InputError` for parameters that do not obey the restriction. Source: proofs/claims/restricted_smooth_point.md.

    >>> import exactsurf as es
    >>> tied = es.restriction(es.Network([1, 1, 1], "tanh", biases=False), W1=[["a"]], W2=[["a"]])
    >>> problem = es.RestrictedProblem(tied, es.Data.from_arrays([1], [1]))
    >>> es.decide(problem, problem.parameters(a=0))
    Verdict(REFUTED: not a local minimum: the Hessian in the free parameters is negative along a rational direction)
    """
    values = restricted.values(parameters)
    point = EnclosedPoint(restricted.unrestricted, parameters, effort=effort)
    try:
        return _decided(restricted, values, point, effort)
    except OutOfTime as over:
        return Verdict(Status.UNDECIDED, str(over), risk=point.shown_risk)


def _decided(restricted: RestrictedProblem, values: Vector, point: EnclosedPoint, effort: Effort) -> Verdict:
    exact = ask_rules(EXACT_RULES, point, effort)
    if isinstance(exact, Seen):
        kind = RESTRICTED_SMOOTH_GLOBAL_MINIMUM if isinstance(exact.evidence, Fit) else RESTRICTED_SMOOTH_MINIMUM
        bounds = bounds_of_proof(point.shown_risk)
        unsigned = RestrictedSmoothPoint(kind, restricted, values, bounds, exact.evidence.rule, exact.bits)
        certificate = accepted_with_more_bits(unsigned, effort)
        if certificate is None:
            return Verdict(Status.UNDECIDED, _NOT_FOLLOWED, risk=point.shown_risk)
        return Verdict(Status.PROVED, f"{exact.reason}; also without the restriction", certificate, risk=point.shown_risk)
    reason = _NOT_SEEN
    for bits in PRECISIONS:
        answer = _descent(restricted, values, replace(point, bits=bits), effort)
        if isinstance(answer, Verdict):
            return answer
        reason = answer.reason
    why = f", and the exact rules do not apply ({exact.reason})"
    return Verdict(Status.UNDECIDED, f"{reason}{why}; {_INSTEAD}", risk=point.shown_risk)


def _descent(restricted: RestrictedProblem, values: Vector, point: EnclosedPoint, effort: Effort) -> Verdict | NotProved:
    """A direction of the free parameters along which the risk falls, to first order or else to second."""
    with working_precision(point.bits):
        found = free_derivatives(restricted)([to_arb(value) for value in values], effort)
        if found is None:
            return NotProved("a pre-activation is at a corner, where the activation has no second derivative")
        slope, curved = down_the_slope(found[1]), negative_direction(found[2], found[2])
    ways = ((1, slope, "the gradient in the free parameters is not 0"), (2, curved, _CURVED))
    for order, direction, reason in ways:
        if direction is None:
            continue
        along = vector_of(restricted.restriction.direction(direction))
        seen = lower_point_along(point, along, order, effort)
        if seen is None:
            continue
        lower = restricted.values(seen.lower_point.parameters), seen.lower_point.risk
        risk = bounds_of_descent(point.risk, seen.lower_point)
        kind = NO_RESTRICTED_SMOOTH_MINIMUM
        unsigned = RestrictedSmoothPoint(kind, restricted, values, risk, seen.rule, point.bits, direction, lower)
        certificate = accepted_with_more_bits(unsigned, effort)
        if certificate is not None:
            known = point.risk if point.known_risk is None else point.known_risk
            words = f"not a local minimum: {reason}"
            return Verdict(Status.REFUTED, words, certificate, seen.lower_point.parameters, known)
    return NotProved(f"at {point.bits} bits {_NOT_SEEN}")


_CURVED = "the Hessian in the free parameters is negative along a rational direction"
