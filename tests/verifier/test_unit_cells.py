"""The generators of the cells of a unit are the vertices and rays that all choices of walls meet in, solved for with SymPy."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from sympy import Matrix

from exactsurf.verifier.arithmetic.document import read_document
from exactsurf.verifier.arithmetic.region_count import Effort
from exactsurf.verifier.problem import read_problem
from exactsurf.verifier.unit_cells import unit_generators
from tests.verifier.examples import HALF, RELU
from tests.verifier.global_examples import LEAKY, SHIFTED
from tests.verifier.oracle import Document, activation, number
from tests.verifier.verdicts import encode

HARD_TANH = {"breakpoints": ["-1", "1"], "slopes": ["0", "1", "0"], "value_at_0": "0"}

Generator = tuple[tuple[Fraction, ...], tuple[tuple[int, int], ...]]


def scaled(values: list[Any]) -> tuple[Fraction, ...]:
    """A positive multiple whose entries have the absolute sum 1."""
    total = sum(map(abs, values))
    return tuple(Fraction(v) / total if total else Fraction(0) for v in values)


def by_solving(rows: list[list[int]], function: Document) -> set[Generator]:
    """The samples span their space."""
    size, cuts = len(rows[0]), [number(t) for t in function["breakpoints"]]
    slopes = [number(function["slopes"][0]), number(function["slopes"][-1])]
    walls = [(*row, -t) for row in rows for t in cuts if any(row)]
    found = set()
    for chosen in combinations([(*(0,) * size, 1), *walls], size):
        kernel = Matrix(chosen).nullspace()
        if len(kernel) != 1:
            continue
        line = [Fraction(int(v.p), int(v.q)) for v in kernel[0]]
        heights = [1, -1] if not line[-1] else [1 / line[-1]]
        for factor in heights:
            weights = [factor * v for v in line[:-1]]
            z = [sum(a * b for a, b in zip(row, weights, strict=True)) for row in rows]
            if line[-1]:
                values = [activation(function, value) for value in z]
                ranges = [(sum(t < value for t in cuts), sum(t <= value for t in cuts)) for value in z]
            else:
                values = [slopes[value > 0] * value for value in z]
                ranges = [(len(cuts) * (value > 0), len(cuts) * (value >= 0)) for value in z]
            found.add((scaled(values), tuple(ranges)))
    return found


@pytest.mark.parametrize("function", [RELU, LEAKY, SHIFTED, HARD_TANH])
@pytest.mark.parametrize(("inputs", "bias", "samples"), [(1, True, 4), (2, False, 4), (2, True, 5), (3, False, 5), (3, True, 6)])
def test_generators(function: Document, inputs: int, bias: bool, samples: int) -> None:
    generator = random.Random(f"{inputs} {bias} {function}")
    unit = [[int(k == i) for k in range(inputs)] for i in range(inputs)]
    # Small numbers: many samples are in special position.
    x = [*unit, [0] * inputs, *([generator.randint(-2, 2) for _ in range(inputs)] for _ in range(samples - inputs - 1))]
    document = {
        "widths": [inputs, 1, 1],
        "biases": [bias, True],
        "activation": function,
        "loss": HALF,
        "data": {"x": [list(map(str, row)) for row in x], "y": [["0"]] * len(x)},
    }
    problem = read_problem(read_document(encode(document)), None)
    predictions, ranges = unit_generators(problem, Effort())
    expected = by_solving([[*row, 1] if bias else row for row in x], function)
    assert {(scaled(p), tuple(r)) for p, r in zip(predictions, ranges, strict=True)} == expected
    assert len(predictions) == len(ranges)
