"""What the tests of cells draw from: activations, and points with small numerators."""

from __future__ import annotations

import random
from fractions import Fraction

import exactsurf as es

F = Fraction
ACTIVATIONS = [
    es.relu,
    es.leaky_relu("1/10"),
    es.hard_tanh,
    es.relu6,
    es.linear,
    es.piecewise_linear([-1, 0, 2], [0, 2, -1, 3], 1),
]


def integer_point(problem: es.Problem, rnd: random.Random, size: int, denominator: int = 1) -> es.Parameters:
    def number() -> Fraction:
        return F(rnd.randint(-size, size), denominator)

    return problem.parameters(
        **{
            name: [[number() for _ in range(s[1])] for _ in range(s[0])] if len(s) == 2 else [number() for _ in range(s[0])]
            for name, s in problem.network.shapes.items()
        }
    )
