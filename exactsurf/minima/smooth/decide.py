"""decide for smooth activations: is this exact rational point a local minimum?"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from exactsurf.certificate.check import accepted_with_more_bits
from exactsurf.certificate.claims.smooth_point import (
    GLOBAL_MINIMUM_OF_SMOOTH_RISK,
    LOCAL_MINIMUM_OF_SMOOTH_RISK,
    NO_LOCAL_MINIMUM_OF_SMOOTH_RISK,
    SmoothPoint,
)
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.rules.smooth.fit import Fit
from exactsurf.certificate.rules.smooth.unitwise import SmoothUnitwise
from exactsurf.certificate.verdict import Status, Verdict, undecided_in_the_end
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort, OutOfTime
from exactsurf.errors import UnsupportedError
from exactsurf.exact.balls import PRECISIONS, Ball
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.rules import EXACT_RULES, RULES_OF_DESCENT
from exactsurf.minima.smooth.rules.rule import Seen, ask_rules
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_INSTEAD = "find_critical_box finds the critical point near it, which need not be rational"
_NOT_FOLLOWED = "the verifier does not follow the proof at any precision that was tried"


@undecided_in_the_end
def decide_smooth(problem: Problem, parameters: Parameters, *, effort: AnyEffort = None) -> Verdict:
    """Decide whether rational `parameters` are a local minimum of the risk of a network with a smooth activation.

    PROVED where exact arithmetic suffices: for every input the residuals add up to 0 (a global minimum), or theorem A holds
    unit by unit because equal pre-activations make its equations rational. REFUTED where balls show a slope, a negative
    curvature, a fall along a curve (where ELU or SELU units are at 0), or a use of a unit that no output reads. Most local
    minima are not rational points: ask `find_critical_box`.

    Parameters: exact `parameters` of the problem's network; `effort`, seconds (60) or an `Effort`. Returns: a `Verdict`, whose
    `risk` is a `Ball` where it is not known to be rational. Exactness: exact; the verifier has
    accepted the certificate. Raises: `ShapeError` for parameters of another network, `UnsupportedError` for values beyond all
    bounds. Source: theory.md, theorem A and section 7; proofs/smooth.md, sections 6, 7, 9 and 10.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], "tanh"), es.Data.from_arrays([-1, 1, 2], [0, 1, 1]))
    >>> decide_smooth(problem, problem.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=["2/3"])).status
    <Status.REFUTED: 'REFUTED'>
    """
    problem.check_shapes(parameters)
    running = Effort.of(effort).started()
    point = EnclosedPoint(problem, parameters, effort=running)
    try:
        return _decided(point, running)
    except OutOfTime as over:
        return Verdict(Status.UNDECIDED, str(over), risk=point.shown_risk)


def decide_exactly(problem: Problem, parameters: Parameters, effort: Effort = UNBOUNDED) -> Verdict | None:
    """What exact arithmetic proves of a rational point: PROVED where the verifier follows; None if the exact rules say nothing.

    Parameters: `parameters` of the network. Exactness: exact; signs of irrational numbers by balls. Raises: `OutOfTime`.
    Source: theory.md, theorem A and section 7; proofs/smooth.md, section 6.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], "tanh"), es.Data.from_arrays([0, 0], [1, 3]))
    >>> decide_exactly(problem, problem.parameters(W1=[[0]], b1=[5], W2=[[0]], b2=[2])).status
    <Status.PROVED: 'PROVED'>
    """
    point = EnclosedPoint(problem, parameters)
    found = ask_rules(EXACT_RULES, point, effort)
    return _proved(point, found, effort) if isinstance(found, Seen) else None


def _decided(point: EnclosedPoint, effort: Effort) -> Verdict:
    exact = ask_rules(EXACT_RULES, point, effort)
    if isinstance(exact, Seen):
        return _proved(point, exact, effort)
    left_open = ""
    for bits in PRECISIONS:
        here = replace(point, bits=bits)
        answer = ask_rules(RULES_OF_DESCENT, here, effort)
        verdict = _refuted(here, answer, point.known_risk, effort) if isinstance(answer, Seen) else answer
        if isinstance(verdict, Verdict):
            return verdict
        left_open = verdict.reason
    exact_rules = "" if left_open in exact.reason else f", and the exact rules do not apply ({exact.reason})"
    return Verdict(Status.UNDECIDED, f"{left_open}{exact_rules}; {_INSTEAD}", risk=point.shown_risk)


def _proved(point: EnclosedPoint, seen: Seen, effort: Effort) -> Verdict:
    kind, risk = (
        GLOBAL_MINIMUM_OF_SMOOTH_RISK if isinstance(seen.evidence, Fit) else LOCAL_MINIMUM_OF_SMOOTH_RISK,
        point.shown_risk,
    )
    unsigned = SmoothPoint(kind, point.problem, point.parameters, bounds_of_proof(risk), seen.evidence, seen.bits)
    certificate = accepted_with_more_bits(unsigned, effort)
    if certificate is None:
        return Verdict(Status.UNDECIDED, _NOT_FOLLOWED, risk=risk)
    return Verdict(Status.PROVED, seen.reason, certificate, risk=risk)


def _refuted(point: EnclosedPoint, seen: Seen, known: Fraction | None, effort: Effort) -> Verdict | NotProved:
    assert not isinstance(seen.evidence, (Fit, SmoothUnitwise))
    lower = seen.evidence.lower_point
    kind, risk = NO_LOCAL_MINIMUM_OF_SMOOTH_RISK, bounds_of_descent(point.risk, lower)
    unsigned = SmoothPoint(kind, point.problem, point.parameters, risk, seen.evidence, seen.bits)
    certificate = accepted_with_more_bits(unsigned, effort)
    if certificate is None:
        return NotProved(_NOT_FOLLOWED)
    return Verdict(Status.REFUTED, seen.reason, certificate, lower.parameters, point.risk if known is None else known)


def bounds_of_proof(risk: Fraction | Ball) -> tuple[Fraction, Fraction]:
    """Bounds on a risk with room for another enclosure. Exactness: exact."""
    return (risk, risk) if isinstance(risk, Fraction) else (risk.lower - risk.radius, risk.upper + risk.radius)


def bounds_of_descent(risk: Ball, lower: LowerPoint) -> tuple[Fraction, Fraction]:
    """Short bounds on the risk that the lower point stays below. Exactness: exact. Raises: `UnsupportedError`."""
    gap = risk.lower - lower.risk
    if gap <= 0:
        raise UnsupportedError("the risk of the lower point is not below that of the point")
    scale = 8 * (1 / gap).__ceil__()
    low, high = ((risk.lower - gap / 2) * scale).__floor__(), ((risk.upper + gap) * scale).__ceil__()
    return Fraction(max(0, low) if risk.lower >= 0 else low, scale), Fraction(high, scale)
