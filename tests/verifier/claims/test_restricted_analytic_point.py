"""Points of restricted risks where the loss is an expression: mpmath judges what is accepted; changes are noticed."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from mpmath import mpf

from exactsurf.verifier import verify
from tests.verifier.analytic_examples import real
from tests.verifier.free_values import risk_at
from tests.verifier.oracle import Document, numbers
from tests.verifier.verdicts import GOLDEN, assert_accepted, assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = tuple(
    f"restricted_analytic_{name}" for name in ("classes", "curve", "decay", "falls", "fit", "spurious", "tied", "walls", "whole")
)
PHRASES = {
    "global minimum of a restricted analytic risk": "a global minimum",
    "local minimum of a restricted analytic risk": "a local minimum",
    "spurious local minimum of a restricted analytic risk": "a spurious local minimum",
    "not a local minimum of a restricted analytic risk": "not a local minimum",
}


def holds(document: Document, trials: int = 30) -> None:
    """The claim holds, as far as numbers tell."""
    claim, evidence = document["claim"], document["evidence"]
    free, samples = len(document["problem"]["restriction"]["basis"]), len(document["problem"]["data"]["x"])
    start = f"The given values of the {free} free parameter{'s' * (free > 1)} are {PHRASES[claim['kind']]} of the restricted risk"
    end = f"{'-'.join(map(str, document['problem']['widths']))} network on {samples} sample{'s' * (samples > 1)}."
    assert claim["sentence"].startswith(start) and claim["sentence"].endswith(end)
    values = numbers(claim["values"])
    assert len(values) == free
    source = random.Random(4)
    with mpmath.workdps(50):
        here = risk_at(document, values)
        low, high = map(real, claim["risk"])
        assert low <= here <= high
        if "lower_point" in evidence:
            lower = evidence["lower_point"]
            assert risk_at(document, numbers(lower["values"])) <= real(lower["risk"]) < low
        if claim["kind"].startswith("not"):
            curve = numbers(evidence["curve"]) if "curve" in evidence else [numbers(evidence["direction"])]
            for step in (Fraction(1, 10**4), Fraction(1, 10**6)):
                moved = [u + sum(step ** (n + 1) * c[k] for n, c in enumerate(curve)) for k, u in enumerate(values)]
                assert risk_at(document, moved) < here
            return
        for size in (1, 5) if claim["kind"].startswith("global") else (Fraction(1, 10**3), Fraction(1, 10**6)):
            for _ in range(trials):
                moved = [value + size * Fraction(source.randint(-9, 9), 10) for value in values]
                assert risk_at(document, moved) >= here - mpf(10) ** -40


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    holds(document)
    assert assert_accepted(document).risk is None


@pytest.mark.parametrize("name", NAMES)
def test_every_small_change_is_rejected_or_true(name: str) -> None:
    # Squares, simplices and bits have room.
    assert_changes_are_noticed(golden(name), lambda changed: holds(changed, 6), least=60, most=Fraction(2, 5))


BASIS = ("problem", "restriction", "basis")
PARTS = ("evidence", "parts")
REJECTED: dict[str, tuple[str, Any, str]] = {
    "values": ("tied", put("claim", "values", ["3"]), "claim.risk"),
    "values_elsewhere": ("decay", put("claim", "values", ["1/10000000000000000000"]), "evidence.lower"),
    "values_many": ("tied", put("claim", "values", ["1", "1"]), "claim.values"),
    "sentence": ("tied", put("claim", "sentence", "x"), "claim.sentence"),
    "format_1": ("tied", put("format", "exactsurf-certificate/1"), "format"),
    "untied": ("tied", put(*BASIS, 0, "W1", [["1", "0"]]), "claim.risk"),
    "no_direction": ("tied", put(*BASIS, []), "problem.restriction.basis"),
    "free": ("tied", lambda d: d["problem"].pop("restriction"), "problem.restriction"),
    "corner_above": ("tied", put("evidence", "lower", ["1"]), "evidence.lower[0]"),
    "square_above": ("tied", put("evidence", "squares", 0, 0, 2, "1"), "evidence.squares[0][0][2]"),
    "square_below": ("curve", put("evidence", "squares", 0, 0, 2, "1/8"), "evidence.squares[0][0][2]"),
    "square_of_other": ("tied", put("evidence", "squares", 0, 0, 0, 1), "evidence.squares[0][0]"),
    "curvatures": ("tied", put("evidence", "curvatures", ["1", "1"]), "evidence.curvatures"),
    "part_missing": ("tied", lambda d: d["evidence"]["parts"].pop(), "evidence.parts"),
    "part_of_a_rule": ("tied", put(*PARTS, 0, {"rule": "paths"}), "evidence.parts[0]"),
    "data": ("decay", put("problem", "data", "y", [["1"], ["1"]]), "evidence.parts[0].nodes[0]"),
    "order": ("curve", put(*PARTS, 0, "order", 4), "evidence.parts[0].order"),
    "coefficient": ("curve", put(*PARTS, 0, "coefficient", "-1"), "evidence.parts[0].coefficient"),
    "curve_empty": ("curve", put("evidence", "curve", []), "evidence.curve"),
    "direction_up": (
        "falls",
        lambda d: put("evidence", "direction", [f"-{v}".replace("--", "") for v in d["evidence"]["direction"]])(d),
        "evidence.direction",
    ),
    "fit_fails": ("fit", put("problem", "data", "x", [["1"], ["2"]]), "evidence.rule"),
    "lower_lies": ("spurious", put("evidence", "lower_point", "risk", "1/8"), "evidence.lower_point.risk"),
    "lower_higher": ("spurious", put("evidence", "lower_point", "risk", "30"), "evidence.lower_point.risk"),
    "lower_elsewhere": ("spurious", put("evidence", "lower_point", "values", ["0", "0"]), "evidence.lower_point.risk"),
    "whole_is_no_tree": ("whole", put("evidence", "rule", "frozen"), "evidence"),
    "multiplier": ("walls", put(*PARTS, 0, "nodes", 1, "multipliers", [[[1, 0, 0], "-1"]]), "evidence.parts[0].nodes[1]"),
    "decay_larger": ("decay", lambda d: d["problem"].pop("weight_decay"), "claim.sentence"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_rejected_at_its_place(name: str) -> None:
    source, change, place = REJECTED[name]
    assert_rejected_at(place, golden(f"restricted_analytic_{source}"), change)


def test_golden_broken_ones_are_these() -> None:
    for name in ("untied", "square_above"):
        source, change, _ = REJECTED[name]
        document = golden(f"restricted_analytic_{source}")
        change(document)
        broken = GOLDEN / "reject" / f"restricted_analytic_{name}.json"
        assert json.loads(broken.read_text(encoding="utf-8")) == document


def test_tangents_prove_nothing_for_a_loss_that_is_not_convex() -> None:
    """Item 3 is for convex losses: log(1 + u²) lies below its tangents far from its minimum."""
    document = golden("restricted_analytic_curve")
    document["problem"]["loss"] = {"gap": "difference", "tree": ["log", ["+", "1", ["power", "u", 2]]], "scale": "1"}
    document["problem"]["data"] = {"x": [["0"], ["0"]], "y": [["2"], ["-2"]]}
    document["claim"]["kind"] = "local minimum of a restricted analytic risk"
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("not a local", "a local")
    document["claim"]["risk"] = ["0", "100"]
    nodes = [{"multipliers": [], "subgradient": [], "products": []}]
    evidence = {"rule": "frozen", "bits": 64, "lower": [], "widths": [], "parts": [{"nodes": nodes}]}
    document["evidence"] = {**evidence, "squares": [[[0, 0, "-1"]], [[0, 0, "-1"]]]}
    assert_rejected_at("evidence.parts[0].nodes[0]", document, lambda _: None)
    document["problem"]["loss"]["tree"] = ["exp", "u"]
    document["problem"]["data"]["y"] = [["0"], ["0"]]
    verify(encode(document))
