"""The claim `flattest minimiser`: true by many points of the signed cell, and every change is rejected or true."""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from scipy.linalg import null_space

from exactsurf.verifier import Refused, verify
from tests.verifier.oracle import Document, data, number, numbers
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("flattest_minimiser", "flattest_minimiser_relu", "flattest_minimiser_one")
LINEAR, RELU, ONE = NAMES


class Floats:
    """The problem in doubles: Gauss–Newton Hessians of a network with one hidden layer, from the definition of the gradient."""

    def __init__(self, document: Document) -> None:
        problem = document["problem"]
        x, _ = data(problem)
        self.hidden, self.output = problem["biases"]
        self.x = np.array([[*map(float, row), *([1.0] if self.hidden else [])] for row in x])
        loss = problem["loss"]
        assert len(loss["pieces"]) == 1
        self.bend = 2 * float(number(loss["pieces"][0][0]))
        self.slopes = list(map(float, map(number, problem["activation"]["slopes"])))
        self.has_walls = len(self.slopes) > 1

    def parts(self, point: Document) -> tuple[np.ndarray, np.ndarray, float]:
        rows = [[float(number(v)) for v in row] for row in point["W1"]]
        if self.hidden:
            rows = [[*row, float(number(b))] for row, b in zip(rows, point["b1"], strict=True)]
        bias = float(number(point["b2"][0])) if self.output else 0.0
        return np.array(rows), np.array([float(number(v)) for v in point["W2"][0]]), bias

    def hessian(self, w: np.ndarray, v: np.ndarray) -> np.ndarray:
        z = self.x @ w.T
        a = np.where(z > 0, self.slopes[-1], self.slopes[0])
        gradients = [
            np.concatenate([(v * a[i])[:, None] * self.x[i], (a[i] * z[i])[:, None]], axis=1).ravel() for i in range(len(z))
        ]
        g = np.array(gradients)
        if self.output:
            g = np.hstack([g, np.ones((len(g), 1))])
        return self.bend * g.T @ g


def holds(document: Document, tries: int = 60) -> None:
    floats, claim, evidence = Floats(document), document["claim"], document["evidence"]
    (a, b), (low, high) = (list(map(float, numbers(claim[name]))) for name in ("trace", "eigenvalue"))
    w, v, bias = floats.parts(document["parameters"])
    z = floats.x @ w.T
    slopes = np.where(z > 0, floats.slopes[-1], floats.slopes[0])
    f = (slopes * z) @ v + bias
    near = 1e-7
    for part, most in (("trace", b), ("eigenvalue", high)):
        own, outputs, c = floats.parts(evidence[part]["point"])
        y = floats.x @ own.T
        assert np.allclose((np.where(y > 0, floats.slopes[-1], floats.slopes[0]) * y) @ outputs + c, f)
        assert (np.sign(outputs) == np.sign(v)).all() and (not floats.has_walls or (np.sign(y) == np.sign(z)).all())
        matrix = floats.hessian(own, outputs)
        assert (matrix.trace() if part == "trace" else np.linalg.eigvalsh(matrix)[-1]) <= most * (1 + near)
    # Other points: products move in the kernel of the predictions, as far as all signs stay; outputs are scaled.
    equations = np.hstack([slopes[:, [j]] * floats.x for j in range(len(v))] + ([np.ones((len(f), 1))] if floats.output else []))
    kernel, source, size = null_space(equations), random.Random(5), w.shape[1]
    starts = [floats.parts(evidence[part]["point"])[:2] for part in ("trace", "eigenvalue")] + [(w, v)]
    tried = 0
    for own, outputs in starts:
        products = (own * outputs[:, None]).ravel()
        for k in range(tries):
            move = kernel @ np.array([source.gauss(0, 1) for _ in range(kernel.shape[1])]) * 10.0 ** source.uniform(-3, 1)
            moved = (products + move[: len(products)]).reshape(-1, size)
            scaled = outputs * np.exp([source.uniform(-1, 1) * (k % 3) / 2 for _ in outputs])
            there = moved / scaled[:, None]
            if floats.has_walls and (np.sign(floats.x @ there.T) != np.sign(z)).any():
                continue
            tried += 1
            matrix = floats.hessian(there, scaled)
            assert matrix.trace() >= a * (1 - near) and np.linalg.eigvalsh(matrix)[-1] >= low * (1 - near)
    assert tried > tries // 4 or not kernel.size


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).sentence == document["claim"]["sentence"]
    holds(document)


def bound(name: str, place: int, text: str) -> Callable[[Document], None]:
    """Another bound, in the field and in the sentence."""

    def change(document: Document) -> None:
        old, words = document["claim"][name][place], ("at least", "at most")[place]
        start = "trace" if name == "trace" else "largest eigenvalue"
        head, tail = document["claim"]["sentence"].split(start, 1)
        document["claim"][name][place] = text
        document["claim"]["sentence"] = head + start + tail.replace(f"{words} {old}", f"{words} {text}", 1)

    return change


def both(first: Callable[[Document], None], second: Callable[[Document], None]) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        first(document)
        second(document)

    return change


def larger_prices(document: Document) -> None:
    prices = document["evidence"]["trace"]["prices"]
    prices[0] = ["9" for _ in prices[0]]


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": (LINEAR, put("format", "exactsurf-certificate/1"), "format"),
    "sentence": (LINEAR, put("claim", "sentence", "It holds."), "claim.sentence"),
    "risk": (LINEAR, put("claim", "risk", "1"), "claim.risk"),
    "trace_too_high": (LINEAR, bound("trace", 0, "15"), "claim.trace[0]"),
    "trace_too_low": (LINEAR, bound("trace", 1, "14"), "claim.trace[1]"),
    "eigenvalue_too_high": (LINEAR, bound("eigenvalue", 0, "13"), "claim.eigenvalue[0]"),
    "eigenvalue_too_low": (LINEAR, bound("eigenvalue", 1, "12"), "claim.eigenvalue[1]"),
    "relu_trace_too_high": (RELU, bound("trace", 0, "15"), "claim.trace[0]"),
    "relu_eigenvalue_too_high": (RELU, bound("eigenvalue", 0, "9"), "claim.eigenvalue[0]"),
    "no_multipliers": (LINEAR, put("evidence", "trace", "multipliers", ["0", "0", "0"]), "claim.trace[0]"),
    "large_multipliers": (LINEAR, put("evidence", "trace", "multipliers", ["9", "9", "9"]), "evidence.trace.prices[0]"),
    "multipliers_with_a_sum": (RELU, put("evidence", "trace", "multipliers", ["1", "0", "0", "0"]), "evidence.trace.multipliers"),
    "price_without_a_wall": (LINEAR, put("evidence", "trace", "prices", 0, 1, "1"), "evidence.trace.prices[0][1]"),
    "negative_price": (RELU, put("evidence", "trace", "prices", 0, 1, "-1"), "evidence.trace.prices[0][1]"),
    "large_prices": (RELU, larger_prices, "evidence.trace.prices[0]"),
    "no_density": (LINEAR, put("evidence", "eigenvalue", "density", [["0"] * 3] * 3), "evidence.eigenvalue.prices[0]"),
    "density_not_symmetric": (LINEAR, put("evidence", "eigenvalue", "density", 0, 1, "1"), "evidence.eigenvalue.density"),
    "density_negative": (LINEAR, put("evidence", "eigenvalue", "density", 0, 0, "-1"), "evidence.eigenvalue.density"),
    "point_of_other_signs": (LINEAR, put("evidence", "trace", "point", "W2", [["-1", "-1"]]), "evidence.trace.point"),
    "point_of_other_predictions": (LINEAR, put("evidence", "trace", "point", "W2", [["1", "1"]]), "evidence.trace.point"),
    "point_beyond_a_wall": (RELU, put("evidence", "trace", "point", "b1", ["-9", "-9"]), "evidence.trace.point"),
    "no_output_weight": (LINEAR, both(put("parameters", "W2", [["1", "0"]]), put("claim", "risk", "4")), "parameters.W2"),
    "no_minimum": (
        LINEAR,
        both(put("parameters", "W2", [["1", "1"]]), put("claim", "risk", "1")),
        "parameters",
    ),
    "two_outputs": (LINEAR, put("problem", "widths", [2, 2, 2, 1]), "problem"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, copy.deepcopy(golden(start)), change)


def test_all_small_changes_are_noticed() -> None:
    few = partial(holds, tries=6)
    assert_changes_are_noticed(golden(ONE), few, least=60, most=Fraction(1, 2), never=("kind",))


def test_long_numbers_of_evidence_do_not_hold_the_verifier() -> None:
    # Distinct denominators of 2,000 bits, and sums over them in an elimination of 8 rows.
    source, count = random.Random(5), 8

    def long() -> str:
        value = Fraction(source.getrandbits(2000), source.getrandbits(2000) | 1 << 2000 | 1)
        return f"{value.numerator:#x}/{value.denominator:#x}"

    data = [[str(source.randint(1, 9)) for _ in range(count)] for _ in range(count)]
    weights = {"W1": [["1"] * count], "W2": [["1"]]}
    document = golden("flattest_minimiser_one")
    claim, problem = document["claim"], document["problem"]
    claim["sentence"] = (
        "Among all parameters of the 8-1-1 network in the signed cell of the given ones that have the same predictions on"
        " 8 samples, the least trace of the Hessian of the risk is at least 0 and at most 99999, and its least largest eigenvalue"
        " is at least 0 and at most 99999."
    )
    claim["trace"] = claim["eigenvalue"] = ["0", "99999"]
    problem["widths"] = [count, 1, 1]
    problem["data"] = {"x": data, "y": [[str(sum(map(int, row)))] for row in data]}
    document["parameters"] = weights
    plain = {"point": weights, "multipliers": ["0"] * count, "prices": [["0"] * count]}
    slow = {"point": weights, "multipliers": [long() for _ in data], "prices": [[long() for _ in data]]}
    density = [[long() if i == k else "0" for k in range(count)] for i in range(count)]
    document["evidence"] = {"trace": plain, "eigenvalue": {**slow, "density": density}}
    start = time.process_time()
    with pytest.raises(Refused):
        verify(encode(document))
    assert time.process_time() - start < 4
