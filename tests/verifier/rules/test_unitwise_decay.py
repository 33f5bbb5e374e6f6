"""Weight decay in the verifier: golden certificates, every small change of them, and what is wrong by name."""

from __future__ import annotations

import copy
import random
from fractions import Fraction
from typing import Any

import pytest

import exactsurf as es
from exactsurf.certificate.reading.problem import problem_of
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.verifier import verify
from tests.minima.rules.test_unitwise_decay import nearby
from tests.verifier.oracle import Document
from tests.verifier.verdicts import GOLDEN, assert_changes_are_noticed, encode, golden, rejection

NAMES = ["decay_curve", "decay_direction", "decay_free_bias", "decay_idle", "decay_two_units"]


def is_true(document: Document) -> None:
    """The risk by its definition, and no lower point nearby where a local minimum is claimed."""
    problem, theta = problem_of(document, GOLDEN), parameters_of(document["parameters"])
    stated, decay, rnd = Fraction(document["claim"]["risk"]), document["problem"]["weight_decay"], random.Random(1)

    def value(point: es.Parameters) -> Fraction:
        squares = [w * w for name, rows in point.items() if name[0] == "W" for row in rows for w in row]
        squares += [b * b for name, row in point.items() if name[0] == "b" and decay["biases"] for b in row]
        return problem.without_decay.rational_risk(point) + Fraction(decay["factor"]) / 2 * sum(squares, Fraction(0))

    assert value(theta) == stated
    if document["claim"]["kind"] == "local minimum":
        assert all(value(nearby(theta, rnd, Fraction(1, 10**4))) >= stated for _ in range(20))
    else:
        assert value(parameters_of(document["evidence"]["descent"]["lower_point"]["parameters"])) < stated


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    assert "risk with weight decay" in verify(encode(document)).sentence
    is_true(document)


@pytest.mark.parametrize("name", NAMES)
def test_small_changes(name: str) -> None:
    assert_changes_are_noticed(golden(name, "accept_2"), is_true, least=100, most=Fraction(1, 3))


def changed(name: str, place: list[Any], value: Any) -> Document:
    document = copy.deepcopy(golden(name, "accept_2"))
    *way, last = place
    field: Any = document
    for step in way:
        field = field[step]
    field[last] = value
    return document


@pytest.mark.parametrize(
    ("name", "place", "value", "said"),
    [
        ("decay_idle", ["problem", "weight_decay", "factor"], "0", "positive"),
        ("decay_idle", ["problem", "weight_decay", "factor"], "-2", "positive"),
        ("decay_idle", ["problem", "weight_decay", "biases"], "true", ""),
        ("decay_idle", ["problem", "weight_decay", "l1"], "1", "unknown"),
        ("decay_idle", ["problem", "weight_decay"], "2", ""),
        ("decay_idle", ["format"], "exactsurf-certificate/1", ""),
        ("decay_idle", ["evidence", "local_minimum", "rule"], "unitwise", "not for risks with weight decay"),
        ("decay_two_units", ["evidence", "local_minimum", "units", 0, "nodes"], [], "node 0"),
        ("decay_two_units", ["parameters", "W2", 0, 0], "2", ""),
        ("decay_idle", ["evidence", "local_minimum", "units", 0], {"nodes": []}, ""),
    ],
)
def test_what_is_wrong(name: str, place: list[Any], value: Any, said: str) -> None:
    assert said in rejection(changed(name, place, value)).reason


def test_other_claims_do_not_know_it() -> None:
    document = golden("sign_tree", "accept_2")
    document["problem"]["weight_decay"] = {"factor": "1", "biases": False}
    assert rejection(document).place == "problem.weight_decay"


def test_the_rule_needs_it() -> None:
    document = golden("decay_two_units", "accept_2")
    del document["problem"]["weight_decay"]
    document["claim"] |= {"sentence": document["claim"]["sentence"].replace(" with weight decay 1", ""), "risk": "1"}
    assert rejection(document).reason == "this rule needs weight decay"
