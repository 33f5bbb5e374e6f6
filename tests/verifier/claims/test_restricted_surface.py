"""Claims about all values of free parameters: no value on a grid is lower, and what is changed is rejected or true."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import exactsurf as es
from exactsurf.certificate.reading.problem import problem_of
from exactsurf.verifier import verify
from tests.verifier.claims.test_restricted_point import point
from tests.verifier.oracle import Document, numbers
from tests.verifier.verdicts import GOLDEN, assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = tuple(f"restricted_global_{name}" for name in ("filter", "deep", "classes", "linear", "scale", "products", "decay"))
NODES = ("evidence", "nodes")
TREES = ("evidence", "trees")


def holds(document: Document) -> None:
    """The risk is as stated, and random values of the free parameters have no lower one."""
    problem, claim = problem_of(document, GOLDEN), document["claim"]
    values, risk = numbers(claim["values"]), Fraction(claim["risk"])
    assert problem.risk(point(document, values)) == risk
    source = random.Random(2)
    for _ in range(15):
        size = Fraction(source.choice([1, 2, 8]), source.choice([1, 4, 100]))
        near = source.choice([0, 1])
        moved = [near * value + size * source.randint(-4, 4) for value in values]
        assert problem.risk(point(document, moved)) >= risk


@pytest.mark.parametrize("name", NAMES)
def test_what_is_accepted_holds(name: str) -> None:
    document = golden(name)
    accepted = verify(encode(document))
    assert accepted.kind == document["claim"]["kind"] and accepted.risk == Fraction(document["claim"]["risk"])
    holds(document)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith("deep")])
def test_small_changes_are_noticed(name: str) -> None:
    assert_changes_are_noticed(golden(name), holds, least=30, most=Fraction(1, 3), never=("claim.sentence", "claim.kind"))


@pytest.mark.parametrize(
    ("name", "place", "change"),
    [
        ("filter", "claim.risk", put("claim", "risk", "1/2")),
        ("filter", "format", put("format", "exactsurf-certificate/1")),
        ("filter", "evidence.nodes", put(*NODES, [])),
        ("filter", "evidence.nodes[0].split[0]", put(*NODES, 0, "split", 0, 2)),
        ("filter", "evidence.nodes[0].split[0]", put(*NODES, 0, "split", 0, 0)),
        ("filter", "evidence.nodes[0].split[1]", put(*NODES, 0, "split", 1, 2)),
        ("filter", "evidence.nodes[0].split[3]", put(*NODES, 0, "split", 3, 1)),
        ("filter", "evidence.nodes[0].minus", put(*NODES, 0, "minus", 1)),
        ("filter", "evidence.nodes[0].plus", put(*NODES, 0, "plus", 0)),
        ("filter", "problem.restriction", put("problem", "restriction", "basis", 0, "W2", [["1", "0"]])),
        ("linear", "evidence.nodes[0]", put(*NODES, 0, "vector", 0, 0, "0")),
        ("linear", "evidence.nodes[0].multipliers", put(*NODES, 0, "multipliers", ["0"])),
        ("classes", "evidence.nodes[0].split[2]", put(*NODES, 0, "split", 2, 3)),
        ("scale", "evidence.scales", put("evidence", "scales", [])),
        ("scale", "evidence.scales[0][0]", put("evidence", "scales", 0, 0, 3)),
        ("scale", "evidence.scales[0][1]", put("evidence", "scales", 0, 1, [])),
        ("scale", "evidence.scales[0][1]", put("evidence", "scales", 0, 1, [1, 0])),
        ("scale", "evidence.scales[0]", put("evidence", "scales", 0, 1, [0])),
        ("scale", "evidence.scales[0]", put("evidence", "scales", 0, [0, [2]])),
        ("scale", "evidence.scales[1][0]", put("evidence", "scales", [[2, [0, 1]], [2, [0, 1]]])),
        ("scale", "evidence.trees", put(*TREES, [])),
        ("scale", "evidence.trees[1]", put(*TREES, 1, [])),
        ("scale", "evidence.nodes", put("evidence", "nodes", [])),
        ("products", "evidence.scales", put("evidence", "scales", [[4, [2]]])),
        ("products", "evidence.scales[1]", put("evidence", "scales", 1, 1, [1, 3])),
        ("products", "evidence.scales", put("evidence", "scales", [[2, [0]], [3, [1]]])),
        ("products", "evidence.trees[0][0]", put(*TREES, 0, 0, "vector", 0, 0, "0")),
    ],
)  # fmt: skip
def test_what_is_false_is_rejected_where_it_stands(name: str, place: str, change: Any) -> None:
    assert_rejected_at(place, golden(f"restricted_global_{name}"), change)


@pytest.mark.parametrize("name", ["filter", "deep", "classes"])
def test_multipliers_are_not_negative_and_what_is_used_is_known(name: str) -> None:
    document = golden(f"restricted_global_{name}")
    nodes = document["evidence"]["nodes"]
    used = next(k for k, node in enumerate(nodes) if "vector" in node and node["multipliers"])
    assert_rejected_at(f"evidence.nodes[{used}].multipliers[0]", document, put(*NODES, used, "multipliers", 0, "-1"))
    given = next(k for k, node in enumerate(nodes) if "given" in node)
    document = golden(f"restricted_global_{name}")
    zeros = ["0"] * len(nodes[given]["multipliers"])
    assert_rejected_at(f"evidence.nodes[{given}]", document, put(*NODES, given, "multipliers", zeros))
    document = golden(f"restricted_global_{name}")
    turned = "1" if nodes[given]["side"] == "-1" else "-1"
    assert_rejected_at(f"evidence.nodes[{given}]", document, put(*NODES, given, "side", turned))
    document = golden(f"restricted_global_{name}")
    assert_rejected_at(f"evidence.nodes[{given}].side", document, put(*NODES, given, "side", "2"))


def test_a_prediction_that_is_not_known_cannot_be_used() -> None:
    document = golden("restricted_global_filter")
    row = document["evidence"]["nodes"][-1]["vector"]
    first = {"vector": row, "multipliers": []}
    assert_rejected_at(
        "evidence.nodes[0].vector[" + str(next(i for i, r in enumerate(row) if r != ["0"])) + "]",
        document,
        put(*NODES, [first]),
    )


def test_a_layer_above_an_unknown_one_cannot_be_split() -> None:
    document = golden("restricted_global_deep")
    assert_rejected_at("evidence.nodes[0].split", document, put(*NODES, 0, "split", [2, 0, 0, 0]))


def test_the_bound_of_a_leaf_is_by_the_losses() -> None:
    """A slope that the absolute loss does not have is rejected where it stands."""
    document = golden("restricted_global_deep")
    place = next(k for k, node in enumerate(document["evidence"]["nodes"]) if "vector" in node)
    document["evidence"]["nodes"][place]["vector"][0][0] = "2"
    with pytest.raises(es.RejectedCertificate):
        es.verify(encode(document))


def test_weight_decay_is_bounded_by_a_tangent_with_its_values() -> None:
    document = golden("restricted_global_decay")
    k = next(k for k, node in enumerate(document["evidence"]["nodes"]) if "vector" in node)
    place = (*NODES, k, "values")
    assert_rejected_at(f"evidence.nodes[{k}].values", document, lambda changed: changed["evidence"]["nodes"][k].pop("values"))
    assert_rejected_at(f"evidence.nodes[{k}].values", document, put(*place, ["0"]))
    assert_rejected_at(f"evidence.nodes[{k}]", document, put(*place, 0, "100"))
    assert_rejected_at("claim.sentence", document, put("problem", "weight_decay", "factor", "1/3"))
    assert_rejected_at("claim.sentence", document, lambda changed: changed["problem"].pop("weight_decay"))
    plain = golden("restricted_global_filter")
    k = next(k for k, node in enumerate(plain["evidence"]["nodes"]) if "vector" in node)
    assert_rejected_at(f"evidence.nodes[{k}].values", plain, put(*NODES, k, "values", ["0", "0"]))
