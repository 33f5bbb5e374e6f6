"""Claims about points where the loss is an expression: what is accepted is true by mpmath, what is changed is rejected."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from exactsurf.verifier import Refused, Rejected, verify
from tests.verifier.analytic_examples import GLOBAL, LOCAL, NAMES, NONE, PHRASES, SPURIOUS, assert_true, get
from tests.verifier.oracle import Document
from tests.verifier.verdicts import GOLDEN, assert_changes_are_noticed, assert_rejected_at, encode, put


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = get(name)
    assert_true(document)
    result = verify(encode(document))
    assert (result.kind, result.sentence, result.risk) == (document["claim"]["kind"], document["claim"]["sentence"], None)
    assert len(result.checks) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_every_small_change_is_rejected_or_true(name: str) -> None:
    # Curvatures, simplices, the tree of a curve and the bits have room.
    assert_changes_are_noticed(get(name), lambda changed: assert_true(changed, 8), least=100, most=Fraction(2, 5))


def _kind(kind: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        old = PHRASES[document["claim"]["kind"]]
        document["claim"]["kind"] = kind
        document["claim"]["sentence"] = document["claim"]["sentence"].replace(f"are {old} of", f"are {PHRASES[kind]} of")

    return change


REJECTED: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "classes_tree": ("analytic_classes", put("problem", "loss", "tree", ["-", "u"]), "problem.loss.tree"),
    "classes_soft": ("analytic_classes", put("problem", "data", "y", 0, ["1/2", "1/2", "1/2"]), "problem.data.y[0]"),
    "classes_target": ("analytic_classes", put("problem", "data", "y", 1, ["-1", "1", "1"]), "problem.data.y[1]"),
    "margin_label": ("analytic_logistic", put("problem", "data", "y", 0, ["0"]), "problem.data.y[0]"),
    "unknown_variable": ("analytic_logistic", put("problem", "loss", "tree", ["softplus", "z"]), "problem.loss.tree[1]"),
    "unknown_gap": ("analytic_logistic", put("problem", "loss", "gap", "lead"), "problem.loss.gap"),
    "one_output_is_no_classes": ("analytic_logistic", put("problem", "loss", "gap", "classes"), "problem.loss.gap"),
    "scale_not_positive": ("analytic_logistic", put("problem", "loss", "scale", "0"), "problem.loss.scale"),
    "format_1": ("analytic_logistic", put("format", "exactsurf-certificate/1"), "format"),
    "not_global": ("analytic_logistic", _kind(GLOBAL), "evidence.rule"),
    "not_spurious": ("analytic_logistic", _kind(SPURIOUS), "evidence.lower_point"),
    "not_refuted": ("analytic_logistic", _kind(NONE), "evidence.rule"),
    "curve_is_no_minimum": ("analytic_curve", _kind(LOCAL), "evidence.rule"),
    "risk_low": ("analytic_logistic", put("claim", "risk", 0, "3"), "claim.risk[0]"),
    "risk_high": ("analytic_logistic", put("claim", "risk", 1, "5/2"), "claim.risk[1]"),
    "corner_above": ("analytic_log_cosh", put("evidence", "lower", ["3/4"]), "evidence.lower[0]"),
    "simplex_too_small": ("analytic_log_cosh", put("evidence", "lower", ["0"]), "evidence.widths"),
    "width_negative": ("analytic_log_cosh", put("evidence", "widths", ["-1"]), "evidence.widths[0]"),
    "atoms_too_few": ("analytic_log_cosh", put("evidence", "lower", []), "evidence.lower"),
    "parts_too_few": ("analytic_log_cosh", lambda d: d["evidence"]["parts"].pop(), "evidence.parts"),
    "curvature_above": ("analytic_log_cosh", put("evidence", "curvatures", 0, "4/5"), "evidence.curvatures[0]"),
    "curvature_negative": ("analytic_log_cosh", put("evidence", "curvatures", 0, "-1"), "evidence.curvatures[0]"),
    "sample_left_out": ("analytic_log_cosh", put("evidence", "curvatures", 0, "0"), "evidence.curvatures[0]"),
    "curvature_below_classes": ("analytic_curve", put("evidence", "curvatures", 0, "1/2"), "evidence.curvatures[0]"),
    "direction_up": (
        "analytic_direction",
        lambda d: d["evidence"].update(direction=_negative(d["evidence"]["direction"])),
        "evidence.direction",
    ),
    "dead_unit_is_read": (
        "analytic_dead_unit",
        lambda d: (put("parameters", "W2", [["1/1000000"]])(d), put("claim", "risk", ["0", "100"])(d))[0],
        "evidence.unit",
    ),
    "dead_unit_still": (
        "analytic_dead_unit",
        lambda d: d["evidence"].update(delta=["0"] * len(d["evidence"]["delta"])),
        "evidence.delta",
    ),
    "fit_fails": ("analytic_fit", put("problem", "data", "y", 0, ["1"]), "evidence.rule"),
    "lower_point_lies": ("analytic_spurious", put("evidence", "lower_point", "risk", "1"), "evidence.lower_point.risk"),
    "lower_point_higher": ("analytic_spurious", put("evidence", "lower_point", "risk", "3"), "evidence.lower_point.risk"),
    "other_rule": ("analytic_classes", put("evidence", "parts", 0, "rule", "second order"), "evidence.parts[0].rule"),
    "multiplier": (
        "analytic_log_cosh",
        put("evidence", "parts", 0, "units", 0, "nodes", 0, "multipliers", 0, 1, "1/2"),
        "evidence.parts[0].units[0].nodes[0]",
    ),
}


def _negative(parameters: Document) -> Document:
    def turned(value: Any) -> Any:
        if isinstance(value, list):
            return [turned(item) for item in value]
        return value[1:] if value.startswith("-") else value if value == "0" else f"-{value}"

    return {name: turned(value) for name, value in parameters.items()}


@pytest.mark.parametrize("name", REJECTED)
def test_rejected_at_its_place(name: str) -> None:
    source, change, place = REJECTED[name]
    assert_rejected_at(place, get(source), change)


def test_golden_broken_ones_are_these() -> None:
    for name in ("corner_above", "curvature_above", "not_global"):
        source, change, _ = REJECTED[name]
        document = get(source)
        change(document)
        assert json.loads((GOLDEN / "reject" / f"analytic_{name}.json").read_text(encoding="utf-8")) == document


def test_a_loss_that_is_not_convex_has_no_fit() -> None:
    document = get("analytic_fit")
    document["problem"]["loss"] = {"gap": "difference", "tree": ["log", ["+", "1", ["power", "u", 2]]], "scale": "1"}
    document["claim"]["risk"] = ["0", "1000"]
    with pytest.raises(Rejected) as caught:
        verify(encode(document))
    assert caught.value.place == "evidence.rule"


def test_towers_of_exponentials_are_refused() -> None:
    document = get("analytic_logistic")
    document["problem"]["loss"]["tree"] = ["exp", ["exp", ["exp", ["*", "9", ["power", "u", 2]]]]]
    document["problem"]["data"]["x"][0] = ["4"]
    with pytest.raises(Refused):
        verify(encode(document))
