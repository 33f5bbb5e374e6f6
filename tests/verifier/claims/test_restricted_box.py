"""Boxes of values of free parameters: mpmath judges what is accepted, changes are noticed, and symmetries of the data hold."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from mpmath import mpf

from tests.verifier.analytic_examples import real
from tests.verifier.free_values import risk_at
from tests.verifier.oracle import Document, numbers
from tests.verifier.verdicts import GOLDEN, assert_accepted, assert_changes_are_noticed, assert_rejected_at, golden, put

NAMES = tuple(f"restricted_box_{name}" for name in ("classes", "critical", "decay", "saddle", "scale", "spurious", "tied"))


def derivatives(document: Document, values: list[Fraction]) -> tuple[list[mpf], list[list[mpf]]]:
    """Gradient and Hessian by differences, in many digits."""
    step, size = Fraction(1, 10**12), range(len(values))

    def at(*moves: tuple[int, int]) -> mpf:
        return risk_at(document, [u + step * sum(sign for place, sign in moves if place == k) for k, u in enumerate(values)])

    h = mpf(10) ** -12
    gradient = [(at((k, 1)) - at((k, -1))) / (2 * h) for k in size]
    hessian = [
        [(at((p, 1), (q, 1)) - at((p, 1), (q, -1)) - at((p, -1), (q, 1)) + at((p, -1), (q, -1))) / (4 * h * h) for q in size]
        for p in size
    ]
    return gradient, hessian


def critical_point(document: Document) -> list[Fraction]:
    """Newton's method from the centre, in the free parameters that are not held."""
    values, held = numbers(document["claim"]["values"]), set(document["claim"]["held"])
    free = [k for k in range(len(values)) if k not in held]
    for _ in range(12):
        gradient, hessian = derivatives(document, values)
        matrix = mpmath.matrix([[hessian[p][q] for q in free] for p in free])
        move = mpmath.lu_solve(matrix, mpmath.matrix([gradient[p] for p in free]))
        for k, change in zip(free, move, strict=True):
            values[k] -= Fraction(int(change * 2**100), 2**100)
    return values


def holds(document: Document) -> None:
    """The one critical point of the slice lies in the box, is critical for all free parameters, and is of the kind claimed."""
    claim, evidence = document["claim"], document["evidence"]
    free = len(document["problem"]["restriction"]["basis"])
    assert f"box of values of the {free} free parameter{'s' * (free > 1)} holds exactly one critical point" in claim["sentence"]
    source = random.Random(2)
    with mpmath.workdps(60):
        centre, radius = numbers(claim["values"]), Fraction(claim["radius"])
        low, high = map(Fraction, claim["risk"])
        point = critical_point(document)
        assert all(abs(a - b) <= radius for a, b in zip(point, centre, strict=True))
        assert all(point[k] == centre[k] for k in claim["held"])
        gradient, hessian = derivatives(document, point)
        assert all(abs(value) < mpf(10) ** -10 for value in gradient)
        for _ in range(5):
            moved = [
                value + radius * Fraction(0 if k in claim["held"] else source.randint(-10, 10), 10)
                for k, value in enumerate(centre)
            ]
            assert low <= Fraction(int(risk_at(document, moved) * 2**80), 2**80) + Fraction(1, 2**70)
            assert Fraction(int(risk_at(document, moved) * 2**80), 2**80) <= high
        if "direction" in evidence:
            d = numbers(evidence["direction"])
            total = sum(hessian[p][q] * d[p].numerator * d[q].numerator / (d[p].denominator * d[q].denominator)
                        for p in range(free) for q in range(free))  # fmt: skip
            assert total < 0
        elif claim["kind"] != "critical point in a restricted box":
            here = risk_at(document, point)
            for _ in range(30):
                moved = [value + Fraction(source.randint(-9, 9), 10**5) for value in point]
                assert risk_at(document, moved) >= here - mpf(10) ** -18
        if "lower_point" in evidence:
            lower = evidence["lower_point"]
            assert risk_at(document, numbers(lower["values"])) <= real(lower["risk"])
            assert Fraction(lower["risk"]) < low


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    holds(document)
    assert assert_accepted(document).risk is None


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_small_change_is_rejected_or_true(name: str) -> None:
    # The inverse, the flows, the direction, the radius and the bits have room.
    assert_changes_are_noticed(golden(name), holds, least=60, tried=160, most=Fraction(2, 5))


REJECTED: dict[str, tuple[str, Any, str]] = {
    "radius": ("tied", put("claim", "radius", "4"), "evidence.inverse[0]"),
    "radius_0": ("tied", put("claim", "radius", "0"), "claim.radius"),
    "values": ("tied", put("claim", "values", ["3", "0"]), "evidence.inverse[0]"),
    "risk_low": ("tied", put("claim", "risk", 0, "1"), "claim.risk[0]"),
    "risk_high": ("tied", put("claim", "risk", 1, "0"), "claim.risk[1]"),
    "sentence": ("tied", put("claim", "sentence", "x"), "claim.sentence"),
    "kind": ("saddle", put("claim", "kind", "local minimum in a restricted box"), "evidence.direction"),
    "format_1": ("tied", put("format", "exactsurf-certificate/1"), "format"),
    "untied": ("tied", put("problem", "restriction", "basis", 0, "W1", [["1", "0"], ["0", "0"]]), "evidence.inverse[0]"),
    "held_twice": ("scale", put("claim", "held", [0, 0]), "claim.held"),
    "held_unknown": ("scale", put("claim", "held", [4]), "claim.held[0]"),
    "not_held": ("scale", put("claim", "held", []), "claim.sentence"),
    "held_without_flows": ("tied", put("claim", "held", [0]), "claim.sentence"),
    "flow_leaves": ("scale", put("evidence", "flows", 0, 0, "3/2"), "evidence.flows[0]"),
    "flow_still": ("scale", put("evidence", "flows", [["0", "0"]]), "evidence.flows[0]"),
    "flows_missing": ("scale", put("evidence", "flows", []), "evidence.flows"),
    "flow_short": ("scale", put("evidence", "flows", [["1"]]), "evidence.flows[0]"),
    "direction_held": ("saddle", put("evidence", "direction", ["0", "0", "0", "1"]), "evidence.direction"),
    "direction_up": ("saddle", put("evidence", "direction", ["1", "0", "0", "0"]), "evidence.direction"),
    "inverse": ("tied", put("evidence", "inverse", [["0", "0"], ["0", "0"]]), "evidence.inverse[0]"),
    "decay": ("decay", lambda d: d["problem"].pop("weight_decay"), "claim.sentence"),
    "rescaled_with_decay": ("scale", put("problem", "weight_decay", {"factor": "1", "biases": False}), "claim.sentence"),
    "lower_lies": ("spurious", put("evidence", "lower_point", "risk", "1/1000"), "evidence.lower_point.risk"),
    "lower_higher": ("spurious", put("evidence", "lower_point", "risk", "1"), "evidence.lower_point.risk"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_rejected_at_its_place(name: str) -> None:
    source, change, place = REJECTED[name]
    assert_rejected_at(place, golden(f"restricted_box_{source}"), change)


def test_golden_broken_ones_are_these() -> None:
    for name in ("flow_leaves", "direction_held"):
        source, change, _ = REJECTED[name]
        document = golden(f"restricted_box_{source}")
        change(document)
        broken = GOLDEN / "reject" / f"restricted_box_{name}.json"
        assert json.loads(broken.read_text(encoding="utf-8")) == document
