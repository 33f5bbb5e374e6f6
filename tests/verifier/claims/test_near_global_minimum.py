"""The least risk with weight decay between two numbers: accepted where true, rejected with the place where not."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from tests.verifier.oracle import Document, Oracle, number, parameters_of
from tests.verifier.verdicts import assert_accepted, assert_changes_are_noticed, golden, put, rejection

NAMES = ("near_free_bias", "near_penalised", "near_plane")
GRID = [Fraction(k, 4) for k in range(-8, 9)]


def risk(document: Document, point: dict[str, Any]) -> Fraction:
    """The risk with weight decay."""
    decay = document["problem"]["weight_decay"]
    rows = [row for name, value in point.items() for row in value if name[0] == "W" or decay["biases"]]
    entries = [value for row in rows for value in (row if isinstance(row, list) else [row])]
    return Oracle(document).risk(point) + number(decay["factor"]) / 2 * sum((v * v for v in entries), Fraction(0))


def not_seen_false(document: Document) -> None:
    """Fail if the stated risk is not that of the parameters, or a random point has a lower risk than the bound."""
    claim = document["claim"]
    own = parameters_of(document["parameters"])
    assert risk(document, own) == number(claim["risk"]) >= number(claim["bound"])
    generator = random.Random(1)
    for scale in (Fraction(0), Fraction(1, 50), Fraction(1, 4), Fraction(1)):
        for _ in range(10):
            moved = {
                name: [
                    [v + scale * generator.choice(GRID) for v in row]
                    if isinstance(row, list)
                    else row + scale * generator.choice(GRID)
                    for row in value
                ]
                for name, value in own.items()
            }
            assert risk(document, moved) >= number(claim["bound"])


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    assert assert_accepted(document).risk == number(document["claim"]["risk"])
    not_seen_false(document)


@pytest.mark.parametrize("name", NAMES)
def test_small_changes_are_noticed(name: str) -> None:
    assert_changes_are_noticed(golden(name, "accept_2"), not_seen_false, least=60, most=Fraction(1, 3), never=("claim",))


def _without_decay(document: Document) -> None:
    del document["problem"]["weight_decay"]


def _bound(text: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        claim = document["claim"]
        claim["sentence"] = claim["sentence"].replace(f"than {claim['bound']},", f"than {text},")
        claim["bound"] = text

    return change


def _same_kind_twice(document: Document) -> None:
    slopes = document["evidence"]["duals"][0]["slopes"]
    slopes.append(slopes[0])


def _less_cover(document: Document) -> None:
    for dual in document["evidence"]["duals"]:
        dual["slopes"] = dual["slopes"][1:]


def _flat_inputs(document: Document) -> None:
    document["problem"]["data"]["x"] = [["1", "2"], ["2", "4"], ["0", "0"]]


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": ("near_plane", put("format", "exactsurf-certificate/1"), "problem.weight_decay"),
    "sentence": ("near_plane", put("claim", "sentence", "It is small."), "claim.sentence"),
    "no_decay": ("near_plane", _without_decay, "problem"),
    "bound_above": ("near_plane", _bound("10"), "evidence.duals[0].vector"),
    "risk": ("near_plane", put("claim", "risk", "1/3"), "claim.risk"),
    "another_factor": ("near_free_bias", put("problem", "weight_decay", "factor", "1/100"), "claim.risk"),
    "unknown_cell": ("near_plane", put("evidence", "duals", 0, "slopes", 0, 0, 99), "evidence.duals[0].slopes[0][0]"),
    "kind_twice": ("near_plane", _same_kind_twice, "evidence.duals[0].slopes[*][0]"),
    "long_slope": ("near_plane", put("evidence", "duals", 0, "slopes", 0, 1, ["1", "1"]), "evidence.duals[0].slopes[0][1]"),
    "short_slope": ("near_plane", put("evidence", "duals", 0, "slopes", 0, 1, ["0"]), "evidence.duals[0].slopes[0][1]"),
    "slope_of_a_free_bias": (
        "near_free_bias",
        put("evidence", "duals", 0, "slopes", 0, 1, ["0", "1/100"]),
        "evidence.duals[0].slopes[0][1]",
    ),
    "less_cover": ("near_free_bias", _less_cover, "evidence.duals"),
    "vector_sum": ("near_free_bias", put("evidence", "duals", 0, "vector", ["1", "0", "0", "0"]), "evidence.duals[0].vector"),
    "steep_vector": (
        "near_penalised",
        put("evidence", "duals", 0, "vector", ["-9", "0", "0"]),
        "evidence.duals[0].vector[0]",
    ),
    "no_duals": ("near_plane", put("evidence", "duals", []), "evidence.duals"),
    "flat_inputs": ("near_plane", _flat_inputs, "*"),
    "a_cell_less": ("near_plane", lambda document: document["evidence"]["cells"].pop(), "evidence.cells"),
    "another_activation": (
        "near_plane",
        put("problem", "activation", {"breakpoints": ["1"], "slopes": ["0", "1"], "value_at_0": "0"}),
        "problem.activation",
    ),
    "unknown_field": ("near_plane", put("evidence", "note", "x"), "evidence.note"),
    "deep": ("near_plane", put("problem", "widths", [2, 1, 1, 1]), "problem.biases"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_false_or_malformed_certificate_is_rejected_at_its_place(name: str) -> None:
    example, change, place = CHANGES[name]
    document = copy.deepcopy(golden(example, "accept_2"))
    change(document)
    found = rejection(document).place
    if place == "*":
        return
    start, _, end = place.partition("*")
    assert found.startswith(start) and found.endswith(end) and (end or start == found), found
