"""Small problems with points that were planted: on many walls, with dead units, and with chosen residuals."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import exactsurf as es
from tests import oracle

F = Fraction
ACTIVATIONS = [
    es.relu,
    es.relu,
    es.leaky_relu("1/3"),
    es.absolute_value,
    es.relu_like(1, -2),
    es.hard_tanh,
    es.piecewise_linear([-1, 0, 1], [2, 0, 1, -1], 1),
]
LOSSES = [es.squared, es.squared, es.squared.mean, es.huber(2), es.huber(1).mean, es.absolute, es.hinge]


@dataclass(frozen=True)
class Planted:
    """A problem with a point, and what was done to make it."""

    problem: es.Problem
    theta: es.Parameters


def is_differentiable(planted: Planted) -> bool:
    """Whether the loss is differentiable at every prediction."""
    problem = planted.problem
    for f, y in zip(oracle.predictions(problem, planted.theta), problem.data.y, strict=True):
        if problem.loss.name == "absolute" and f == y or problem.loss.name == "hinge" and f[0] * y[0] == 1:
            return False
    return True


def plant(rnd: random.Random, *, near_miss: bool = False) -> Planted:
    """A random problem with one hidden layer and one output; rarely one that is fitted exactly."""
    while True:
        planted = _attempt(rnd, near_miss)
        fitted = [row[0] for row in oracle.predictions(planted.problem, planted.theta)]
        if rnd.random() < 0.05 or any(f != y for f, (y,) in zip(fitted, planted.problem.data.y, strict=True)):
            return planted


def _attempt(rnd: random.Random, near_miss: bool) -> Planted:
    d, units, samples = rnd.choice((1, 1, 2, 2)), rnd.randint(1, 3), rnd.randint(2, 8)
    h, loss = rnd.choice(ACTIVATIONS), rnd.choice(LOSSES[:5] if near_miss else LOSSES)
    network = es.Network([d, units, 1], h, biases=[rnd.random() < 0.7, rnd.random() < 0.7])
    x = [[F(rnd.randint(-2, 2)) for _ in range(d)] for _ in range(samples)]
    # Unit by unit: at the origin (every sample on a wall), in general position, dead, or a copy of the unit before.
    rows: list[list[Fraction]] = []
    for _ in range(units):
        kind = rnd.random()
        if kind < 0.15:
            rows.append([F(0)] * (d + 1))
        elif kind < 0.3:
            rows.append([F(0)] * d + [F(-3)])
        elif kind < 0.4 and rows:
            rows.append(rows[-1])
        else:
            rows.append([F(rnd.randint(-2, 2)) for _ in range(d + 1)])
    values = {
        "W1": [row[:d] for row in rows],
        "b1": [row[d] for row in rows],
        "W2": [[F(rnd.choice((-1, 0, 1, 1, 2))) for _ in rows]],
        "b2": [F(rnd.randint(-1, 1))],
    }
    named = {name: values[name] for name in network.shapes}
    blank = es.Problem(network, es.Data.from_arrays(x, [1] * samples), loss)
    theta = blank.parameters(**named)
    f = [row[0] for row in oracle.predictions(blank, theta)]
    r = _residuals(rnd, blank, theta, f)
    y = [_label(rnd, blank, value, slope) for value, slope in zip(f, r, strict=True)]
    if near_miss:
        shift = F(rnd.choice((-1, 1)), 10**30)
        if rnd.random() < 0.5:
            y[rnd.randrange(samples)] += shift
        else:
            theta = oracle.along(theta, oracle.random_direction(blank, rnd, density=0.3), shift)
    return Planted(es.Problem(network, es.Data.from_arrays(x, y), loss), theta)


def _equations(problem: es.Problem, theta: es.Parameters) -> list[list[Fraction]]:
    """Σ r = 0 and φ_j(w_j) = 0 as rows of a homogeneous system for r."""
    rows = [[F(1)] * len(problem.data)] if problem.network.biases[1] else []
    hidden = [oracle.pre_activations(problem, theta, x)[0] for x in problem.data.x]
    for j in range(problem.network.widths[1]):
        rows.append([oracle.activate(problem.network.activation, z[j]) for z in hidden])
    return rows


def _gradients(problem: es.Problem, theta: es.Parameters, rnd: random.Random) -> list[list[Fraction]]:
    """The local forms of some units are asked to have no linear part (mean slopes at breakpoints)."""
    h, rows = problem.network.activation, []
    for j in range(problem.network.widths[1]):
        dead = theta.weights[1][0][j] == 0
        if rnd.random() < (0.25 if dead else 0.4):
            continue
        slopes = []
        for x in problem.data.x:
            z = oracle.pre_activations(problem, theta, x)[0][j]
            slopes.append((oracle.slope_left(h, z) + oracle.slope_right(h, z)) / 2)
        columns = [[s * x[p] for s, x in zip(slopes, problem.data.x, strict=True)] for p in range(problem.network.widths[0])]
        rows += [*columns, slopes] if problem.network.biases[0] else columns
        if dead:
            for i, x in enumerate(problem.data.x):
                z = oracle.pre_activations(problem, theta, x)[0][j]
                if oracle.slope_left(h, z) != oracle.slope_right(h, z):
                    rows.append([F(int(k == i)) for k in range(len(problem.data))])
    return rows


def _kinks_point_up(problem: es.Problem, theta: es.Parameters, r: Sequence[Fraction]) -> bool:
    """Whether all kinks of all local forms are convex where the output weight is not zero."""
    h = problem.network.activation
    for r_i, x in zip(r, problem.data.x, strict=True):
        for z, v in zip(oracle.pre_activations(problem, theta, x)[0], theta.weights[1][0], strict=True):
            if v * r_i * (oracle.slope_right(h, z) - oracle.slope_left(h, z)) < 0:
                return False
    return True


def _residuals(rnd: random.Random, problem: es.Problem, theta: es.Parameters, f: list[Fraction]) -> list[Fraction]:
    """Derivatives of the loss that satisfy as much of Theorem A as a few attempts find."""
    size = len(problem.data)
    if problem.loss.name in ("absolute", "hinge"):
        choices = [(F(-1), F(1))] * size
        if problem.loss.name == "hinge":
            choices = [tuple(sorted({_hinge_slope(value, y) for y in (1, -1)})) for value in f]  # type: ignore[misc]
        patterns = list(itertools.product(*choices))
        rnd.shuffle(patterns)
        equations = _equations(problem, theta)
        fitting = [r for r in patterns if not any(_sum(row, r) for row in equations)]
        wanted = [r for r in fitting if _kinks_point_up(problem, theta, r)]
        return list((wanted or fitting or patterns)[0])
    equations = _equations(problem, theta)
    if rnd.random() < 0.75:
        equations += _gradients(problem, theta, rnd)
    basis = oracle.kernel(equations, size)
    best = [F(0)] * size
    for _ in range(40):
        coefficients = [rnd.randint(-2, 2) for _ in basis]
        r = [sum((c * b[i] for c, b in zip(coefficients, basis, strict=True)), F(0)) for i in range(size)]
        if any(r):
            best = r
            if rnd.random() < 0.1 or _kinks_point_up(problem, theta, r):
                break
    return best


def _hinge_slope(f: Fraction, y: int) -> Fraction:
    return F(-y) if y * f < 1 else F(0)


def _label(rnd: random.Random, problem: es.Problem, f: Fraction, slope: Fraction) -> Fraction:
    """A target at which the derivative of the (unscaled) loss is proportional to `slope`."""
    kind = problem.loss.name
    if kind == "squared":
        return f - slope
    if kind == "huber":
        delta = problem.loss.delta
        assert delta is not None
        small = slope * delta / 12
        return f - small if abs(small) < delta or rnd.random() < 0.5 else f - 3 * small
    if kind == "absolute":
        return f - slope * rnd.randint(1, 3)
    # Hinge: the label is −slope where that is ±1; a sample without slope lies beyond its margin if it can.
    if slope:
        return -slope
    return F(1) if f > 1 else F(-1)


def _sum(row: Sequence[Fraction], r: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(row, r, strict=True)), F(0))
