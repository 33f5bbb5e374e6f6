"""Rule `one-sided curvature`: descent to second order where an `elu` unit with one slope at 0 has the pre-activation 0."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.certificate.rules.smooth.one_sided_curvature import OneSidedCurvature
from exactsurf.effort import Effort
from exactsurf.exact.balls import to_arb
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.hessian_box import negative_direction
from exactsurf.minima.smooth.lower_points import lower_point_along
from exactsurf.minima.smooth.rules.one_sided_slope import first_layer_is_zero
from exactsurf.minima.smooth.rules.rule import Answer, Rule, Seen
from exactsurf.minima.smooth.smooth_derivatives import penalised_positions
from exactsurf.model.loss_jet import loss_jet
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.smooth_activation import SmoothActivation

if TYPE_CHECKING:
    from flint import arb

MOST_PARAMETERS = 60
"""More parameters make too many pairs of them."""

_SHARES = (Fraction(0), Fraction(1), Fraction(1, 2))
"""What units at 0 are taken for where a direction is proposed: bent as on the right of 0, as on the left, or in between."""

_TRIED = "one-sided second derivatives along pairs of coordinates"
_REASON = "not a local minimum: the one-sided second derivative along a rational direction is negative"


@dataclass(frozen=True)
class _Line:
    """A value along a ray to second order: a + ȧt + ½ät²."""

    value: arb
    slope: arb
    bend: arb


def _why_not(point: EnclosedPoint) -> str:
    h = point.problem.network.activation
    if not isinstance(h, SmoothActivation) or not h.has_corner or h.constants[-1] != 1:
        return "it is for elu with one slope at 0"
    if len(point.arbs) > MOST_PARAMETERS:
        return f"it is for at most {MOST_PARAMETERS} parameters"
    return "" if point.derivatives is None else "the risk has second derivatives"


def _ask(point: EnclosedPoint, effort: Effort) -> Answer:
    """Directions of negative curvature of the quadratic forms that stand on either side, followed as they are."""
    for direction in _directions(point, effort):
        for sign in (1, -1):
            effort.check(_TRIED)
            ray = tuple(sign * value for value in direction)
            bend = one_sided_bend(point, ray)
            if bend is not None and bend < 0:
                found = lower_point_along(point, ray, 2, effort)
                if found is not None:
                    return Seen(OneSidedCurvature(found.direction, found.lower_point), _REASON, point.bits)
    return NotProved("no one-sided second derivative is seen to be negative")


def _directions(point: EnclosedPoint, effort: Effort) -> Iterator[Vector]:
    from flint import arb_mat

    size = len(point.arbs)
    for share in _SHARES:
        alone, forms = list["arb"](), arb_mat(size, size)
        for p in range(size):
            effort.check(_TRIED)
            bend = one_sided_bend(point, _sum_of(size, p), share)
            if bend is None:
                return
            alone.append(bend)
            forms[p, p] = bend
        for p in range(size):
            for q in range(p):
                effort.check(_TRIED)
                both = one_sided_bend(point, _sum_of(size, p, q), share)
                if both is None:
                    return
                forms[p, q] = forms[q, p] = (both - alone[p] - alone[q]) / 2
        direction = negative_direction(forms, forms)
        if direction is not None:
            yield direction


def _sum_of(size: int, *places: int) -> Vector:
    return tuple(Fraction(int(p in places)) for p in range(size))


def one_sided_bend(point: EnclosedPoint, direction: Sequence[Fraction], share: Fraction | None = None) -> arb | None:
    """A ball with the second derivative of the risk at t = 0 along θ + td, t ≥ 0; None where the loss may have none.

    Parameters: `point`, at its working precision, of ELU with one slope at 0; `direction` d; `share`, to take units at 0 for bent
    by this part of what they are on their left, whichever way they move: that makes a quadratic form of d. Exactness: the ball
    holds the value, if no `share` is given. Raises: nothing. Source: proofs/smooth.md, section 9.
    """
    problem, entries, zero = point.problem, point.arbs, to_arb(Fraction(0))
    exact, step = vector_of(point.parameters), [*map(to_arb, direction)]
    total, one = zero, to_arb(Fraction(1))
    for sample, inputs in enumerate(problem.data.inputs):
        below = [_Line(to_arb(x), zero, zero) for x in inputs]
        for layer, units in enumerate(point.positions, start=1):
            above = []
            for unit in units:
                ends = [*below, *([_Line(one, zero, zero)] if len(unit) > len(below) else [])]
                z = _affine([entries[p] for p in unit], [step[p] for p in unit], ends)
                if layer < len(point.positions):
                    is_zero = layer == 1 and first_layer_is_zero([exact[p] for p in unit], inputs)
                    z = _image(point, _Line(zero, z.slope, z.bend) if is_zero else z, share)
                above.append(z)
            below = above
        found = loss_jet(problem, sample, [line.value for line in below])
        if found is None:
            return None
        _, slopes, curvatures = found
        total += sum((r * line.bend for r, line in zip(slopes, below, strict=True)), zero)
        for (k, m), curvature in curvatures.items():
            total += curvature * below[k].slope * below[m].slope * (1 if k == m else 2)
    if problem.decay is not None:
        total += to_arb(problem.decay.factor) * sum((step[p] ** 2 for p in penalised_positions(problem)), zero)
    return total


def _affine(weights: Sequence[arb], steps: Sequence[arb], ends: Sequence[_Line]) -> _Line:
    """(w + tẇ)·a(t) to second order."""
    zero = to_arb(Fraction(0))
    value, slope, bend = zero, zero, zero
    for w, s, a in zip(weights, steps, ends, strict=True):
        value += w * a.value
        slope += s * a.value + w * a.slope
        bend += 2 * s * a.slope + w * a.bend
    return _Line(value, slope, bend)


def _image(point: EnclosedPoint, z: _Line, share: Fraction | None) -> _Line:
    h = point.problem.network.activation
    assert isinstance(h, SmoothActivation)
    right = to_arb(h.constants[0] if len(h.constants) == 2 else Fraction(1))
    nothing, value = to_arb(Fraction(0)), h.value(z.value)
    is_zero, left = z.value == 0, right * z.value.exp()
    if is_zero and share is not None:
        slope, curvature = right, to_arb(share) * right
    elif z.value > 0 or (is_zero and z.slope >= 0):
        slope, curvature = right, nothing
    elif z.value < 0 or (is_zero and z.slope <= 0):
        slope = curvature = left
    else:
        lower = right.union(right * z.value.lower().exp())
        slope, curvature = right if is_zero else lower, lower.union(nothing)
    return _Line(value, slope * z.slope, slope * z.bend + curvature * z.slope * z.slope)


RULE = Rule(OneSidedCurvature.rule, _ask, _why_not)
