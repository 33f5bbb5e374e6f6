"""The least risk of a loss that is an expression, between two numbers: accepted where true, rejected with the place where not."""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from tests.verifier.oracle import Document, data, number, parameters_of, predict
from tests.verifier.verdicts import assert_accepted, assert_changes_are_noticed, golden, put, rejection

NAMES = ("near_logistic", "near_logistic_separable", "near_logistic_decay", "near_log_cosh_plane")


def risk(document: Document, point: dict[str, Any]) -> float:
    """The risk in floats, from the definition."""
    problem = document["problem"]
    x, y = data(problem)
    weights = list(map(number, problem.get("weights", ["1"] * len(x))))
    total = 0.0
    for weight, row, (label,) in zip(weights, x, y, strict=True):
        (f,) = predict(problem, point, row)
        if problem["loss"]["gap"] == "margin":
            u = float(label * f)
            value = math.log1p(math.exp(-u)) if u > 0 else math.log1p(math.exp(u)) - u
        else:
            u = abs(float(f - label))
            value = u + math.log1p(math.exp(-2 * u)) - math.log(2)
        total += float(weight) * float(number(problem["loss"]["scale"])) * value
    decay = problem.get("weight_decay")
    if decay:
        rows = [row for name, value in point.items() for row in value if name[0] == "W" or decay["biases"]]
        entries = [value for row in rows for value in (row if isinstance(row, list) else [row])]
        total += float(number(decay["factor"])) / 2 * sum(float(v) ** 2 for v in entries)
    return total


def not_seen_false(document: Document) -> None:
    """Fail if the point has a greater risk than stated, or a random point a lower one than the bound."""
    claim, own = document["claim"], parameters_of(document["parameters"])
    assert number(claim["bound"]) <= number(claim["risk"])
    assert risk(document, own) <= float(number(claim["risk"])) * (1 + 1e-12) + 1e-15
    generator = random.Random(1)
    for scale in (Fraction(1, 50), Fraction(1, 4), Fraction(1), Fraction(9)):
        for _ in range(10):
            moved = {
                name: [
                    [v + scale * generator.randint(-8, 8) / 4 for v in row]
                    if isinstance(row, list)
                    else row + scale * generator.randint(-8, 8) / 4
                    for row in value
                ]
                for name, value in own.items()
            }
            assert risk(document, moved) >= float(number(claim["bound"])) * (1 - 1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    assert assert_accepted(document).risk is None
    not_seen_false(document)


@pytest.mark.parametrize("name", NAMES)
def test_small_changes_are_noticed(name: str) -> None:
    # A larger scale, another label or a smaller weight may leave bounds true that are not tight; `not_seen_false` looks.
    assert_changes_are_noticed(golden(name, "accept_2"), not_seen_false, least=60, most=Fraction(1, 3), never=("claim",))


def _number(name: str, text: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        claim = document["claim"]
        word = {"bound": "than", "risk": "most"}[name]
        claim["sentence"] = claim["sentence"].replace(f"{word} {claim[name]},", f"{word} {text},")
        claim[name] = text

    return change


def _less_cover(document: Document) -> None:
    document["evidence"]["duals"] = document["evidence"]["duals"][:1]


SOFTPLUS = ["softplus", ["-", "u"]]
CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": ("near_logistic", put("format", "exactsurf-certificate/1"), "format"),
    "sentence": ("near_logistic", put("claim", "sentence", "It is small."), "claim.sentence"),
    "bound_above": ("near_logistic", _number("bound", "10"), "evidence.duals[0]"),
    "bound_above_with_decay": ("near_logistic_decay", _number("bound", "10"), "evidence.duals[0].vector"),
    "risk_below": ("near_logistic", _number("risk", "1"), "claim.risk"),
    "risk_below_with_decay": ("near_logistic_decay", _number("risk", "1"), "claim.risk"),
    "other_parameters": ("near_logistic", put("parameters", "b2", ["1"]), "claim.risk"),
    "a_loss_by_pieces": (
        "near_logistic",
        put("problem", "loss", {"gap": "margin", "breakpoints": ["1"], "pieces": [["0", "-1", "1"], ["0", "0", "0"]]}),
        "problem.loss.breakpoints",
    ),
    "another_tree": ("near_logistic", put("problem", "loss", "tree", ["softplus", "u"]), "problem.loss.tree"),
    "another_gap": (
        "near_logistic",
        put("problem", "loss", {"gap": "difference", "tree": SOFTPLUS, "scale": "1"}),
        "problem.loss.tree",
    ),
    "a_label": ("near_logistic", put("problem", "data", "y", 0, 0, "2"), "problem.data.y[0]"),
    "dual_outside": ("near_logistic", put("evidence", "duals", 0, ["-2", "1", "1", "0"]), "evidence.duals[0][0]"),
    "dual_of_the_wrong_sign": ("near_logistic", put("evidence", "duals", 0, ["1/2", "-1/2", "0", "0"]), "evidence.duals[0][0]"),
    "dual_sum": ("near_logistic", put("evidence", "duals", 0, ["-1/2", "0", "0", "0"]), "evidence.duals[0]"),
    "short_dual": ("near_logistic", put("evidence", "duals", 0, ["0"]), "evidence.duals[0]"),
    "no_duals": ("near_logistic", put("evidence", "duals", []), "evidence.duals"),
    "less_cover": ("near_logistic", _less_cover, "evidence.duals"),
    "duals_with_slopes": (
        "near_logistic",
        put("evidence", "duals", 0, {"vector": ["0"] * 4, "slopes": []}),
        "evidence.duals[0]",
    ),
    "duals_without_slopes": ("near_logistic_decay", put("evidence", "duals", 0, ["0"] * 4), "evidence.duals[0]"),
    "long_slope": (
        "near_logistic_decay",
        put("evidence", "duals", 0, "slopes", 0, 1, ["1", "1"]),
        "evidence.duals[0].slopes[0][1]",
    ),
    "few_bits": ("near_logistic", put("evidence", "bits", 16), "claim.risk"),
    "too_few_bits": ("near_logistic", put("evidence", "bits", 3), "evidence.bits"),
    "many_bits": ("near_logistic", put("evidence", "bits", 5000), "evidence.bits"),
    "a_cell_less": ("near_logistic", lambda document: document["evidence"]["cells"].pop(), "evidence.cells"),
    "two_layers": ("near_logistic", put("problem", "widths", [1, 1, 1, 1]), "problem.biases"),
    "unknown_field": ("near_logistic", put("evidence", "note", "x"), "evidence.note"),
    "no_factor": ("near_logistic_decay", put("problem", "weight_decay", "factor", "0"), "problem.weight_decay.factor"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_false_or_malformed_certificate_is_rejected_at_its_place(name: str) -> None:
    example, change, place = CHANGES[name]
    document = copy.deepcopy(golden(example, "accept_2"))
    change(document)
    assert rejection(document).place == place


def test_weights_that_are_not_penalised_need_cones() -> None:
    document = copy.deepcopy(golden("near_logistic_decay", "accept_2"))
    document["problem"]["activation"] = {"breakpoints": ["1"], "slopes": ["0", "1"], "value_at_0": "0"}
    assert rejection(document).place in ("claim.risk", "problem.activation")
