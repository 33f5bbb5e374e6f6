"""The senses of stationarity where the loss is an expression: exact derivatives, by the corners of a simplex that holds them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial

from exactsurf.cells.coordinates import coordinates
from exactsurf.certificate.claims.analytic_point import AnalyticPoint
from exactsurf.certificate.claims.restricted_analytic_point import RestrictedAnalyticPoint, RestrictedFrozenCurve
from exactsurf.certificate.rules.analytic import Frozen
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.verdict import Status
from exactsurf.effort import RAISE_FAN, Effort, OutOfTime
from exactsurf.errors import UnsupportedError
from exactsurf.exact.balls import Ball
from exactsurf.exact.copositivity import Sign
from exactsurf.exact.exponential_sum import ExponentialSum
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import near
from exactsurf.minima.analytic.analytic_point import AnalyticPosition
from exactsurf.minima.analytic.decide import decide_analytic
from exactsurf.minima.analytic.squares import corners_of, squares_below
from exactsurf.minima.local.clarke import HullPoint, KinkMultipliers, Separator, TooManyCells
from exactsurf.minima.local.common_hull import decide_common_hull, decide_common_unit_hull
from exactsurf.minima.local.cone_tree import ConeTree, TooManyCones, decide_nonnegative
from exactsurf.minima.local.coordinate_vector import unit_direction
from exactsurf.minima.local.critical_faces import decide_second_order
from exactsurf.minima.local.first_layer_form import FirstLayerForm, first_layer_form, kinked_pair
from exactsurf.minima.local.limiting_gradients import LimitingCone, limiting_cones, selections
from exactsurf.minima.local.risk_series import output_series
from exactsurf.minima.local.subspace import Subspace
from exactsurf.minima.local.tangent_fan import TangentFan
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.restricted.analytic import decide_restricted_analytic
from exactsurf.minima.senses.fan_senses import bend, descent_in
from exactsurf.minima.senses.senses import (
    NAMES,
    CurvatureWitness,
    DescentWitness,
    KinkWitness,
    Sense,
    Stationarity,
    UnitMultipliers,
)
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem

_BITS = (40, 160, 640)
"""Of the numbers that stand for exponentials: what is tried, the cheapest first."""
_SHOWN = 128
_OPEN = "balls do not tell the sign of a derivative"
_SMOOTH, _GRADIENT, _CLARKE, _DIRECTIONAL, _SECOND = NAMES


def analytic_stationarity(problem: Problem | RestrictedProblem, parameters: Parameters, *, effort: Effort) -> Stationarity:
    """Decide in which senses `parameters` are a stationary point of a risk whose loss is an expression, convex or not.

    The derivatives of the loss at the predictions lie in a small simplex with rational corners. First derivatives of the risk
    are affine functions of them: what holds at all corners holds; a witness to the contrary is checked with the derivatives
    themselves, whose signs are decided.

    Parameters: as of `stationarity`; `effort` that runs. Returns: a `Stationarity`, whose `risk` may be a `Ball`.
    Exactness: exact. Raises: `InputError` naming the sample where the loss has no value. Source: proofs/claims/analytic_point.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 0], [0, 1]), "logistic")
    >>> answer = es.stationarity(problem, problem.parameters(W1=[[3]], b1=[0]))
    >>> answer.gradient_zero.status, answer.second_order.status
    (<Status.PROVED: 'PROVED'>, <Status.PROVED: 'PROVED'>)
    """
    restricted = problem if isinstance(problem, RestrictedProblem) else None
    if restricted is not None:
        restricted.values(parameters)
    here = AnalyticPosition(problem.unrestricted if isinstance(problem, RestrictedProblem) else problem, parameters)
    senses: list[Sense] = []
    for bits in _BITS:
        corners = _Corners(here, bits, effort, restricted)
        smooth = _asked(_SMOOTH, corners.smooth, effort, _kept(senses, 0))
        gradient = _asked(_GRADIENT, partial(corners.gradient_zero, smooth), effort, _kept(senses, 1))
        # A descent is often quickly found where the hull of the limiting gradients is a large program.
        directional = _asked(_DIRECTIONAL, corners.directional, effort.share(Fraction(1, 2)), _kept(senses, 3))
        clarke = _asked(_CLARKE, corners.clarke, effort.share(Fraction(2, 3)), _kept(senses, 2))
        second = _asked(_SECOND, partial(corners.second, directional), effort, _kept(senses, 4))
        senses = [smooth, gradient, clarke, directional, second]
        if effort.is_over or all(sense.status is not Status.UNDECIDED for sense in senses):
            break
    zero = corners.zero if senses[1].status is Status.PROVED else None
    risk = here.risk(_SHOWN)
    return Stationarity(risk.midpoint if risk.is_exact else risk, zero, *senses)


def _kept(senses: Sequence[Sense], place: int) -> Sense | None:
    return senses[place] if senses and senses[place].status is not Status.UNDECIDED else None


def _asked(name: str, ask: Callable[[], Sense], effort: Effort, known: Sense | None) -> Sense:
    """What is known already, or the answer to the question."""
    if known is not None:
        return known
    try:
        effort.check()
        return ask()
    except (OutOfTime, UnsupportedError) as error:
        return Sense(name, Status.UNDECIDED, str(error))


@dataclass(frozen=True)
class _Corners:
    """The point at the corners of the simplex, as points of squared losses with the derivatives of the corner."""

    here: AnalyticPosition
    bits: int
    effort: Effort
    restricted: RestrictedProblem | None = None

    @property
    def zero(self) -> Parameters | Vector:
        """The gradient where it is 0."""
        zero = (Fraction(0),) * self.fans[0].size
        return parameters_of(self.here.problem.network, zero) if self.restricted is None else zero

    @cached_property
    def fans(self) -> list[TangentFan]:
        """The tangent fan at every corner, in the directions that are looked at."""
        if self.restricted is None:
            return list(map(TangentFan, self.points))
        restriction, decay = self.restricted.restriction, self.here.problem.decay
        return [TangentFan(point, Subspace(restriction, point.undecayed, decay)) for point in self.points]

    @cached_property
    def points(self) -> list[Point]:
        simplex = corners_of(self.here, self.bits)
        return [simplex.point(vertex) for vertex in range(simplex.size)]

    @cached_property
    def forms(self) -> list[FirstLayerForm] | str:
        """The forms unit by unit; or in words which kink lies above the first layer, or why units are not looked at."""
        if self.restricted is not None:
            return "two tangent cones have different derivatives"
        found = []
        for point in self.points:
            self.effort.check()
            form = first_layer_form(point)
            if isinstance(form, NotProved):
                return form.reason
            found.append(form)
        return found

    @cached_property
    def cones(self) -> list[tuple[LimitingCone, ...]]:
        """The tangent cones, each with its gradients at all corners."""
        lists = [list(limiting_cones(fan, effort=self.effort)) for fan in self.fans]
        return list(zip(*lists, strict=True))

    # Exact numbers of the risk itself.

    def slope(self, direction: Parameters) -> ExponentialSum:
        return self.here.slope_along(direction)

    def value(self, number: ExponentialSum) -> Fraction | Ball:
        rational = number.rational
        return self.here.enclosed(number, _SHOWN) if rational is None else rational

    def falling(self, name: str, direction: Parameters, reason: str) -> Sense:
        # Solutions of linear systems at the corners are long; what counts of a direction is where it points.
        size = max(map(abs, vector_of(direction)))
        unit = Fraction(2) ** (size.numerator.bit_length() - size.denominator.bit_length())
        direction = direction.moved(direction, -1 + 1 / unit)
        slope = self.slope(direction)
        if self.here.sign(slope) != -1:
            return Sense(name, Status.UNDECIDED, _OPEN)
        return Sense(name, Status.REFUTED, reason, DescentWitness(direction, self.value(slope)))

    def kinked(self, first: Parameters, second: Parameters, reason: str) -> Sense | None:
        slopes = [self.slope(direction) for direction in (first, second, first.moved(second, Fraction(1)))]
        if not self.here.sign(slopes[0] + slopes[1] - slopes[2]):
            return None
        one, other, both = map(self.value, slopes)
        return Sense(_SMOOTH, Status.REFUTED, reason, KinkWitness(first, second, (one, other, both)))

    # The senses.

    def smooth(self) -> Sense:
        forms = self.forms
        found: Sense | None = None
        if isinstance(forms, str):
            base = next((cones for cones in self.cones if any(_differ(cones, other) for other in self.cones)), None)
            if base is None:
                return Sense(_SMOOTH, Status.PROVED, "all one-sided derivatives agree")
            other = next(cones for cones in self.cones if _differ(base, cones))
            m = next(m for m, (a, b) in enumerate(zip(base, other, strict=True)) if a.gradient != b.gradient)
            *bases, step = map(self.fans[m].pushed, bend(base[m], other[m]))
            tried = (self.kinked(base, step, forms) for base in bases)
            found = next((sense for sense in tried if sense is not None), None)
        else:
            kinks = ((j, unit) for form in forms for j, unit in enumerate(form.units) if unit.hyperplanes)
            j, unit = next(kinks, (0, None))
            if unit is None:
                return Sense(_SMOOTH, Status.PROVED, "all one-sided derivatives agree")
            first, second = (unit_direction(self.here.problem, j, delta) for delta in kinked_pair(unit))
            found = self.kinked(first, second, f"unit {j} of layer 1 has a kink on sample {unit.hyperplanes[0].name}")
        return Sense(_SMOOTH, Status.UNDECIDED, _OPEN) if found is None else found

    def gradient_zero(self, smooth: Sense) -> Sense:
        if smooth.status is not Status.PROVED:
            reason = "there is no gradient" if smooth.status is Status.REFUTED else smooth.reason
            return Sense(_GRADIENT, smooth.status, reason)
        left_open, fan = False, self.fans[0]
        names = list(coordinates(self.here.parameters)) if self.restricted is None else self.restricted.restriction.names
        for p in range(fan.size):
            axis = fan.pushed([Fraction(int(p == q)) for q in range(fan.size)])
            slope = self.slope(axis)
            if slope.terms:
                sign = self.here.sign(slope)
                left_open = left_open or not sign
                if sign:
                    known = self.value(slope)
                    shown = near(known) if isinstance(known, Fraction) else near(known.midpoint)
                    down = axis.moved(axis, Fraction(-1 - sign))
                    turned = self.value(slope.times(Fraction(-sign)))
                    reason = f"the derivative with respect to {names[p]} is {shown}"
                    return Sense(_GRADIENT, Status.REFUTED, reason, DescentWitness(down, turned))
        if left_open:
            return Sense(_GRADIENT, Status.UNDECIDED, _OPEN)
        return Sense(_GRADIENT, Status.PROVED, "every partial derivative is 0", self.zero)

    def _above(self, name: str, forms: Sequence[FirstLayerForm]) -> Sense | None:
        moving = next((form.above for form in forms if any(vector_of(form.above))), None)
        if moving is None:
            return None
        zero = moving.moved(moving, Fraction(-1))
        return self.falling(name, zero.moved(moving, Fraction(-1)), "a partial derivative above layer 1 is not 0")

    def clarke(self) -> Sense:
        forms = self.forms
        if isinstance(forms, str):
            return self._clarke_by_cones()
        above = self._above(_CLARKE, forms)
        if above is not None:
            return above
        found: list[HullPoint | KinkMultipliers] = []
        left_open = ""
        for j in range(len(forms[0].units)):
            answer = decide_common_unit_hull([form.units[j] for form in forms], effort=self.effort)
            if isinstance(answer, Separator):
                direction = unit_direction(self.here.problem, j, answer.direction)
                return self.falling(_CLARKE, direction, f"a direction of unit {j} separates 0 from all limiting gradients")
            if isinstance(answer, TooManyCells):
                much = f"unit {j} of layer 1 has at least {answer.count} tangent cones: more than {self.effort.fan}"
                left_open = left_open or f"{much}; {RAISE_FAN}"
            elif isinstance(answer, NotProved):
                left_open = left_open or f"unit {j} of layer 1: {answer.reason}"
            else:
                found.append(answer)
        if left_open:
            return Sense(_CLARKE, Status.UNDECIDED, left_open)
        reason = "0 is a combination of limiting gradients, unit by unit"
        return Sense(_CLARKE, Status.PROVED, reason, UnitMultipliers(tuple(found)))

    def _clarke_by_cones(self) -> Sense:
        limits = sorted({tuple(cone.gradient for cone in cones) for cones in self.cones if cones[0].is_limit})
        inner = decide_common_hull(limits) if limits else None
        if isinstance(inner, HullPoint):
            return Sense(_CLARKE, Status.PROVED, "0 is a combination of limiting gradients", inner)
        known = all(cones[0].is_limit and cones[0].is_transversal for cones in self.cones)
        if not (isinstance(inner, Separator) and known):
            lists = [list(selections(fan, effort=self.effort)) for fan in self.fans]
            inner = decide_common_hull(sorted(set(zip(*lists, strict=True))))
        if isinstance(inner, Separator):
            direction = self.fans[0].pushed(inner.direction)
            return self.falling(_CLARKE, direction, "a direction separates 0 from all limiting gradients")
        reason = inner.reason if isinstance(inner, NotProved) else "not all cells at the point were found"
        return Sense(_CLARKE, Status.UNDECIDED, f"curved walls may touch each other: {reason}")

    def directional(self) -> Sense:
        forms, problem = self.forms, self.here.problem
        if isinstance(forms, str):
            for cones in self.cones:
                for fan, cone in zip(self.fans, cones, strict=True):
                    self.effort.check()
                    found = descent_in(cone)
                    if found is not None:
                        return self.falling(_DIRECTIONAL, fan.pushed(found), "a tangent cone has a descent direction")
            return Sense(_DIRECTIONAL, Status.PROVED, "no one-sided derivative is negative")
        above = self._above(_DIRECTIONAL, forms)
        if above is not None:
            return above
        crowded = ""
        for form in forms:
            for j, unit in enumerate(form.units):
                answer = decide_nonnegative(unit, effort=replace(self.effort, cones=self.effort.fan))
                if isinstance(answer, TooManyCones):
                    much = f"unit {j} of layer 1 sits on {answer.hyperplanes} concave walls: more than {self.effort.fan} cones"
                    crowded = crowded or f"{much}; {RAISE_FAN}"
                elif not isinstance(answer, ConeTree):
                    direction = unit_direction(problem, j, answer)
                    return self.falling(_DIRECTIONAL, direction, f"unit {j} of layer 1 has a descent direction")
        if crowded:
            return Sense(_DIRECTIONAL, Status.UNDECIDED, crowded)
        return Sense(_DIRECTIONAL, Status.PROVED, "no one-sided derivative is negative")

    def second(self, directional: Sense) -> Sense:
        if directional.status is not Status.PROVED:
            return Sense(_SECOND, directional.status, directional.reason, directional.witness)
        forms, reason = self.forms, "critical directions are not all examined"
        if isinstance(forms, list):
            below = squares_below(self.here, self.bits).rows
            for point, form in zip(self.points, forms, strict=True):
                answer = decide_second_order(point, form, effort=self.effort, squares=below)
                if isinstance(answer, NotProved):
                    reason = answer.reason
                    break
                if answer.sign is Sign.NEGATIVE:
                    found = self.bent(parameters_of(self.here.problem.network, answer.witness or ()))
                    reason = "second derivatives of the loss are not seen to be large enough along a critical direction"
                    if found is not None:
                        return found
                    break
            else:
                return Sense(_SECOND, Status.PROVED, "no critical direction has negative curvature")
        status, moves = self._decided()
        if status is Status.PROVED:
            return Sense(_SECOND, Status.PROVED, "the point is a local minimum")
        found = self.bent(moves[0]) if moves and not any(map(any, map(vector_of, moves[1:]))) else None
        return Sense(_SECOND, Status.UNDECIDED, reason) if found is None else found

    def _decided(self) -> tuple[Status, tuple[Parameters, ...]]:
        """Whether the point is a local minimum, and a curve along which the risk falls to second order, if one was found."""
        if self.restricted is None:
            verdict = decide_analytic(self.here.problem, self.here.parameters, effort=self.effort)
            evidence = verdict.certificate.evidence if isinstance(verdict.certificate, AnalyticPoint) else None
            part = evidence.parts[0] if isinstance(evidence, Frozen) else None
            return verdict.status, part.curve if isinstance(part, DescentCurve) and part.order == 2 else ()
        verdict = decide_restricted_analytic(self.restricted, self.here.parameters, (), False, self.effort)
        within = verdict.certificate.evidence if isinstance(verdict.certificate, RestrictedAnalyticPoint) else None
        if not isinstance(within, RestrictedFrozenCurve) or within.parts[0][0] != 2:
            return verdict.status, ()
        return verdict.status, tuple(map(self.restricted.restriction.direction, within.curve))

    def bent(self, direction: Parameters) -> Sense | None:
        """REFUTED, if the risk has derivative 0 along the direction, and the coefficient of t² is negative."""
        here, problem = self.here, self.here.problem
        if self.slope(direction).terms:
            return None
        terms, bits = [here.parameters, direction], max(_SHOWN, 4 * self.bits)
        low = high = Fraction(0) if problem.decay is None else problem.decay.value(direction)
        for row, loss, slopes in zip(problem.data.x, here.sample_losses(bits), here.slopes, strict=True):
            series = output_series(problem, terms, row, 2)
            for k, one in enumerate(series):
                parts = [(here.enclosed(slopes[k], bits), one[2])]
                parts += [(loss.hessian[k][m], one[1] * other[1] / 2) for m, other in enumerate(series)]
                for ball, factor in parts:
                    low += min(ball.lower * factor, ball.upper * factor)
                    high += max(ball.lower * factor, ball.upper * factor)
        if high >= 0:
            return None
        witness = CurvatureWitness(direction, Ball((low + high) / 2, (high - low) / 2))
        return Sense(_SECOND, Status.REFUTED, "a critical direction has negative curvature", witness)


def _differ(one: Sequence[LimitingCone], other: Sequence[LimitingCone]) -> bool:
    return any(a.gradient != b.gradient for a, b in zip(one, other, strict=True))
