"""Subgradients, and both rules of descent with every loss."""

from __future__ import annotations

import copy
import random
from fractions import Fraction
from typing import Any

import pytest

from tests.verifier.examples import certificate, get, point
from tests.verifier.oracle import Document, Oracle, moved, parameters_of
from tests.verifier.verdicts import rejection

LOSSES: list[Document] = [
    {"name": "squared", "scale": "1/3"},
    {"name": "absolute", "scale": "2"},
    {"name": "huber", "scale": "1/2", "delta": "3/2"},
    {"name": "hinge", "scale": "1/4"},
]


@pytest.mark.parametrize(
    ("name", "subgradient", "place"),
    [
        ("absolute", None, ""),
        ("absolute", [["2/3"], ["-2/3"], ["1"], ["-2/3"]], "[2][0]"),
        ("absolute", [["1/3"], ["-2/3"], ["2/3"], ["-1/3"]], "[0][0]"),
        ("absolute", [["2/3"], ["-2/3"], ["2/3"]], ""),
        ("absolute", [["2/3", "0"], ["-2/3"], ["2/3"], ["-2/3"]], "[0]"),
        ("hinge", None, ""),
        ("hinge", [["1"], ["1"]], "[0][0]"),
        ("hinge", [["-2"], ["1"]], "[0][0]"),
        ("hinge", [["-1"], ["0"]], "[1][0]"),
        ("huber", [["1/3"], ["-1/6"], ["-1/6"]], ""),
        ("example_a", [["0"], ["-1/2"], ["1"], ["-1/2"]], ""),
    ],
)
def test_wrong_subgradients(name: str, subgradient: Any, place: str) -> None:
    document = get(name)
    document["evidence"]["local_minimum"].pop("subgradient", None)
    if subgradient is not None:
        document["evidence"]["local_minimum"]["subgradient"] = subgradient
    assert rejection(document).place == f"evidence.local_minimum.subgradient{place}"


def test_a_subgradient_that_does_not_cancel() -> None:
    document = get("absolute")
    document["evidence"]["local_minimum"]["subgradient"][2] = ["1/3"]
    assert rejection(document).place == "evidence.local_minimum.rule"


def test_hinge_targets() -> None:
    document = get("hinge")
    document["problem"]["data"]["y"][1] = ["2"]
    assert rejection(document).place == "problem.data.y[1][0]"
    document = get("deep")
    document["problem"]["loss"] = {"name": "hinge", "scale": "1"}
    assert rejection(document).place == "problem.data.y[0]"


@pytest.mark.parametrize(
    ("loss", "place"),
    [
        ({"name": "squared", "scale": "0"}, "scale"),
        ({"name": "squared", "scale": "-1"}, "scale"),
        ({"name": "squared", "scale": "1", "delta": "1"}, "delta"),
        ({"name": "huber", "scale": "1"}, "delta"),
        ({"name": "huber", "scale": "1", "delta": "0"}, "delta"),
        ({"name": "cubic", "scale": "1"}, "name"),
        ({"name": ["huber"], "scale": "1"}, "name"),
        ({"scale": "1"}, "name"),
        ({"name": "squared"}, "scale"),
    ],
)
def test_wrong_losses(loss: Document, place: str) -> None:
    document = get("linear")
    document["problem"]["loss"] = loss
    assert rejection(document).place == f"problem.loss.{place}"


def random_descent(rnd: random.Random, loss: Document) -> Document:
    outputs = 1 if loss["name"] == "hinge" else rnd.randint(1, 2)
    widths = [rnd.randint(1, 2), *[rnd.randint(1, 2) for _ in range(rnd.randint(0, 2))], outputs]
    biases = [rnd.random() < 0.6 for _ in widths[1:]]
    points: list[Document] = [{}, {}]
    for layer in range(1, len(widths)):
        for each in points:
            each[f"W{layer}"] = [[rnd.randint(-1, 1) for _ in range(widths[layer - 1])] for _ in range(widths[layer])]
            if biases[layer - 1]:
                each[f"b{layer}"] = [rnd.randint(-1, 1) for _ in range(widths[layer])]
    samples = rnd.randint(1, 4)
    x = [[rnd.randint(-1, 1) for _ in range(widths[0])] for _ in range(samples)]
    y = [[rnd.choice((-1, 1)) if loss["name"] == "hinge" else rnd.randint(-2, 2) for _ in range(outputs)] for _ in x]
    shape = {"breakpoints": ["0", "1"], "slopes": ["1/2", "2", "-1"], "value_at_0": rnd.choice(("0", "1"))}
    descent = {"rule": "direction", "direction": points[1], "derivative": "", "lower_point": {"parameters": points[0]}}
    return certificate(
        "not a local minimum", widths, x, y, points[0], {"descent": descent}, biases=biases, activation=shape, loss=loss
    )


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: str(loss["name"]))
def test_one_sided_derivatives(loss: Document) -> None:
    """The lower point is no lower here, so the last check fails, after the derivative was found right."""
    rnd = random.Random(5)
    negative = 0
    for _ in range(60):
        document = random_descent(rnd, loss)
        descent = document["evidence"]["descent"]
        place = rejection(document).place
        if Fraction(descent["derivative"]) < 0:
            negative += 1
            assert place == "evidence.descent.lower_point.risk"
        else:
            assert place == "evidence.descent.derivative"
        descent["derivative"] = str(Fraction(descent["derivative"]) - 1)
        assert "derivative recomputed" in rejection(document).reason
    assert negative > 15


@pytest.mark.parametrize("loss", [LOSSES[0], LOSSES[2]], ids=["squared", "huber"])
def test_dead_units(loss: Document) -> None:
    """The derivative of ∂L/∂W2[k, j] along delta, from differences of the risk."""
    rnd = random.Random(6)
    accepted = 0
    for _ in range(40):
        bias = rnd.random() < 0.5
        here = point(W1=[[1], [rnd.randint(-1, 1)]], W2=[[1, 0], [2, 0]], b2=[0, 1])
        if bias:
            here["b1"] = [1, rnd.randint(-1, 1)]
        x = [[rnd.randint(-2, 2)] for _ in range(3)]
        y = [[rnd.randint(-9, 9), rnd.randint(-9, 9)] for _ in range(3)]
        delta, output = [rnd.randint(-2, 2) for _ in range(1 + bias)], rnd.randint(0, 1)
        descent: Document = {"rule": "dead unit", "unit": 1, "output": output, "delta": [str(d) for d in delta]}
        descent |= {"derivative": "0", "lower_point": {"parameters": point(**here)}}
        biases = [bias, True]
        document = certificate("not a local minimum", [1, 2, 2], x, y, here, {"descent": descent}, biases=biases, loss=loss)
        oracle, parameters = Oracle(document), parameters_of(document["parameters"])

        zero = moved(parameters, parameters, Fraction(-1))
        ahead, output_weight = copy.deepcopy(zero), copy.deepcopy(zero)
        ahead["W1"][1][0] = Fraction(delta[0])
        if bias:
            ahead["b1"][1] = Fraction(delta[1])
        output_weight["W2"][output][1] = Fraction(1)
        step = Fraction(1, 1000)
        here_and_ahead = (moved(parameters, ahead, t) for t in (Fraction(0), step))
        first, second = (oracle.one_sided_derivative(p, output_weight) for p in here_and_ahead)
        value = (second - first) / step
        document["evidence"]["descent"]["derivative"] = str(value)
        error = rejection(document)
        assert error.place == f"evidence.descent.{'lower_point.risk' if value else 'derivative'}"
        accepted += value != 0
    assert accepted > 10


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"unit": 2}, "unit"),
        ({"unit": True}, "unit"),
        ({"output": 2}, "output"),
        ({"delta": ["1"]}, "delta"),
        ({"delta": ["1", "2", "3"]}, "delta"),
        ({"derivative": "-7"}, "derivative"),
        ({"rule": "dead"}, "rule"),
        ({"more": 1}, "more"),
    ],
)
def test_wrong_dead_units(change: Document, place: str) -> None:
    document = get("dead_unit")
    document["evidence"]["descent"] |= change
    assert rejection(document).place == f"evidence.descent.{place}"


def test_a_unit_that_is_not_dead() -> None:
    document = get("dead_unit")
    document["parameters"]["W2"][0][1] = "1"
    document["claim"]["risk"] = str(Oracle(document).risk(parameters_of(document["parameters"])))
    assert rejection(document).place == "evidence.descent.unit"


def test_dead_units_need_a_smooth_loss() -> None:
    document = get("dead_unit")
    document["problem"]["loss"] = {"name": "absolute", "scale": "1/2"}
    document["claim"] = {
        **document["claim"],
        "risk": "2",
        "sentence": document["claim"]["sentence"].replace("squared", "absolute"),
    }
    assert rejection(document).place == "evidence.descent.rule"
