"""Spurious valleys between numbers: accepted where true, rejected with the place where not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction

import pytest

from tests.verifier.enclosed_oracle import holds
from tests.verifier.oracle import Document
from tests.verifier.verdicts import assert_accepted, assert_changes_are_noticed, golden, put, rejection

NAMES = (
    "enclosed_valley_decay",
    "enclosed_valley_logistic",
    "enclosed_valley_penalised",
    "enclosed_valley_two_units",
)
DECAY, LOGISTIC, PENALISED, TWO = NAMES


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    assert assert_accepted(document).risk is None
    holds(document, 8, 40)


@pytest.mark.parametrize("name", NAMES)
def test_small_changes_are_noticed(name: str) -> None:
    # Points of the path and dual vectors have room to both sides.
    assert_changes_are_noticed(golden(name, "accept_2"), holds, least=60, most=Fraction(1, 3), never=("claim",))


_BEFORE = {"risk": "most", "floor": "below", "bound": "least", "level": "one, at most"}


def _number(name: str, text: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        claim = document["claim"]
        before = _BEFORE[name]
        claim["sentence"] = claim["sentence"].replace(f"{before} {claim[name]}", f"{before} {text}")
        claim[name] = text

    return change


def _less(document: Document) -> None:
    """The dual vectors that bound the reached cells are the last ones."""
    document["evidence"]["duals"].pop()


def _all(*changes: Callable[[Document], None]) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        for each in changes:
            each(document)

    return change


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": (DECAY, put("format", "exactsurf-certificate/1"), "format"),
    "sentence": (DECAY, put("claim", "sentence", "It is low."), "claim.sentence"),
    "risk_below": (DECAY, _number("risk", "1"), "claim.risk"),
    "risk_above_the_bound": (DECAY, _number("risk", "5"), "claim.bound"),
    "floor_above": (DECAY, _all(_number("floor", "11/10"), _number("risk", "111/100")), "evidence.duals[1].vector"),
    "floor_above_the_risk": (DECAY, _number("floor", "2"), "claim.floor"),
    "floor_below_the_end": (DECAY, _number("floor", "1/100"), "evidence.path[1]"),
    "bound_above": (DECAY, _number("bound", "3"), "evidence.duals"),
    "level_below": (LOGISTIC, _number("level", "1"), "evidence.path[0]"),
    "less_cover": (PENALISED, _less, "evidence.duals"),
    "less_cover_logistic": (LOGISTIC, _less, "evidence.duals"),
    "other_parameters": (DECAY, put("parameters", "W2", [["9"]]), "claim.risk"),
    "no_parameters": (DECAY, lambda document: document.pop("parameters"), "parameters"),
    "short_path": (DECAY, put("evidence", "path", []), "evidence.path"),
    "two_layers": (LOGISTIC, put("problem", "widths", [1, 1, 1, 1]), "problem.biases"),
    "slope_of_the_other_sign": (TWO, put("evidence", "duals", 0, "vector", ["1", "0", "0", "0"]), "evidence.duals[0].vector"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_false_or_malformed_certificate_is_rejected_at_its_place(name: str) -> None:
    example, change, place = CHANGES[name]
    document = copy.deepcopy(golden(example, "accept_2"))
    change(document)
    assert rejection(document).place == place
