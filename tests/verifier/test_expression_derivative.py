"""Derivatives of expressions in an arithmetic of intervals: enclosures of them, computed by other rules, meet."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.verifier.arithmetic.interval import Interval, enclose, exponential, increasing
from exactsurf.verifier.expression_derivative import Arithmetic
from exactsurf.verifier.smooth_activation import SmoothActivation
from exactsurf.verifier.smooth_expression import Tree

BITS = 100
TREES: list[Tree] = [
    ("*", ("exp", "z"), ("+", Fraction(1), ("sigmoid", ("*", Fraction(2), "z")))),
    ("/", ("power", ("tanh", "z"), 3), ("+", Fraction(3), ("exp", ("-", "z")))),
    ("+", ("softplus", "z"), ("log", ("sigmoid", ("*", Fraction(-2), "z")))),
    ("log", ("+", Fraction(1), ("+", ("exp", "z"), ("exp", ("*", Fraction(2), "z"))))),
    ("*", ("arctan", "z"), "z"),
]


def _sigmoid(q: Fraction) -> Interval:
    one = enclose(1, BITS)
    return one.divided_by(one + increasing(exponential, enclose(-q, BITS)))


# Rational numbers are kept beside their enclosures, so that what is known to be rational is.
Pair = tuple[Interval, "Fraction | None"]


def _pair(value: Fraction | int) -> Pair:
    return enclose(value, BITS), Fraction(value)


def _joined(first: Pair, second: Pair, times: bool) -> Pair:
    both = first[1] is not None and second[1] is not None
    known = None if not both else (first[1] * second[1] if times else first[1] + second[1])
    return (first[0] * second[0] if times else first[0] + second[0]), known


ENCLOSED: Arithmetic[Pair] = Arithmetic(
    rational=_pair,
    exponential=lambda q: (increasing(exponential, enclose(q, BITS)), None if q else Fraction(1)),
    sigmoid=lambda q: (_sigmoid(Fraction(q)), None if q else Fraction(1, 2)),
    is_zero=lambda value: value[1] == 0,
    known=lambda value: value[1],
    scaled=lambda value, factor: _joined(value, _pair(factor), True),
    sum=lambda a, b: _joined(a, b, False),
    product=lambda a, b: _joined(a, b, True),
    quotient=lambda a, b: (a[0].divided_by(b[0]), None),
)


@pytest.mark.parametrize("tree", TREES, ids=str)
@given(z=st.fractions(min_value=-3, max_value=3, max_denominator=6))
def test_slopes_meet_those_of_the_activation_with_this_expression(tree: Tree, z: Fraction) -> None:
    _, slope = ENCLOSED.value_and_slope(tree, z)
    _, wanted, _ = SmoothActivation("expression", tree=tree, parts=20).jet(enclose(z, BITS))
    if slope is None:
        assert tree[0] == "*" and tree[1] == ("arctan", "z") and z
        return
    assert slope[0].low <= wanted.high and wanted.low <= slope[0].high
    assert slope[0].high - slope[0].low < 1 << 30 and wanted.high - wanted.low < 1 << 30
