"""Is a point a local minimum of a restricted risk whose loss is an expression?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.check import accepted_with_more_bits
from exactsurf.certificate.claims.analytic_point import AnalyticPoint
from exactsurf.certificate.claims.restricted_analytic_point import (
    NO_RESTRICTED_ANALYTIC_MINIMUM,
    PHRASES,
    RESTRICTED_ANALYTIC_GLOBAL_MINIMUM,
    RESTRICTED_ANALYTIC_MINIMUM,
    RESTRICTED_ANALYTIC_SPURIOUS_MINIMUM,
    Corners,
    RestrictedAnalyticEvidence,
    RestrictedAnalyticPoint,
    RestrictedDirection,
    RestrictedFrozen,
    RestrictedFrozenCurve,
    UnrestrictedFrozen,
)
from exactsurf.certificate.claims.restricted_point import RestrictedTree
from exactsurf.certificate.rules.analytic import AnalyticDirection, AnalyticFit, Frozen, Squares
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import Effort, OutOfTime
from exactsurf.errors import InputError
from exactsurf.exact.balls import Ball
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import near
from exactsurf.minima.analytic.analytic_point import RISK_BITS, AnalyticPosition
from exactsurf.minima.analytic.decide import CORNERS, FIRST_BITS, NOT_FOLLOWED, NOT_OF_THIS, bounds_of, decide_analytic
from exactsurf.minima.analytic.descent import between, lower_along
from exactsurf.minima.analytic.fit import is_known_convex, slopes_add_up
from exactsurf.minima.analytic.squares import corners_of, entries_of, falls_below_squares, squares_below
from exactsurf.minima.local.cell_programs import CellPrograms
from exactsurf.minima.local.subspace import Subspace
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.restricted.lower_points import find_lower_values
from exactsurf.minima.rules.second_order import ProvedOnFan, decide_programs
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem

_SHARE = Fraction(1, 2)
_LowerValues = tuple[Vector, Fraction]


@dataclass(frozen=True)
class _Fall:
    evidence: RestrictedDirection | RestrictedFrozenCurve
    lower: _LowerValues
    reason: str


def decide_restricted_analytic(
    restricted: RestrictedProblem, parameters: Parameters, lower: Iterable[Parameters], spurious: bool, effort: Effort
) -> Verdict:
    """Decide whether `parameters`, which obey the restriction, are a local minimum of a restricted risk by an expression.

    Sums of rational derivatives and squares take the place of the loss, at the corners of a small simplex around its
    derivatives; of each the cells that the subspace meets are looked at.

    Parameters: as of `decide`; `effort`, started. Returns: a `Verdict`, whose `risk` is a `Ball` where it is not known to be
    rational. Exactness: exact; the verifier has accepted the certificate. Raises: `InputError` for parameters that do not obey
    the restriction, where the loss has no value, and for a lower point whose risk is not seen to be lower.
    Source: proofs/claims/restricted_analytic_point.md.

    >>> import exactsurf as es
    >>> filter = es.convolution(4, [2], strides=2, head=[1, 1])
    >>> data = es.Data.from_arrays([[1, 2, 0, 0], [0, 0, 1, 2], [1, 2, 0, 0], [0, 1, 1, 2]], [1, -1, -1, 1])
    >>> problem = es.RestrictedProblem(filter, data, "logistic")
    >>> es.decide(problem, problem.parameters(w1_0=1, w1_1=0)).status
    <Status.REFUTED: 'REFUTED'>
    """
    values = restricted.values(parameters)
    asked = _Question(restricted, values, AnalyticPosition(restricted.unrestricted, parameters), effort)
    below = asked.lowest(lower)
    here = asked.here
    if here.problem.decay is None and slopes_add_up(here.problem, here.slopes) and is_known_convex(here.problem):
        reason = "a global minimum: for every input the derivatives of its samples add up to 0, and the loss is convex"
        return asked.verdict(RESTRICTED_ANALYTIC_GLOBAL_MINIMUM, AnalyticFit(here.evidence_of_relations), reason)
    answer = asked.answer()
    if isinstance(answer, NotProved):
        return Verdict(Status.UNDECIDED, answer.reason, risk=asked.known, open_directions=answer.directions)
    if isinstance(answer, _Fall):
        return asked.verdict(NO_RESTRICTED_ANALYTIC_MINIMUM, answer.evidence, answer.reason, answer.lower)
    remark = ""
    if spurious and below is None:
        below, remark = asked.searched(), "; no point of lower risk was found"
    remark = remark if below is None else f"; a point of risk at most {near(below[1])} is lower"
    how = "also without the restriction" if isinstance(answer, UnrestrictedFrozen) else "on every cell that the subspace meets"
    kind = RESTRICTED_ANALYTIC_MINIMUM if below is None else RESTRICTED_ANALYTIC_SPURIOUS_MINIMUM
    return asked.verdict(kind, answer, f"{PHRASES[kind]} of the restricted risk: {how}{remark}", below)


@dataclass(frozen=True)
class _Question:
    """The point that is asked about."""

    restricted: RestrictedProblem
    values: Vector
    here: AnalyticPosition
    effort: Effort

    @property
    def known(self) -> Fraction | Ball:
        """The risk of the point."""
        risk = self.here.risk(RISK_BITS)
        return risk.midpoint if risk.is_exact else risk

    def lowest(self, given: Iterable[Parameters]) -> _LowerValues | None:
        """The lowest one of points whose risk is seen to be lower."""
        found: list[_LowerValues] = []
        risk = self.here.risk(RISK_BITS)
        for k, parameters in enumerate(given):
            values = self.restricted.values(parameters)
            there = AnalyticPosition(self.here.problem, parameters).risk(RISK_BITS)
            if there.upper >= risk.lower:
                raise InputError(
                    f"lower point {k} has risk {there.text}, which is not seen to be below the risk {risk.text} of the point",
                    fix="give points of lower risk only",
                )
            found.append((values, between(there.upper, risk.lower)))
        return min(found, key=lambda point: point[1], default=None)

    def searched(self) -> _LowerValues | None:
        """Values of lower risk, if a search meets some."""
        try:
            found = find_lower_values(self.restricted, self.values, self.here.risk(RISK_BITS).lower, self.effort.share(_SHARE))
        except OutOfTime:
            return None
        return None if found is None else self.lowest([self.restricted.restriction.at(found[0])])

    def answer(self) -> RestrictedFrozen | UnrestrictedFrozen | _Fall | NotProved:
        """First and second order on the subspace; then, with the time that is left, the point without the restriction."""
        left_open, running = NotProved(""), self.effort.share(_SHARE)
        for bits, sharp in CORNERS:
            if not sharp and bits > CORNERS[0][0]:
                continue
            try:
                answer = self._on_subspace(bits, running)
            except OutOfTime as error:
                answer = NotProved(str(error))
            if not isinstance(answer, NotProved):
                return answer
            left_open = answer
            if running.is_over:
                break
        return self._without_restriction() or left_open

    def _on_subspace(self, bits: int, effort: Effort) -> RestrictedFrozen | _Fall | NotProved:
        here, given, corners = self.here, squares_below(self.here, bits), corners_of(self.here, bits)
        parts = []
        for vertex in range(corners.size):
            point = corners.point(vertex).undecayed
            decay = here.problem.decay
            subspace = Subspace(self.restricted.restriction, point, decay, given.has_common)
            found = decide_programs(CellPrograms(point, effort=effort, decay=decay, given=given, subspace=subspace))
            if isinstance(found, NotProved):
                return found
            if isinstance(found, (DescentDirection, DescentCurve)):
                return self._fall(found, bits) or NotProved(NOT_OF_THIS)
            assert isinstance(found, ProvedOnFan)
            parts.append(RestrictedTree(found.evidence.nodes))
        simplex = Corners(corners.lower, corners.widths, entries_of(given), here.evidence_of_relations)
        return RestrictedFrozen(simplex, tuple(parts))

    def _fall(self, found: DescentDirection | DescentCurve, bits: int) -> _Fall | None:
        """The descent of a sum in the place of the risk as one of the risk, if it is one."""
        here, step = self.here, self.restricted.restriction.step
        curve = (found.direction,) if isinstance(found, DescentDirection) else found.curve
        moves = [step(vector_of(move)) for move in curve]
        inside = tuple(values for values in moves if values is not None)
        if len(inside) < len(moves):
            return None
        evidence: RestrictedDirection | RestrictedFrozenCurve
        if isinstance(found, DescentDirection):
            if here.sign(here.slope_along(found.direction)) != -1:
                return None
            evidence = RestrictedDirection(inside[0])
            reason = "not a local minimum: the restricted risk has a negative one-sided derivative along a rational direction"
        else:
            above = falls_below_squares(here, found.curve, found.order, bits)
            if above is None or not isinstance(above.curvatures, Squares):
                return None
            simplex = Corners(above.lower, above.widths, above.curvatures, above.relations)
            parts = tuple((part.order, part.coefficient) for part in above.parts if isinstance(part, DescentCurve))
            evidence = RestrictedFrozenCurve(simplex, inside, parts)
            reason = f"not a local minimum: the restricted risk falls along a rational curve, to order {found.order}"
        lower = lower_along(here, curve, self.effort)
        return None if lower is None else _Fall(evidence, (self.restricted.values(lower.parameters), lower.risk), reason)

    def _without_restriction(self) -> UnrestrictedFrozen | _Fall | None:
        found = decide_analytic(self.here.problem, self.here.parameters, effort=self.effort).certificate
        if not isinstance(found, AnalyticPoint):
            return None
        if isinstance(found.evidence, Frozen) and found.evidence.rule == "frozen":
            return UnrestrictedFrozen(found.evidence)
        if isinstance(found.evidence, AnalyticDirection):
            move = self.restricted.restriction.step(vector_of(found.evidence.direction))
            lower = None if move is None else lower_along(self.here, [found.evidence.direction], self.effort)
            if move is not None and lower is not None:
                reason = "not a local minimum: the restricted risk has a negative one-sided derivative along a rational direction"
                return _Fall(RestrictedDirection(move), (self.restricted.values(lower.parameters), lower.risk), reason)
        return None

    def verdict(self, kind: str, evidence: RestrictedAnalyticEvidence, reason: str, lower: _LowerValues | None = None) -> Verdict:
        """The verdict, once the verifier has accepted its certificate."""
        risk = bounds_of(self.here.risk(RISK_BITS), None if lower is None else lower[1])
        unsigned = RestrictedAnalyticPoint(kind, self.restricted, self.values, risk, evidence, FIRST_BITS, lower)
        try:
            certificate = accepted_with_more_bits(unsigned, self.effort)
        except OutOfTime as error:
            return Verdict(Status.UNDECIDED, str(error), risk=self.known)
        if certificate is None:
            return Verdict(Status.UNDECIDED, NOT_FOLLOWED, risk=self.known)
        status = Status.REFUTED if kind == NO_RESTRICTED_ANALYTIC_MINIMUM else Status.PROVED
        below = None if lower is None else self.restricted.restriction.at(lower[0])
        return Verdict(status, reason, certificate, below, self.known)
