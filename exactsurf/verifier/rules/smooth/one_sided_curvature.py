"""The rule `one-sided curvature`: the risk of `elu` falls to second order along a direction (FORMAT.md, section 55)."""

from __future__ import annotations

from functools import partial

from ...arithmetic.document import Field, at
from ...arithmetic.effort import price, spend
from ...arithmetic.interval import Interval, enclose
from ...network import Parameters, read_parameters
from ...risk_jet import Jet, add_sample
from ...smooth_activation import SmoothActivation
from ...smooth_problem import SmoothProblem
from .one_sided import Row, outputs_along

_T = 0
"""The coordinate of the jets, which is how far one goes along the direction."""


def check_one_sided_curvature(
    problem: SmoothProblem, parameters: Parameters, rule: Field, field: Field, version: int, bits: int
) -> None:
    """A direction with a negative one-sided second derivative."""
    activation = problem.activation
    if version == 1 or activation.name not in ("elu", "selu") or activation.right != activation.left:
        raise rule.reject("this rule is for elu with one slope at 0, in format 2")
    direction = read_parameters(field, problem.widths, problem.biases)
    with at(field.place):
        total = one_sided_curvature(problem, parameters, direction, bits)
    if total.high >= 0:
        raise field.reject("the one-sided second derivative along the direction is not negative, as far as these bits tell")


def one_sided_curvature(problem: SmoothProblem, parameters: Parameters, direction: Parameters, bits: int) -> Interval:
    """An interval with the second derivative at t = 0 along the ray, t ≥ 0; ValueError where the loss may have none."""
    total, zero = Jet(Interval(0, 0, bits)), Interval(0, 0, bits)
    for index in range(problem.samples):
        inputs, targets = problem.sample(index, bits)
        line = outputs_along(
            problem,
            index,
            parameters,
            direction,
            [Jet(value, {_T: zero}, {(_T, _T): zero}) for value in inputs],
            partial(_affine, bits=bits),
            partial(_image, problem.activation),
        )
        add_sample(problem, index, line, targets, total)
    curvature = total.hessian.get((_T, _T), zero)
    if problem.decay is not None:
        curvature = curvature + enclose(problem.decay.product(direction, direction), bits)
    return curvature


def _affine(own: Row, change: Row, line: list[Jet], bits: int) -> Jet:
    """(w + tẇ)·a(t) + b + tḃ to second order."""
    value = Interval(0, 0, bits) if own[1] is None else enclose(own[1], bits)
    slope = Interval(0, 0, bits) if change[1] is None else enclose(change[1], bits)
    bend = Interval(0, 0, bits)
    spend(15 * len(line) * price(bits))
    for weight, step, a in zip(own[0], change[0], line, strict=True):
        factor, moved = enclose(weight, bits), enclose(step, bits)
        value = value + factor * a.value
        slope = slope + moved * a.value + factor * a.gradient[_T]
        bend = bend + (moved * a.gradient[_T]).times(2) + factor * a.hessian[_T, _T]
    return Jet(value, {_T: slope}, {(_T, _T): bend})


def _image(activation: SmoothActivation, z: Jet, is_known: bool) -> Jet:
    bits, slope = z.value.bits, z.gradient[_T]
    at_zero = is_known or z.value.low == z.value.high == 0
    if at_zero:
        z = Jet(Interval(0, 0, bits), z.gradient, z.hessian)
    nothing, right = Interval(0, 0, bits), enclose(activation.right, bits)
    if z.value.low > 0 or (at_zero and slope.low >= 0):
        return _composed(z, activation.value(z.value), right, nothing)
    power = activation.value(Interval(min(z.value.low, 0), min(z.value.high, 0), bits)) + right  # λα e^z, as λα = λ
    if z.value.high < 0 or (at_zero and slope.high <= 0):
        return _composed(z, activation.value(z.value), power, power)
    lower = Interval(min(power.low, right.low), max(power.high, right.high), bits)
    either = Interval(min(power.low, 0), max(power.high, right.high), bits)
    return _composed(z, activation.value(z.value), right if at_zero else lower, either)


def _composed(z: Jet, value: Interval, slope: Interval, curvature: Interval) -> Jet:
    found = Jet(value, {_T: slope * z.gradient[_T]}, {(_T, _T): slope * z.hessian[_T, _T]})
    found.add_square(z.gradient, curvature)
    return found
