"""The rule `one-sided slope`: the risk of `elu` and `selu` falls along a direction (FORMAT.md, section 21)."""

from __future__ import annotations

from functools import partial

from ...arithmetic.document import Field, at
from ...arithmetic.effort import price, spend
from ...arithmetic.interval import Interval, enclose
from ...network import Parameters, read_parameters
from ...risk_jet import loss_slopes
from ...smooth_activation import SmoothActivation
from ...smooth_problem import SmoothProblem
from .one_sided import Row, outputs_along

Line = tuple[Interval, Interval]
"""A value and its one-sided derivative along the direction."""


def check_one_sided_slope(
    problem: SmoothProblem, parameters: Parameters, rule: Field, field: Field, version: int, bits: int
) -> None:
    """A direction with a negative one-sided derivative."""
    if version == 1 or problem.activation.name not in ("elu", "selu"):
        raise rule.reject("this rule is for elu and selu, in format 2")
    direction = read_parameters(field, problem.widths, problem.biases)
    with at(field.place):
        total = one_sided_slope(problem, parameters, direction, bits)
    if total.high >= 0:
        raise field.reject("the one-sided derivative along the direction is not negative, as far as these bits tell")


def one_sided_slope(problem: SmoothProblem, parameters: Parameters, direction: Parameters, bits: int) -> Interval:
    """An interval with the derivative; ValueError where the loss may have none."""
    total, zero = Interval(0, 0, bits), Interval(0, 0, bits)
    for index in range(problem.samples):
        inputs, targets = problem.sample(index, bits)
        line = outputs_along(
            problem,
            index,
            parameters,
            direction,
            [(value, zero) for value in inputs],
            partial(_affine, bits=bits),
            partial(_image, problem.activation),
        )
        slopes = loss_slopes(problem, index, [value for value, _ in line], targets)
        for slope, (_, change_of_output) in zip(slopes, line, strict=True):
            total = total + slope * change_of_output
    if problem.decay is not None:
        total = total + enclose(problem.decay.product(parameters, direction), bits)
    return total


def _affine(own: Row, change: Row, line: list[Line], bits: int) -> Line:
    value = Interval(0, 0, bits) if own[1] is None else enclose(own[1], bits)
    slope = Interval(0, 0, bits) if change[1] is None else enclose(change[1], bits)
    spend(9 * len(line) * price(bits))
    for weight, step, (a, moved) in zip(own[0], change[0], line, strict=True):
        factor = enclose(weight, bits)
        value = value + factor * a
        slope = slope + enclose(step, bits) * a + factor * moved
    return value, slope


def _image(activation: SmoothActivation, line: Line, is_zero: bool) -> Line:
    z, slope = line
    bits = z.bits
    if is_zero:
        z = Interval(0, 0, bits)
    value = activation.value(z)
    right, left = enclose(activation.right, bits), enclose(activation.left, bits)
    if z.low > 0 or (is_zero and slope.low >= 0):
        return value, right * slope
    below = activation.value(Interval(min(z.low, 0), min(z.high, 0), bits)) + left  # λα e^z
    if z.high < 0 or (is_zero and slope.high <= 0):
        return value, below * slope
    hull = Interval(min(right.low, below.low), max(right.high, below.high), bits)
    return value, hull * slope
