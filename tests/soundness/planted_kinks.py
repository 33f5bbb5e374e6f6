"""Points at kinks of the loss and of units, with residuals that often balance; and an exact search for lower neighbours."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

import exactsurf as es
from exactsurf.model.parameter_vector import parameters_of, vector_of
from tests import oracle
from tests.soundness.float_network import FloatNetwork

F = Fraction
SHAPES = {
    "one": ([1, 1, 1], [1, 2, 1], [2, 1, 1], [2, 2, 1], [1, 3, 1]),
    "several": ([1, 1, 2], [1, 2, 2], [2, 2, 2], [2, 1, 3]),
    "classes": ([1, 1, 2], [1, 2, 2], [2, 2, 2], [2, 1, 3], [1, 1, 1, 2]),
    "deep": ([1, 1, 1, 1], [1, 2, 1, 1], [1, 1, 2, 1], [2, 1, 1, 1], [1, 1, 1, 2]),
}
ACTIVATIONS = (
    es.relu,
    es.relu,
    es.leaky_relu("1/2"),
    es.absolute_value,
    es.hard_tanh,
    es.piecewise_linear([0], [0, 1], 1),
    es.piecewise_linear([-1, 1], [1, 0, 1]),
)
POOLS = ([-1, 0, 1], [0, 1], [-1, 1], [0, 0, 1, -1], [0, 0, 0, 1])


def planted_kinks(rnd: random.Random, kind: str) -> tuple[es.Problem, es.Parameters]:
    """A point of small integers, and samples in pairs of opposite residuals, or at a kink of the loss, or alone."""
    widths = rnd.choice(SHAPES[kind])
    layers = len(widths) - 1
    biases = rnd.choice([[True] * layers, [False] * layers, [rnd.random() < 0.5 for _ in range(layers)]])
    network = es.Network(widths, rnd.choice(ACTIVATIONS), biases=biases)
    x = [[F(rnd.randint(-2, 2)) for _ in range(widths[0])] for _ in range(rnd.randint(1, 5))]
    pool, vector = rnd.choice(POOLS), []
    for above, below, bias in zip(widths[1:], widths, biases, strict=False):
        vector += [F(rnd.choice(pool)) for _ in range(above * below)]
        vector += [F(rnd.choice([-2, -1, 0, 0, 0, 1])) for _ in range(above * bias)]
    theta, outputs = parameters_of(network, vector), widths[-1]
    blank = es.Problem(network, es.Data.from_arrays(x, [[0] * outputs] * len(x)))
    losses = (es.absolute, es.absolute, es.huber(1), es.squared) if outputs > 1 else (es.absolute, es.hinge, es.huber(1))
    loss = es.hinge if kind == "classes" else rnd.choice(losses)
    rows: list[tuple[Sequence[F], Sequence[F]]] = []
    for inputs, f in zip(x, oracle.predictions(blank, theta), strict=True):
        if kind == "classes":
            right = [k for k in range(outputs) for _ in range(2) if rnd.random() < 0.5]
            rows += [(inputs, [F(k == c) for k in range(outputs)]) for c in right]
        elif loss == es.hinge:
            rows += [(inputs, [F(s)]) for s in (1, -1) for _ in range(rnd.choice([0, 1, 1, 2]))]
        else:
            gap, part = [F(rnd.choice([-1, 1, 2, F(1, 2)])) for _ in f], rnd.random()
            chosen = [0] * (rnd.random() < 0.5) + [1] * (part < 0.8) + [-1] * (part < 0.5)
            rows += [(inputs, [a + s * b for a, b in zip(f, gap, strict=True)]) for s in chosen]
    rows = rows or [(x[0], [F(1), *[F(0)] * (outputs - 1)])]
    return es.Problem(network, es.Data.from_arrays([a for a, _ in rows], [b for _, b in rows]), loss), theta


def falling_curve(problem: es.Problem, theta: es.Parameters, seed: int, count: int = 2000) -> list[tuple[int, int]] | None:
    """Integers c, e for every parameter such that the risk is lower at θ + (c·tᵉ) for small t, judged exactly at four t."""
    network, rng, start = FloatNetwork(problem), np.random.default_rng(seed), vector_of(theta)
    centre, size = np.array(list(map(float, start))), len(start)
    factors = rng.integers(-3, 4, size=(count, size))
    factors *= rng.random((count, size)) < rng.choice([0.2, 0.4, 0.7, 1.0], size=(count, 1))
    powers = np.where(rng.random((count, 1)) < 0.4, 1, rng.integers(1, 4, size=(count, size)))
    changes = network.risks(centre + factors / 64.0**powers)[0] - network.risks(centre[None])[0][0]
    base = oracle.risk(problem, theta)
    for n in np.argsort(changes)[:20]:
        if changes[n] >= -1e-13:
            return None
        curve = [(int(c), int(e)) for c, e in zip(factors[n], powers[n], strict=True)]
        if all(oracle.risk(problem, _moved(problem, start, curve, F(1, 2**k))) < base for k in (6, 12, 24, 48)):
            return curve
    return None


def _moved(problem: es.Problem, start: Sequence[F], curve: Sequence[tuple[int, int]], t: F) -> es.Parameters:
    return parameters_of(problem.network, [a + c * t**e for a, (c, e) in zip(start, curve, strict=True)])
