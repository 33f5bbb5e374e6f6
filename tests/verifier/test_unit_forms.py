"""Forms of one unit say what is true at points of their regions (FORMAT.md, section 25); lies are in `test_form_tree`."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

import pytest

from tests.verifier.oracle import Document, number
from tests.verifier.verdicts import golden

NAMES = ("forms_two_units", "forms_plane", "forms_not_attained", "forms_hard_tanh", "forms_leaky_hinge")


def test_every_kind_of_step_occurs() -> None:
    found = {
        key for name in NAMES for form in golden(name, "accept_2")["evidence"]["forms"] for node in form["nodes"] for key in node
    }
    assert {"split", "implied", "empty", "slopes"} <= found


def activation(document: Document, z: Fraction) -> Fraction:
    """h(z), from the slopes on the way from 0."""
    h = document["problem"]["activation"]
    cuts, slopes = list(map(number, h["breakpoints"])), list(map(number, h["slopes"]))
    low, high = min(z, Fraction(0)), max(z, Fraction(0))
    stops = [low, *(t for t in cuts if low < t < high), high]
    way = sum((slopes[sum(t <= a for t in cuts)] * (b - a) for a, b in pairwise(stops)), Fraction(0))
    return number(h["value_at_0"]) + (way if z > 0 else -way)


def forms_hold(document: Document, points: int = 80) -> None:
    """Fail if a form is negative at one of many points of its region."""
    problem, evidence, draw = document["problem"], document["evidence"], random.Random(7)
    rows = [[*map(number, row), *([Fraction(1)] if problem["biases"][0] else [])] for row in problem["data"]["x"]]
    cuts = list(map(number, problem["activation"]["breakpoints"]))
    for form in evidence["forms"]:
        r = [number(value) * (1 if form["sign"] else -1) for value in evidence["duals"][form["dual"]]]
        for _ in range(points):
            w = [Fraction(draw.randint(-8, 8), 2) for _ in rows[0]]
            z = [sum((a * b for a, b in zip(row, w, strict=True)), Fraction(0)) for row in rows]
            if all((z[i] - cuts[k]) * (1 if side else -1) >= 0 for i, k, side in form["region"]):
                assert sum((a * activation(document, b) for a, b in zip(r, z, strict=True)), Fraction(0)) >= 0


@pytest.mark.parametrize("name", NAMES)
def test_forms_hold_at_points_of_their_regions(name: str) -> None:
    forms_hold(golden(name, "accept_2"))
