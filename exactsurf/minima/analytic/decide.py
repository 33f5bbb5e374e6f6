"""decide for losses that are expressions: is this exact rational point a local minimum?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from exactsurf.certificate.check import accepted_with_more_bits
from exactsurf.certificate.claims.analytic_point import (
    GLOBAL_MINIMUM_OF_ANALYTIC_RISK,
    LOCAL_MINIMUM_OF_ANALYTIC_RISK,
    NO_LOCAL_MINIMUM_OF_ANALYTIC_RISK,
    PHRASES,
    SPURIOUS_LOCAL_MINIMUM_OF_ANALYTIC_RISK,
    AnalyticPoint,
)
from exactsurf.certificate.rules.analytic import AnalyticEvidence, AnalyticFit, Frozen
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.verdict import Kind, Status, Verdict, undecided_in_the_end
from exactsurf.effort import AnyEffort, Effort, OutOfTime
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.balls import Ball
from exactsurf.exact.number import near
from exactsurf.minima.analytic.analytic_point import RISK_BITS, AnalyticPosition
from exactsurf.minima.analytic.descent import Fall, between, certified_descent
from exactsurf.minima.analytic.fit import is_known_convex, slopes_add_up
from exactsurf.minima.analytic.lower_points import find_analytic_lower_point
from exactsurf.minima.analytic.squares import corners_of, decide_by_squares
from exactsurf.minima.analytic.surrogates import Surrogates, surrogates_above, surrogates_below
from exactsurf.minima.kind import kind_of
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rule_search import ask_rules
from exactsurf.minima.rules import DECAY_RULES, RULES
from exactsurf.minima.rules.positive_products import CURVED
from exactsurf.minima.rules.rule import Refuted
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

FIRST_BITS = 64
"""For enclosures of the verifier at first."""
CORNERS = ((40, False), (40, True), (160, True), (640, True))
"""Bits of the numbers that stand for exponentials, and whether curvatures are close: what is tried, the cheapest first."""
_LINEAR = ("paths", "kinked paths", "unitwise", "unitwise vectors", "convex cells", "positive products", "unitwise decay")
"""The rules that use of a loss only that it is convex."""
NOT_OF_THIS = "the risk falls for numbers near the derivatives of the loss, and not for these, as it seems"
NOT_FOLLOWED = "the verifier does not follow the proof at any precision that was tried"


@undecided_in_the_end
def decide_analytic(
    problem: Problem,
    parameters: Parameters,
    *,
    lower: Iterable[Parameters] | Parameters = (),
    spurious: bool = False,
    effort: AnyEffort = None,
) -> Verdict:
    """Decide whether rational `parameters` are a local minimum of a risk whose loss is an expression.

    The derivatives of the loss at rational predictions are rational combinations of 1 and of numbers such as e^q and
    1/(1 + e^−q). Squared losses whose derivatives are rational, at the vertices of a small simplex around these numbers, take
    the place of the loss, and the rules of `decide` are asked about them.

    With weight decay the squared losses have it too.

    Parameters: as of `decide`. Returns: a `Verdict`, whose `risk` is a `Ball` where it is not known to be rational; with a lower
    point the certificate of a local minimum claims that it is spurious. One hidden layer, one output and a loss that is strictly
    convex near the predictions: decided, unless it takes more effort than allowed.
    Exactness: exact; the verifier has accepted the certificate. Raises: `ShapeError` for parameters of another network,
    `InputError` naming the sample where the loss has no value, and for a lower point whose risk is not seen to be lower.
    Source: proofs/claims/analytic_point.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 0, 1, 1], [0, 1, 0, 1])
    >>> problem = es.Problem(es.Network([1, 1, 1]), data, "logistic")
    >>> es.decide(problem, problem.parameters(W1=[[1]], b1=[1], W2=[[0]], b2=[0]))
    Verdict(PROVED: a global minimum: for every input the derivatives of its samples add up to 0, and the loss is convex)
    """
    running = Effort.of(effort).started()
    here = AnalyticPosition(problem, parameters)
    risk = here.risk(RISK_BITS)
    known = risk.midpoint if risk.is_exact else risk
    below = _lowest(here, risk, [lower] if isinstance(lower, Parameters) else lower)
    if problem.decay is not None and spurious and below is None:
        raise UnsupportedError("no lower points are looked for with weight decay", "give one as lower=, or leave spurious out")
    if problem.decay is None and slopes_add_up(problem, here.slopes) and is_known_convex(problem):
        reason = "a global minimum: for every input the derivatives of its samples add up to 0, and the loss is convex"
        return _verdict(here, GLOBAL_MINIMUM_OF_ANALYTIC_RISK, AnalyticFit(here.evidence_of_relations), reason, known, running)
    left_open = NotProved("")
    for bits, sharp in CORNERS:
        try:
            answer = _answer(here, bits, sharp, running)
        except OutOfTime as error:
            answer = NotProved(str(error))
        if isinstance(answer, Fall):
            reason = f"not a local minimum: {answer.reason}"
            return _verdict(here, NO_LOCAL_MINIMUM_OF_ANALYTIC_RISK, answer.evidence, reason, known, running, answer.lower)
        if isinstance(answer, tuple):
            evidence, reason, kind = answer
            remark = ""
            if spurious and below is None:
                # What a search leaves is for the verifier: a local minimum that is proved is not lost.
                candidate = find_analytic_lower_point(here, running.share(Fraction(1, 2)))
                below = None if candidate is None else _lowest(here, risk, [candidate])
                remark = "; no point of lower risk was found (tried descent from points nearby and at random)"
            claim = LOCAL_MINIMUM_OF_ANALYTIC_RISK if below is None else SPURIOUS_LOCAL_MINIMUM_OF_ANALYTIC_RISK
            remark = remark if below is None else f"; a point of risk at most {near(below.risk)} is lower"
            reason = f"{PHRASES[claim]}: {reason}{remark}"
            return _verdict(here, claim, evidence, reason, known, running, below, kind)
        left_open = answer
        if running.is_over:
            break
    count = here.relations.left_open
    dependent = (
        f"; {count} derivatives have too many distinct exponents for the exact test of what depends on what" if count else ""
    )
    return Verdict(Status.UNDECIDED, left_open.reason + dependent, risk=known, open_directions=left_open.directions)


_Answer: TypeAlias = tuple[Frozen, str, Kind] | Fall | NotProved


def _answer(here: AnalyticPosition, bits: int, sharp: bool, effort: Effort) -> _Answer:
    found = surrogates_below(here, bits, sharp)
    if isinstance(found, NotProved):
        # A descent may be seen from above; a convex loss may need no curvature, others may have second derivatives of any sign.
        answer: _Answer = _from_above(here, bits, sharp, effort) or found
        if isinstance(answer, NotProved) and is_known_convex(here.problem):
            answer = _by_rules(here, corners_of(here, bits), bits, sharp, effort, needs_curvature=False)
    else:
        answer = _by_rules(here, found, bits, sharp, effort, needs_curvature=not here.problem.loss.is_of_classes)
        if not isinstance(answer, NotProved) or not here.problem.loss.is_of_classes:
            return answer
    return _by_squares(here, bits, sharp, effort) if isinstance(answer, NotProved) else answer


def _by_squares(here: AnalyticPosition, bits: int, sharp: bool, effort: Effort) -> _Answer:
    answer = decide_by_squares(here, bits, effort)
    if isinstance(answer, (tuple, NotProved)):
        return answer
    return certified_descent(here, answer, bits, sharp, effort) or NotProved(NOT_OF_THIS)


def _by_rules(
    here: AnalyticPosition, found: Surrogates, bits: int, sharp: bool, effort: Effort, needs_curvature: bool
) -> _Answer:
    known = RULES if here.problem.decay is None else DECAY_RULES
    linear = [rule for rule in known if rule.name in (*_LINEAR, "direction", "curve") and rule not in CURVED]
    rules = known if needs_curvature else linear
    if not found.size and here.problem.decay is not None:
        return NotProved("every sample is at a minimum of its loss, and what remains is weight decay")
    parts, points = [], []
    reason = "every sample is at a minimum of its loss"
    for vertex in range(found.size):
        point = found.point(vertex)
        answer = ask_rules(point, effort, rules).answer
        if isinstance(answer, Refuted):
            fall = certified_descent(here, answer.evidence, bits, sharp, effort)
            return fall or NotProved(NOT_OF_THIS)
        if isinstance(answer, NotProved):
            return answer if needs_curvature else _from_above(here, bits, sharp, effort) or answer
        reason = answer.reason
        parts.append(answer.evidence)
        points.append(point)
    plain = not needs_curvature and not here.problem.loss.is_of_classes
    curvatures = None if plain else found.curvatures
    evidence = Frozen(found.lower, found.widths, curvatures, tuple(parts), relations=here.evidence_of_relations)
    return evidence, reason, _kind(points, evidence, not needs_curvature, effort)


def _from_above(here: AnalyticPosition, bits: int, sharp: bool, effort: Effort) -> Fall | None:
    above = surrogates_above(here, bits, sharp)
    answer = ask_rules(above.point(0), effort, RULES if here.problem.decay is None else DECAY_RULES).answer
    return certified_descent(here, answer.evidence, bits, sharp, effort) if isinstance(answer, Refuted) else None


def _kind(points: Sequence[Point], evidence: Frozen, only_linear: bool, effort: Effort) -> Kind:
    """What all squared losses below the risk agree on."""
    if points and points[0].problem.decay is not None:
        return Kind()
    kinds = [kind_of(point, evidence=part, effort=effort) for point, part in zip(points, evidence.parts, strict=True)]  # type: ignore[arg-type]
    if not kinds:
        return Kind()
    smooth = True if all(kind.differentiable for kind in kinds) else None
    dimensions = {kind.dimension for kind in kinds if kind.isolated_modulo_invariance}
    if only_linear or not all(kind.isolated_modulo_invariance for kind in kinds) or len(dimensions) != 1:
        return Kind(differentiable=smooth)
    (dimension,) = dimensions
    if isinstance(evidence.curvatures, tuple) and not all(evidence.curvatures):
        # What moves nothing without the samples that are left out may move these.
        return Kind(True, True, False, smooth, 0) if dimension == 0 else Kind(differentiable=smooth)
    return Kind(dimension == 0, True, all(kind.flat for kind in kinds), smooth, dimension)


def _lowest(here: AnalyticPosition, risk: Ball, given: Iterable[Parameters]) -> LowerPoint | None:
    found: list[LowerPoint] = []
    for k, parameters in enumerate(given):
        there = AnalyticPosition(here.problem, parameters).risk(RISK_BITS)
        if there.upper >= risk.lower:
            raise InputError(
                f"lower point {k} has risk {there.text}, which is not seen to be below the risk {risk.text} of the point",
                fix="give points of lower risk only",
            )
        found.append(LowerPoint(parameters, between(there.upper, risk.lower)))
    return min(found, key=lambda point: point.risk, default=None)


def _verdict(
    here: AnalyticPosition,
    kind: str,
    evidence: AnalyticEvidence,
    reason: str,
    known: Fraction | Ball,
    effort: Effort,
    lower: LowerPoint | None = None,
    sort: Kind | None = None,
) -> Verdict:
    """The verdict, once the verifier has accepted its certificate."""
    unsigned = AnalyticPoint(
        kind,
        here.problem,
        here.parameters,
        bounds_of(here.risk(RISK_BITS), None if lower is None else lower.risk),
        evidence,
        FIRST_BITS,
        lower,
    )
    try:
        certificate = accepted_with_more_bits(unsigned, effort)
    except OutOfTime as error:
        return Verdict(Status.UNDECIDED, str(error), risk=known)
    if certificate is None:
        return Verdict(Status.UNDECIDED, NOT_FOLLOWED, risk=known)
    refuted = kind == NO_LOCAL_MINIMUM_OF_ANALYTIC_RISK
    below = None if lower is None else lower.parameters
    sort = Kind(flat=False) if refuted else sort
    return Verdict(Status.REFUTED if refuted else Status.PROVED, reason, certificate, below, known, kind=sort)


def bounds_of(risk: Ball, lower: Fraction | None) -> tuple[Fraction, Fraction]:
    """Short bounds on an enclosed risk, the lower one above that of a lower point. Exactness: exact. Raises: nothing."""
    unit = Fraction(1, 1 << 48)
    low = (risk.lower / unit).__floor__() * unit - unit
    if lower is not None and low <= lower:
        low = between(lower, risk.lower)
    return low, (risk.upper / unit).__ceil__() * unit + unit
