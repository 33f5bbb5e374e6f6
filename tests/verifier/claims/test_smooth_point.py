"""Claims about rational points of smooth risks: what is accepted is true by mpmath, what is changed is rejected."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from exactsurf.verifier import Rejected, verify
from tests.verifier.oracle import Document
from tests.verifier.smooth_point_examples import (
    GLOBAL,
    LOCAL,
    NONE,
    POINT_EXAMPLES,
    assert_point_true,
    get,
    lower,
    point,
    sentence,
)
from tests.verifier.verdicts import GOLDEN, assert_changes_are_noticed, encode, golden, put


@pytest.mark.parametrize("name", POINT_EXAMPLES)
def test_accepted_and_true(name: str) -> None:
    document = get(name)
    assert_point_true(document)
    result = verify(encode(document))
    assert (result.kind, result.sentence, result.risk) == (document["claim"]["kind"], document["claim"]["sentence"], None)
    assert len(result.checks) >= 3
    assert golden(name) == document


@pytest.mark.parametrize("name", POINT_EXAMPLES)
def test_every_small_change_is_rejected_or_true(name: str) -> None:
    assert_changes_are_noticed(get(name), assert_point_true, least=100)


def _both(*changes: Callable[[Document], None]) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        for one in changes:
            one(document)

    return change


def _kind(kind: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document["claim"]["kind"] = kind
        document["claim"]["sentence"] = sentence(kind, document["problem"])

    return change


ZERO = point("0", "0", "0", "0")
REJECTED: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "fit_fails": ("smooth_point_fit", _both(put("parameters", "b2", ["1"]), put("claim", "risk", ["2", "4"])), "evidence.rule"),
    "fit_irrational": ("smooth_point_fit", put("parameters", "W2", [["1"]]), "parameters"),
    "fit_risk": ("smooth_point_fit", put("claim", "risk", ["11/10", "2"]), "claim.risk[0]"),
    "unitwise_is_no_global_minimum": ("smooth_point_quadratic", _kind(GLOBAL), "evidence.rule"),
    "unitwise_slope": (
        "smooth_point_quadratic",
        _both(put("parameters", "W1", [["1", "1"], ["1", "0"]]), put("parameters", "W2", [["1/3", "0"]])),
        "evidence.rule",
    ),
    "unitwise_wrong_sign": (
        "smooth_point_quadratic",
        _both(put("parameters", "W2", [["-1/6", "-1/6"]]), put("parameters", "b2", ["2/3"])),
        "evidence.rule",
    ),
    "unitwise_bias_off": (
        "smooth_point_elu",
        _both(put("parameters", "b2", ["0"]), put("claim", "risk", ["2", "4"])),
        "evidence.rule",
    ),
    "unitwise_not_the_fit": (
        "smooth_point_elu",
        _both(put("parameters", "W1", [["1"], ["0"]]), put("parameters", "b2", ["-7/4"]), put("claim", "risk", ["0", "4"])),
        "evidence.rule",
    ),
    "unitwise_corner": ("smooth_point_elu", put("parameters", "b1", ["1", "0"]), "evidence.rule"),
    "unitwise_concave": (
        "smooth_point_swish",
        put("parameters", "W2", [["-1", "2"]]),
        "evidence.rule",
    ),
    "unitwise_group_slope": (
        "smooth_point_swish",
        _both(put("problem", "data", "y", [["0"], ["1/2"], ["1/2"]]), put("claim", "risk", ["0", "1"])),
        "evidence.rule",
    ),
    "expression_unknown": (
        "smooth_point_swish",
        put("problem", "activation", "tree", ["sin", "z"]),
        "problem.activation.tree[0]",
    ),
    "expression_arity": ("smooth_point_swish", put("problem", "activation", "tree", ["*", "z"]), "problem.activation.tree"),
    "expression_empty": ("smooth_point_swish", put("problem", "activation", "tree", []), "problem.activation.tree"),
    "expression_variable": (
        "smooth_point_swish",
        put("problem", "activation", "tree", ["*", "z", "x"]),
        "problem.activation.tree[2]",
    ),
    "expression_power": (
        "smooth_point_swish",
        put("problem", "activation", "tree", ["power", "z", 65]),
        "problem.activation.tree[2]",
    ),
    "expression_no_power": (
        "smooth_point_swish",
        put("problem", "activation", "tree", ["power", "z", 1]),
        "problem.activation.tree[2]",
    ),
    "expression_undefined_times_zero": (
        "smooth_point_fit",
        _both(put("problem", "activation", {"name": "expression", "tree": ["log", ["-", "z"]]}), _kind(GLOBAL)),
        "parameters",
    ),
    "expression_pole": (
        "smooth_point_swish",
        put("problem", "activation", "tree", ["/", "z", "z"]),
        "parameters",
    ),
    "slope_up": ("smooth_point_slope", put("evidence", "direction", point("0", "0", "0", "-1")), "evidence.direction"),
    "slope_none": ("smooth_point_slope", put("evidence", "direction", ZERO), "evidence.direction"),
    "slope_lower_point_lies": (
        "smooth_point_slope",
        put("evidence", "lower_point", lower(point("1", "0", "1", "1/4"), "1/100")),
        "evidence.lower_point.risk",
    ),
    "slope_lower_point_higher": (
        "smooth_point_slope",
        put("evidence", "lower_point", lower(point("1", "0", "1", "1/4"), "1/3")),
        "evidence.lower_point.risk",
    ),
    "slope_risk": ("smooth_point_slope", put("claim", "risk", ["1/4", "2/7"]), "claim.risk[1]"),
    "one_sided_curvature_up": (
        "smooth_point_one_sided_curvature",
        put("evidence", "direction", "W2", [["-1"]]),
        "evidence.direction",
    ),
    "one_sided_curvature_alpha": (
        "smooth_point_one_sided_curvature",
        put("problem", "activation", "alpha", "1/2"),
        "evidence.rule",
    ),
    "one_sided_curvature_is_no_slope": (
        "smooth_point_one_sided_curvature",
        put("evidence", "rule", "one-sided slope"),
        "evidence.direction",
    ),
    "one_sided_curve_up": (
        "smooth_point_one_sided_curve",
        put("evidence", "curve", [{"W1": [["1"]], "W2": [["-1/2"]]}]),
        "evidence.order",
    ),
    "one_sided_curve_order": ("smooth_point_one_sided_curve", put("evidence", "order", 3), "evidence.order"),
    "one_sided_curve_empty": ("smooth_point_one_sided_curve", put("evidence", "curve", []), "evidence.curve"),
    "one_sided_curve_of_tanh": (
        "smooth_point_one_sided_curve",
        _both(put("problem", "activation", {"name": "tanh"}), _kind(NONE)),
        "evidence.rule",
    ),
    "curvature_up": ("smooth_point_curvature", put("evidence", "direction", point("1", "0", "-1", "0")), "evidence.direction"),
    "curvature_is_no_slope": ("smooth_point_curvature", put("evidence", "rule", "slope"), "evidence.direction"),
    "curvature_of_a_minimum": ("smooth_point_curvature", _kind(LOCAL), "evidence.rule"),
    "dead_unit_is_read": (
        "smooth_point_dead_unit",
        put("parameters", "W2", [["1/1000000"]]),
        "evidence.unit",
    ),
    "dead_unit_constant": ("smooth_point_dead_unit", put("evidence", "weights", ["0", "1"]), "evidence.weights"),
    "dead_unit_elu": (
        "smooth_point_dead_unit",
        _both(put("problem", "activation", {"name": "elu", "alpha": "1"}), _kind(NONE)),
        "evidence.unit",
    ),
    "dead_unit_beyond": ("smooth_point_dead_unit", put("evidence", "unit", 1), "evidence.unit"),
    "dead_unit_no_bias": ("smooth_point_dead_unit", put("evidence", "weights", ["1"]), "evidence.weights"),
    "point_few_bits": ("smooth_point_curvature", put("evidence", "bits", 15), "evidence.bits"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_rejected_with_its_place(name: str) -> None:
    source, change, place = REJECTED[name]
    document = get(source)
    change(document)
    with pytest.raises(Rejected) as caught:
        verify(encode(document))
    assert caught.value.place == place
    stored = GOLDEN / "reject" / f"smooth_point_{name}.json"
    assert json.loads(stored.read_text(encoding="utf-8")) == document
