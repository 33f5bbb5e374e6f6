"""Problems with random slices for the tests of slices, profiles and pictures."""

from __future__ import annotations

import random
from fractions import Fraction

import exactsurf as es
from tests.cells.cell_cases import integer_point


def random_problem(rnd: random.Random, widths=(2, 3, 1), activation=es.relu, loss=es.squared, samples: int = 5) -> es.Problem:
    x = [[rnd.randint(-3, 3) for _ in range(widths[0])] for _ in range(samples)]
    y = [[rnd.choice([-1, 1]) if loss is es.hinge else rnd.randint(-2, 2) for _ in range(widths[-1])] for _ in range(samples)]
    return es.Problem(es.Network(widths, activation), es.Data.from_arrays(x, y), loss)


def direction(problem: es.Problem, rnd: random.Random, layers: tuple[int, ...] = ()) -> es.Parameters:
    """Small numbers in some layers (in all if none is named), zeros elsewhere."""
    full = integer_point(problem, rnd, 3, 2)
    zero = tuple(tuple(tuple(Fraction(0) for _ in row) for row in matrix) for matrix in full.weights)
    weights = tuple(w if not layers or k in layers else z for k, (w, z) in enumerate(zip(full.weights, zero, strict=True), 1))
    biases = tuple(b if b is None or not layers or k in layers else (Fraction(0),) * len(b) for k, b in enumerate(full.biases, 1))
    return es.Parameters(weights, biases)
