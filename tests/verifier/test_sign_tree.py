"""Sign trees: accepted where they cover everything, rejected with the place where not (FORMAT.md, section 18)."""

from __future__ import annotations

import copy
import random
from fractions import Fraction

import pytest

from exactsurf.verifier import verify
from tests.verifier.oracle import Document, Oracle, number
from tests.verifier.verdicts import assert_changes_are_noticed, encode, golden, rejection

NAMES = ("sign_tree", "sign_tree_two_units", "sign_tree_hard_tanh")


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    result = verify(encode(document))
    assert result.kind == document["claim"]["kind"]
    assert any(line.startswith("tree of") for line in result.checks)
    no_lower_point(document)


def no_lower_point(document: Document) -> None:
    """Fail if one of some points has a lower risk than the claim says."""
    claim, oracle, generator = document["claim"], Oracle(document), random.Random(1)
    least = number(claim["risk"] if "risk" in claim else claim["bound"])
    inputs, units, _ = document["problem"]["widths"]
    for _ in range(60):
        entries = [[Fraction(generator.randint(-6, 6), 2) for _ in range(inputs + 2)] for _ in range(units)]
        here = {"W1": [row[:inputs] for row in entries], "W2": [[row[-1] for row in entries]]}
        if document["problem"]["biases"][0]:
            here["b1"] = [row[inputs] for row in entries]
        if document["problem"]["biases"][1]:
            here["b2"] = [Fraction(generator.randint(-6, 6), 2)]
        assert oracle.risk(here) >= least


@pytest.mark.parametrize("name", NAMES)
def test_changes_are_noticed(name: str) -> None:
    # Of the entries of a dual vector that has room, some may change.
    assert_changes_are_noticed(golden(name, "accept_2"), no_lower_point, least=40, most=Fraction(1, 3))


def changed(name: str, change) -> Document:
    document = copy.deepcopy(golden(name, "accept_2"))
    change(document["evidence"])
    return document


def _first_wall(evidence) -> dict:
    return next(node for node in evidence["nodes"] if len(node.get("split", ())) == 3)


def _swap(evidence) -> None:
    node = _first_wall(evidence)
    node["plus"], node["minus"] = node["minus"], node["plus"]


def _other_wall(evidence) -> None:
    node = _first_wall(evidence)
    node["split"][1] += 1 if node["split"][1] == 0 else -1


def _one_leaf(evidence) -> None:
    evidence["nodes"] = [{"dual": 0}]


def _orphan(evidence) -> None:
    evidence["nodes"].append({"dual": 0})


def _unused(evidence) -> None:
    evidence["duals"].append(evidence["duals"][0])


def _sign_twice(evidence) -> None:
    evidence["nodes"][evidence["nodes"][0]["plus"]] = {
        "split": [0],
        "plus": len(evidence["nodes"]),
        "minus": len(evidence["nodes"]) + 1,
    }
    evidence["nodes"] += [{"dual": 0}, {"dual": 0}]


def _loop(evidence) -> None:
    evidence["nodes"][0]["plus"] = 0


def _far_unit(evidence) -> None:
    evidence["nodes"][0]["split"] = [9]


def _far_breakpoint(evidence) -> None:
    _first_wall(evidence)["split"][2] = 7


def _two_entries(evidence) -> None:
    _first_wall(evidence)["split"].pop()


def _no_nodes(evidence) -> None:
    evidence["nodes"] = []


def _cells_too(evidence) -> None:
    evidence["cells"] = []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (_swap, "evidence.nodes"),
        (_other_wall, "evidence.nodes"),
        (_one_leaf, "evidence.nodes"),
        (_orphan, "evidence.nodes"),
        (_unused, "evidence.nodes"),
        (_sign_twice, "evidence.nodes"),
        (_loop, "evidence.nodes[0].plus"),
        (_far_unit, "evidence.nodes[0].split[0]"),
        (_far_breakpoint, "evidence.nodes"),
        (_two_entries, "evidence.nodes"),
        (_no_nodes, "evidence.nodes"),
        (_cells_too, "evidence"),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_rejected(name: str, change, place: str) -> None:
    assert rejection(changed(name, change)).place.startswith(place)


def test_format_1_has_no_trees() -> None:
    document = golden("sign_tree", "accept_2")
    document["format"] = "exactsurf-certificate/1"
    assert rejection(document).place


def test_units_with_other_regions_do_not_follow() -> None:
    """Only units in the same region are below a wall together: a tree that needs more is rejected."""
    document = golden("sign_tree_two_units", "accept_2")
    nodes = document["evidence"]["nodes"]
    # Exchange the two units of the first wall that is split where one of them was cut before.
    for node in nodes:
        if len(node.get("split", ())) == 3 and node["split"][0] == 1:
            node["split"][0] = 0
            break
    assert rejection(document).place.startswith("evidence.nodes")
