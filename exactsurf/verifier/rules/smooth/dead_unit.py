"""The rule `dead unit` of smooth activations: a unit that no output reads would help at other weights (FORMAT.md, section 13)."""

from __future__ import annotations

from collections.abc import Sequence

from ...arithmetic.document import Field, Rejected, at
from ...arithmetic.interval import Interval, enclose
from ...arithmetic.rational import Rational
from ...network import Parameters
from ...risk_jet import loss_slopes
from ...smooth_problem import SmoothProblem


def check_dead_unit(problem: SmoothProblem, parameters: Parameters, fields: Sequence[Field], bits: int) -> None:
    """Weights at which the frozen risk of an unread unit is not 0."""
    unit_field, output_field, weights_field, _ = fields
    if not problem.activation.is_analytic or len(problem.widths) < 3:
        raise Rejected(unit_field.place, "this rule is for hidden units with an analytic activation")
    unit, output = unit_field.index(problem.widths[-2]), output_field.index(problem.widths[-1])
    if any(row[unit] for row in parameters.weights[-1]):
        raise unit_field.reject("an output reads this unit")
    weights = weights_field.vector(problem.widths[-3] + problem.biases[-2])
    with at(weights_field.place):
        own, total = [enclose(value, bits) for value in weights], Interval(0, 0, bits)
        for features, slopes in _last_layers(problem, parameters, bits):
            total = total + slopes[output] * problem.activation.value(_affine(own, features, problem.biases[-2]))
    if total.low <= 0 <= total.high:
        raise weights_field.reject("the frozen risk may be 0 at these weights, as far as these bits tell")


def _last_layers(problem: SmoothProblem, parameters: Parameters, bits: int) -> list[tuple[list[Interval], list[Interval]]]:
    """What the last hidden layer reads, and the derivatives of the loss, sample by sample."""
    found = []
    for index in range(problem.samples):
        values, targets = problem.sample(index, bits)
        read = values
        for layer, (matrix, biases) in enumerate(zip(parameters.weights, parameters.biases, strict=True), 1):
            if layer == len(parameters.weights) - 1:
                read = values
            rows: list[list[Rational]] = [[*row, *(biases or [])[j : j + 1]] for j, row in enumerate(matrix)]
            values = [_affine([enclose(a, bits) for a in row], values, biases is not None) for row in rows]
            if layer < len(parameters.weights):
                values = [problem.activation.value(z) for z in values]
        found.append((read, loss_slopes(problem, index, values, targets)))
    return found


def _affine(weights: Sequence[Interval], values: Sequence[Interval], has_bias: bool) -> Interval:
    total = weights[-1] if has_bias else Interval(0, 0, values[0].bits)
    for weight, value in zip(weights, values, strict=False):
        total = total + weight * value
    return total
