"""Rule `one-sided curve`: descent of any order where an `elu` or `selu` unit has the pre-activation 0."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.rules.smooth.one_sided_curve import OneSidedCurve
from exactsurf.effort import Effort
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.floats.drawn_curves import Curve, entries_of
from exactsurf.minima.floats.short_curves import proposed_curves
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.lower_points import HALVINGS, lower_point
from exactsurf.minima.smooth.one_sided_series import order_of_fall
from exactsurf.minima.smooth.rules.rule import Answer, Rule, Seen
from exactsurf.model.parameter_vector import parameters_of, vector_of

_CURVES = 10_000
"""Curves that are drawn."""

_TRIED = "curves from a point with pre-activations of 0"


def _why_not(point: EnclosedPoint) -> str:
    if not point.problem.network.activation.has_corner:
        return "it is for elu and selu"
    return "" if point.derivatives is None else "the risk has second derivatives"


def _ask(point: EnclosedPoint, effort: Effort) -> Answer:
    """Curves that floats propose, followed as they are."""
    here = vector_of(point.parameters)
    for curve in proposed_curves(point.problem, here, point.risk.midpoint, effort, _CURVES):
        if _order(point, curve) is not None:
            found = _evidence(point, here, curve, effort)
            if found is not None:
                reason = f"not a local minimum: the risk falls along a rational curve, to order {found.order}"
                return Seen(found, reason, point.bits)
    return NotProved("no curve is seen along which the risk falls")


def _order(point: EnclosedPoint, curve: Sequence[Sequence[Fraction]]) -> int | None:
    return order_of_fall(point, curve, 4 * point.problem.network.layers + 2)


def _evidence(point: EnclosedPoint, here: Vector, curve: Curve, effort: Effort) -> OneSidedCurve | None:
    """The evidence of a curve along which the risk falls, without the entries that it does not need."""
    for power, place in entries_of(curve):
        effort.check(_TRIED)
        shorter = [list(vector) for vector in curve]
        shorter[power][place] = Fraction(0)
        if _order(point, shorter) is not None:
            curve = shorter
    while not any(curve[-1]):
        curve = curve[:-1]
    order, lower = _order(point, curve), _lower_point_on(point, here, curve, effort)
    if order is None or lower is None:
        return None
    return OneSidedCurve(tuple(parameters_of(point.problem.network, vector) for vector in curve), order, lower)


def _lower_point_on(point: EnclosedPoint, here: Vector, curve: Curve, effort: Effort) -> LowerPoint | None:
    for halvings in range(HALVINGS):
        effort.check(_TRIED)
        steps = [Fraction(1, 1 << halvings * power) for power in range(1, len(curve) + 1)]
        columns = zip(*curve, strict=True)
        moved = [a + sum(map(Fraction.__mul__, steps, column), Fraction(0)) for a, column in zip(here, columns, strict=True)]
        there = EnclosedPoint(point.problem, parameters_of(point.problem.network, moved), point.bits)
        lower = lower_point(there, point.risk.lower)
        if lower is not None:
            return lower
    return None


RULE = Rule(OneSidedCurve.rule, _ask, _why_not)
