"""Rule `one-sided slope`: descent where an `elu` or `selu` unit has the pre-activation 0."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.certificate.rules.smooth.one_sided_slope import OneSidedSlope
from exactsurf.effort import Effort
from exactsurf.exact.balls import rounded, to_arb
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.lower_points import lower_point_along
from exactsurf.minima.smooth.rules.rule import Answer, Rule, Seen
from exactsurf.minima.smooth.smooth_derivatives import penalised_positions
from exactsurf.model.loss_jet import loss_jet
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.smooth_activation import SmoothActivation

if TYPE_CHECKING:
    from flint import arb

_DIRECTION_BITS, _SLOPE_BITS = 10, 60


_REASON = "not a local minimum: the one-sided derivative along a rational direction is negative"


def _why_not(point: EnclosedPoint) -> str:
    if not point.problem.network.activation.has_corner:
        return "it is for an activation with two slopes at 0"
    return "" if point.derivatives is None else "the risk has second derivatives"


def _ask(point: EnclosedPoint, effort: Effort) -> Answer:
    """All coordinates are tried both ways, and then what they say together."""
    size = len(point.arbs)
    falls: list[Fraction] = [Fraction(0)] * size
    for place in range(size):
        for sign in (1, -1):
            effort.check("one-sided derivatives along the coordinates")
            slope = _slope(point, _unit(size, place, sign))
            if slope is None:
                return NotProved("the loss may have no derivative at a prediction")
            fall = -rounded(slope.mid(), _SLOPE_BITS) if slope < 0 else Fraction(0)
            if fall > abs(falls[place]):
                falls[place] = sign * fall
    for direction in _directions(falls):
        effort.check("one-sided derivatives along the coordinates")
        slope = _slope(point, direction)
        if slope is not None and slope < 0:
            found = lower_point_along(point, direction, 1, effort)
            if found is not None:
                return Seen(OneSidedSlope(found.direction, found.lower_point), _REASON, point.bits)
    return NotProved("no one-sided derivative is seen to be negative")


def _unit(size: int, place: int, sign: int) -> Vector:
    return tuple(Fraction(sign * (p == place)) for p in range(size))


def _directions(falls: Sequence[Fraction]) -> Iterator[Vector]:
    """All falls together, and the steepest coordinate alone."""
    steepest = max(map(abs, falls))
    if steepest:
        place = max(range(len(falls)), key=lambda p: abs(falls[p]))
        yield tuple(Fraction(round(fall / steepest * 2**_DIRECTION_BITS), 2**_DIRECTION_BITS) for fall in falls)
        yield _unit(len(falls), place, 1 if falls[place] > 0 else -1)


def _slope(point: EnclosedPoint, direction: Vector) -> arb | None:
    """The one-sided derivative of the risk along a direction; None where the loss may have none."""
    problem, positions, entries = point.problem, point.positions, point.arbs
    h = problem.network.activation
    assert isinstance(h, SmoothActivation)
    exact, step = vector_of(point.parameters), [*map(to_arb, direction)]
    total, zero = to_arb(Fraction(0)), to_arb(Fraction(0))
    for sample, inputs in enumerate(problem.data.inputs):
        values, slopes = [*map(to_arb, inputs)], [zero] * len(inputs)
        for layer, units in enumerate(positions, start=1):
            above = []
            for unit in units:
                ends = [*values, *([to_arb(Fraction(1))] if len(unit) > len(values) else [])]
                moves = [*slopes, *([zero] if len(unit) > len(values) else [])]
                z = sum((entries[p] * a for p, a in zip(unit, ends, strict=True)), zero)
                slope = sum((step[p] * a + entries[p] * m for p, a, m in zip(unit, ends, moves, strict=True)), zero)
                if layer < len(positions):
                    known = layer == 1 and first_layer_is_zero([exact[p] for p in unit], inputs)
                    z, slope = h.one_sided(zero if known else z, slope)
                above.append((z, slope))
            values, slopes = [z for z, _ in above], [slope for _, slope in above]
        found = loss_jet(problem, sample, values)
        if found is None:
            return None
        total += sum((r * slope for r, slope in zip(found[1], slopes, strict=True)), zero)
    if problem.decay is not None:
        penalised = penalised_positions(problem)
        total += to_arb(problem.decay.factor) * sum((entries[p] * step[p] for p in penalised), zero)
    return total


def first_layer_is_zero(weights: Sequence[Fraction], inputs: Sequence[Fraction]) -> bool:
    """Whether a unit of the first layer, its bias last, is at 0. Exactness: exact. Raises: nothing. Source: the definition."""
    shift = weights[-1] if len(weights) > len(inputs) else Fraction(0)
    return sum((w * x for w, x in zip(weights, inputs, strict=False)), shift) == 0


RULE = Rule(OneSidedSlope.rule, _ask, _why_not)
