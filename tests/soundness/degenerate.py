"""Degenerate points that are stationary by design: on walls, with units that are dead, equal or off, equal and zero inputs."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import exactsurf as es
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.minima.local.tangent_fan import TangentFan
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.model.point import Point

F = Fraction
SHAPES = ([1, 2, 1], [2, 2, 1], [1, 2, 2], [2, 1, 2], [1, 1, 1, 1], [1, 2, 1, 1], [1, 1, 2, 1], [1, 2, 2, 1], [1, 1, 1, 1, 1])
SHAPES += ([2, 2, 2, 1], [1, 2, 2, 2], [1, 1, 1, 2], [1, 2, 1, 2], [1, 1, 2, 1, 1])
ACTIVATIONS = (
    es.relu,
    es.leaky_relu("1/3"),
    es.absolute_value,
    es.hard_tanh,
    es.piecewise_linear([0], [0, 1], 1),
    es.piecewise_linear([0], [0, 1], -1),
    es.piecewise_linear([1], [0, 1]),
    es.piecewise_linear([0, 1], [0, 1, 0]),
    es.piecewise_linear([-1, 0, 1], [0, 1, 2, 0]),
    es.piecewise_linear([-1, 1], [1, 0, 1]),
    es.linear,
)
WEIGHTS = ([-2, -1, 1, 2], [-1, 0, 1], [0, 1], [-1, 1], [0, 0, 0, 1, -1], [0, 0, 1, 2, -1])


def degenerate_point(rnd: random.Random) -> tuple[es.Problem, es.Parameters]:
    """A problem with targets 0 and a point of small integers."""
    widths, layers = rnd.choice(SHAPES), 0
    layers = len(widths) - 1
    biases = rnd.choice([[True] * layers, [False] * layers, [rnd.random() < 0.5 for _ in range(layers)]])
    network = es.Network(widths, rnd.choice(ACTIVATIONS), biases=biases)
    x = [[rnd.randint(-2, 2) for _ in range(widths[0])] for _ in range(rnd.randint(1, 9))]
    pool, vector = rnd.choice(WEIGHTS), []
    for above, below, bias in zip(widths[1:], widths, biases, strict=False):
        rows = [[F(rnd.choice(pool)) for _ in range(below)] for _ in range(above)]
        shifts = [F(rnd.choice([-3, -2, -1, 0, 0, 1])) for _ in range(above)]
        if above > 1 and rnd.random() < 0.3:
            rows[1], shifts[1] = rows[0], shifts[0]
        vector += [v for row in rows for v in row] + (shifts if bias else [])
    return es.Problem(network, es.Data.from_arrays(x, [[0] * widths[-1]] * len(x))), parameters_of(network, vector)


def stationary_point(rnd: random.Random) -> tuple[es.Problem, es.Parameters] | None:
    """A degenerate point with targets that fulfil the first-order conditions on (some of) the cells; None if there are none."""
    blank, theta = degenerate_point(rnd)
    fan, samples, outputs = TangentFan(Point(blank, theta)), len(blank.data), blank.network.widths[-1]
    if len(fan.pairs) > 5:
        return None
    choices = list(product((1, -1), repeat=len(fan.pairs)))
    choices = choices if len(choices) <= 8 else rnd.sample(choices, 8)
    size = fan.forms.size
    columns, lower, upper = [], [], []
    for i, k in product(range(samples), range(outputs)):
        column = []
        for choice in choices:
            gradient = fan.sample_form(i, dict(zip(fan.pairs, choice, strict=True))).gradient(blank.network.layers, k)
            column += [F(int(gradient[p].p), int(gradient[p].q)) if p in gradient else F(0) for p in range(size)]
        columns.append([*column, F(rnd.randint(-3, 3))])
        lower.append(F(-1))
        upper.append(F(1))
    for block, choice in enumerate(choices):
        signs = dict(zip(fan.pairs, choice, strict=True))
        for pair in fan.pairs:
            column = [F(0)] * (size * len(choices) + 1)
            column[block * size : (block + 1) * size] = [-value for value in fan.wall_vector(pair, signs)]
            columns.append(column)
            lower.append(F(0))
            upper.append(None)
    wish = rnd.choice([F(1, 4), F(-1, 4), F(1)])
    solved = solve_bounded_system(columns, [F(0)] * (size * len(choices)) + [wish], lower, upper)
    if isinstance(solved, FarkasVector):
        return None
    r = [value / max(map(abs, solved.values[: samples * outputs])) for value in solved.values[: samples * outputs]]
    return _with_targets(rnd, blank, theta, [r[i * outputs : (i + 1) * outputs] for i in range(samples)])


def _with_targets(
    rnd: random.Random, blank: es.Problem, theta: es.Parameters, r: list[list[F]]
) -> tuple[es.Problem, es.Parameters]:
    """Targets at which r is (up to a factor) a subgradient of some loss."""
    loss = rnd.choice([es.squared, es.squared, es.absolute, es.huber(1)])
    strength = rnd.choice([F(1, 50), F(1, 5), F(1), F(5)])
    rows = []
    for f, values in zip(blank.predictions(theta), r, strict=True):
        if loss.name == "squared":
            rows.append([a - strength * v for a, v in zip(f, values, strict=True)])
        elif loss.name == "huber":
            rows.append([a - v * (2 if abs(v) == 1 and rnd.random() < 0.5 else 1) for a, v in zip(f, values, strict=True)])
        else:
            rows.append([a - v if abs(v) == 1 and rnd.random() < 0.7 else a for a, v in zip(f, values, strict=True)])
    return es.Problem(blank.network, es.Data.from_arrays(blank.data.x, rows), loss), theta
