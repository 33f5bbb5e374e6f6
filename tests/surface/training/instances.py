"""Small problems with points near the bottoms of their valleys and far from them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

import exactsurf as es

CASES = [
    ([1, 1, 1], es.relu, True, [0, 1, 2, 3], [0, 1, 0, 2], es.squared),
    ([1, 1, 1], es.relu, True, [-4, 3, 2, 0], [1, 0, 1, 2], es.squared),
    ([1, 2, 1], es.leaky_relu("1/2"), False, [-4, -3, 1], [0, -3, 1], es.squared),
    ([1, 2, 1], es.relu, False, [1, -1, 2], [1, 2, -1], es.squared),
    ([1, 2, 1], es.relu, True, [0, 1, 2], [0, 1, 0], es.squared),
    ([1, 1, 1], es.relu, True, [0, 1, 2, 3], [0, 1, 0, 2], es.absolute),
    ([2, 1, 1], es.relu, False, [[1, 0], [0, 1], [1, 1]], [1, -1, 2], es.squared),
]


def landscapes() -> list[es.Landscape]:
    return [
        es.landscape(es.Problem(es.Network(widths, h, biases=biases), es.Data.from_arrays(x, y), loss), workers=1)
        for widths, h, biases, x, y, loss in CASES
    ]


LANDS = landscapes()


def points(land: es.Landscape, count: int, seed: int) -> Iterator[es.Parameters]:
    """Random points, half of them beside the bottom of a valley."""
    rnd, problem = random.Random(seed), land.problem
    shapes = problem.network.shapes
    for k in range(count):
        bottom = rnd.choice(land.valleys).parameters if k % 2 else None

        def number(name: str, *place: int, bottom: es.Parameters | None = bottom) -> Fraction:
            value = Fraction(rnd.randint(-8, 8), 4)
            if bottom is None:
                return value
            entry = bottom[name]
            for part in place:
                entry = entry[part]
            return entry + value / rnd.choice((5, 20))

        named = {}
        for name, shape in shapes.items():
            rows = range(shape[0])
            named[name] = [[number(name, i, j) for j in range(shape[1])] if len(shape) == 2 else number(name, i) for i in rows]
        yield problem.parameters(**named)
