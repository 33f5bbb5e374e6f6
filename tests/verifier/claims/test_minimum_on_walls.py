"""Minima on walls: what is accepted is true by a descent in floats, what is changed is rejected or true."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from exactsurf.verifier import verify
from tests.verifier.oracle import Document
from tests.verifier.verdicts import GOLDEN, assert_changes_are_noticed, encode, golden, put, rejection

NAMES = (
    "walls_relu",
    "walls_spurious",
    "walls_shifted",
    "walls_deep",
    "walls_classes",
    "walls_held",
    "walls_loss",
    "walls_hand",
)


def number(text: str) -> float:
    return float(Fraction(text))


class Landscape:
    """The risk of a document by its definition, in floats; nothing of the verifier is used."""

    def __init__(self, document: Document) -> None:
        problem = document["problem"]
        self.widths, self.biases, self.loss = problem["widths"], problem["biases"], problem["loss"]
        h = problem["activation"]
        self.breakpoints, self.slopes = [number(t) for t in h["breakpoints"]], [number(a) for a in h["slopes"]]
        self.x, self.y = ([[number(v) for v in row] for row in problem["data"][name]] for name in "xy")
        self.start = number(h["value_at_0"])
        decay = problem.get("weight_decay")
        self.factor, self.all = (number(decay["factor"]), decay["biases"]) if decay else (0.0, False)

    def h(self, z: float) -> float:
        """h(0), and the slopes between 0 and z."""
        total, ends = self.start, sorted([0.0, z])
        for m, a in enumerate(self.slopes):
            low = max(ends[0], self.breakpoints[m - 1]) if m else ends[0]
            high = min(ends[1], self.breakpoints[m]) if m < len(self.breakpoints) else ends[1]
            total += math.copysign(a, a * z) * max(0.0, high - low) if a else 0
        return total

    def passes(self, vector: list[Any], row: list[Any]) -> list[list[Any]]:
        """The pre-activations, layer by layer, then the outputs."""
        entries, below, found = iter(vector), row, []
        for n, (width, bias) in enumerate(zip(self.widths[1:], self.biases, strict=True)):
            matrix = [[next(entries) for _ in below] for _ in range(width)]
            shift = [next(entries) if bias else 0.0 for _ in range(width)]
            z = [sum(w * a for w, a in zip(line, below, strict=True)) + b for line, b in zip(matrix, shift, strict=True)]
            found.append(z)
            below = z if n + 2 == len(self.widths) else [self.h(v) for v in z]
        return found

    def of_sample(self, f: list[Any], y: list[Any]) -> Any:
        if self.loss["gap"] == "classes":
            return math.log(sum(map(math.exp, f))) - sum(a * b for a, b in zip(f, y, strict=True))
        if "tree" in self.loss:
            assert self.loss["tree"] == ["softplus", ["-", "u"]]
            return math.log(1 + math.exp(-f[0] * y[0]))
        pieces, points = self.loss["pieces"], [number(t) for t in self.loss["breakpoints"]]
        total = 0.0
        for a, b in zip(f, y, strict=True):
            p, q, s = map(number, pieces[sum(a - b > t for t in points)])
            total += p * (a - b) ** 2 + q * (a - b) + s
        return total

    def risk(self, vector: list[Any]) -> Any:
        total = sum(self.of_sample(self.passes(vector, row)[-1], y) for row, y in zip(self.x, self.y, strict=True))
        start, penalty = 0, 0.0
        for below, above, bias in zip(self.widths, self.widths[1:], self.biases, strict=False):
            stop = start + below * above
            penalty += sum(w**2 for w in vector[start : stop + (above if bias and self.all else 0)])
            start = stop + (above if bias else 0)
        return total + self.factor / 2 * penalty

    def height(self, vector: list[Any], wall: list[int]) -> Any:
        layer, unit, sample, k = wall
        z = self.passes(vector, self.x[sample])[layer - 1][unit]
        if layer < len(self.widths) - 1:
            return z - self.breakpoints[k]
        return z - self.y[sample][unit] - number(self.loss["breakpoints"][k])


def vector_of(parameters: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    for layer in range(1, len(parameters) + 1):
        for row in parameters.get(f"W{layer}", []):
            found += map(number, row)
        found += map(number, parameters.get(f"b{layer}", []))
    return found


def assert_true(document: Document) -> None:
    """The box holds a point on the walls; near it no point on a grid of directions is lower, and its risk is in the bounds."""
    claim = document["claim"]
    land, point = Landscape(document), vector_of(document["parameters"])
    low, high = map(number, claim["risk"])
    radius = number(claim["radius"])
    # A descent by coordinates from the centre ends no lower than the bound.
    step, here, risk = radius, list(point), land.risk(point)
    for _ in range(12):
        before = risk
        for p, sign in itertools.product(range(len(here)), (1, -1)):
            there = list(here)
            there[p] += sign * step
            if land.risk(there) < risk:
                here, risk = there, land.risk(there)
        step = step if risk < before else step / 2
    assert low - 1e-12 <= risk
    assert all(abs(land.height(point, wall)) < 50 * radius for wall in claim["walls"])
    if "lower_point" in document["evidence"]:
        lower = document["evidence"]["lower_point"]
        assert land.risk(vector_of(lower["parameters"])) - 1e-12 <= number(lower["risk"]) < low
    assert low < high


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name, "accept_2")
    result = verify(encode(document))
    assert result.sentence == document["claim"]["sentence"] and len(result.checks) >= 5
    assert_true(document)


def test_the_example_of_the_format() -> None:
    text = (GOLDEN.parent / "FORMAT.md").read_text(encoding="utf-8").split("## 32.")[1]
    document = json.loads(text.split("```json")[1].split("```")[0])
    assert verify(encode(document)).kind == "local minimum on walls"


@pytest.mark.parametrize("name", ["walls_loss", "walls_hand"])
def test_changes_are_noticed(name: str) -> None:
    document = golden(name, "accept_2")
    # Other multipliers, inverses and weights prove the same; bounds of the risk may be wider, and boxes smaller or shifted a bit.
    assert_changes_are_noticed(document, assert_true, least=100, most=Fraction(1, 4))


def moved_off(document: Document) -> None:
    document["parameters"]["b1"][0] = "0"


def swapped(document: Document) -> None:
    document["claim"]["walls"].reverse()


BROKEN: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "off_the_wall": ("walls_relu", moved_off, "parameters"),
    "out_of_order": ("walls_relu", swapped, "claim.walls[1]"),
    "missing": (
        "walls_relu",
        lambda d: (d["claim"]["walls"].pop(), put("claim", "sentence", d["claim"]["sentence"].replace("2 walls", "1 wall"))(d))[
            1
        ],
        "evidence.multipliers",
    ),
    "of_a_twin": ("walls_shifted", put("claim", "walls", 0, 2, 2), "claim.walls[0][2]"),
    "layer_zero": ("walls_relu", put("claim", "walls", 0, 0, 0), "claim.walls[0][0]"),
    "no_breakpoint": ("walls_relu", put("claim", "walls", 0, 3, 1), "claim.walls[0][3]"),
    "of_an_expression": ("walls_classes", put("claim", "walls", 0, [2, 0, 1, 0]), "claim.walls[0][0]"),
    "multiplier_of_the_other_side": ("walls_loss", put("evidence", "multipliers", ["-1/2"]), "evidence.inverse[1]"),
    "weight_zero": ("walls_relu", put("evidence", "weight", "0"), "evidence.weight"),
    "shifted_on_a_wall": ("walls_shifted", put("claim", "shifted", [[1, 0]]), "claim.shifted[0]"),
    "shifted_output": ("walls_shifted", put("claim", "shifted", [[2, 0]]), "claim.shifted[0][0]"),
    "shifted_penalised": (
        "walls_shifted",
        lambda d: (
            d["problem"]["weight_decay"].update(biases=True),
            d["claim"].update(sentence=d["claim"]["sentence"].replace("1/8 of", "1/8 of weights and biases of")),
        )[0],
        "claim.shifted[0][0]",
    ),
    "risk_too_low": ("walls_relu", lambda d: put("claim", "risk", [d["claim"]["risk"][0]] * 2)(d), "claim.risk[1]"),
    "not_lower": ("walls_spurious", put("evidence", "lower_point", "risk", "1"), "evidence.lower_point.risk"),
    "in_format_1": ("walls_relu", put("format", "exactsurf-certificate/1"), "format"),
    "smooth": ("walls_relu", put("problem", "activation", {"name": "tanh"}), "problem.activation"),
    "held_with_decay": ("walls_relu", put("claim", "held", [[1, 0, 0], [1, 1, 0]]), "claim.held"),
    "large_box": ("walls_relu", put("claim", "radius", "1/2"), "parameters"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_rejected_with_its_place(name: str) -> None:
    source, change, place = BROKEN[name]
    document = golden(source, "accept_2")
    change(document)
    assert rejection(document).place == place
    assert json.loads((GOLDEN / "reject" / f"walls_{name}.json").read_text(encoding="utf-8")) == document


def test_a_wall_on_which_the_risk_falls_to_one_side_is_rejected() -> None:
    """The multiplier is beyond the rise: the point is critical on the wall, and no local minimum."""
    document = golden("walls_loss", "accept_2")
    # |f − 1| → a loss that goes on falling: slopes −1 and −1/2 around the wall, and the pull of weight decay is too weak.
    document["problem"]["loss"]["pieces"][1] = ["0", "-3/4", "0"]
    found = rejection(document)
    assert found.place == "evidence.multipliers[0]" and "between" in found.reason
