"""Derivatives against SymPy, and convexity against second differences."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.model.loss_expression import bound, curvature, derivative
from exactsurf.model.smooth_expression import infix, jet_of, read_expression, value_of

LEAVES = st.one_of(st.just("z"), st.fractions(min_value=-3, max_value=3, max_denominator=4))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["+", "*", "/"]), inner, inner),
        st.tuples(st.sampled_from(["-", "exp", "log", "tanh", "arctan", "sigmoid", "softplus"]), inner),
        st.tuples(st.just("power"), inner, st.integers(2, 4)),
    ),
    max_leaves=6,
)


@given(tree=TREES, z=st.fractions(min_value=-2, max_value=2, max_denominator=8))
def test_the_derivative_is_the_slope_of_the_jet(tree, z):
    point = arb(fmpq(z.numerator, z.denominator))
    jet = jet_of(tree, point)
    if jet is not None and all(part.is_finite() for part in jet):
        slope = value_of(derivative(tree), point)
        assert not slope.is_finite() or slope.overlaps(jet[1])


@pytest.mark.parametrize("text", ["exp(-z**2)", "z*log(1 + z**2)", "tanh(z)/(2 + sigmoid(z))", "softplus(3*z)*arctan(z)"])
def test_the_derivative_is_that_of_sympy(text):
    z = sympy.Symbol("z", real=True)
    names = {
        "sigmoid": lambda t: 1 / (1 + sympy.exp(-t)),
        "softplus": lambda t: sympy.log(1 + sympy.exp(t)),
        "arctan": sympy.atan,
        "z": z,
    }
    wanted = sympy.diff(sympy.sympify(text, locals=names), z)
    found = sympy.sympify(infix(derivative(read_expression(text))), locals=names)
    for at in (-2, sympy.Rational(1, 3), 2):
        assert abs(sympy.N((wanted - found).subs(z, at), 40)) < sympy.Float("1e-35")


@given(tree=TREES, ends=st.tuples(*[st.fractions(min_value=-3, max_value=3, max_denominator=8)] * 2))
def test_what_is_called_convex_lies_below_its_chords(tree, ends):
    known = curvature(tree, "z")
    if known is None:
        return
    a, b = ends
    low, high, middle = (value_of(tree, arb(fmpq(t.numerator, t.denominator))) for t in (a, b, (a + b) / 2))
    if not (low.is_finite() and high.is_finite() and middle.is_finite()):
        return
    gap = (low + high) / 2 - middle
    if known.kind in ("convex", "affine", "constant"):
        assert not gap < 0
    if known.kind in ("concave", "affine", "constant"):
        assert not gap > 0
    if known.strict and a != b:
        assert not (gap >= 0 and gap <= 0)


def test_binding():
    assert bound(read_expression("exp(u)*u", ("u",)), {"u": ("-", "z")}) == ("*", ("exp", ("-", "z")), ("-", "z"))
    assert derivative(read_expression("exp(f) - y*f", ("f", "y")), "f") == ("+", ("exp", "f"), ("-", "y"))
    assert derivative(Fraction(3)) == 0
