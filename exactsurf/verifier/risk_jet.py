"""Risk, gradient and Hessian on intervals of parameters (FORMAT.md, sections 10, 23 and 32)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, TypeVar

from .analytic.box import of_sample
from .arithmetic.effort import price, spend
from .arithmetic.interval import Interval, enclose
from .arithmetic.rational import Rational
from .smooth_activation import SmoothActivation
from .smooth_problem import SmoothProblem

if TYPE_CHECKING:
    from .walls import Walls

Pair = tuple[int, int]
Key = TypeVar("Key")


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

    def add_product(self, first: Mapping[int, Interval], second: Mapping[int, Interval], factor: Interval) -> None:
        """Add factor · (first secondᵀ + second firstᵀ) to the Hessian."""
        spend(2 * len(first) * len(second) * price(factor.bits))
        for p, a in first.items():
            scaled = factor * a
            for q, b in second.items():
                product = scaled * b
                self.bump((min(p, q), max(p, q)), product.times(2) if p == q else product)

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
            values = [_affine_value(point, row, values) for row in units]
            if layer < len(places):
                values = [problem.activation.value(z) for z in values]
        if problem.expression is not None:
            total = total + problem.share(index, bits) * of_sample(problem.expression, values, _targets(problem, index), bits)[0]
            continue
        for k, right in problem.loss.terms(index):
            g = values[k] if right is None else values[k] - values[right]
            total = total + problem.loss.value(index, problem.loss.gap(index, k, g, targets[k])[0])
    total = total if problem.expression is not None else enclose(problem.loss.unit, bits) * total
    return total + _penalty(problem, point, bits)


def derivatives_on(problem: SmoothProblem, point: Sequence[Interval], bits: int, walls: Walls | None = None) -> Jet:
    """Intervals with risk, gradient and Hessian at every point of a box; ValueError where the risk may not be C².

    With `walls`, what lies on one is followed as section 32 says, and what is found there is told to it.
    """
    total = Jet(Interval(0, 0, bits))
    places = problem.places
    for index in range(problem.samples):
        inputs, targets = problem.sample(index, bits)
        jets = [Jet(value) for value in inputs]
        for layer, units in enumerate(places, 1):
            jets = [_affine(point, unit, jets) for unit in units]
            if layer < len(places):
                found = [None if walls is None else walls.followed(layer, j, index, z) for j, z in enumerate(jets)]
                jets = [
                    _composed(problem.activation, z) if known is None else known for z, known in zip(jets, found, strict=True)
                ]
        add_sample(problem, index, jets, targets, total, walls)
    if problem.decay is not None:
        factor = enclose(problem.decay.factor, bits)
        total.value = total.value + _penalty(problem, point, bits)
        for p in problem.penalised:
            slope = factor * point[p]
            total.gradient[p] = total.gradient[p] + slope if p in total.gradient else slope
            total.bump((p, p), factor)
    return total


def add_sample(
    problem: SmoothProblem,
    index: int,
    jets: Sequence[Jet],
    targets: Sequence[Interval],
    total: Jet,
    walls: Walls | None = None,
) -> None:
    """Add what a sample adds to the risk, from the jets of its predictions."""
    if problem.expression is not None:
        _add_expression(problem, index, jets, total)
    else:
        _add_pieces(problem, index, jets, targets, total, walls)


def _add_expression(problem: SmoothProblem, index: int, jets: Sequence[Jet], total: Jet) -> None:
    """Add what a sample adds to the risk, for a loss given by an expression."""
    assert problem.expression is not None
    bits = total.value.bits
    share = problem.share(index, bits)
    spend(60 * len(jets) * price(bits))
    value, slopes, curvatures = of_sample(problem.expression, [g.value for g in jets], _targets(problem, index), bits)
    total.value = total.value + share * value
    for g, slope in zip(jets, slopes, strict=True):
        total.add(g, share * slope)
    for (k, m), curvature in curvatures.items():
        if k == m:
            total.add_square(jets[k].gradient, share * curvature)
        else:
            total.add_product(jets[k].gradient, jets[m].gradient, share * curvature)


def _add_pieces(
    problem: SmoothProblem,
    index: int,
    jets: Sequence[Jet],
    targets: Sequence[Interval],
    total: Jet,
    walls: Walls | None,
) -> None:
    """Add what a sample adds to the risk, for a loss given by pieces."""
    loss, unit = problem.loss, enclose(problem.loss.unit, total.value.bits)
    for k, right in loss.terms(index):
        g = jets[k] if right is None else _difference(jets[k], jets[right])
        u, sign = loss.gap(index, k, g.value, targets[k])
        if walls is not None and walls.followed_by_the_loss(k, index, g, u, sign, total):
            continue
        slope, curvature = loss.slope(index, u)
        total.value = total.value + unit * loss.value(index, u)
        total.add(g, unit * slope.times(sign))
        total.add_square(g.gradient, unit.times(curvature))


def loss_slopes(problem: SmoothProblem, index: int, outputs: list[Interval], targets: list[Interval]) -> list[Interval]:
    """The derivatives of what a sample adds to the risk, by its predictions; ValueError where there may be none."""
    bits = outputs[0].bits
    if problem.expression is None:
        unit = enclose(problem.loss.unit, bits)
        return [unit * slope for slope in problem.loss.at_predictions(index, outputs, targets)]
    share = problem.share(index, bits)
    return [share * slope for slope in of_sample(problem.expression, outputs, _targets(problem, index), bits)[1]]


def _targets(problem: SmoothProblem, index: int) -> list[Fraction]:
    return [Fraction(y) for y in problem.targets[index]]


def _penalty(problem: SmoothProblem, point: Sequence[Interval], bits: int) -> Interval:
    """(λ/2) Σ w² over the penalised coordinates."""
    total = Interval(0, 0, bits)
    if problem.decay is None:
        return total
    for p in problem.penalised:
        total = total + point[p].square()
    return enclose(Fraction(problem.decay.factor, 2), bits) * total


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
