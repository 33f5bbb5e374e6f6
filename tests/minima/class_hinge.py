"""Problems with the hinge loss of several classes, and points at which many margins are exactly 1."""

from __future__ import annotations

import random
from fractions import Fraction

import exactsurf as es
from tests import oracle

F = Fraction
SHAPES = ([1, 2], [2, 3], [1, 1, 2], [1, 2, 3], [2, 1, 3], [2, 2, 2], [1, 1, 1, 3])


def plant_classes(rnd: random.Random, shapes: tuple[list[int], ...] = SHAPES) -> tuple[es.Problem, es.Parameters]:
    """A random problem whose point has small integer entries, or is moved to a kink of the loss or a wall by a bias."""
    widths = rnd.choice(shapes)
    biases = [rnd.random() < 0.7 for _ in widths[1:]]
    network = es.Network(widths, rnd.choice((es.relu, es.relu, es.leaky_relu("1/2"))), biases=biases)
    samples, classes = rnd.randint(2, 6), widths[-1]
    x = [[F(rnd.randint(-2, 2)) for _ in range(widths[0])] for _ in range(samples)]
    named = {
        name: [[F(rnd.choice((-1, 0, 1, 1, 2))) for _ in range(shape[1])] for _ in range(shape[0])]
        if len(shape) == 2
        else [F(rnd.choice((-2, -1, 0, 0, 1))) for _ in range(shape[0])]
        for name, shape in network.shapes.items()
    }
    blank = es.Problem(network, es.Data.from_arrays(x, [[0] * classes] * samples))
    theta = blank.parameters(**named)
    y = []
    for f in oracle.predictions(blank, theta):
        # Mostly the class of the largest output, so that some samples have no loss.
        best = f.index(max(f)) if rnd.random() < 0.5 else rnd.randrange(classes)
        y.append([int(k == best) for k in range(classes)])
    return es.Problem(network, es.Data.from_arrays(x, y), rnd.choice((es.hinge, es.hinge.mean))), theta


def as_one_output(problem: es.Problem, theta: es.Parameters) -> tuple[es.Problem, es.Parameters]:
    """Two classes as one output f_1 − f_0 with labels −1 and 1: the same risk, and an open map of the parameters."""
    network = es.Network([*problem.network.widths[:-1], 1], problem.network.activation, biases=problem.network.biases)
    data = es.Data.from_arrays(problem.data.x, [b - a for a, b in problem.data.y])
    last = theta.weights[-1]
    row = tuple(b - a for a, b in zip(*last, strict=True))
    shift = theta.biases[-1] and (theta.biases[-1][1] - theta.biases[-1][0],)
    return es.Problem(network, data, problem.loss), es.Parameters((*theta.weights[:-1], (row,)), (*theta.biases[:-1], shift))
