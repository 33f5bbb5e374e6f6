"""The claim `all valleys`: what is changed is rejected with its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.verifier.global_examples import get, point, sentence
from tests.verifier.oracle import Document
from tests.verifier.verdicts import rejection


def one_valley_less(document: Document) -> None:
    document["claim"]["valleys"] = "3"
    document["claim"]["sentence"] = sentence(document)
    document["evidence"]["points"].pop(3)


def one_valley_hidden(document: Document) -> None:
    """The last bottom is said to lead to the first."""
    document["claim"]["valleys"] = "3"
    document["claim"]["sentence"] = sentence(document)
    document["evidence"]["leads_to"] = [0, 0]


def circle(document: Document) -> None:
    document["evidence"]["leads_to"] = [4]


def uphill(document: Document) -> None:
    document["evidence"]["points"][0] = point(0, 0, 0, 5)


def too_many(document: Document) -> None:
    document["claim"]["valleys"] = "6"


def no_valley(document: Document) -> None:
    document["claim"]["valleys"] = "0"


def other_leads(document: Document) -> None:
    document["evidence"]["leads_to"] = []


def not_minimal(document: Document) -> None:
    document["evidence"]["points"][2] = point("1/2", 0, 1, "1/100")


def low_bound(document: Document) -> None:
    document["evidence"]["duals"][1] = ["0", "-1/4", "1/4", "0"]


PLACES: dict[Callable[[Document], None], str] = {
    one_valley_less: "evidence.points",
    one_valley_hidden: "evidence.leads_to[0]",
    circle: "evidence.leads_to[0]",
    uphill: "evidence.leads_to[0]",
    too_many: "claim.valleys",
    no_valley: "claim.valleys",
    other_leads: "evidence.leads_to",
    not_minimal: "evidence.points",
    low_bound: "evidence.duals[1]",
}


@pytest.mark.parametrize(("change", "place"), PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places(change: Callable[[Document], None], place: str) -> None:
    document = get("all_valleys")
    change(document)
    assert rejection(document).place == place
