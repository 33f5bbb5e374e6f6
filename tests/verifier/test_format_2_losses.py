"""Losses by pieces: accepted and rejected certificates, what is wrong in a loss, and conjugates against an oracle."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.verifier import verify
from exactsurf.verifier.arithmetic.document import Field, Rejected
from exactsurf.verifier.arithmetic.table import Column, Table
from exactsurf.verifier.dual_bounds import conjugate_sum
from exactsurf.verifier.loss import read_loss
from exactsurf.verifier.residuals import residuals
from tests.verifier.format_2_examples import FORMAT_2, OWN, SQUARED_LEAD
from tests.verifier.oracle import Document, assert_true, by_pieces, number
from tests.verifier.verdicts import GOLDEN, assert_changes_are_noticed, encode, rejection

POINTS = [name for name in FORMAT_2 if name not in ("loss_lower_bound", "loss_smooth_box")]


@pytest.mark.parametrize("name", FORMAT_2)
def test_accepted_and_kept_as_a_file(name: str) -> None:
    document = FORMAT_2[name]()
    accepted = verify(encode(document))
    assert " risk of the " in accepted.sentence
    assert accepted == verify((GOLDEN / "accept_2" / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", POINTS)
def test_small_changes(name: str) -> None:
    """Of every small change the verifier notices that it is no certificate, or what it says is true."""
    assert_changes_are_noticed(FORMAT_2[name](), assert_true, least=300, most=Fraction(1, 4))


def with_loss(**fields: Any) -> Document:
    document = FORMAT_2["loss_own"]()
    document["problem"]["loss"] |= fields
    return document


@pytest.mark.parametrize(
    ("fields", "place", "part"),
    [
        ({"breakpoints": ["2", "-1"]}, "breakpoints[1]", "increase"),
        ({"breakpoints": ["-1", "-1"]}, "breakpoints[1]", "increase"),
        ({"breakpoints": ["-1"]}, "pieces", "2 entries"),
        ({"breakpoints": ["-1", "5/2"]}, "breakpoints[1]", "continuous"),
        ({"pieces": [["0", "-3", "-1"], ["-1/2", "-1", "3/2"], ["0", "5/2", "-9/2"]]}, "pieces[1]", "a ≥ 0"),
        ({"pieces": [["0", "0", "2"], ["1/2", "-1", "1/2"], ["0", "5/2", "-9/2"]]}, "breakpoints[0]", "convex"),
        ({"pieces": [["0", "-3", "-1"], ["1/2", "-1", "1/2"], ["0", "5/2"]]}, "pieces[2]", "3 entries"),
        ({"pieces": [["0", "-3", "-1"], ["1/2", "-1", "1/2"], ["0", "5/2", 0]]}, "pieces[2][2]", "string"),
        ({"gap": "hinge"}, "gap", "one of"),
        ({"gap": "lead"}, "gap", "two outputs"),
        ({"scale": "1"}, "scale", "unknown"),
        ({"name": "squared"}, "name", "unknown"),
    ],
)
def test_what_is_no_loss(fields: Document, place: str, part: str) -> None:
    error = rejection(with_loss(**fields))
    assert (error.place, part in error.reason) == (f"problem.loss.{place}", True)


@pytest.mark.parametrize(
    ("weights", "place"),
    [
        (["0", "1", "1"], "[0]"),
        (["1", "-1", "1"], "[1]"),
        (["1", "1"], ""),
        (["1", "1", "1", "1"], ""),
        ("1", ""),
        (["1", "1", 1], "[2]"),
        (None, ""),
    ],
)
def test_what_are_no_weights(weights: Any, place: str) -> None:
    document = FORMAT_2["loss_own"]()
    document["problem"]["weights"] = weights
    assert rejection(document).place == f"problem.weights{place}"


def test_format_1_has_no_weights_and_no_pieces() -> None:
    document = FORMAT_2["loss_quantile_weights"]()
    document["format"] = "exactsurf-certificate/1"
    assert rejection(document).place == "problem.weights"
    del document["problem"]["weights"]
    assert rejection(document).place == "problem.loss.gap"


def test_targets_that_the_gap_does_not_allow() -> None:
    document = FORMAT_2["loss_squared_hinge"]()
    document["problem"]["data"]["y"][2] = ["1/2"]
    assert rejection(document).place == "problem.data.y[2][0]"
    document = FORMAT_2["loss_lead"]()
    document["problem"]["data"]["y"][3] = ["1", "1", "0"]
    assert rejection(document).place == "problem.data.y[3]"


fractions = st.fractions(min_value=-3, max_value=3, max_denominator=4)


@st.composite
def losses(draw: st.DrawFn, gap: str = "difference") -> Document:
    """A convex piecewise quadratic function: slopes and second derivatives are drawn, the rest follows."""
    stops = sorted(draw(st.sets(fractions, max_size=3)))
    curved = st.fractions(min_value=0, max_value=2, max_denominator=3)
    a, b, c = draw(curved), draw(fractions), draw(fractions)
    pieces = [[a, b, c]]
    for t in stops:
        value, slope = (a * t + b) * t + c, 2 * a * t + b + draw(st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 2)]))
        a = draw(st.just(Fraction(0)) | curved)
        b = slope - 2 * a * t
        c = value - (a * t + b) * t
        pieces.append([a, b, c])
    return {"gap": gap, "breakpoints": list(map(str, stops)), "pieces": [list(map(str, piece)) for piece in pieces]}


def lowest(loss: Document, slope: Fraction) -> Fraction | None:
    """inf φ(u) − slope·u, by trying breakpoints and stationary points of all pieces; None if there is none."""
    stops = [number(t) for t in loss["breakpoints"]]
    pieces = [[number(v) for v in piece] for piece in loss["pieces"]]
    tries = [*stops, Fraction(0), *((slope - b) / (2 * a) for a, b, _ in pieces if a)]
    best = min(by_pieces(loss, u) - slope * u for u in tries)
    far = Fraction(10**6)
    if min(by_pieces(loss, u) - slope * u for u in (far, -far)) < best:
        return None
    return best


@settings(max_examples=300, deadline=None)
@given(
    losses(), st.lists(st.tuples(fractions, fractions, st.fractions(min_value="1/3", max_value=3, max_denominator=3)), min_size=1)
)
def test_conjugates(loss: Document, samples: list[tuple[Fraction, Fraction, Fraction]]) -> None:
    """Σ inf over f of ω φ(f − y) − r f is the bound of a dual vector."""
    y, weights = Table.of_rows([[y] for _, y, _ in samples]), [w for _, _, w in samples]
    expected = Fraction(0)
    for r, target, w in samples:
        low = lowest(loss, r / w)
        if low is None:
            with pytest.raises(Rejected):
                bound(loss, samples, y, weights)
            return
        expected += w * low - r * target
    assert bound(loss, samples, y, weights) == expected


def bound(loss: Document, samples: Any, y: Table, weights: list[Fraction]) -> Fraction:
    r = [r for r, _, _ in samples]
    scale = 12 * 12 * 12
    column = Column([int(w * scale) for w in weights], scale)
    entries = Field(["0"] * len(r), "r").items()
    return -conjugate_sum(
        read_loss(Field(loss, "loss"), 2, 1), column, y.column(0), entries.__getitem__, [int(v * 12) for v in r], 12
    )


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["difference", "margin"]), st.data())
def test_values_and_subdifferentials(gap: str, data: st.DataObject) -> None:
    """Against differences of values: r is a subgradient exactly if no point lies below its line."""
    loss = data.draw(losses(gap))
    f, weight = data.draw(fractions), data.draw(st.sampled_from([Fraction(1), Fraction(3, 2)]))
    y = data.draw(st.sampled_from([Fraction(1), Fraction(-1)]) if gap == "margin" else fractions)
    table, column = Table.of_rows([[y]]), Table.of_rows([[f]]).column(0)
    fit = residuals(read_loss(Field(loss, "loss"), 2, 1), Column([weight.numerator], weight.denominator), [column], table)

    def value(at: Fraction) -> Fraction:
        return weight * by_pieces(loss, y * at if gap == "margin" else at - y)

    assert Fraction(*fit.risk()) == value(f)
    low, high = fit.interval(0, 0)
    assert low <= high and bool(fit.kinks) == (low < high)
    step = Fraction(1, 10**6)
    for r in (low, high):
        for other in (f + step, f - step, f + 5, f - 5):
            assert value(other) >= value(f) + r * (other - f)
    for beyond, other in ((high + Fraction(1, 100), f + step), (low - Fraction(1, 100), f - step)):
        assert value(other) < value(f) + beyond * (other - f)
    if low == high:
        half = fit.curvature(0, 0) / 2
        for other in (f + step, f - step):
            assert value(other) >= value(f) + low * (other - f) + half * (other - f) ** 2
        sides = {value(other) - value(f) - low * (other - f) for other in (f + step, f - step)}
        assert min(sides) == half * step**2


def test_a_lead_has_no_term_at_the_class_itself() -> None:
    loss = read_loss(Field(copy.deepcopy(SQUARED_LEAD), "loss"), 2, 3)
    fit = residuals(loss, Column([1], 1), [Column([v], 1) for v in (1, 2, 0)], Table.of_rows([[0, 1, 0]]))
    assert list(fit.terms(0)) == [0, 2]
    assert Fraction(*fit.risk()) == 0
    assert read_loss(Field(copy.deepcopy(OWN), "loss"), 2, 1).is_curved
