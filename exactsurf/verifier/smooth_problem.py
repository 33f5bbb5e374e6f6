"""Training problems with a smooth activation: risk, gradient and Hessian on intervals (FORMAT.md, section 10)."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TypeVar

from .analytic_loss import AnalyticLoss, check_targets, read_analytic_loss
from .arithmetic.document import Field
from .arithmetic.effort import price, spend
from .arithmetic.interval import Interval, enclose
from .arithmetic.rational import Rational
from .arithmetic.table import Table
from .loss import Loss, read_loss
from .network import Parameters
from .problem import check_labels, read_architecture, read_data, read_weights, weights_name
from .smooth_activation import SmoothActivation, read_smooth_activation
from .smooth_loss import WeightedLoss

Pair = tuple[int, int]
Key = TypeVar("Key")


@dataclass(frozen=True)
class SmoothProblem:
    """A network architecture with a smooth activation, data, and a loss with the weights of the samples."""

    widths: list[int]
    biases: list[bool]
    activation: SmoothActivation
    loss: WeightedLoss
    x: Table
    y: Table
    expression: AnalyticLoss | None = None
    """The loss, in the place of `loss`, if it is given by an expression."""

    @property
    def samples(self) -> int:
        """N."""
        return len(self.x.rows)

    @property
    def architecture(self) -> str:
        """The widths as in the sentence of a claim, e.g. 3-2-1."""
        return "-".join(map(str, self.widths))

    @property
    def places(self) -> list[list[list[int]]]:
        """[layer − 1][unit]: the numbers of the coordinates of a row of weights and, behind them, of its bias."""
        found, start = [], 0
        for below, above, bias in zip(self.widths, self.widths[1:], self.biases, strict=False):
            shift = start + above * below
            rows = [range(start + j * below, start + (j + 1) * below) for j in range(above)]
            found.append([[*row, *([shift + j] if bias else [])] for j, row in enumerate(rows)])
            start = shift + above * bias
        return found

    @property
    def inputs(self) -> list[tuple[Rational, ...]]:
        """The inputs as numbers, sample by sample."""
        return _numbers(self.x)

    @cached_property
    def targets(self) -> list[tuple[Rational, ...]]:
        """The targets as numbers, sample by sample."""
        return _numbers(self.y)

    def share(self, index: int, bits: int) -> Interval:
        """The weight of a sample times the scale of a loss that is given by an expression."""
        weights = self.loss.weights
        scale = 1 if self.expression is None else self.expression.scale
        return enclose(Fraction(weights.numerators[index], weights.denominator) * scale, bits)

    def sample(self, index: int, bits: int) -> tuple[list[Interval], list[Interval]]:
        """Inputs and targets of a sample."""
        x, y = (
            [enclose(Fraction(value, d), bits) for value, d in zip(table.rows[index], table.denominators, strict=True)]
            for table in (self.x, self.y)
        )
        return x, y


def _numbers(table: Table) -> list[tuple[Rational, ...]]:
    return [tuple(Fraction(value, d) for value, d in zip(row, table.denominators, strict=True)) for row in table.rows]


def read_smooth_problem(
    document: Field, data_folder: str | os.PathLike[str] | None, piecewise: bool = False, version: int = 1
) -> SmoothProblem:
    """The field `problem` of a claim about a smooth activation, or one that may be piecewise linear."""
    names = ["widths", "biases", "activation", "loss", "data"]
    widths_field, biases_field, activation, loss_field, data, *weights = document.fields(*names, *weights_name(document, version))
    widths, biases = read_architecture(widths_field, biases_field)
    if piecewise and version > 1 and loss_field.has("tree"):
        return _with_expression(widths, biases, activation, loss_field, data, weights, data_folder)
    loss = read_loss(loss_field, version, widths[-1])
    if version == 1 and (loss.gap != "difference" or len(loss.pieces) > 1):
        raise loss_field.child("name").reject("claims about smooth activations need the loss squared")
    function = read_smooth_activation(activation, piecewise)
    x, y = read_data(data, widths, data_folder)
    check_labels(loss, y, data)
    return SmoothProblem(widths, biases, function, WeightedLoss(loss, y, read_weights(weights, len(x.rows))), x, y)


def _with_expression(
    widths: list[int],
    biases: list[bool],
    activation: Field,
    loss_field: Field,
    data: Field,
    weights: list[Field],
    data_folder: str | os.PathLike[str] | None,
) -> SmoothProblem:
    """A problem with a piecewise linear activation and a loss given by an expression, but for `classes`."""
    if not activation.has("breakpoints"):
        raise activation.reject("with a loss given by an expression the activation is piecewise linear")
    expression = read_analytic_loss(loss_field, widths[-1])
    if expression.gap == "classes":
        raise loss_field.child("gap").reject("critical points for this gap are not isolated")
    function = read_smooth_activation(activation, True)
    x, y = read_data(data, widths, data_folder)
    check_targets(expression, y, data)
    weighted = WeightedLoss(Loss("difference", [], [(0, 0, 0)]), y, read_weights(weights, len(x.rows)))
    return SmoothProblem(widths, biases, function, weighted, x, y, expression)


@dataclass
class Jet:
    """A value with its gradient and the upper triangle of its Hessian; entries that are left out are 0."""

    value: Interval
    gradient: dict[int, Interval] = field(default_factory=dict)
    hessian: dict[Pair, Interval] = field(default_factory=dict)

    def add(self, other: Jet, factor: Interval) -> None:
        """Add factor · other to the derivatives."""
        _add(self.gradient, other.gradient, factor)
        _add(self.hessian, other.hessian, factor)

    def add_square(self, gradient: Mapping[int, Interval], factor: Interval) -> None:
        """Add factor · gradient gradientᵀ to the Hessian."""
        spend(2 * len(gradient) ** 2 * price(factor.bits))
        scaled = {p: factor * value for p, value in gradient.items()}
        for p, first in scaled.items():
            for q, second in gradient.items():
                if p < q:
                    self.bump((p, q), first * second)
                elif p == q:
                    self.bump((p, p), factor * second.square())

    def bump(self, pair: Pair, value: Interval) -> None:
        """Add to an entry of the Hessian."""
        self.hessian[pair] = self.hessian[pair] + value if pair in self.hessian else value


def _add(total: dict[Key, Interval], other: Mapping[Key, Interval], factor: Interval) -> None:
    spend(3 * len(other) * price(factor.bits))
    for key, value in other.items():
        total[key] = total[key] + factor * value if key in total else factor * value


def risk_on(problem: SmoothProblem, point: Sequence[Interval], bits: int) -> Interval:
    """An interval with the risk at every point of a box."""
    total = Interval(0, 0, bits)
    places = problem.places
    for index in range(problem.samples):
        values, targets = problem.sample(index, bits)
        for layer, units in enumerate(places, 1):
            values = [_affine_value(point, unit, values) for unit in units]
            if layer < len(places):
                values = [problem.activation.value(z) for z in values]
        if problem.expression is not None:
            for value, y in zip(values, problem.targets[index], strict=True):
                total = total + problem.share(index, bits) * problem.expression.jet_on(value, Fraction(y))[0]
            continue
        for k, right in problem.loss.terms(index):
            g = values[k] if right is None else values[k] - values[right]
            total = total + problem.loss.value(index, problem.loss.gap(index, k, g, targets[k])[0])
    return total if problem.expression is not None else enclose(problem.loss.unit, bits) * total


def derivatives_on(problem: SmoothProblem, point: Sequence[Interval], bits: int) -> Jet:
    """Intervals with risk, gradient and Hessian at every point of a box; ValueError where the risk may not be C²."""
    total = Jet(Interval(0, 0, bits))
    unit, places, loss = enclose(problem.loss.unit, bits), problem.places, problem.loss
    for index in range(problem.samples):
        inputs, targets = problem.sample(index, bits)
        jets = [Jet(value) for value in inputs]
        for layer, units in enumerate(places, 1):
            jets = [_affine(point, unit, jets) for unit in units]
            if layer < len(places):
                jets = [_composed(problem.activation, z) for z in jets]
        if problem.expression is not None:
            for g, y in zip(jets, problem.targets[index], strict=True):
                share = problem.share(index, bits)
                parts = [share * part for part in problem.expression.jet_on(g.value, Fraction(y))]
                total.value = total.value + parts[0]
                total.add(g, parts[1])
                total.add_square(g.gradient, parts[2])
            continue
        for k, right in loss.terms(index):
            g = jets[k] if right is None else _difference(jets[k], jets[right])
            u, sign = loss.gap(index, k, g.value, targets[k])
            slope, curvature = loss.slope(index, u)
            total.value = total.value + unit * loss.value(index, u)
            total.add(g, unit * slope.times(sign))
            total.add_square(g.gradient, unit.times(curvature))
    return total


def _difference(first: Jet, second: Jet) -> Jet:
    minus = Interval(-1 << first.value.bits, -1 << first.value.bits, first.value.bits)
    found = Jet(first.value - second.value, dict(first.gradient), dict(first.hessian))
    found.add(second, minus)
    return found


def _affine_value(point: Sequence[Interval], unit: Sequence[int], values: Sequence[Interval]) -> Interval:
    total = Interval(0, 0, values[0].bits) if len(unit) == len(values) else point[unit[-1]]
    spend(3 * len(values) * price(values[0].bits))
    for position, value in zip(unit, values, strict=False):
        total = total + point[position] * value
    return total


def _affine(point: Sequence[Interval], unit: Sequence[int], below: Sequence[Jet]) -> Jet:
    values = [jet.value for jet in below]
    result = Jet(_affine_value(point, unit, values))
    for position, jet in zip(unit, below, strict=False):
        result.gradient[position] = jet.value
    if len(unit) > len(below):
        bits = values[0].bits
        result.gradient[unit[-1]] = Interval(1 << bits, 1 << bits, bits)
    for position, jet in zip(unit, below, strict=False):
        result.add(jet, point[position])
        # ∂²(w·a)/∂w∂θ = ∂a/∂θ; a does not depend on w, so no entry is on the diagonal.
        for other, slope in jet.gradient.items():
            result.bump((min(position, other), max(position, other)), slope)
    return result


def _composed(activation: SmoothActivation, z: Jet) -> Jet:
    value, slope, curvature = activation.jet(z.value)
    result = Jet(value)
    result.add(z, slope)
    result.add_square(z.gradient, curvature)
    return result


def vector_of(parameters: Parameters) -> list[Rational]:
    """The coordinates: W1 by rows, b1, W2, …."""
    vector: list[Rational] = []
    for matrix, biases in zip(parameters.weights, parameters.biases, strict=True):
        vector += [value for row in matrix for value in row]
        vector += biases or []
    return vector


def hessian_entry(jet: Jet, p: int, q: int, zero: Interval) -> Interval:
    """An entry of the Hessian; `zero` where it has none."""
    return jet.hessian.get((min(p, q), max(p, q)), zero)


def curvature_along(jet: Jet, vector: list[Rational]) -> Interval:
    """A positive multiple of dᵀHd."""
    zero = Interval(0, 0, jet.value.bits)
    integers, total = whole_numbers(vector), zero
    for p, a in integers.items():
        for q, b in integers.items():
            if p <= q:
                total = total + hessian_entry(jet, p, q, zero).times(a * b * (1 if p == q else 2))
    return total


def whole_numbers(vector: list[Rational]) -> dict[int, int]:
    """The entries that are not 0 of a positive multiple of the vector."""
    common = lcm(*(value.denominator for value in vector))
    return {p: value.numerator * (common // value.denominator) for p, value in enumerate(vector) if value}
