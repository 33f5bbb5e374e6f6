"""Rules `slope` and `curvature`: a rational direction in which the gradient, or else the Hessian, is negative."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from exactsurf.certificate.rules.smooth.descent import SmoothDescent
from exactsurf.effort import Effort
from exactsurf.exact.balls import rounded, to_arb
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.hessian_box import negative_direction
from exactsurf.minima.smooth.lower_points import lower_point_along
from exactsurf.minima.smooth.rules.rule import Answer, Rule, Seen

if TYPE_CHECKING:
    from flint import arb, arb_mat

_DIRECTION_BITS = 10
_NO_SECOND_DERIVATIVE = "a pre-activation is 0, where the activation has no second derivative, and no descent is seen"


def _ask(point: EnclosedPoint, effort: Effort) -> Answer:
    if point.derivatives is None:
        return NotProved(_NO_SECOND_DERIVATIVE)
    _, gradient, hessian = point.derivatives
    found = _slope(point, gradient, effort)
    if found is not None:
        return Seen(found, "not a local minimum: the gradient is not 0", point.bits)
    found = _curvature(point, hessian, effort)
    if found is not None:
        return Seen(found, "not a local minimum: the Hessian is negative along a rational direction", point.bits)
    return NotProved(f"at {point.bits} bits no entry of the gradient is seen not to be 0, and no direction of negative curvature")


def _slope(point: EnclosedPoint, gradient: Sequence[arb], effort: Effort) -> SmoothDescent | None:
    direction = down_the_slope(gradient)
    return None if direction is None else lower_point_along(point, direction, 1, effort)


def down_the_slope(gradient: Sequence[arb]) -> Vector | None:
    """A short direction with a negative slope for every gradient in the balls; None if none is seen. Exactness: proved."""
    from flint import arb

    clear = [value if value > 0 or value < 0 else arb(0) for value in gradient]
    largest = max((abs(value).mid() for value in clear), default=arb(0))
    if not largest > 0:
        return None
    direction = [-rounded(value.mid() / largest, _DIRECTION_BITS) for value in clear]
    if not sum((to_arb(d) * g for d, g in zip(direction, gradient, strict=True)), arb(0)) < 0:
        return None
    return tuple(direction)


def _curvature(point: EnclosedPoint, hessian: arb_mat, effort: Effort) -> SmoothDescent | None:
    """Along a direction d with dᵀHd < 0, or along −d, the risk falls, whatever the gradient is."""
    direction = negative_direction(hessian, hessian)
    return None if direction is None else lower_point_along(point, direction, 2, effort)


RULE = Rule("slope", _ask)
