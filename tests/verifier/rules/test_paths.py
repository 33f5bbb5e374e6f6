"""The rule `paths` against an enumeration of all paths of random networks."""

from __future__ import annotations

import copy
import random
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from exactsurf.verifier import Rejected, verify
from tests.verifier.examples import certificate
from tests.verifier.format_2_examples import merged_samples
from tests.verifier.oracle import Document, moved, numbers, random_like, slope
from tests.verifier.verdicts import encode

SHAPES: list[Document] = [
    {"breakpoints": ["0"], "slopes": ["0", "1"], "value_at_0": "0"},
    {"breakpoints": ["0"], "slopes": ["1/3", "1"], "value_at_0": "1/2"},
    {"breakpoints": ["-1", "2/3"], "slopes": ["0", "1", "0"], "value_at_0": "1"},
    {"breakpoints": [], "slopes": ["2"], "value_at_0": "-1"},
    {"breakpoints": ["1/2", "1"], "slopes": ["1", "1", "2"], "value_at_0": "0"},
]


def lines(document: Document, x: list[Fraction]) -> tuple[list[list[tuple[Fraction, Fraction]]], list[Fraction], bool]:
    """The line (slope, intercept) of every hidden unit on a sample, the prediction, and whether the sample is ambiguous."""
    from tests.verifier.oracle import activation

    problem, parameters = document["problem"], numbers_of(document["parameters"])
    shape = problem["activation"]
    result, ambiguous, start = [], False, x
    layers = len(problem["widths"]) - 1
    for layer in range(1, layers + 1):
        bias = parameters.get(f"b{layer}", [Fraction(0)] * problem["widths"][layer])
        z = [sum((w * v for w, v in zip(row, x, strict=True)), b) for row, b in zip(parameters[f"W{layer}"], bias, strict=True)]
        if layer == layers:
            return result, z, ambiguous
        tiny = Fraction(1, 10**9)
        bent = [j for j, a in enumerate(z) if slope(shape, a - tiny) != slope(shape, a + tiny)]
        ambiguous = ambiguous or any(_moves(document, start, layer, j) for j in bent)
        result.append([(slope(shape, a + tiny), activation(shape, a) - slope(shape, a + tiny) * a) for a in z])
        x = [activation(shape, a) for a in z]
    raise AssertionError


def _moves(document: Document, x: list[Fraction], layer: int, unit: int) -> bool:
    """Whether a pre-activation at a breakpoint leaves it at some random parameters nearby."""
    from tests.verifier.oracle import activation

    shape, rnd = document["problem"]["activation"], random.Random(0)
    here = numbers_of(document["parameters"])
    seen = set()
    for _ in range(6):
        near = moved(here, random_like(here, rnd, 1.0), Fraction(1, 10**12))
        below = x
        for number in range(1, layer + 1):
            rows = near[f"W{number}"]
            bias = near.get(f"b{number}", [Fraction(0)] * len(rows))
            z = [sum((w * v for w, v in zip(row, below, strict=True)), b) for row, b in zip(rows, bias, strict=True)]
            below = [activation(shape, a) for a in z]
        seen.add(z[unit])
    return len(seen) > 1


def numbers_of(parameters: Document) -> dict[str, Any]:
    return {name: numbers(value) for name, value in parameters.items()}


def all_paths_cancel(document: Document) -> bool:
    problem = document["problem"]
    x, y = numbers(problem["data"]["x"]), numbers(problem["data"]["y"])
    hidden, outputs = problem["widths"][1:-1], problem["widths"][-1]
    found = [lines(document, row) for row in x]
    residuals = [[f - t for f, t in zip(p, row, strict=True)] for (_, p, _), row in zip(found, y, strict=True)]
    if any(ambiguous and any(r) for (_, _, ambiguous), r in zip(found, residuals, strict=True)):
        return False
    for k in range(outputs):
        for start in range(len(hidden) + 2):  # the layer in which the path starts: at an input (0) or in layer `start`
            for units in product(*(range(n) for n in hidden[max(start - 1, 0) :])):
                sums: dict[Any, Fraction] = {}
                for (line, _, _), row, r in zip(found, x, residuals, strict=True):
                    value = r[k]
                    first = max(start - 1, 0)
                    for layer in range(len(hidden) - 1, first - 1, -1):
                        a, c = line[layer][units[layer - first]]
                        if layer == first and start > 0:
                            sums["c"] = sums.get("c", 0) + value * c
                        value *= a
                    if start == 0:
                        for p, entry in enumerate(row):
                            sums[p] = sums.get(p, 0) + value * entry
                    elif problem["biases"][start - 1]:
                        sums["b"] = sums.get("b", 0) + value
                if any(sums.values()):
                    return False
    return True


def random_document(rnd: random.Random) -> Document:
    widths = [rnd.randint(1, 2), *[rnd.randint(1, 2) for _ in range(rnd.randint(0, 3))], rnd.randint(1, 2)]
    biases = [rnd.random() < 0.6 for _ in widths[1:]]
    parameters: Document = {}
    for layer in range(1, len(widths)):
        parameters[f"W{layer}"] = [[rnd.randint(-2, 2) for _ in range(widths[layer - 1])] for _ in range(widths[layer])]
        if biases[layer - 1]:
            parameters[f"b{layer}"] = [Fraction(rnd.randint(-2, 2), 2) for _ in range(widths[layer])]
    base = [[rnd.randint(-2, 2) for _ in range(widths[0])] for _ in range(rnd.randint(1, 3))]
    x = [row for row in base for _ in range(2)]
    shape = rnd.choice(SHAPES)
    zero = [[0] * widths[-1] for _ in x]
    evidence = {"local_minimum": {"rule": "paths"}}
    draft = certificate("local minimum", widths, x, zero, parameters, evidence, biases=biases, activation=shape)
    y = []
    for i, row in enumerate(numbers(draft["problem"]["data"]["x"])):
        _, prediction, ambiguous = lines(draft, row)
        exact = ambiguous and rnd.random() < 0.8
        sign = 0 if exact else (1 if i % 2 else -1)
        y.append([f + sign * (k + 1) for k, f in enumerate(prediction)])
    if rnd.random() < 0.4:
        y[rnd.randrange(len(y))][0] += rnd.randint(-1, 1)
    return certificate("local minimum", widths, x, y, parameters, evidence, biases=biases, activation=shape)


def test_verdicts_agree_with_an_enumeration_of_paths() -> None:
    rnd = random.Random(3)
    counts = {True: 0, False: 0}
    for _ in range(400):
        document = random_document(rnd)
        try:
            verify(encode(document))
            accepted = True
        except Rejected as error:
            assert error.place == "evidence.local_minimum.rule"
            accepted = False
        assert accepted == all_paths_cancel(document)
        counts[accepted] += 1
    assert min(counts.values()) > 80


def test_samples_with_the_same_inputs_are_merged_where_the_evidence_says_so() -> None:
    document = merged_samples()
    assert verify(encode(document)).kind == "local minimum"
    for place, broken in _unmerged(document):
        with pytest.raises(Rejected) as refused:
            verify(encode(broken))
        assert refused.value.place == f"evidence.local_minimum.{place}"


def _unmerged(document: Document) -> list[tuple[str, Document]]:
    alone, false, number, apart, louder = (copy.deepcopy(document) for _ in range(5))
    del alone["evidence"]["local_minimum"]["merged"]
    false["evidence"]["local_minimum"]["merged"] = False
    number["evidence"]["local_minimum"]["merged"] = 1
    # The second input moves to where the unit is off: prediction and risk stay as they are.
    apart["problem"]["data"]["x"][1] = ["1/2"]
    louder["problem"]["data"]["y"][1:3], louder["claim"]["risk"] = [["2"], ["0"]], "2"
    return [("rule", alone), ("merged", false), ("merged", number), ("rule", apart), ("rule", louder)]
