"""decide for smooth activations: is this exact rational point a local minimum?"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from exactsurf.certificate.check import accepted_with_more_bits
from exactsurf.certificate.claims.smooth_point import (
    GLOBAL_MINIMUM_OF_SMOOTH_RISK,
    LOCAL_MINIMUM_OF_SMOOTH_RISK,
    NO_LOCAL_MINIMUM_OF_SMOOTH_RISK,
    SmoothPoint,
)
from exactsurf.certificate.rules.smooth import SmoothEvidence
from exactsurf.certificate.rules.smooth.dead_unit import SmoothDeadUnit
from exactsurf.certificate.rules.smooth.descent import SmoothDescent
from exactsurf.certificate.rules.smooth.fit import Fit
from exactsurf.certificate.rules.smooth.one_sided_slope import OneSidedSlope
from exactsurf.certificate.rules.smooth.unitwise import SmoothUnitwise
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import AnyEffort, Effort, OutOfTime
from exactsurf.errors import UnsupportedError
from exactsurf.exact.balls import PRECISIONS, Ball, to_arb, working_precision
from exactsurf.minima.local.coordinate_vector import vector_of
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.rules.dead_unit import curvature_descent, dead_unit_descent, slope_descent
from exactsurf.minima.smooth.rules.one_sided_slope import one_sided_descent
from exactsurf.minima.smooth.rules.unitwise import ExactMinimum, prove_exactly
from exactsurf.minima.smooth.smooth_derivatives import flint_derivatives
from exactsurf.model.enclosed_risk import risk_ball
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_Descent: TypeAlias = SmoothDescent | OneSidedSlope | SmoothDeadUnit
_INSTEAD = "find_critical_box finds the critical point near it, which need not be rational"
_NOT_FOLLOWED = "the verifier does not follow the proof at any precision that was tried"


def decide_smooth(problem: Problem, parameters: Parameters, *, effort: AnyEffort = None) -> Verdict:
    """Decide whether rational `parameters` are a local minimum of the risk of a network with a smooth activation.

    PROVED where exact arithmetic suffices: for every input the residuals add up to 0 (a global minimum), or theorem A holds
    unit by unit because equal pre-activations make its equations rational. REFUTED where balls show a slope, a negative
    curvature, or a use of a unit that no output reads. Most local minima are not rational points: ask `find_critical_box`.

    Parameters: exact `parameters` of the problem's network; `effort`, seconds (60) or an `Effort`. Returns: a `Verdict`, whose
    `risk` is a `Ball` where it is not known to be rational. Exactness: exact; the verifier has
    accepted the certificate. Raises: `ShapeError` for parameters of another network, `UnsupportedError` for values beyond all
    bounds. Source: theory.md, theorem A and section 7; proofs/smooth.md, sections 6 and 7.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], "tanh"), es.Data.from_arrays([-1, 1, 2], [0, 1, 1]))
    >>> decide_smooth(problem, problem.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=["2/3"])).status
    <Status.REFUTED: 'REFUTED'>
    """
    problem.check_shapes(parameters)
    running = Effort.of(effort).started()
    try:
        return _decided(problem, parameters, running)
    except OutOfTime as over:
        return Verdict(Status.UNDECIDED, str(over), risk=problem.risk(parameters))


def _decided(problem: Problem, parameters: Parameters, effort: Effort) -> Verdict:
    found = prove_exactly(problem, parameters, effort)
    if isinstance(found, ExactMinimum):
        evidence, kind = (
            (Fit(), GLOBAL_MINIMUM_OF_SMOOTH_RISK) if found.rule == "fit" else (SmoothUnitwise(), LOCAL_MINIMUM_OF_SMOOTH_RISK)
        )
        reason = {
            "fit": "a global minimum: for every input the residuals of its samples add up to 0",
            "unitwise": "a local minimum: every unit passes the unitwise criterion (theorem A)",
        }[found.rule]
        unsigned = SmoothPoint(kind, problem, parameters, (found.risk, found.risk), evidence, found.bits)
        proved = accepted_with_more_bits(unsigned, effort)
        if proved is None:
            return Verdict(Status.UNDECIDED, _NOT_FOLLOWED, risk=found.risk)
        return Verdict(Status.PROVED, reason, proved, risk=found.risk)
    left_open, known = "", problem.risk(parameters)
    for bits in PRECISIONS:
        with working_precision(bits):
            descent = _descent(problem, parameters, bits, effort)
            if isinstance(descent, NotProved):
                left_open = descent.reason
                continue
            risk = risk_ball(problem, parameters, bits)
            certificate = accepted_with_more_bits(
                SmoothPoint(NO_LOCAL_MINIMUM_OF_SMOOTH_RISK, problem, parameters, _bounds(risk, descent), descent, bits),
                effort,
            )
            if certificate is None:
                left_open = _NOT_FOLLOWED
                continue
            stated = known if isinstance(known, Fraction) else risk
            return Verdict(Status.REFUTED, _reason(descent), certificate, descent.lower_point.parameters, stated)
    exact_rules = "" if left_open in found.reason else f", and the exact rules do not apply ({found.reason})"
    return Verdict(Status.UNDECIDED, f"{left_open}{exact_rules}; {_INSTEAD}", risk=known)


def _descent(problem: Problem, parameters: Parameters, bits: int, effort: Effort) -> _Descent | NotProved:
    """Evidence at the working precision that the point is no local minimum, or what was looked at in vain."""
    found = flint_derivatives(problem, [to_arb(value) for value in vector_of(parameters)], effort)
    descent: _Descent | None = None
    if found is not None:
        descent = slope_descent(problem, parameters, found[1], bits, effort)
        descent = descent or curvature_descent(problem, parameters, found[2], bits, effort)
    elif problem.network.activation.has_corner and problem.loss.is_squared:
        descent = one_sided_descent(problem, parameters, bits, effort)
    descent = descent or dead_unit_descent(problem, parameters, bits, effort)
    if descent is not None:
        return descent
    if found is None:
        return NotProved("a pre-activation is 0, where the activation has no second derivative, and no descent is seen")
    return NotProved(f"at {bits} bits no entry of the gradient is seen not to be 0, and no direction of negative curvature")


def _bounds(risk: Ball, descent: _Descent) -> tuple[Fraction, Fraction]:
    """Short bounds on the risk that the lower point stays below."""
    gap = risk.lower - descent.lower_point.risk
    if gap <= 0:
        raise UnsupportedError("the risk of the lower point is not below that of the point")
    scale = 8 * (1 / gap).__ceil__()
    low, high = ((risk.lower - gap / 2) * scale).__floor__(), ((risk.upper + gap) * scale).__ceil__()
    return Fraction(max(0, low), scale), Fraction(high, scale)


def _reason(evidence: SmoothEvidence) -> str:
    if isinstance(evidence, SmoothDeadUnit):
        return f"not a local minimum: no output reads unit {evidence.unit} of the last hidden layer, and using it lowers the risk"
    if isinstance(evidence, OneSidedSlope):
        return "not a local minimum: the one-sided derivative along a rational direction is negative"
    order = evidence.order if isinstance(evidence, SmoothDescent) else 0
    if order == 1:
        return "not a local minimum: the gradient is not 0"
    return "not a local minimum: the Hessian is negative along a rational direction"
