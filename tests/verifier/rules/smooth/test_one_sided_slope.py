"""One-sided derivatives of ELU networks in the verifier: enclosures against differences in floats, and what is rejected."""

from __future__ import annotations

import json
import random
from math import exp

import pytest

import exactsurf as es
from exactsurf.verifier import Rejected, verify
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.network import read_parameters
from exactsurf.verifier.rules.smooth.one_sided_slope import one_sided_slope
from exactsurf.verifier.smooth_problem import read_smooth_problem
from tests.verifier.oracle import Document
from tests.verifier.smooth_point_examples import get
from tests.verifier.verdicts import encode

Matrices = list[list[list[float]]]


def _risk(document: Document, weights: Matrices, biases: list[list[float]], alpha: float) -> float:
    """The risk in doubles, the loss being half of the square."""
    total = 0.0
    for x, y in zip(document["data"]["x"], document["data"]["y"], strict=True):
        values = [float(es.exact(v)) for v in x]
        for layer, (rows, shifts) in enumerate(zip(weights, biases, strict=True)):
            z = [sum(w * a for w, a in zip(row, values, strict=True)) + b for row, b in zip(rows, shifts, strict=True)]
            values = z if layer + 1 == len(weights) else [v if v >= 0 else alpha * (exp(v) - 1) for v in z]
        total += sum((f - float(es.exact(t))) ** 2 for f, t in zip(values, y, strict=True)) / 2
    return total


@pytest.mark.parametrize("seed", range(30))
def test_enclosures_hold_what_differences_tend_to(seed: int) -> None:
    """Small integers put many pre-activations at 0; the derivative is that of doubles."""
    source = random.Random(seed)
    document = get("smooth_point_one_sided_slope")["problem"]
    problem = read_smooth_problem(Field(document, "problem"), None, version=2)
    shapes = {"W1": (2, 1), "b1": (2,), "W2": (1, 2), "b2": (1,)}

    def draw() -> Document:
        return {
            name: [[str(source.randint(-1, 1)) for _ in range(s[1])] for _ in range(s[0])]
            if len(s) == 2
            else [str(source.randint(-1, 1)) for _ in range(s[0])]
            for name, s in shapes.items()
        }

    theta, step = draw(), draw()
    read = [read_parameters(Field(d, "parameters"), problem.widths, problem.biases) for d in (theta, step)]
    found = one_sided_slope(problem, read[0], read[1], 64)
    low, high = (float(end) / 2**64 for end in (found.low, found.high))

    def at(t: float) -> float:
        weights = [
            [[float(a) + t * float(b) for a, b in zip(*rows, strict=True)] for rows in zip(theta[n], step[n], strict=True)]
            for n in ("W1", "W2")
        ]
        biases = [[float(a) + t * float(b) for a, b in zip(theta[n], step[n], strict=True)] for n in ("b1", "b2")]
        return _risk(document, weights, biases, 0.5)

    quotient = (at(1e-7) - at(0.0)) / 1e-7
    assert low - 1e-4 < quotient < high + 1e-4 and high - low < 1e-9


@pytest.mark.parametrize("activation", [{"name": "tanh"}, {"name": "sigmoid"}, {"name": "quadratic"}], ids=str)
def test_other_activations_do_not_have_the_rule(activation: Document) -> None:
    forged = get("smooth_point_one_sided_slope")
    forged["problem"]["activation"] = activation
    forged["claim"]["sentence"] = forged["claim"]["sentence"].replace("elu", activation["name"])
    forged["claim"]["risk"] = ["0", "100"]
    with pytest.raises(Rejected, match="this rule is for elu and selu"):
        verify(encode(forged))


def test_format_1_does_not_have_it() -> None:
    forged = get("smooth_point_one_sided_slope")
    forged["format"] = "exactsurf-certificate/1"
    forged["problem"]["loss"] = {"name": "squared", "scale": "1/2"}
    forged["claim"]["sentence"] = forged["claim"]["sentence"].replace("the risk", "the squared risk")
    with pytest.raises(Rejected, match="in format 2"):
        verify(encode(forged))


def test_a_direction_along_which_the_risk_rises_is_rejected() -> None:
    forged = get("smooth_point_one_sided_slope")
    forged["evidence"]["direction"]["b1"] = ["-1", "1"]
    with pytest.raises(Rejected, match="is not negative") as caught:
        verify(json.dumps(forged).encode())
    assert caught.value.place == "evidence.direction"
