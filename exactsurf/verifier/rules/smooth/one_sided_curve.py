"""The rule `one-sided curve`: the risk of `elu` and `selu` falls along a polynomial curve (FORMAT.md, section 64)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction

from ...analytic.box import of_sample
from ...arithmetic.document import Field, at
from ...arithmetic.effort import price, spend
from ...arithmetic.interval import Interval, enclose
from ...arithmetic.known_or_enclosed import Number, convolution, enclosed, is_positive_somewhere, is_zero, sign, times, total
from ...arithmetic.rational import Rational
from ...loss import Loss
from ...network import Parameters, read_parameters
from ...smooth_activation import SmoothActivation
from ...smooth_problem import SmoothProblem
from ..curve import read_order

Series = list[Number]
"""The coefficients of 1, t, t², …"""


def check_one_sided_curve(
    problem: SmoothProblem, parameters: Parameters, rule: Field, fields: Sequence[Field], version: int, bits: int
) -> None:
    """A curve along which the coefficients of the risk are not positive, and the last one is negative."""
    curve_field, order_field = fields
    if version == 1 or problem.activation.name not in ("elu", "selu"):
        raise rule.reject("this rule is for elu and selu, in format 2")
    entries = curve_field.items()
    if not entries:
        raise curve_field.reject("expected at least one coefficient of the curve")
    order = read_order(order_field)
    curve = [read_parameters(entry, problem.widths, problem.biases) for entry in entries]
    with at(curve_field.place):
        changes = risk_changes(problem, [parameters, *curve], order, bits)
    for n, value in enumerate(changes[:-1], 1):
        if is_positive_somewhere(value):
            raise order_field.reject(f"the coefficient of t^{n} may be positive, as far as these bits tell")
    if sign(changes[-1]) != -1:
        raise order_field.reject(f"the coefficient of t^{order} is not negative, as far as these bits tell")


def risk_changes(problem: SmoothProblem, terms: Sequence[Parameters], order: int, bits: int) -> Series:
    """The coefficients of t, …, t^order of the risk at Σ t^n terms[n], for small t > 0; ValueError where a side is not known."""
    changes: list[Series] = []
    for index, row in enumerate(problem.inputs):
        outputs = _outputs(problem, terms, row, order, bits)
        if problem.expression is None:
            changes += _changes_of_pieces(problem, index, outputs, bits)
        else:
            changes.append(_changes_of_expression(problem, index, outputs, bits))
    if problem.decay is not None:
        changes.append([*problem.decay.changes(terms, order)])
    return [total((series[n] for series in changes), bits) for n in range(order)]


def _outputs(problem: SmoothProblem, terms: Sequence[Parameters], row: Sequence[Rational], order: int, bits: int) -> list[Series]:
    values: list[Series] = [[value, *([0] * order)] for value in row]
    for layer in range(len(problem.widths) - 1):
        if layer:
            values = [_activated(problem.activation, z, bits) for z in values]
        values = [*(_affine(terms, layer, j, values, order, bits) for j in range(problem.widths[layer + 1]))]
    return values


def _affine(terms: Sequence[Parameters], layer: int, unit: int, below: Sequence[Series], order: int, bits: int) -> Series:
    parts: list[Series] = [[] for _ in range(order + 1)]
    spend(2 * len(below) * min(len(terms), order + 1) * (order + 1))
    for shift, term in enumerate(terms[: order + 1]):
        biases = term.biases[layer]
        if biases is not None:
            parts[shift].append(biases[unit])
        for weight, series in zip(term.weights[layer][unit], below, strict=True):
            if weight:
                for n in range(order + 1 - shift):
                    parts[n + shift].append(times(weight, series[n], bits))
    return [total(part, bits) for part in parts]


def _lead(series: Series) -> Number:
    """The first coefficient behind the constant one that is not known to be 0."""
    return next((value for value in series[1:] if not is_zero(value)), 0)


def _activated(h: SmoothActivation, z: Series, bits: int) -> Series:
    moves = _lead(z)
    side = sign(z[0]) if not is_zero(z[0]) else sign(moves)
    if side is None:
        raise ValueError("a pre-activation may be 0, or may leave 0 on either side")
    if side >= 0:
        return [times(h.right, value, bits) for value in z]
    value: Number = 0
    power: Number = h.left
    if not is_zero(z[0]):
        constant = enclosed(z[0], bits)
        value = h.value(constant)
        power = value + enclose(h.left, bits)  # λα e^z
    return [value, *(times(power, part, bits) for part in _exponential(z, bits)[1:])]


def _exponential(z: Series, bits: int) -> Series:
    """e^{z(t) − z(0)}: n E_n = Σ k z_k E_{n−k}."""
    slopes: Series = [times(k, value, bits) for k, value in enumerate(z)]
    found: Series = [1]
    for n in range(1, len(z)):
        spend(4 * n)
        found.append(times(Fraction(1, n), convolution(slopes, found, range(1, n + 1), n, bits), bits))
    return found


def _changes_of_pieces(problem: SmoothProblem, index: int, outputs: list[Series], bits: int) -> list[Series]:
    """The coefficients of t, t², … of every term of a sample, for a loss by pieces."""
    loss, weight, targets = problem.loss.loss, problem.weight(index), problem.targets[index]
    found = []
    for k, right in problem.loss.terms(index):
        gap = _gap(loss, outputs[k], None if right is None else outputs[right], targets[k], bits)
        found.append([times(weight, value, bits) for value in _loss_changes(loss, gap, bits)])
    return found


def _gap(loss: Loss, f: Series, right: Series | None, target: Rational, bits: int) -> Series:
    """The series of u at a term."""
    if loss.gap == "margin":
        return [times(target, value, bits) for value in f]
    if right is not None:
        return [total((a, times(-1, b, bits)), bits) for a, b in zip(f, right, strict=True)]
    return [total((f[0], -target), bits), *f[1:]]


def _loss_changes(loss: Loss, gap: Series, bits: int) -> Series:
    """The coefficients of t, t², … of the loss: at a breakpoint in the piece into which the gap moves."""
    if isinstance(gap[0], Interval):
        first = bisect_left(loss.breakpoints, Fraction(gap[0].low, 1 << bits))
        last = bisect_right(loss.breakpoints, Fraction(gap[0].high, 1 << bits))
        if first != last:
            raise ValueError("a gap may be a breakpoint of the loss")
        piece = first
    else:
        piece, last = bisect_left(loss.breakpoints, gap[0]), bisect_right(loss.breakpoints, gap[0])
        if piece != last:
            side = sign(_lead(gap))
            if side is None:
                raise ValueError("a gap may leave a breakpoint of the loss on either side")
            piece += side > 0
    a, b, _ = loss.pieces[piece]
    spend(len(gap) * len(gap))
    found: Series = []
    for n in range(1, len(gap)):
        square = times(a, convolution(gap, gap, range(n + 1), n, bits), bits) if a else 0
        found.append(total((square, times(b, gap[n], bits)), bits))
    return found


def _changes_of_expression(problem: SmoothProblem, index: int, outputs: list[Series], bits: int) -> Series:
    """The coefficients of t, t², … of what a sample adds, for a loss given by an expression, to second order in the outputs."""
    assert problem.expression is not None
    order = len(outputs[0]) - 1
    first = min((n for f in outputs for n, value in enumerate(f) if n and not is_zero(value)), default=order)
    if order > 2 * first:
        raise ValueError(f"the predictions move at t^{first}: the loss is followed to twice that order")
    share = problem.share(index, bits)
    spend(60 * len(outputs) * price(bits))
    targets = [Fraction(y) for y in problem.targets[index]]
    _, slopes, curvatures = of_sample(problem.expression, [enclosed(f[0], bits) for f in outputs], targets, bits)
    half = Fraction(1, 2)
    found: Series = []
    for n in range(1, order + 1):
        parts = [times(slope, f[n], bits) for slope, f in zip(slopes, outputs, strict=True)]
        for (k, m), curvature in curvatures.items():
            square = convolution(outputs[k], outputs[m], range(1, n), n, bits)
            parts.append(times(times(half if k == m else 1, curvature, bits), square, bits))
        found.append(times(share, total(parts, bits), bits))
    return found
