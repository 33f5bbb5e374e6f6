"""Points of restricted risks: what is accepted holds at random moves in the subspace, what is changed is rejected or true."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import exactsurf as es
from exactsurf.certificate.reading.problem import problem_of
from exactsurf.verifier import verify
from tests.verifier.oracle import Document, numbers
from tests.verifier.verdicts import GOLDEN, assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = tuple(
    f"restricted_{name}"
    for name in (
        *("on_walls", "spurious", "flow", "saddle", "diagonal", "absolute", "empty", "unrestricted"),
        *("decay_tied", "decay_falls", "decay_shift", "decay_walls", "decay_whole"),
    )
)


def point(document: Document, values: Any) -> es.Parameters:
    """θ(u) by the formula, from the numbers of the document."""
    stated = document["problem"]["restriction"]
    found: dict[str, Any] = {name: numbers(value) for name, value in stated["offset"].items()}
    for value, direction in zip(values, stated["basis"], strict=True):
        found = {name: plus(entries, numbers(direction[name]), value) for name, entries in found.items()}
    return es.Parameters(**found)


def plus(a: Any, b: Any, step: Fraction) -> Any:
    return [plus(p, q, step) for p, q in zip(a, b, strict=True)] if isinstance(a, list) else a + step * b


def holds(document: Document) -> None:
    """The risk is as stated; no small move in the subspace lowers it, or the curve does."""
    problem = problem_of(document, GOLDEN)
    claim, evidence = document["claim"], document["evidence"]
    values = numbers(claim["values"])
    risk = problem.risk(point(document, values))
    assert risk == numbers([claim["risk"]])[0] and len(values) == len(document["problem"]["restriction"]["basis"])
    for lower in evidence.get("lower_points", []):
        assert problem.risk(point(document, numbers(lower["values"]))) < risk
    if "descent" in evidence:
        step, moved = Fraction(1, 10**6), values
        for power, change in enumerate(evidence["descent"]["curve"], start=1):
            moved = [a + step**power * b for a, b in zip(moved, numbers(change), strict=True)]
        assert problem.risk(point(document, moved)) < risk
        return
    source = random.Random(1)
    for _ in range(100):
        size = Fraction(1, source.choice([100, 10**4, 10**6]))
        moved = [value + size * Fraction(source.randint(-9, 9), source.choice([1, 1, 50])) for value in values]
        assert problem.risk(point(document, moved)) >= risk


@pytest.mark.parametrize("name", NAMES)
def test_what_is_accepted_holds(name: str) -> None:
    document = golden(name)
    accepted = verify(encode(document))
    assert accepted.kind == document["claim"]["kind"] and accepted.risk == Fraction(document["claim"]["risk"])
    holds(document)


@pytest.mark.parametrize("name", NAMES)
def test_small_changes_are_noticed(name: str) -> None:
    assert_changes_are_noticed(golden(name), holds, least=40, most=Fraction(1, 3), never=("claim.sentence", "claim.kind"))


BASIS = ("problem", "restriction", "basis")
NODES = ("evidence", "local_minimum", "nodes")


@pytest.mark.parametrize(
    ("name", "place", "change"),
    [
        ("on_walls", "claim.risk", put("claim", "risk", "3")),
        ("on_walls", "claim.values", put("claim", "values", ["1"])),
        ("on_walls", "claim.risk", put("claim", "values", ["1", "1"])),
        ("on_walls", "evidence.local_minimum.nodes[1].multipliers", put(*NODES, 1, "multipliers", [[[1, 1, 1], "-2"]])),
        ("on_walls", "evidence.local_minimum.nodes[1]", put(*NODES, 1, "multipliers", [])),
        ("on_walls", "evidence.local_minimum.nodes[0].split", put(*NODES, 0, "split", [1, 0, 0])),
        ("flow", "evidence.local_minimum.nodes[0]", put("problem", "data", "y", [["3/4"], ["9/4"], ["3/4"]])),
        ("flow", "problem.restriction.basis", put(*BASIS, [])),
        ("diagonal", "problem.restriction.basis", lambda d: d["problem"]["restriction"]["basis"].append(
            d["problem"]["restriction"]["basis"][0])),
        ("saddle", "evidence.descent.coefficient", put("evidence", "descent", "coefficient", "-2")),
        ("saddle", "evidence.descent.order", put("evidence", "descent", "order", 3)),
        ("saddle", "evidence.descent.curve[0]", put("evidence", "descent", "curve", [["1", "0", "1"]])),
        ("saddle", "evidence.descent.lower_point.risk", put("evidence", "descent", "lower_point", "values", ["0"] * 4)),
        ("spurious", "evidence.lower_points", put("evidence", "lower_points", [])),
        ("spurious", "evidence.lower_points[0].risk", put("evidence", "lower_points", 0, "risk", "2")),
        ("empty", "evidence.local_minimum.nodes[4].empty", put(*NODES, 4, "empty", [[[1, 0, 0], "1"], [[1, 0, 1], "1"]])),
        ("empty", "evidence.local_minimum.nodes[4].empty", put(*NODES, 4, "empty", [])),
        ("absolute", "evidence.local_minimum.nodes[0].subgradient[0]", put(*NODES, 0, "subgradient", 0, 2, "2")),
        ("absolute", "evidence.local_minimum.nodes[0]", put(*NODES, 0, "subgradient", 0, 2, "0")),
        ("unrestricted", "evidence.local_minimum.unrestricted.rule", put(*NODES[:2], "unrestricted", "rule", "x")),
        ("decay_tied", "claim.sentence", put("problem", "weight_decay", "factor", "2")),
        ("decay_tied", "claim.sentence", put("problem", "weight_decay", "biases", True)),
        ("decay_tied", "claim.sentence", lambda d: d["problem"].pop("weight_decay")),
        ("decay_whole", "evidence.local_minimum.unrestricted.rule", put(*NODES[:2], "unrestricted", "rule", "paths")),
        ("decay_falls", "evidence.descent.coefficient", put("evidence", "descent", "coefficient", "-2")),
        ("decay_walls", "evidence.local_minimum.nodes[1]", put(*NODES, 1, "multipliers", [])),
        ("unrestricted", "format", put("format", "exactsurf-certificate/1")),
    ],
)  # fmt: skip
def test_what_is_false_is_rejected_where_it_stands(name: str, place: str, change: Any) -> None:
    assert_rejected_at(place, golden(f"restricted_{name}"), change)


def test_without_the_restriction_the_claims_are_others() -> None:
    """A certificate cannot be taken for one about all parameters: the restriction is part of its problem."""
    document = golden("restricted_on_walls")
    del document["problem"]["restriction"]
    assert_rejected_at("problem.restriction", document, lambda _: None)
    plain = golden("restricted_on_walls")
    plain["claim"]["kind"] = "local minimum"
    assert_rejected_at("", plain, lambda _: None)


def test_a_direction_out_of_the_subspace_cannot_be_claimed_to_stay() -> None:
    """The smaller subspace a = b has the minimum (1, 1), which the plane of a and b has not."""
    network, data = es.Network([1, 2, 1], "linear", biases=False), es.Data.from_arrays([1], [3])
    line = es.RestrictedProblem(es.restriction(network, W1=[["a"], ["a"]], W2=[[2, 1]]), data)
    plane = es.RestrictedProblem(es.restriction(network, W1=[["a"], ["b"]], W2=[["a", 1]]), data)
    assert es.decide(line, line.parameters(a=1)).status is es.Status.PROVED
    assert es.decide(plane, plane.parameters(a=0, b=1)).status is es.Status.REFUTED
