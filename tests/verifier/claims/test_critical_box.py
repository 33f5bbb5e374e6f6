"""Claims about critical points in boxes: accepted where they are true, rejected with the place where anything is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import iv, mp, mpf

from exactsurf.verifier import Rejected, verify
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.arithmetic.interval import (
    Interval,
    arctan,
    decaying_exponential,
    enclose,
    exponential,
    log_of_one_plus,
    logarithm,
)
from exactsurf.verifier.smooth_activation import SmoothActivation, read_smooth_activation
from exactsurf.verifier.smooth_expression import read_tree
from tests.verifier.oracle import Document
from tests.verifier.smooth_examples import ENDINGS, ODD, SMOOTH_EXAMPLES, SWISH, assert_box_true, function, get, real, sentence
from tests.verifier.verdicts import GOLDEN, assert_accepted, assert_changes_are_noticed, encode, golden, put


@pytest.mark.parametrize("name", SMOOTH_EXAMPLES)
def test_accepted_and_true(name: str) -> None:
    document = get(name)
    assert_box_true(document)
    result = assert_accepted(document)
    assert result.risk is None and len(result.checks) >= 3
    assert golden(name) == document


SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("smooth_elu", "smooth_quadratic", "smooth_leaky")]


@pytest.mark.parametrize("name", ["smooth_line", "smooth_saddle", "smooth_swish", "smooth_three_pieces", *SLOW])
def test_every_small_change_is_rejected_or_true(name: str) -> None:
    assert_changes_are_noticed(get(name), assert_box_true, least=100, most=Fraction(1, 6))


def _kind(document: Document, kind: str) -> None:
    document["claim"]["kind"] = kind
    document["claim"]["sentence"] = sentence(kind, document["problem"], document["claim"]["held"])


def _without_held(document: Document) -> None:
    document["claim"]["held"] = []
    _kind(document, document["claim"]["kind"])


def _held(document: Document) -> None:
    document["claim"]["held"] = [[1, 0, 0]]
    _kind(document, document["claim"]["kind"])


REJECTED: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "box_too_large": ("smooth_tanh", put("claim", "radius", "1/2"), "evidence.inverse[0]"),
    "box_beside": ("smooth_tanh", put("parameters", "b2", ["7/10"]), "evidence.inverse[0]"),
    "box_is_a_saddle": (
        "smooth_saddle",
        lambda d: (_kind(d, "local minimum in a box"), d["evidence"].pop("direction"))[0],
        "evidence.inverse",
    ),
    "box_direction_up": ("smooth_saddle", put("evidence", "direction", {"W1": [["1"]], "W2": [["-1"]]}), "evidence.direction"),
    "box_few_bits": ("smooth_tanh", put("evidence", "bits", 16), "evidence.inverse[0]"),
    "box_no_bits": ("smooth_tanh", put("evidence", "bits", 15), "evidence.bits"),
    "box_many_bits": ("smooth_tanh", put("evidence", "bits", 4097), "evidence.bits"),
    "box_low_risk": ("smooth_tanh", put("claim", "risk", ["0", "1"]), "claim.risk[1]"),
    "box_high_risk": ("smooth_tanh", put("claim", "risk", ["3", "4"]), "claim.risk[0]"),
    "box_not_spurious": ("smooth_spurious", put("evidence", "lower_point", "risk", "7/3"), "evidence.lower_point.risk"),
    "box_lower_point_lies": ("smooth_spurious", put("evidence", "lower_point", "risk", "1"), "evidence.lower_point.risk"),
    "box_not_held": ("smooth_quadratic", _without_held, "evidence.inverse"),
    "box_held_zero": ("smooth_quadratic", put("parameters", "W2", [["0"]]), "claim.held[0][2]"),
    "box_held_tanh": ("smooth_tanh", put("problem", "activation", {"name": "quadratic"}), "claim.sentence"),
    "box_at_a_corner": ("smooth_elu", put("problem", "data", "x", [["0"], ["-1"], ["1"], ["2"]]), "parameters"),
    "box_unknown_activation": ("smooth_tanh", put("problem", "activation", {"name": "sin"}), "problem.activation.name"),
    "box_relu": (
        "smooth_tanh",
        put("problem", "activation", {"breakpoints": ["0"], "slopes": ["0", "1"], "value_at_0": "0"}),
        "claim.sentence",
    ),
    "box_piecewise_at_a_corner": ("smooth_leaky", put("problem", "data", "x", 0, ["0", "0"]), "parameters"),
    "box_piecewise_at_another_corner": ("smooth_three_pieces", put("parameters", "W1", [["1/2"]]), "parameters"),
    "box_piecewise_not_held": ("smooth_leaky", _without_held, "evidence.inverse"),
    "box_piecewise_held_with_intercepts": ("smooth_three_pieces", _held, "claim.held"),
    "box_piecewise_held_off_zero": ("smooth_leaky", put("problem", "activation", "value_at_0", "1/1000"), "claim.held"),
    "box_piecewise_held_zero": ("smooth_leaky", put("parameters", "W2", [["0"]]), "claim.held[0][2]"),
    "box_piecewise_with_a_name": (
        "smooth_leaky",
        put("problem", "activation", "name", "piecewise linear"),
        "problem.activation.name",
    ),
    "box_piecewise_by_name": (
        "smooth_leaky",
        put("problem", "activation", {"name": "piecewise linear"}),
        "problem.activation.name",
    ),
    "box_absolute": ("smooth_tanh", put("problem", "loss", {"name": "absolute", "scale": "1"}), "problem.loss.name"),
    "box_singular_inverse": ("smooth_line", put("evidence", "inverse", [["0"]]), "evidence.inverse[0]"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_rejected_with_its_place(name: str) -> None:
    source, change, place = REJECTED[name]
    document = get(source)
    change(document)
    with pytest.raises(Rejected) as caught:
        verify(encode(document))
    assert caught.value.place == place
    stored = GOLDEN / "reject" / f"smooth_{name}.json"
    assert json.loads(stored.read_text(encoding="utf-8")) == document


def test_the_sentence_of_another_kind_is_rejected() -> None:
    for kind in ENDINGS:
        document = get("smooth_tanh")
        document["claim"]["sentence"] = sentence(kind, document["problem"], [])
        if kind != "local minimum in a box":
            with pytest.raises(Rejected, match=r"claim\.sentence"):
                verify(encode(document))


def inside(interval: Interval, value: Any) -> bool:
    with mp.workprec(2 * interval.bits + 600):
        return mpf(interval.low) <= value * mpf(2) ** interval.bits <= mpf(interval.high)


precisions = st.sampled_from([16, 40, 128, 777])


@settings(max_examples=150, deadline=None)
@given(precisions, st.fractions(-50, 50, max_denominator=1000))
def test_series_hold_the_true_value_and_are_sharp(bits: int, value: Fraction) -> None:
    x = int(value * (1 << bits))
    with mp.workprec(3 * bits + 700):
        point = mpf(x) / mpf(2) ** bits
        unit = min(abs(x), 1 << bits)
        cases = [
            (arctan(x, bits), mp.atan(point)),
            (decaying_exponential(abs(x), bits), mp.exp(-abs(point))),
            (log_of_one_plus(unit, bits), mp.log(1 + mpf(unit) / mpf(2) ** bits)),
            (exponential(x, bits), mp.exp(point)),
            (logarithm(abs(x) + 1, bits), mp.log(mpf(abs(x) + 1) / mpf(2) ** bits)),
        ]
        for interval, true in cases:
            assert inside(interval, true) and interval.high - interval.low <= 4, (x, bits)


DESCRIPTIONS: list[Document] = [
    *({"name": name} for name in ("sigmoid", "tanh", "arctan", "softplus", "quadratic")),
    {"name": "elu", "alpha": "3/2"},
    {"name": "selu", "lambda": "21/20", "alpha": "5/3"},
    SWISH,
    ODD,
    {"name": "expression", "tree": ["power", ["+", "z", "-1/3"], 5]},
    {"name": "expression", "tree": ["/", ["power", "z", 2], ["+", "1/2", ["softplus", ["-", "z"]]]]},
    {"name": "expression", "tree": ["*", ["exp", ["*", "1/9", "z"]], ["log", ["+", "1/50", ["sigmoid", "z"]]]]},
]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(DESCRIPTIONS), precisions, st.fractions(-30, 30, max_denominator=64), st.fractions(0, 2), st.fractions(-1, 1)
)
def test_activations_hold_the_true_derivatives(
    description: Document, bits: int, middle: Fraction, radius: Fraction, share: Fraction
) -> None:
    left, right = Fraction(1), Fraction(1)
    if description["name"] in ("elu", "selu"):
        right = Fraction(description.get("lambda", "1"))
        left = right * Fraction(description["alpha"])
        if abs(middle) <= radius + Fraction(1, 1 << 16):
            return
    tree = read_tree(Field(description["tree"], ""))[0] if "tree" in description else None
    try:
        jet = SmoothActivation(description["name"], right, left, tree).jet(enclose(middle, bits, radius))
    except ValueError:  # few bits do not tell that a denominator or the argument of a logarithm is not 0
        assert bits < 60 or radius > 0
        return
    with mp.workprec(6 * bits + 800):
        point, h, step = real(middle + share * radius), function(description), mpf(2) ** (-bits - 200)
        first = (h(point + step) - h(point - step)) / (2 * step)
        second = (h(point + step) - 2 * h(point) + h(point - step)) / step**2
        slack = mpf(2) ** (-bits - 100)
        for interval, true in zip(jet, (h(point), first, second), strict=True):
            low, high = (mpf(end) / mpf(2) ** bits for end in (interval.low, interval.high))
            assert low - slack <= true <= high + slack


@given(*[st.fractions(-9, 9, max_denominator=50) for _ in range(4)])
def test_arithmetic_agrees_with_mpmath(a: Fraction, b: Fraction, c: Fraction, d: Fraction) -> None:
    first, second = enclose(a, 60, abs(c)), enclose(b, 60, abs(d))
    with mp.workprec(400):
        x, y = (iv.mpf([real(m - abs(r)), real(m + abs(r))]) for m, r in ((a, c), (b, d)))
        pairs = [(first + second, x + y), (first - second, x - y), (first * second, x * y), (first.square(), x**2)]
        if abs(b) > abs(d):
            pairs.append((first.divided_by(second), x / y))
        tolerance = mpf(2) ** -40
        for own, other in pairs:
            low, high = (mpf(end) / mpf(2) ** 60 for end in (own.low, own.high))
            assert abs(low - mpf(other.a)) < tolerance and abs(high - mpf(other.b)) < tolerance
    if abs(b) <= abs(d):
        with pytest.raises(ValueError):
            first.divided_by(second)


def test_hostile_expressions_are_bounded() -> None:
    deep: Any = "z"
    for _ in range(200):
        deep = ["exp", deep]
    towers: Any = "z"
    for _ in range(40):
        towers = ["power", towers, 64]
    doubled: Any = "z"
    for _ in range(50):
        doubled = ["+", doubled, "z"]
    bad = {"deep": deep, "towers": towers, "doubled": doubled, "exp": ["exp", ["exp", ["exp", ["exp", ["*", "99999", "z"]]]]]}
    for name, tree in bad.items():
        document = get("smooth_swish")
        document["problem"]["activation"]["tree"] = tree
        with pytest.raises(Rejected):
            verify(encode(document))
        assert name


def test_an_expression_of_everything_is_read() -> None:
    tree = ["+", ["*", "z", "1/2"], ["/", ["-", "z"], ["power", ["exp", ["log", ["softplus", ["arctan", ["tanh", "z"]]]]], 3]]]
    found, parts = read_tree(Field(tree, ""))
    assert parts == 14 and found[0] == "+"


PIECES: Document = {"breakpoints": ["-4/3", "0", "1/4", "2/3"], "slopes": ["1/3", "-1", "2", "2", "1/7"], "value_at_0": "1/5"}


@given(precisions, st.fractions(-3, 3, max_denominator=12), st.fractions(0, 1, max_denominator=12), st.fractions(-1, 1))
def test_piecewise_linear_on_intervals(bits: int, middle: Fraction, radius: Fraction, share: Fraction) -> None:
    h, true = read_smooth_activation(Field(PIECES, ""), piecewise=True), function(PIECES)
    z = enclose(middle, bits, radius)
    low, high = (Fraction(end, 1 << bits) for end in (z.low, z.high))
    with mp.workprec(2 * bits + 300):
        ends = [true(real(p)) for p in (low, high, *(t for t in map(Fraction, PIECES["breakpoints"]) if low < t < high))]
        value, unit = h.value(z), mpf(2) ** -bits
        assert inside(value, true(real(middle + share * radius)))
        assert abs(value.low * unit - min(ends)) <= 2 * unit and abs(value.high * unit - max(ends)) <= 2 * unit
        if any(low <= t <= high for t in (Fraction(-4, 3), 0, Fraction(2, 3))):
            with pytest.raises(ValueError, match="breakpoint"):
                h.jet(z)
            return
        jet = h.jet(z)
        slope = (true(real(middle) + unit / 8) - true(real(middle))) * 8 / unit
        assert (jet[0].low, jet[2].low, jet[2].high) == (value.low, 0, 0) and jet[1].low * unit - unit <= slope
        assert slope <= jet[1].high * unit + unit


@pytest.mark.parametrize("name", ["smooth_point_fit", "smooth_point_slope", "three_samples_sigmoid"])
def test_other_claims_are_not_about_piecewise_linear_activations(name: str) -> None:
    document = golden(name)
    document["problem"]["activation"] = {"breakpoints": ["0"], "slopes": ["0", "1"], "value_at_0": "0"}
    with pytest.raises(Rejected) as caught:
        verify(encode(document))
    assert caught.value.place == "problem.activation.name"
