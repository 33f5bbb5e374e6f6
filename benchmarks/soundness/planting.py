"""What families of points have in common: exact forward passes, the rows of a Jacobian, residuals that vanish on rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import exactsurf as es
from exactsurf.exact.linear_algebra import common_denominator, dot, kernel

F = Fraction
TINY = Fraction(1, 10**30)
"""How far a near miss is moved."""
LARGEST = 200
"""The largest residual."""


@dataclass(frozen=True)
class Planted:
    """A point, and what is known of it by the way it was made.

    `expected`, the status that its decision must have, None where the decision alone tells; `order` m, if all derivatives of
    orders 1, …, m − 1 vanish along every ray, and the risk falls at order m along one.
    """

    problem: es.Problem
    parameters: es.Parameters
    expected: es.Status | None = None
    order: int | None = None


@dataclass(frozen=True)
class Net:
    """Weights and biases of every layer as rows, the bias of a unit behind its weights; one output."""

    activation: es.PiecewiseLinear
    rows: tuple[tuple[tuple[Fraction, ...], ...], ...]

    def parameters(self, network: es.Network) -> es.Parameters:
        """The parameters of a network that has biases in all layers, or in none."""
        has_bias = any(network.biases)
        named: dict[str, object] = {}
        for layer, rows in enumerate(self.rows, start=1):
            named[f"W{layer}"] = [row[:-1] if has_bias else row for row in rows]
            if has_bias:
                named[f"b{layer}"] = [row[-1] for row in rows]
        return es.Problem(network, es.Data.from_arrays([[0] * network.widths[0]], [0])).parameters(**named)


def network_of(net: Net, inputs: int, biases: bool) -> es.Network:
    """The network of these weights."""
    return es.Network([inputs, *map(len, net.rows)], net.activation, biases=biases)


def passed(net: Net, sample: Sequence[Fraction], biases: bool) -> list[tuple[tuple[Fraction, ...], list[Fraction]]]:
    """For every layer what enters it (a 1 behind, if there are biases) and its pre-activations."""
    found, below = [], list(sample)
    for rows in net.rows:
        entering = tuple([*below, F(1)] if biases else below)
        above = [dot(entering, row) for row in rows]
        found.append((entering, above))
        below = [net.activation(z) for z in above]
    return found


def jacobian_row(net: Net, sample: Sequence[Fraction], biases: bool, side: int) -> list[Fraction]:
    """The derivatives of the output by all weights; at breakpoints slopes from the left (side 0) or right (side 1)."""
    layers = passed(net, sample, biases)
    factors, blocks = [F(1)], []
    for (entering, _), rows, before in zip(reversed(layers), reversed(net.rows), [*reversed(layers[:-1]), None], strict=True):
        blocks.append([factor * value for factor in factors for value in entering])
        if before is not None:
            back = [sum((f * row[k] for f, row in zip(factors, rows, strict=True)), F(0)) for k in range(len(before[1]))]
            factors = [b * net.activation.slopes_at(z)[side] for b, z in zip(back, before[1], strict=True)]
    return [value for block in reversed(blocks) for value in block]


def outputs(net: Net, inputs: Sequence[Sequence[Fraction]], biases: bool) -> list[Fraction]:
    """The predictions."""
    return [passed(net, sample, biases)[-1][1][0] for sample in inputs]


def is_off_walls(net: Net, inputs: Sequence[Sequence[Fraction]], biases: bool) -> bool:
    """Whether no pre-activation of a hidden unit is a breakpoint."""
    walls = set(net.activation.breakpoints)
    return not any(z in walls for sample in inputs for _, above in passed(net, sample, biases)[:-1] for z in above)


def vanishing(
    rnd: random.Random, equations: Sequence[Sequence[Fraction]], samples: int, largest: int = LARGEST
) -> list[Fraction] | None:
    """Integer residuals, none beyond `largest`, on which these rows vanish; None if none are found."""
    basis = kernel(equations) if equations else tuple(tuple(F(int(i == k)) for i in range(samples)) for k in range(samples))
    if not basis:
        return None
    for _ in range(20):
        factors = [rnd.randint(-2, 2) for _ in basis]
        found = [sum((c * row[i] for c, row in zip(factors, basis, strict=True)), F(0)) for i in range(samples)]
        if any(found):
            scale = common_denominator(found)
            divisor = gcd(*(int(scale * value) for value in found))
            found = [scale * value / divisor for value in found]
            if max(map(abs, found)) <= largest:
                return found
    return None


def columns(rows: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """The transposed matrix."""
    return [list(column) for column in zip(*rows, strict=True)]


def problem_with(net: Net, inputs: Sequence[Sequence[Fraction]], residuals: Sequence[Fraction], biases: bool) -> Planted:
    """The point at which predictions differ from the targets by these residuals."""
    network = network_of(net, len(inputs[0]), biases)
    targets = [f - r for f, r in zip(outputs(net, inputs, biases), residuals, strict=True)]
    problem = es.Problem(network, es.Data.from_arrays([list(row) for row in inputs], targets))
    return Planted(problem, net.parameters(network))


def moved(planted: Planted, rnd: random.Random) -> Planted:
    """The same with one target or one weight moved by 10⁻³⁰."""
    problem, theta = planted.problem, planted.parameters
    if rnd.random() < 0.5:
        targets = [list(row) for row in problem.data.y]
        targets[rnd.randrange(len(targets))][0] += rnd.choice((-TINY, TINY))
        data = es.Data.from_arrays([list(row) for row in problem.data.x], targets)
        return Planted(es.Problem(problem.network, data), theta)
    named = {name: [list(row) if isinstance(row, tuple) else row for row in value] for name, value in theta.items()}
    place = named[rnd.choice(list(named))]
    row = rnd.choice(place)
    target, k = (row, rnd.randrange(len(row))) if isinstance(row, list) else (place, rnd.randrange(len(place)))
    target[k] += rnd.choice((-TINY, TINY))
    return Planted(problem, problem.parameters(**named))
