"""Claims about paths, barriers and valleys: what is changed is rejected with its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from exactsurf.verifier import verify
from tests.verifier.global_examples import get, point, sentence
from tests.verifier.oracle import Document
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


BARRIER_PLACES: dict[Callable[[Document], None], str] = {
    above: "evidence.path[1]",
    lazy: "evidence.duals[0]",
    jump: "evidence.path[2]",
    through_zero: "evidence.path[1]",
    no_way: "evidence.path",
    end_at_the_level: "evidence.path[2]",
    open_cut: "evidence.duals",
    no_cut: "evidence.duals",
}


@pytest.mark.parametrize(("change", "place"), BARRIER_PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places_barrier(change: Callable[[Document], None], place: str) -> None:
    document = get("barrier")
    change(document)
    assert rejection(document).place == place


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


VALLEY_PLACES: dict[Callable[[Document], None], str] = {
    no_floor: "evidence.duals",
    ends_high: "evidence.path[0]",
    flat: "claim.barrier",
    low_dual: "evidence.duals[0]",
    raised_risk: "claim.risk",
}


@pytest.mark.parametrize(("change", "place"), VALLEY_PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places_valley(change: Callable[[Document], None], place: str) -> None:
    document = get("valley")
    change(document)
    assert rejection(document).place == place


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


LIST_PLACES: dict[Callable[[Document], None], str] = {
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


@pytest.mark.parametrize(("change", "place"), LIST_PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places_list(change: Callable[[Document], None], place: str) -> None:
    document = get("all_valleys")
    change(document)
    assert rejection(document).place == place


def test_a_unit_that_moves_across_a_breakpoint_is_noticed() -> None:
    document = get("path_two_units")
    document["evidence"]["path"].insert(1, point(["1", "-1"], ["-3/2", 1], [1, 0], 0))
    assert rejection(document).reason.startswith("unit 0 leaves its closed cell on sample 1")
    document["evidence"]["path"][1] = point([1, -1], [0, 1], ["1/2", 0], "1/2")
    verify(encode(document))
