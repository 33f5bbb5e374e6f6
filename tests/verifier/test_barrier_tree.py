"""Barriers by regions on two sides: accepted, and rejected with the place where a reason is missing (FORMAT.md, section 9.1)."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from exactsurf.verifier import verify
from tests.verifier.oracle import Document, Oracle, number, parameters_of
from tests.verifier.verdicts import assert_changes_are_noticed, encode, golden, rejection

NAMES = ("regions_two_units", "regions_hard_tanh", "regions_hinge", "regions_six_samples")

Region = list[tuple[list[int], bool]]
"""The splits on the way to a node, with the side: for each unit alone."""


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    result = verify(encode(golden(name, "accept_2")))
    assert result.kind == "barrier"
    assert any("where they meet the risk is at the level or above" in line for line in result.checks)


def leaves(document: Document) -> list[list[Region]]:
    """The regions of side 0 and of side 1."""
    nodes: list[Any] = document["evidence"]["nodes"]
    found: list[list[Region]] = [[], []]
    waiting: list[tuple[int, Region]] = [(0, [])]
    while waiting:
        place, way = waiting.pop()
        node = nodes[place]
        if "side" in node:
            found[node["side"]].append(way)
        elif "split" in node:
            waiting += [(node["plus"], [*way, (node["split"], True)]), (node["minus"], [*way, (node["split"], False)])]
    return found


def is_in(document: Document, region: Region, point: Any) -> bool:
    rows, cuts = document["problem"]["data"]["x"], document["problem"]["activation"]["breakpoints"]
    for (j, *wall), above in region:
        if wall:
            i, k = wall
            bias = point["b1"][j] if "b1" in point else 0
            value = sum((w * number(x) for w, x in zip(point["W1"][j], rows[i], strict=True)), Fraction(bias)) - number(cuts[k])
        else:
            value = point["W2"][0][j]
        if value < 0 if above else value > 0:
            return False
    return True


def moved(value: Any, draw: random.Random) -> Any:
    """Parameters near others."""
    if isinstance(value, dict):
        return {name: moved(part, draw) for name, part in value.items()}
    return [moved(part, draw) for part in value] if isinstance(value, list | tuple) else value + Fraction(draw.randint(-3, 3), 4)


def sides_are_apart(document: Document, points: int = 400) -> None:
    """Fail if a point below the level lies on both sides or on none, or an end of the path on the wrong one."""
    oracle, level, draw = Oracle(document), number(document["claim"]["level"]), random.Random(5)
    sides = leaves(document)

    def on(point: Any) -> list[bool]:
        return [any(is_in(document, region, point) for region in own) for own in sides]

    first, *_, last = [parameters_of(point) for point in document["evidence"]["path"]]
    assert (on(first), on(last)) == ([True, False], [False, True])
    assert oracle.risk(first) < level and oracle.risk(last) < level
    for _ in range(points):
        start = first if draw.random() < 0.5 else last
        point = moved(start, draw)
        if oracle.risk(point) < level:
            assert sum(on(point)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_no_point_below_the_level_is_on_both_sides(name: str) -> None:
    sides_are_apart(golden(name, "accept_2"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_change_is_noticed(name: str) -> None:
    document = golden(name, "accept_2")
    assert_changes_are_noticed(document, lambda mutant: sides_are_apart(mutant, 40), least=500, most=Fraction(1, 4))


def other_side(document: Document) -> None:
    for node in document["evidence"]["nodes"]:
        if "side" in node:
            node["side"] = 1 - node["side"]


def no_meeting(document: Document) -> None:
    document["evidence"]["meetings"].pop()


def no_form(document: Document) -> None:
    document["evidence"]["meetings"][1]["forms"] = [[]]


def lower_dual(document: Document) -> None:
    document["evidence"]["duals"][0] = ["0"] * 4


def one_side_of_a_wall(document: Document) -> None:
    form = next(form for form in document["evidence"]["forms"] if any(side == 2 for *_, side in form["region"]))
    form["region"] = [[i, k, min(side, 1)] for i, k, side in form["region"]]
    form["nodes"] = [{"slopes": []}]


def cells_too(document: Document) -> None:
    document["evidence"]["cells"] = []


def no_split(document: Document) -> None:
    document["evidence"]["nodes"][1]["split"] = [0]


def late_child(document: Document) -> None:
    document["evidence"]["nodes"][1]["plus"] = 1


def format_1(document: Document) -> None:
    document["format"] = "exactsurf-certificate/1"


PLACES: dict[Callable[[Document], None], str] = {
    other_side: "evidence.nodes",
    no_meeting: "evidence.meetings",
    no_form: "evidence.meetings[1].forms[0]",
    lower_dual: "evidence.duals[0]",
    one_side_of_a_wall: "evidence.forms[1].nodes[0].slopes",
    cells_too: "evidence.cells",
    no_split: "evidence.nodes[1].split",
    late_child: "evidence.nodes[1].plus",
    format_1: "evidence.forms",
}


@pytest.mark.parametrize(("change", "place"), PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places(change: Callable[[Document], None], place: str) -> None:
    document = golden("regions_hinge", "accept_2")
    change(document)
    assert rejection(document).place == place
