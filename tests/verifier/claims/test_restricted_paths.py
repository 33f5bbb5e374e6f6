"""Claims about paths of free parameters: what is accepted is true by other means, and what is changed is rejected or true."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pytest

import exactsurf as es
from exactsurf.certificate.reading.problem import problem_of
from exactsurf.certificate.reading.restriction import restriction_of
from exactsurf.verifier import verify
from tests.verifier.claims.test_restricted_point import point
from tests.verifier.oracle import Document, numbers
from tests.verifier.verdicts import GOLDEN, assert_changes_are_noticed, assert_rejected_at, encode, golden, put, rejection

BARRIERS = ("restricted_barrier", "restricted_barrier_huber", "restricted_barrier_decay_biases")
VALLEYS = ("restricted_valley", "restricted_valley_deep", "restricted_valley_decay")
NAMES = (*BARRIERS, *VALLEYS, "restricted_path", "restricted_all_valleys", "restricted_all_valleys_decay")
EVIDENCE = ("evidence",)


def path_of(document: Document) -> list[list[Fraction]]:
    """The points of a path, with the bottom of a valley before them."""
    start = [document["claim"]["values"]] if "values" in document["claim"] else []
    return [numbers(values) for values in [*start, *document["evidence"]["path"]]]


@lru_cache(maxsize=4)
def landscape(problem: es.RestrictedProblem) -> es.RestrictedLandscape:
    return es.landscape(problem)


def holds(document: Document) -> None:
    """The path stays at or below the level between its points too, and the landscape has this barrier, valley or list."""
    try:
        problem, claim = problem_of(document, GOLDEN), document["claim"]
    except es.InputError:
        # A loss that falls for ever is no problem of the library; the verifier need not refuse it.
        assert document["problem"]["loss"] != golden("restricted_path")["problem"]["loss"]
        return
    if not claim["kind"].startswith("path"):
        land = landscape(es.RestrictedProblem.of(restriction_of(document["problem"], problem.network), problem))
    if claim["kind"].startswith("all valleys"):
        bottoms = [problem.risk(point(document, numbers(values))) for values in document["evidence"]["points"]]
        assert {valley.risk for valley in land.valleys} <= set(bottoms[: int(claim["valleys"])])
        return
    path, level = path_of(document), Fraction(claim["barrier" if "barrier" in claim else "level"])
    for one, other in pairwise(path):
        for k in range(9):
            between = [a + Fraction(k, 8) * (b - a) for a, b in zip(one, other, strict=True)]
            assert problem.risk(point(document, between)) <= level
    first, last = (point(document, path[place]) for place in (0, -1))
    if claim["kind"].startswith("barrier"):
        assert es.lowest_path(land, first, last).level >= level > max(problem.risk(first), problem.risk(last))
    if claim["kind"].startswith("spurious"):
        assert problem.risk(first) == Fraction(claim["risk"]) > problem.risk(last)
        assert (claim["risk"], claim["barrier"]) in {(str(valley.risk), str(valley.barrier)) for valley in land.valleys}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_accepted_holds(name: str) -> None:
    document = golden(name)
    accepted = verify(encode(document))
    stated = document["claim"].get("risk")
    assert accepted.kind == document["claim"]["kind"] and accepted.risk == (None if stated is None else Fraction(stated))
    holds(document)


@pytest.mark.parametrize(
    "name",
    [
        "restricted_barrier",
        "restricted_path",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("restricted_valley", "restricted_valley_deep")),
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("restricted_barrier_huber", "restricted_all_valleys")),
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("restricted_valley_decay", "restricted_all_valleys_decay")),
    ],
)
def test_small_changes_are_noticed(name: str) -> None:
    assert_changes_are_noticed(golden(name), holds, least=30, most=Fraction(1, 3), never=("claim.sentence", "claim.kind"))


def leaf(document: Document, kind: str, side: int | None = None) -> int:
    """The number of a leaf with this field, of this side."""
    nodes = document["evidence"]["nodes"]
    return next(
        k for k, node in enumerate(nodes) if kind in node and "given" not in node and (side is None or node.get("side") == side)
    )


def level(text: str, name: str = "level") -> Callable[[Document], None]:
    """Another level, with the sentence that says it."""

    def change(document: Document) -> None:
        old = document["claim"][name]
        document["claim"][name] = text
        document["claim"]["sentence"] = document["claim"]["sentence"].replace(f"at least {old}", f"at least {text}")

    return change


@pytest.mark.parametrize(
    ("name", "place", "change"),
    [
        ("path", "format", put("format", "exactsurf-certificate/1")),
        ("path", "evidence.path", put("evidence", "path", [])),
        ("path", "evidence.path[1]", put("evidence", "path", 1, ["100", "0"])),
        ("path", "evidence.path[1]", put("evidence", "path", 1, ["0"])),
        ("path", "evidence.path[1]", lambda document: document["evidence"]["path"].pop(1)),
        ("path", "claim.sentence", put("claim", "level", "6")),
        ("barrier", "format", put("format", "exactsurf-certificate/1")),
        ("barrier", "evidence.path[0]", level("3")),
        ("barrier", "evidence.walls[1][0]", level("10")),
        ("barrier", "evidence.walls", put("evidence", "walls", [])),
        ("barrier", "evidence.path[0]", lambda document: document["evidence"]["path"].reverse()),
        ("barrier", "evidence.nodes", put("evidence", "nodes", [])),
        ("barrier", "problem.restriction", put("problem", "restriction", "basis", 0, "W2", [["1", "0"]])),
        ("valley", "format", put("format", "exactsurf-certificate/1")),
        ("valley", "claim.risk", put("claim", "risk", "1")),
        ("valley", "evidence.path[0]", level("2", "barrier")),
        ("valley", "claim.barrier", level("7/6", "barrier")),
        ("valley", "evidence.path[0]", lambda document: document["evidence"]["path"].pop()),
        ("valley", "claim.values", put("claim", "values", ["0"])),
        ("all_valleys", "claim.valleys", put("claim", "valleys", "0")),
        ("all_valleys", "claim.valleys", put("claim", "valleys", "1/2")),
        ("all_valleys", "claim.valleys", put("claim", "valleys", "100")),
        ("all_valleys", "claim.sentence", put("claim", "valleys", "3")),
        ("all_valleys", "evidence.leads_to[0]", put("evidence", "leads_to", 0, 2)),
        ("all_valleys", "evidence.leads_to", put("evidence", "leads_to", [])),
    ],
)  # fmt: skip
def test_what_is_false_is_rejected_where_it_stands(name: str, place: str, change: Any) -> None:
    assert_rejected_at(place, golden(f"restricted_{name}"), change)


@pytest.mark.parametrize("name", VALLEYS)
def test_the_sides_of_leaves_are_checked(name: str) -> None:
    document = golden(name)
    if name.endswith("decay"):
        k = leaf(document, "values")
        assert_rejected_at(f"evidence.nodes[{k}]", document, put("evidence", "nodes", k, "values", 0, "100"))
    own = leaf(document, "side", 0)
    assert_rejected_at(f"evidence.nodes[{own}].side", document, put("evidence", "nodes", own, "side", 2))
    assert_rejected_at(f"evidence.nodes[{own}].vector", document, lambda changed: changed["evidence"]["nodes"][own].pop("vector"))
    other = leaf(document, "side", 1)
    changed = copy.deepcopy(document)
    changed["evidence"]["nodes"][other] = {**document["evidence"]["nodes"][own]}
    assert rejection(changed).place.startswith("evidence.")
    changed = copy.deepcopy(document)
    for node in changed["evidence"]["nodes"]:
        if node.get("side") == 0:
            node.clear()
            node["side"] = 1
    assert rejection(changed).place == "claim.values"


@pytest.mark.parametrize("name", [*BARRIERS, *VALLEYS])
def test_what_crosses_a_wall_is_checked(name: str) -> None:
    """No wall may be left out, no leaf of a wall may claim to have one side only, and bounds are at least the level."""
    document = golden(name)
    for number, wall in enumerate(document["evidence"]["walls"]):
        place = ("evidence", "walls", number)
        assert_rejected_at(f"evidence.walls[{number}]", document, put(*place, []))
        for k, node in enumerate(wall):
            if "vector" in node:
                assert_rejected_at(f"evidence.walls[{number}][{k}]", document, put(*place, k, {"side": 0}))
                assert_rejected_at(f"evidence.walls[{number}][{k}]", document, put(*place, k, {"side": 1}))
                zeros = [["0"] * len(row) for row in node["vector"]]
                if "weight_decay" not in document["problem"]:  # which may be high enough on its own
                    assert_rejected_at(f"evidence.walls[{number}][{k}]", document, put(*place, k, "vector", zeros))
            if "side" in node and "given" not in node:
                assert_rejected_at(f"evidence.walls[{number}][{k}].side", document, put(*place, k, "side", 2))


def test_a_wall_without_bounds_is_crossed() -> None:
    """One leaf for a whole wall, which the two sides meet."""
    for side in (0, 1):
        assert_rejected_at("evidence.walls[0][0]", golden("restricted_valley"), put("evidence", "walls", 0, [{"side": side}]))


def test_points_of_the_list_lie_in_their_regions() -> None:
    document = golden("restricted_all_valleys")
    k = leaf(document, "point")
    own = document["evidence"]["nodes"][k]["point"]
    for number in range(len(document["evidence"]["points"])):
        if number != own:
            changed = copy.deepcopy(document)
            changed["evidence"]["nodes"][k]["point"] = number
            assert rejection(changed).place.startswith(f"evidence.nodes[{k}]")
    top = {"point": 0, "vector": document["evidence"]["nodes"][k]["vector"], "multipliers": []}
    assert_rejected_at("evidence.nodes[0]", document, put("evidence", "nodes", [top]))
