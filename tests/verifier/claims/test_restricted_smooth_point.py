"""Values of free parameters where the activation is smooth: mpmath judges what is accepted; changes are noticed."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from mpmath import mpf

from tests.verifier.analytic_examples import real
from tests.verifier.free_values import risk_at
from tests.verifier.oracle import Document, numbers
from tests.verifier.verdicts import assert_accepted, assert_changes_are_noticed, assert_rejected_at, golden, put

NAMES = tuple(f"restricted_smooth_{name}" for name in ("curvature", "fit", "slope", "unitwise"))


def holds(document: Document) -> None:
    """The bounds of the risk hold; moves raise it, or the risk falls along the direction."""
    claim, evidence = document["claim"], document["evidence"]
    values, source = numbers(claim["values"]), random.Random(3)
    with mpmath.workdps(50):
        here = risk_at(document, values)
        low, high = map(real, claim["risk"])
        assert low - mpf(10) ** -40 <= here <= high + mpf(10) ** -40
        if "direction" not in evidence:
            for size in (1, 5) if claim["kind"].startswith("global") else (Fraction(1, 10**3), Fraction(1, 10**6)):
                for _ in range(20):
                    moved = [value + size * Fraction(source.randint(-9, 9), 10) for value in values]
                    assert risk_at(document, moved) >= here - mpf(10) ** -40
            return
        lower = evidence["lower_point"]
        assert risk_at(document, numbers(lower["values"])) <= real(lower["risk"]) < low
        direction, step = numbers(evidence["direction"]), Fraction(1, 10**8)
        ways = [[u + sign * step * d for u, d in zip(values, direction, strict=True)] for sign in (1, -1)]
        if evidence["rule"] == "slope":
            assert risk_at(document, ways[0]) < here
        else:
            assert sum(risk_at(document, way) for way in ways) < 2 * here


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    holds(document)
    assert assert_accepted(document).risk is None


@pytest.mark.parametrize("name", NAMES)
def test_every_small_change_is_rejected_or_true(name: str) -> None:
    assert_changes_are_noticed(golden(name), holds, least=60, most=Fraction(2, 5), never=("claim.sentence",))


REJECTED: dict[str, tuple[str, Any, str]] = {
    "direction": ("slope", put("evidence", "direction", ["0"]), "evidence.direction"),
    "up": ("slope", put("evidence", "direction", ["-1"]), "evidence.direction"),
    "flat": ("curvature", put("claim", "values", ["3"]), "claim.risk"),
    "rule": ("slope", put("evidence", "rule", "dead unit"), "evidence.rule"),
    "kind": ("slope", put("claim", "kind", "local minimum of a restricted smooth risk"), "evidence.rule"),
    "risk": ("slope", put("claim", "risk", 0, "5"), "claim.risk[0]"),
    "lower": ("slope", put("evidence", "lower_point", "risk", "5"), "evidence.lower_point.risk"),
    "fit": ("fit", put("problem", "data", "x", [["0"], ["1"]]), "evidence.rule"),
    "decay": ("fit", put("problem", "weight_decay", {"factor": "1", "biases": False}), "claim.sentence"),
    "free": ("fit", lambda d: d["problem"].pop("restriction"), "problem.restriction"),
    "format_1": ("fit", put("format", "exactsurf-certificate/1"), "format"),
    "unit": ("unitwise", put("problem", "data", "y", 0, ["3"]), "claim.risk"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_rejected_at_its_place(name: str) -> None:
    source, change, place = REJECTED[name]
    assert_rejected_at(place, golden(f"restricted_smooth_{source}"), change)
