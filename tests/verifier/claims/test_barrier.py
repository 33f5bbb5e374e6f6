"""The claim `barrier`: what is changed is rejected with its place, and the level is that of the set between the ends."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from exactsurf.verifier import verify
from tests.verifier.global_examples import get, point, sentence
from tests.verifier.oracle import Document, Oracle, numbers, parameters_of
from tests.verifier.verdicts import encode, rejection


def above(document: Document) -> None:
    document["claim"]["level"] = "5/4"
    document["claim"]["sentence"] = sentence(document)


def lazy(document: Document) -> None:
    document["claim"]["level"] = "3/2"
    document["claim"]["sentence"] = sentence(document)


def jump(document: Document) -> None:
    del document["evidence"]["path"][2]


def through_zero(document: Document) -> None:
    del document["evidence"]["path"][1:3]
    document["evidence"]["path"][0] = point("-1/2", "3/2", -1, "3/2")


def no_way(document: Document) -> None:
    del document["evidence"]["path"][1:]


def end_at_the_level(document: Document) -> None:
    document["evidence"]["path"].pop()


def open_cut(document: Document) -> None:
    document["evidence"]["duals"] = []


def no_cut(document: Document) -> None:
    del document["evidence"]["duals"]


PLACES: dict[Callable[[Document], None], str] = {
    above: "evidence.path[1]",
    lazy: "evidence.duals[0]",
    jump: "evidence.path[2]",
    through_zero: "evidence.path[1]",
    no_way: "evidence.path",
    end_at_the_level: "evidence.path[2]",
    open_cut: "evidence.duals",
    no_cut: "evidence.duals",
}


@pytest.mark.parametrize(("change", "place"), PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places(change: Callable[[Document], None], place: str) -> None:
    document = get("barrier")
    change(document)
    assert rejection(document).place == place


def test_the_level_is_the_least_risk_where_the_output_weight_changes_its_sign() -> None:
    """The ends differ in the sign of the only output weight: a path between them passes 0, where predictions are constant."""
    document = get("barrier")
    first, *_, last = document["evidence"]["path"]
    assert Fraction(first["W2"][0][0]) < 0 < Fraction(last["W2"][0][0])
    targets = [row[0] for row in numbers(document["problem"]["data"]["y"])]
    mean = sum(targets) / len(targets)
    least = Oracle(document).risk(parameters_of(point(0, 0, 0, mean)))
    assert least == sum((mean - y) ** 2 for y in targets) / 2 == Fraction(document["claim"]["level"])
    verify(encode(document))
