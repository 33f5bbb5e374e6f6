"""The claim `spurious valley`: what is changed is rejected with its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.verifier.global_examples import get, point, sentence
from tests.verifier.oracle import Document, Oracle, parameters_of
from tests.verifier.verdicts import rejection


def no_floor(document: Document) -> None:
    document["evidence"]["duals"].pop()


def ends_high(document: Document) -> None:
    document["evidence"]["path"].pop()


def flat(document: Document) -> None:
    document["claim"]["barrier"] = "3/4"
    document["claim"]["sentence"] = sentence(document)


def raised_risk(document: Document) -> None:
    document["claim"]["risk"] = "1/3"


def low_dual(document: Document) -> None:
    document["evidence"]["duals"][0] = ["0", "0", "1/4", "-1/4"]


def high_barrier(document: Document) -> None:
    """One path does not reach this level."""
    document["claim"]["barrier"] = "10/11"
    document["claim"]["sentence"] = sentence(document)


def low_barrier(document: Document) -> None:
    document["claim"]["barrier"] = "4/5"
    document["claim"]["sentence"] = sentence(document)


def other_bottom(document: Document) -> None:
    """A point of the same valley with a higher risk: the dual vectors show it as little as any other."""
    document["parameters"] = point("1/2", 0, 1, "1/100")
    document["claim"]["risk"] = str(Oracle(document).risk(parameters_of(document["parameters"])))


PLACES: dict[Callable[[Document], None], str] = {
    no_floor: "evidence.duals",
    ends_high: "evidence.path[0]",
    flat: "claim.barrier",
    low_dual: "evidence.duals[0]",
    raised_risk: "claim.risk",
    high_barrier: "evidence.duals",
    low_barrier: "evidence.path[0]",
    other_bottom: "evidence.duals[1]",
}


@pytest.mark.parametrize(("change", "place"), PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places(change: Callable[[Document], None], place: str) -> None:
    document = get("valley")
    change(document)
    assert rejection(document).place == place
