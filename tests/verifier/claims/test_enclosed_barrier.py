"""Barriers between two numbers: accepted where true, rejected with the place where not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction

import pytest

from tests.verifier.enclosed_oracle import holds
from tests.verifier.oracle import Document
from tests.verifier.verdicts import assert_accepted, assert_changes_are_noticed, golden, put, rejection

NAMES = ("enclosed_barrier_decay", "enclosed_barrier_logistic", "enclosed_barrier_logistic_decay")
DECAY, LOGISTIC, BOTH = NAMES


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    assert assert_accepted(document).risk is None
    holds(document, 8, 40)


@pytest.mark.parametrize("name", NAMES)
def test_small_changes_are_noticed(name: str) -> None:
    # Points of the path and dual vectors have room to both sides.
    assert_changes_are_noticed(golden(name, "accept_2"), holds, least=60, most=Fraction(1, 3), never=("claim",))


def _number(name: str, text: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        claim = document["claim"]
        before = {"bound": "least ", "level": "most "}[name]
        claim["sentence"] = claim["sentence"].replace(f"{before}{claim[name]}", f"{before}{text}")
        claim[name] = text

    return change


def _one_side(document: Document) -> None:
    document["evidence"]["path"] = document["evidence"]["path"][:1] * 2


def _facet_twice(document: Document) -> None:
    facets = next(dual["facets"] for dual in document["evidence"]["duals"] if dual["facets"])
    facets.append(facets[0])


def _no_duals(document: Document) -> None:
    document["evidence"]["duals"] = []


def _idle(document: Document) -> None:
    """The unit turns while it is off at one end only, and not from weights 0."""
    point = copy.deepcopy(document["evidence"]["path"][0])
    point["W2"], point["W1"] = [["0"]], [["1"]]
    document["evidence"]["path"].insert(1, point)


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": (DECAY, put("format", "exactsurf-certificate/1"), "format"),
    "sentence": (DECAY, put("claim", "sentence", "It is high."), "claim.sentence"),
    "bound_above": (DECAY, _number("bound", "3/2"), "evidence.duals[0].vector"),
    "bound_above_logistic": (LOGISTIC, _number("bound", "5/2"), "evidence.duals[0]"),
    "bound_below_an_end": (DECAY, _number("bound", "1/2"), "evidence.path[0]"),
    "level_below": (DECAY, _number("level", "1"), "evidence.path[1]"),
    "level_below_logistic": (LOGISTIC, _number("level", "1"), "evidence.path[0]"),
    "one_side": (DECAY, _one_side, "evidence.duals"),
    "no_path": (DECAY, put("evidence", "path", []), "evidence.path"),
    "no_duals": (LOGISTIC, _no_duals, "evidence.duals"),
    "facet_twice": (DECAY, _facet_twice, "evidence.duals[0].facets[2][0]"),
    "idle": (DECAY, _idle, "evidence.path[1]"),
    "no_decay": (DECAY, lambda document: document["problem"].pop("weight_decay"), "problem"),
    "bits_for_pieces": (DECAY, put("evidence", "bits", 160), "problem.loss.breakpoints"),
    "no_bits": (LOGISTIC, lambda document: document["evidence"].pop("bits"), "problem.loss.tree"),
    "few_bits": (LOGISTIC, put("evidence", "bits", 3), "evidence.bits"),
    "coarse_bits": (LOGISTIC, put("evidence", "bits", 16), "evidence.path[1]"),
    "parameters": (DECAY, put("parameters", {}), "parameters"),
    "unknown_field": (DECAY, put("evidence", "note", "x"), "evidence.note"),
    "other_breakpoint": (DECAY, put("problem", "activation", "breakpoints", ["1"]), "problem.activation"),
    "two_outputs": (DECAY, put("problem", "widths", [1, 1, 2]), "problem.data.y[0]"),
    "a_cell_less": (BOTH, lambda document: document["evidence"]["cells"].pop(), "evidence.cells"),
    "slopes_missing": (BOTH, lambda document: document["evidence"]["duals"][0].pop("facets"), "evidence.duals[0].facets"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_false_or_malformed_certificate_is_rejected_at_its_place(name: str) -> None:
    example, change, place = CHANGES[name]
    document = copy.deepcopy(golden(example, "accept_2"))
    change(document)
    assert rejection(document).place == place


def test_slopes_on_facets_are_checked() -> None:
    document = golden(DECAY, "accept_2")
    place, dual = next((k, dual) for k, dual in enumerate(document["evidence"]["duals"]) if dual["facets"])
    (first, second, slope), *_ = dual["facets"]
    for facet, where in (
        ([second, first, slope], "[1]"),
        ([first, second + 1, slope], "[1]"),
        ([first, 999, slope], "[1]"),
        ([first, second, ["1"] * len(slope)], "[2]"),
        ([first, second, [*slope[:-1], "1/100"]], "[2]"),
        ([first, second, slope[1:]], "[2]"),
    ):
        changed = copy.deepcopy(document)
        changed["evidence"]["duals"][place]["facets"][0] = facet
        assert rejection(changed).place == f"evidence.duals[{place}].facets[0]{where}"
    without = copy.deepcopy(golden(BOTH, "accept_2"))
    for each in without["evidence"]["duals"]:
        each["facets"] = []
    assert rejection(without).place == "evidence.duals"
