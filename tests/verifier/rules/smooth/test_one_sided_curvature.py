"""One-sided second derivatives of ELU networks in the verifier: enclosures against differences, and what is rejected."""

from __future__ import annotations

import random
from typing import Any

import pytest
from mpmath import exp, mp, mpf

from exactsurf.verifier import Rejected, verify
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.network import read_parameters
from exactsurf.verifier.rules.smooth.one_sided_curvature import one_sided_curvature
from exactsurf.verifier.smooth_problem import read_smooth_problem
from tests.verifier.oracle import Document
from tests.verifier.smooth_point_examples import get
from tests.verifier.verdicts import encode

SHAPES = {"W1": (2, 1), "b1": (2,), "W2": (2, 2), "b2": (2,), "W3": (1, 2), "b3": (1,)}


def deep_problem() -> Document:
    """1-2-2-1 with biases, so that units of the second layer are at 0 too."""
    document: Document = get("smooth_point_one_sided_curvature")["problem"]
    return {**document, "widths": [1, 2, 2, 1], "biases": [True, True, True]}


def draw(source: random.Random, most: int) -> Document:
    def number() -> str:
        return str(source.choice([0, 0, *range(-most, most + 1)]))

    return {
        name: [[number() for _ in range(s[1])] for _ in range(s[0])] if len(s) == 2 else [number() for _ in range(s[0])]
        for name, s in SHAPES.items()
    }


def risk_along(document: Document, theta: Document, step: Document, t: Any) -> Any:
    total = mpf(0)
    for (x,), (y,) in zip(document["data"]["x"], document["data"]["y"], strict=True):
        values = [mpf(x)]
        for layer in (1, 2, 3):
            rows = zip(theta[f"W{layer}"], step[f"W{layer}"], theta[f"b{layer}"], step[f"b{layer}"], strict=True)
            z = [
                sum((mpf(w) + t * mpf(d)) * a for w, d, a in zip(row, move, values, strict=True)) + mpf(b) + t * mpf(s)
                for row, move, b, s in rows
            ]
            values = z if layer == 3 else [v if v >= 0 else exp(v) - 1 for v in z]
        total += (values[0] - mpf(y)) ** 2 / 2
    return total


@pytest.mark.parametrize("seed", range(60))
def test_enclosures_hold_what_second_differences_tend_to(seed: int) -> None:
    """Many pre-activations are 0, in both layers, and some of them stay 0 to first order."""
    source = random.Random(seed)
    document = deep_problem()
    problem = read_smooth_problem(Field(document, "problem"), None, version=2)
    theta, step = draw(source, 1), draw(source, 2)
    read = [read_parameters(Field(d, "parameters"), problem.widths, problem.biases) for d in (theta, step)]
    found = one_sided_curvature(problem, read[0], read[1], 96)
    low, high = (mpf(end) / 2**96 for end in (found.low, found.high))
    with mp.workdps(60):
        t = mpf(10) ** -12
        here, near, far = (risk_along(document, theta, step, k * t) for k in range(3))
        second = (far - 2 * near + here) / t**2
    assert low - mpf(10) ** -6 < second < high + mpf(10) ** -6
    assert high - low < mpf(10) ** -15


def test_weight_decay_adds_its_square() -> None:
    forged = get("smooth_point_one_sided_curvature")["problem"]
    plain = read_smooth_problem(Field(forged, "problem"), None, version=2)
    decayed = read_smooth_problem(
        Field({**forged, "weight_decay": {"factor": "3", "biases": True}}, "problem"), None, version=2, every_loss=True
    )
    zero, step = (
        read_parameters(Field({"W1": [[a]], "W2": [[b]]}, "parameters"), plain.widths, plain.biases)
        for a, b in (("0", "0"), ("1", "2"))
    )
    before, after = (one_sided_curvature(problem, zero, step, 64) for problem in (plain, decayed))
    assert after.low - before.low == 3 * (1 + 4) << 64


@pytest.mark.parametrize(
    "activation", [{"name": "tanh"}, {"name": "elu", "alpha": "2"}, {"name": "selu", "lambda": "1", "alpha": "2"}]
)
def test_other_activations_do_not_have_the_rule(activation: Document) -> None:
    forged = get("smooth_point_one_sided_curvature")
    forged["problem"]["activation"] = activation
    forged["claim"]["sentence"] = forged["claim"]["sentence"].replace("elu", activation["name"])
    with pytest.raises(Rejected, match="this rule is for elu with one slope at 0"):
        verify(encode(forged))


def test_format_1_does_not_have_it() -> None:
    forged = get("smooth_point_one_sided_curvature")
    forged["format"] = "exactsurf-certificate/1"
    forged["problem"]["loss"] = {"name": "squared", "scale": "1/2"}
    forged["claim"]["sentence"] = forged["claim"]["sentence"].replace("the risk", "the squared risk")
    with pytest.raises(Rejected, match="in format 2"):
        verify(encode(forged))


def test_a_minimum_at_the_corner_has_no_such_direction() -> None:
    """h(z) + h(−z) = |z| + e^{−|z|} − 1 ≥ 0: with residuals 1 on x and on −x the risk rises to second order both ways."""
    forged = get("smooth_point_one_sided_curvature")
    forged["problem"]["data"] = {"x": [["1"], ["-1"]], "y": [["-1"], ["-1"]]}
    forged["parameters"]["W2"] = [["1"]]
    forged["claim"]["sentence"] = forged["claim"]["sentence"].replace("4 samples", "2 samples")
    for w, v in (("1", "0"), ("-1", "0"), ("1", "1"), ("1", "-1"), ("0", "1")):
        forged["evidence"]["direction"] = {"W1": [[w]], "W2": [[v]]}
        with pytest.raises(Rejected, match="is not negative"):
            verify(encode(forged))
