"""Trees with two sides, written by hand: ½(|a| − 1)² has the barrier ½ between 1 and −1, at the wall a = 0."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verifier.oracle import Document
from tests.verifier.verdicts import accepted, assert_rejected_at, put, rejection

SPLIT = {"split": [1, 0, 0, 0], "plus": 1, "minus": 2}
SENTENCE = (
    "Every path of values of the 1 free parameter between the first and the last point of the given path reaches a restricted "
    "risk of at least LEVEL of the 1-1-1 network on 1 sample, and the given path no more."
)


def document(level: str = "1/2") -> Document:
    """The barrier, with everything written out."""
    problem = {
        "widths": [1, 1, 1],
        "biases": [False, False],
        "activation": {"breakpoints": ["0"], "slopes": ["-1", "1"], "value_at_0": "0"},
        "loss": {"gap": "difference", "breakpoints": [], "pieces": [["1/2", "0", "0"]]},
        "data": {"x": [["1"]], "y": [["1"]]},
        "restriction": {
            "offset": {"W1": [["0"]], "W2": [["1"]]},
            "basis": [{"W1": [["1"]], "W2": [["0"]]}],
        },
    }
    claim = {"kind": "barrier of a restricted risk", "sentence": SENTENCE.replace("LEVEL", level), "level": level}
    evidence = {
        "path": [["1"], ["0"], ["-1"]],
        "nodes": [SPLIT, {"side": 0}, {"side": 1}],
        "walls": [[{"vector": [["-1"]], "multipliers": ["1", "0"]}]],
    }
    return {"format": "exactsurf-certificate/2", "claim": claim, "problem": problem, "evidence": evidence}


def test_the_barrier_between_two_minima() -> None:
    assert accepted(document())


def test_either_multiple_of_the_wall_will_do() -> None:
    """On the wall functions count modulo a: with −a in the place of a, or half of both."""
    changed = document()
    changed["evidence"]["walls"][0][0]["multipliers"] = ["3", "2"]
    assert accepted(changed)
    changed["evidence"]["walls"][0][0]["multipliers"] = ["1", "1"]
    assert rejection(changed).place == "evidence.walls[0][0]"


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("evidence.walls[0][0]", put("evidence", "walls", 0, [{"side": 0}])),
        ("evidence.walls[0][0]", put("evidence", "walls", 0, [{"side": 1}])),
        ("evidence.walls[0]", put("evidence", "walls", 0, [])),
        ("evidence.walls", put("evidence", "walls", [])),
        ("evidence.path[0]", put("evidence", "nodes", 1, {"side": 1})),
        ("evidence.path[2]", put("evidence", "nodes", 2, {"side": 0})),
        ("evidence.path[0]", put("evidence", "nodes", [SPLIT, {"side": 1}, {"side": 0}])),
        ("evidence.nodes[1].side", put("evidence", "nodes", 1, {"side": 2})),
        ("evidence.nodes[1].side", put("evidence", "nodes", 1, {"side": "0"})),
        ("evidence.nodes[1].vector", put("evidence", "nodes", 1, {"side": 0, "vector": [["0"]], "multipliers": ["0"]})),
        ("evidence.nodes[1]", put("evidence", "nodes", 1, {"vector": [["0"]], "multipliers": ["0"]})),
        ("evidence.path[1]", put("evidence", "path", [["1"], ["-1"]])),
    ],
)
def test_what_is_changed_is_rejected(place: str, change: Any) -> None:
    assert_rejected_at(place, document(), change)


def test_a_higher_level_is_not_proved_and_a_lower_one_not_reached() -> None:
    assert rejection(document("3/4")).place == "evidence.walls[0][0]"
    assert rejection(document("1/4")).place == "evidence.path[1]"


def test_a_wall_that_is_split_again() -> None:
    """A second sample with the same wall: on it the second pre-activation is a multiple of the first, and known."""
    changed = document("1")
    changed["problem"]["data"] = {"x": [["1"], ["-2"]], "y": [["1"], ["1"]]}
    changed["claim"]["sentence"] = changed["claim"]["sentence"].replace("1 sample", "2 samples")
    changed["evidence"]["walls"][0][0] = {"vector": [["-1"], ["-1"]], "multipliers": ["0", "1"]}
    # The lower pieces give f = −a and 2a, so that −f − f = −a.
    assert accepted(changed)
    changed["evidence"]["walls"][0][0]["multipliers"] = ["1", "0"]
    assert rejection(changed).place == "evidence.walls[0][0]"
