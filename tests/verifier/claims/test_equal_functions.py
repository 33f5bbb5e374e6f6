"""Two points and one function, or two: what is accepted is true on a grid, what is changed is rejected or true."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction

import pytest

from exactsurf.verifier import verify
from tests.verifier.oracle import Document, numbers, predict
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("equal_functions", "equal_predictions", "different_functions")


def holds(document: Document) -> None:
    problem, kind = document["problem"], document["claim"]["kind"]
    points = [
        {name: numbers(value) for name, value in named.items()} for named in (document["parameters"], document["claim"]["other"])
    ]
    if kind == "different functions":
        inputs = [numbers(document["evidence"]["input"])]
    else:
        inputs = numbers(problem["inputs"]) if "inputs" in problem else [[Fraction(k, 7)] for k in range(-70, 71)]
    same = [predict(problem, points[0], x) == predict(problem, points[1], x) for x in inputs]
    assert all(same) if kind != "different functions" else not any(same)


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).kind == document["claim"]["kind"]
    holds(document)


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": ("equal_functions", put("format", "exactsurf-certificate/1"), "format"),
    "sentence": ("equal_functions", put("claim", "sentence", "It holds."), "claim.sentence"),
    "other": ("equal_functions", put("claim", "other", "b2", ["2"]), "evidence.tree"),
    "other_on_inputs": ("equal_predictions", put("claim", "other", "b2", ["2"]), "problem.inputs[0]"),
    "no_inputs": ("equal_predictions", put("problem", "inputs", []), "claim.sentence"),
    "an_input_where_they_agree": (
        "different_functions",
        lambda d: d["claim"].update(other=copy.deepcopy(d["parameters"])),
        "evidence.input",
    ),
    "entry_too_many": ("equal_functions", lambda d: d["evidence"]["tree"].append([]), "evidence.tree"),
    "entry_too_few": ("equal_functions", lambda d: d["evidence"]["tree"].pop(), "evidence.tree"),
    "an_inequality_that_is_not_there": ("equal_functions", put("evidence", "tree", 2, 0, 0, 9), "evidence.tree[2][0][0]"),
    "no_multipliers": ("equal_functions", put("evidence", "tree", 2, 0, 1, "0"), "evidence.tree[2]"),
    "negative_multipliers": ("equal_functions", put("evidence", "tree", 2, 0, 1, "-1"), "evidence.tree[2]"),
    "wrong_multipliers": ("equal_functions", put("evidence", "tree", 2, 0, 1, "7"), "evidence.tree[2]"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, golden(start), change)


@pytest.mark.parametrize("name", NAMES)
def test_all_small_changes_are_noticed(name: str) -> None:
    assert_changes_are_noticed(golden(name), holds, least=100, most=Fraction(1, 3), never=("kind",))
