"""Rule `dead unit` for smooth activations: a unit of the last hidden layer that no output reads, whose use lowers the risk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.rules.smooth.dead_unit import SmoothDeadUnit
from exactsurf.effort import Effort
from exactsurf.exact.balls import to_arb
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.lower_points import HALVINGS, lower_point
from exactsurf.minima.smooth.rules.rule import Answer, Rule, Seen
from exactsurf.model.loss_jet import loss_jet
from exactsurf.model.parameter_vector import parameters_of, vector_of

if TYPE_CHECKING:
    from flint import arb


def _unread(point: EnclosedPoint) -> list[int]:
    last = point.parameters.weights[-1]
    return [j for j in range(point.problem.network.widths[-2]) if not any(row[j] for row in last)]


def _why_not(point: EnclosedPoint) -> str:
    network = point.problem.network
    if len(network.widths) < 3 or not network.activation.is_analytic:
        return "it needs a hidden layer and an analytic activation"
    if point.problem.decay is not None:
        return "it is for risks without weight decay"
    return "" if _unread(point) else "the outputs read every unit of the last hidden layer"


def _ask(point: EnclosedPoint, effort: Effort) -> Answer:
    """The frozen risk of a unit is an analytic function of its weights.

    So where it is not 0 somewhere, it is not 0 at weights arbitrarily near to the given ones, and there a small output weight
    lowers the risk.
    """
    problem, parameters = point.problem, point.parameters
    layers = _last_layers(point)
    if layers is None:
        return NotProved("the loss may have no derivative at a prediction")
    features, residuals = layers
    has_bias = problem.network.biases[-2]
    for unit in _unread(point):
        own = (*parameters.weights[-2][unit], *((parameters.biases[-2] or ())[unit : unit + 1] if has_bias else ()))
        for weights in _proposals(own):
            effort.check("other weights for a unit that no output reads")
            values = [problem.network.activation.value(_dot(weights, row, has_bias)) for row in features]
            for output in range(problem.network.widths[-1]):
                frozen = sum((row[output] * value for row, value in zip(residuals, values, strict=True)), to_arb(Fraction(0)))
                if frozen > 0 or frozen < 0:
                    lower = _use_unit(point, unit, output, weights, -1 if frozen > 0 else 1, effort)
                    if lower is not None:
                        return Seen(SmoothDeadUnit(unit, output, weights, lower), _reason(unit), point.bits)
    return NotProved("no use of a unit that no output reads is seen to lower the risk")


def _reason(unit: int) -> str:
    return f"not a local minimum: no output reads unit {unit} of the last hidden layer, and using it lowers the risk"


def _last_layers(point: EnclosedPoint) -> tuple[list[list[arb]], list[list[arb]]] | None:
    """What the last hidden layer reads, and the derivatives of the loss, sample by sample; None where it may have none."""
    problem, positions, entries = point.problem, point.positions, point.arbs
    features, residuals = [], []
    for sample, inputs in enumerate(problem.data.inputs):
        values = [to_arb(x) for x in inputs]
        for layer, units in enumerate(positions, start=1):
            if layer == len(positions) - 1:
                features.append(values)
            values = [_dot([entries[p] for p in unit], values, len(unit) > len(values)) for unit in units]
            if layer < len(positions):
                values = [problem.network.activation.value(z) for z in values]
        found = loss_jet(problem, sample, values)
        if found is None:
            return None
        residuals.append(found[1])
    return features, residuals


def _dot(weights: Sequence[arb | Fraction], values: Sequence[arb], has_bias: bool) -> arb:
    numbers = [to_arb(weight) if isinstance(weight, Fraction) else weight for weight in weights]
    start = numbers[-1] if has_bias else to_arb(Fraction(0))
    return sum((weight * value for weight, value in zip(numbers, values, strict=False)), start)


def _proposals(own: Vector) -> Iterator[Vector]:
    """Short weights, nearest first: the unit's own, then steps from them along one or two coordinates."""
    yield own
    size = len(own)
    for length in (Fraction(1), Fraction(1, 2), Fraction(2)):
        for p in range(size):
            for sign in (1, -1):
                yield tuple(value + sign * length * (q == p) for q, value in enumerate(own))
        for p in range(size):
            for other in range(p):
                for sign in (1, -1):
                    yield tuple(value + length * ((q == p) + sign * (q == other)) for q, value in enumerate(own))
    yield tuple(value + q + 1 for q, value in enumerate(own))


def _use_unit(point: EnclosedPoint, unit: int, output: int, weights: Vector, sign: int, effort: Effort) -> LowerPoint | None:
    vector = list(vector_of(point.parameters))
    for position, value in zip(point.positions[-2][unit], weights, strict=True):
        vector[position] = value
    for halvings in range(HALVINGS):
        effort.check("small output weights for a unit that no output reads")
        vector[point.positions[-1][output][unit]] = Fraction(sign, 1 << halvings)
        used = replace(point, parameters=parameters_of(point.problem.network, vector))
        lower = lower_point(used, point.risk.lower)
        if lower is not None:
            return lower
    return None


RULE = Rule(SmoothDeadUnit.rule, _ask, _why_not)
