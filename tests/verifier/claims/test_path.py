"""The claim `path`: what is changed is rejected with its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from exactsurf.verifier import verify
from tests.verifier.global_examples import get, point, sentence
from tests.verifier.oracle import Document
from tests.verifier.verdicts import encode, rejection


def low_level(document: Document) -> None:
    document["claim"]["level"] = "3/2"
    document["claim"]["sentence"] = sentence(document)


def one_point(document: Document) -> None:
    del document["evidence"]["path"][1:]


def other_sentence(document: Document) -> None:
    document["claim"]["level"] = "3"


def sign_change(document: Document) -> None:
    document["evidence"]["path"][1] = point([1, 3], [0, 2], [-1, 0], 0)


def moved_while_switched_off(document: Document) -> None:
    document["evidence"]["path"][2] = point([1, 3], [1, 2], [0, 0], "1/3")


def two_layers(document: Document) -> None:
    document["problem"] |= {"widths": [1, 2, 1, 1], "biases": [True] * 3}


PLACES: dict[Callable[[Document], None], str] = {
    low_level: "evidence.path[0]",
    one_point: "evidence.path",
    other_sentence: "claim.sentence",
    sign_change: "evidence.path[1]",
    moved_while_switched_off: "evidence.path[2]",
    two_layers: "problem.widths",
}


@pytest.mark.parametrize(("change", "place"), PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places(change: Callable[[Document], None], place: str) -> None:
    document = get("path_two_units")
    change(document)
    assert rejection(document).place == place


def test_a_unit_that_moves_across_a_breakpoint_is_noticed() -> None:
    document = get("path_two_units")
    document["evidence"]["path"].insert(1, point(["1", "-1"], ["-3/2", 1], [1, 0], 0))
    assert rejection(document).reason.startswith("unit 0 leaves its closed cell on sample 1")
    document["evidence"]["path"][1] = point([1, -1], [0, 1], ["1/2", 0], "1/2")
    verify(encode(document))
