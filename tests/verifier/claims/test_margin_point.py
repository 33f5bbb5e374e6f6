"""Points of the margin problem: what is accepted is true by differences and random moves, what is changed is rejected or true."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from exactsurf.verifier import verify
from tests.verifier.oracle import Document, numbers, predict
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("margin_kkt", "margin_no_kkt", "margin_optimum", "margin_no_optimum", "margin_kink")


def plus(a: Any, b: Any, step: Fraction) -> Any:
    return [plus(p, q, step) for p, q in zip(a, b, strict=True)] if isinstance(a, list) else a + step * b


def square(a: Any) -> Fraction:
    return sum(map(square, a), Fraction(0)) if isinstance(a, list) else a * a


def holds(document: Document) -> None:
    """Margins as stated; curves and directions do what they should at a small step; optima are no worse than random moves."""
    problem, claim, evidence = document["problem"], document["claim"], document["evidence"]
    theta = {name: numbers(value) for name, value in document["parameters"].items()}
    inputs, labels = numbers(problem["inputs"]), numbers(problem["labels"])

    def margins(point: dict[str, Any]) -> list[Fraction]:
        return [y * predict(problem, point, x)[0] for x, y in zip(inputs, labels, strict=True)]

    def norm(point: dict[str, Any]) -> Fraction:
        return sum(map(square, point.values()))

    here, least = norm(theta), min(margins(theta))
    assert numbers([claim["margin"]]) == [least] and least > 0
    degree = len(problem["widths"]) - 1
    if "steps" in evidence:
        step = Fraction(1, 10**6)
        moved = dict(theta)
        for power, given in enumerate(evidence["steps"], start=1):
            moved = {name: plus(moved[name], numbers(given[name]), step**power) for name in moved}
        assert min(margins(moved)) >= least and norm(moved) < here
    elif "direction" in evidence:
        step = Fraction(1, 10**9)
        moved = {name: plus(theta[name], numbers(evidence["direction"][name]), step) for name in theta}
        size = sum(map(square, numbers(list(evidence["direction"].values())))) + 1
        assert norm(moved) < here and min(margins(moved)) >= least - step**2 * 10 * size
    elif claim["kind"].startswith("local"):
        source = random.Random(1)
        for _ in range(200):
            moved = {name: plus(v, drawn(v, source), Fraction(1, 1000)) for name, v in theta.items()}
            # min |θ|² at margin m is min |θ|^2/m^(2/degree), compared by powers.
            assert min(margins(moved)) <= 0 or norm(moved) ** degree * least**2 >= here**degree * min(margins(moved)) ** 2
    else:
        # θ·∇(y f) = degree · m for active samples, so the multipliers sum up to |θ|²/(degree · m).
        total = sum(number for _, number in [(i, numbers([v])[0]) for i, v in evidence["multipliers"]])
        assert total == here / (degree * least)


def drawn(value: Any, source: random.Random) -> Any:
    return [drawn(item, source) for item in value] if isinstance(value, list) else Fraction(source.randint(-99, 99), 100)


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).kind == document["claim"]["kind"]
    holds(document)


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": ("margin_kkt", put("format", "exactsurf-certificate/1"), "format"),
    "sentence": ("margin_kkt", put("claim", "sentence", "It holds."), "claim.sentence"),
    "margin": ("margin_kkt", put("claim", "margin", "2"), "claim.margin"),
    "a_label": ("margin_kkt", put("problem", "labels", 0, "2"), "problem.labels"),
    "the_other_label": ("margin_kkt", put("problem", "labels", 0, "-1"), "claim.margin"),
    "biases": ("margin_kkt", put("problem", "biases", [True, False]), "p"),
    "an_activation_that_is_not_homogeneous": ("margin_kkt", put("problem", "activation", "value_at_0", "1"), "problem"),
    "a_multiplier": ("margin_kkt", put("evidence", "multipliers", 0, [0, "3"]), "evidence.multipliers"),
    "a_multiplier_twice": ("margin_kkt", put("evidence", "multipliers", 1, [0, "2"]), "evidence.multipliers"),
    "a_negative_multiplier": ("margin_kkt", put("evidence", "multipliers", 0, [0, "-2"]), "evidence.multipliers[0]"),
    "a_part_of_a_kink": ("margin_kink", put("evidence", "kinks", 0, 2, "1/2"), "evidence.multipliers"),
    "more_than_a_kink": ("margin_kink", put("evidence", "kinks", 0, 2, "3/2"), "evidence.kinks[0][2]"),
    "a_kink_where_there_is_none": ("margin_kink", put("evidence", "kinks", 0, [2, 0, "1"]), "evidence.kinks[0]"),
    "a_kink_twice": ("margin_kink", lambda d: d["evidence"]["kinks"].append(d["evidence"]["kinks"][0]), "evidence.kinks[1]"),
    "a_direction_backwards": (
        "margin_no_kkt",
        lambda d: d["evidence"].update(direction=copy.deepcopy(d["parameters"])),
        "evidence.direction",
    ),
    "a_negative_factor": ("margin_optimum", put("evidence", "factor", "-1"), "evidence.factor"),
    "a_factor_of_0": ("margin_optimum", put("evidence", "factor", "0"), "evidence.factor"),
    "no_steps": ("margin_no_optimum", put("evidence", "steps", []), "evidence.steps"),
    "a_curve_that_only_shrinks": (
        "margin_no_optimum",
        lambda d: d["evidence"]["steps"].pop(0),
        "evidence.steps",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, golden(start), change)


@pytest.mark.parametrize("name", ["margin_kkt", "margin_no_kkt"])
def test_all_small_changes_are_noticed(name: str) -> None:
    assert_changes_are_noticed(golden(name), holds, least=100, most=Fraction(1, 3), never=("kind",))
