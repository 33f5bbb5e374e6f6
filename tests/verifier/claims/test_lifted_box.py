"""Lifted boxes: what is accepted is true by mpmath, what is changed is rejected or true."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest

from exactsurf.verifier import Rejected, verify
from tests.verifier.oracle import Document
from tests.verifier.verdicts import GOLDEN, assert_rejected_at, encode, put

NAMES = ("lifted_logistic", "lifted_classes")


def get(name: str) -> Document:
    return json.loads((GOLDEN / "accept" / f"{name}.json").read_text())


def affine_minimum(document: Document) -> Any:
    """The least risk of affine models, by Newton's method with mpmath on the leads of all outputs over the last one."""
    problem = document["problem"]
    x = [[mpmath.mpf(Fraction(v).numerator) / Fraction(v).denominator for v in row] for row in problem["data"]["x"]]
    y = [[Fraction(v) for v in row] for row in problem["data"]["y"]]
    weights = [mpmath.mpf(str(w)) for w in problem.get("weights", ["1"] * len(x))]
    if len(y[0]) == 1:
        y = [[Fraction(row[0] > 0), Fraction(row[0] < 0)] for row in y]
    # The second golden table has two equal columns.
    rows = [[*row[:1], mpmath.mpf(1)] for row in x]
    free, width = len(y[0]) - 1, 2
    point = mpmath.matrix(free * width, 1)
    for _ in range(60):
        gradient, hessian, risk = mpmath.matrix(free * width, 1), mpmath.matrix(free * width), mpmath.mpf(0)
        for row, target, w in zip(rows, y, weights, strict=True):
            f = [sum(point[k * width + j] * row[j] for j in range(width)) for k in range(free)] + [mpmath.mpf(0)]
            norm = sum(map(mpmath.exp, f))
            p = [mpmath.exp(v) / norm for v in f]
            t = [mpmath.mpf(v.numerator) / v.denominator for v in target]
            risk += w * (mpmath.log(norm) - sum(a * b for a, b in zip(t, f, strict=True)))
            for k in range(free):
                for j in range(width):
                    gradient[k * width + j] += w * (p[k] - t[k]) * row[j]
                    for m in range(free):
                        for n in range(width):
                            hessian[k * width + j, m * width + n] += w * p[k] * ((k == m) - p[m]) * row[j] * row[n]
        point -= mpmath.lu_solve(hessian, gradient)
    return risk


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = get(name)
    result = verify(encode(document))
    assert result.kind == document["claim"]["kind"] and len(result.checks) >= 5
    with mpmath.workdps(40):
        low, high = (mpmath.mpf(Fraction(v).numerator) / Fraction(v).denominator for v in document["claim"]["risk"])
        assert low <= affine_minimum(document) <= high
        assert high - low < mpmath.mpf(10) ** -8


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": ("lifted_logistic", put("format", "exactsurf-certificate/1"), "format"),
    "sentence": ("lifted_logistic", put("claim", "sentence", "It holds."), "claim.sentence"),
    "radius_zero": ("lifted_logistic", put("claim", "radius", "0"), "claim.radius"),
    "radius_tiny": ("lifted_logistic", put("claim", "radius", "1/" + str(2**90)), "evidence.inverse[0]"),
    "risk_low": ("lifted_logistic", put("claim", "risk", 0, "12/5"), "claim.risk[0]"),
    "risk_high": ("lifted_logistic", put("claim", "risk", 1, "2"), "claim.risk[1]"),
    "unit_that_carries_nothing": ("lifted_logistic", put("claim", "units", [1]), "claim.units"),
    "unit_beyond": ("lifted_logistic", put("claim", "units", [2]), "claim.units[0]"),
    "too_few_units": ("lifted_classes", put("claim", "units", [0, 1]), "claim.units"),
    "unit_twice": ("lifted_classes", put("claim", "units", [0, 1, 1]), "claim.units"),
    "a_unit_at_a_breakpoint": ("lifted_logistic", put("parameters", "b1", 1, "0"), "parameters"),
    "a_unit_on_both_sides": ("lifted_logistic", put("parameters", "W1", 1, ["-1"]), "parameters"),
    "another_label": ("lifted_logistic", put("problem", "data", "y", 0, ["-1"]), "evidence.inverse[0]"),
    "another_weight": ("lifted_logistic", put("problem", "weights", ["1", "2", "1", "1"]), "evidence.inverse[0]"),
    "inverse_zero": ("lifted_logistic", put("evidence", "inverse", 0, ["0", "0"]), "evidence.inverse[0]"),
    "nothing_held": ("lifted_classes", put("evidence", "held", []), "evidence.inverse"),
    "held_column_beyond": ("lifted_classes", put("evidence", "held", 0, "column", 3), "evidence.held[0].column"),
    "held_but_independent": ("lifted_classes", put("evidence", "held", 0, "column", 2), "evidence.held[0].combination"),
    "lower_risk": ("lifted_logistic", put("evidence", "lower_point", "risk", "1"), "evidence.lower_point.risk"),
    "lower_not_lower": ("lifted_logistic", put("evidence", "lower_point", "risk", "3"), "evidence.lower_point.risk"),
    "few_bits": ("lifted_logistic", put("evidence", "bits", 16), "evidence.inverse[0]"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    golden, change, place = CHANGES[name]
    assert_rejected_at(place, get(golden), change)


def test_a_saddle_of_the_affine_model_is_no_minimum() -> None:
    """A critical point of a risk that is not convex: −(f − y)² has no minimum, though Krawczyk's test holds."""
    document = get("lifted_logistic")
    tree = ["-", ["power", "u", 2]]
    document["problem"]["loss"] = {"gap": "difference", "tree": tree, "scale": "1"}
    document["problem"]["data"]["y"] = [["0"]] * 4
    document["parameters"].update({"W1": [["0"], ["0"]], "b1": ["1", "1"], "W2": [["1", "0"]], "b2": ["-1"]})
    # The Hessian is −2 Σ x̃x̃ᵀ with x = 0, 1, 2, 3.
    document["evidence"]["inverse"] = [["-1/10", "3/20"], ["3/20", "-7/20"]]
    with pytest.raises(Rejected) as caught:
        verify(encode(document))
    assert caught.value.place == "evidence.inverse" and "positive definite" in str(caught.value)
