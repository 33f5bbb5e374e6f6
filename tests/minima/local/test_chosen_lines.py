"""The network on chosen lines: its paths and what units add to outputs, against the network with these lines evaluated."""

from __future__ import annotations

import random
from fractions import Fraction

import exactsurf as es
from exactsurf.minima.local.chosen_lines import ChosenLines
from exactsurf.minima.local.tangent_fan import TangentFan
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from tests import oracle

F = Fraction


def draw(rnd: random.Random) -> tuple[Point, ChosenLines]:
    widths = [rnd.randint(1, 2), *[rnd.randint(1, 2) for _ in range(rnd.randint(1, 3))], rnd.randint(1, 2)]
    h = rnd.choice([es.relu, es.absolute_value, es.leaky_relu("1/3"), es.piecewise_linear([-1, 0, 1], [0, 1, -1, 0], 1)])
    network = es.Network(widths, h, biases=[rnd.random() < 0.5 for _ in widths[1:]])
    x = [[rnd.randint(-1, 1) for _ in range(widths[0])] for _ in range(rnd.randint(1, 3))]
    problem = es.Problem(network, es.Data.from_arrays(x, [[0] * widths[-1]] * len(x)))
    point = Point(problem, oracle.random_direction(problem, rnd, density=0.4))
    chosen = {pair: F(rnd.randint(-3, 3), rnd.randint(1, 2)) for pair in TangentFan(point).pairs}
    return point, ChosenLines(point, tuple(range(len(x))), chosen)


def on_lines(lines: ChosenLines, theta: Parameters, i: int, added: tuple[int, int] = (0, 0), extra: int = 0) -> list[F]:
    """The outputs on a sample with all units on their lines; `extra` is added to the output of one unit."""
    below = list(lines.point.problem.data.x[i])
    for layer, weights in enumerate(theta.weights, start=1):
        biases = theta.biases[layer - 1] or [F(0)] * len(weights)
        z = [sum((w * v for w, v in zip(row, below, strict=True)), b) for row, b in zip(weights, biases, strict=True)]
        if layer == len(theta.weights):
            return z
        below = [a * value + c for value, (a, c) in zip(z, (unit[i] for unit in lines.lines[layer - 1]), strict=True)]
        if added[0] == layer:
            below[added[1]] += extra
    raise AssertionError


def test_sums_vanish_exactly_if_the_frozen_risk_on_the_lines_is_constant() -> None:
    rnd, seen = random.Random(2), {True: 0, False: 0}
    for _ in range(120):
        point, lines = draw(rnd)
        size = len(point.problem.data)
        vectors = [list(v) for v in lines.sums]
        for s in [*oracle.kernel(vectors, size), tuple(F(rnd.randint(-2, 2)) for _ in range(size))]:
            vanish = not any(sum((a * b for a, b in zip(v, s, strict=True)), F(0)) for v in vectors)
            values = []
            for _ in range(4):
                theta = oracle.random_direction(point.problem, rnd)
                outputs = [on_lines(lines, theta, i) for i in range(size)]
                values.append([sum((a * f[k] for a, f in zip(s, outputs, strict=True)), F(0)) for k in range(len(outputs[0]))])
            assert vanish == (not any(map(any, values))), (point, s)
            seen[vanish] += 1
    assert min(seen.values()) > 30


def test_effects_are_derivatives_by_what_a_unit_puts_out() -> None:
    rnd, seen = random.Random(3), {True: 0, False: 0}
    for _ in range(80):
        point, lines = draw(rnd)
        for pair in lines.chosen:
            layer, unit, i = pair
            before, after = (on_lines(lines, point.parameters, i, (layer, unit), extra) for extra in (0, 1))
            assert list(lines.effects(pair)) == [b - a for a, b in zip(before, after, strict=True)]
            theta = oracle.random_direction(point.problem, rnd)
            before, after = (on_lines(lines, theta, i, (layer, unit), extra) for extra in (0, 1))
            assert lines.is_reached(pair) >= (before != after)
            seen[lines.is_reached(pair)] += 1
    assert min(seen.values()) > 10
