"""Oracles for pattern regions of deep networks: patterns of integer weights by plain arithmetic, and Z3 from the definition."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product
from typing import Any

import exactsurf as es

Pieces = tuple[tuple[tuple[int | None, ...], ...], ...]


def problem(x: list[Any], hidden: list[int], activation: Any = "relu", biases: bool = True) -> es.Problem:
    rows = [row if isinstance(row, list) else [row] for row in x]
    network = es.Network([len(rows[0]), *hidden, 1], activation, biases=biases)
    return es.Problem(network, es.Data.from_arrays(rows, list(range(len(rows)))))


def pattern_of(instance: es.Problem, numbers: Iterator[int]) -> Pieces | None:
    """The pattern of weights that are read off `numbers` (rows, then biases); None on a wall."""
    h, network = instance.network.activation, instance.network
    values = [list(row) for row in instance.data.x]
    found = []
    for layer, width in enumerate(network.widths[1:-1], start=1):
        rows = [[next(numbers) for _ in range(network.widths[layer - 1])] for _ in range(width)]
        shifts = [next(numbers) if network.biases[layer - 1] else 0 for _ in range(width)]
        z = [[sum(a * b for a, b in zip(row, x, strict=True)) + c for row, c in zip(rows, shifts, strict=True)] for x in values]
        if any(bisect_left(h.breakpoints, v) != bisect_right(h.breakpoints, v) for row in z for v in row):
            return None
        found.append(tuple(tuple(bisect_left(h.breakpoints, row[j]) for row in z) for j in range(width)))
        values = [[h(Fraction(v)) for v in row] for row in z]
    return tuple(found)


def sampled_patterns(instance: es.Problem, tries: int, size: int, seed: int = 0) -> set[Pieces]:
    """Patterns of random integer weights."""
    source = random.Random(seed)

    def numbers() -> Iterator[int]:
        while True:
            yield source.randint(-size, size)

    found = {pattern_of(instance, numbers()) for _ in range(tries)}
    return {pattern for pattern in found if pattern is not None}


def all_patterns(instance: es.Problem) -> Iterator[Pieces]:
    """Every combinatorially possible pattern."""
    hidden, samples = instance.network.widths[1:-1], len(instance.data)
    rows = list(product(range(len(instance.network.activation.slopes)), repeat=samples))
    for layers in product(*(product(rows, repeat=width) for width in hidden)):
        yield tuple(layers)


def is_possible_by_z3(z3: Any, instance: es.Problem, pattern: Pieces) -> bool:
    """What Z3 says, every pre-activation and every value of a unit being an unknown with its defining equation."""
    network, h, solver = instance.network, instance.network.activation, z3.Solver()
    for i, sample in enumerate(instance.data.x):
        below = [z3.Q(v.numerator, v.denominator) for v in sample]
        for layer, units in enumerate(pattern, start=1):
            above = []
            for j, unit in enumerate(units):
                z, value = z3.Reals(f"z_{layer}_{j}_{i} a_{layer}_{j}_{i}")
                total = z3.Real(f"b_{layer}_{j}") if network.biases[layer - 1] else z3.RealVal(0)
                for k, v in enumerate(below):
                    total = total + z3.Real(f"w_{layer}_{j}_{k}") * v
                slope, intercept = h.lines[unit[i]]
                line = z3.Q(slope.numerator, slope.denominator) * z + z3.Q(intercept.numerator, intercept.denominator)
                solver.add(z == total, value == line)
                if unit[i] > 0:
                    solver.add(z > z3.Q(h.breakpoints[unit[i] - 1].numerator, h.breakpoints[unit[i] - 1].denominator))
                if unit[i] < len(h.breakpoints):
                    solver.add(z < z3.Q(h.breakpoints[unit[i]].numerator, h.breakpoints[unit[i]].denominator))
                above.append(value)
            below = above
    answer = solver.check()
    assert answer != z3.unknown
    return bool(answer == z3.sat)


def matches(family: Pieces, pattern: Pieces) -> bool:
    """Whether a pattern belongs to a partial pattern, after some reordering of the units of every layer."""

    def fits(wanted: tuple[int | None, ...], unit: tuple[int | None, ...]) -> bool:
        return all(a is None or a == b for a, b in zip(wanted, unit, strict=True))

    return all(
        any(all(map(fits, layer, order)) for order in permutations(units)) for layer, units in zip(family, pattern, strict=True)
    )
