"""Activations from expressions: read, written, differentiated; SymPy and mpmath judge."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from exactsurf.errors import InputError
from exactsurf.exact.balls import Ball
from exactsurf.model.activation_names import activation_from
from exactsurf.model.smooth_activation import SMOOTH, smooth_activation
from exactsurf.model.smooth_expression import infix, is_entire, read_expression

sympy = pytest.importorskip("sympy")
Z = sympy.Symbol("z", real=True)
NAMES = {"sigmoid": lambda u: 1 / (1 + sympy.exp(-u)), "softplus": lambda u: sympy.log(1 + sympy.exp(u)), "arctan": sympy.atan}

leaves = st.sampled_from(["z", "2", "1/3", "0.25", "(-3/2)"])
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" + ", " - ", "*"]), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})"),
        st.tuples(inner, st.integers(0, 4)).map(lambda t: f"({t[0]})**{t[1]}"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})/(2 + ({t[1]})**2)"),
        st.tuples(st.sampled_from(["exp", "tanh", "arctan", "sigmoid", "softplus"]), inner).map(
            lambda t: f"{t[0]}(tanh({t[1]}))"
        ),
        inner.map(lambda t: f"log(1 + ({t})**2)"),
        inner.map(lambda t: f"-({t})"),
    ),
    max_leaves=5,
)


def real(value: Fraction) -> mpf:
    return mpf(value.numerator) / value.denominator


def as_sympy(text: str) -> sympy.Expr:
    return sympy.sympify(text, locals={**NAMES, "z": Z}, rational=True)


@settings(max_examples=60, deadline=None)
@given(expressions, st.fractions(-3, 3, max_denominator=20), st.fractions(0, Fraction(1, 4)), st.fractions(-1, 1))
def test_derivatives_hold_those_of_sympy(text: str, middle: Fraction, radius: Fraction, share: Fraction) -> None:
    found = smooth_activation(text).derivatives(Ball(middle, radius), 200)
    if found is None:
        return
    expression, inside = as_sympy(text), middle + share * radius
    with mp.workdps(80):
        for order, ball in enumerate(found):
            value = sympy.lambdify(Z, sympy.diff(expression, Z, order), "mpmath")(real(inside))
            assert real(ball.lower) - mpf(10) ** -60 <= value <= real(ball.upper) + mpf(10) ** -60
            assert radius or ball.radius < Fraction(1, 10**20)


@settings(max_examples=60, deadline=None)
@given(expressions, st.fractions(-2, 2, max_denominator=6))
def test_written_and_read_again_is_the_same_function(text: str, z: Fraction) -> None:
    h = smooth_activation(text)
    again = smooth_activation(infix(h.tree))
    first, second = h(z, 200), again(z, 200)
    assert abs(first.midpoint - second.midpoint) <= first.radius + second.radius
    exact_value = h.exact_value(z)
    if exact_value is not None:
        assert first.contains(exact_value)


@settings(max_examples=25, deadline=None)
@given(expressions)
def test_sympy_expressions_are_read(text: str) -> None:
    h, other = smooth_activation(text), smooth_activation(as_sympy(text).subs(Z, sympy.Symbol("w")))
    first, second = h(Fraction(2, 3), 200), other(Fraction(2, 3), 200)
    assert abs(first.midpoint - second.midpoint) <= first.radius + second.radius


def test_exact_values() -> None:
    for text, z, value in (
        ("z*sigmoid(z)", 0, 0),
        ("sigmoid(z) + exp(z) + tanh(z) + arctan(z)", 0, "3/2"),
        ("z*softplus(z)", 0, 0),
        ("softplus(z)", 0, None),
        ("z**3/4 - z", 2, 0),
        ("1/z", 0, None),
        ("z*log(z)", 0, None),
        ("0*log(z - 5)", 0, None),
        ("log(z)", 1, 0),
        ("z**-2", 2, "1/4"),
    ):
        expected = None if value is None else Fraction(value)
        assert smooth_activation(text).exact_value(Fraction(z)) == expected, text


def test_poles_and_domains() -> None:
    assert smooth_activation("1/z").derivatives(Ball(Fraction(0), Fraction(1))) is None
    assert smooth_activation("log(z)").derivatives(Fraction(-1)) is None
    with pytest.raises(InputError, match="beyond all bounds"):
        smooth_activation("log(z)")(Fraction(-1))
    assert not is_entire(read_expression("z**-1")) and is_entire(read_expression("z*exp(-z**2)/3"))
    assert not smooth_activation("1/z").is_analytic and smooth_activation("exp(z)").is_analytic


def test_known_names() -> None:
    assert repr(smooth_activation("z*sigmoid(z)")) == "swish" and activation_from("gelu_tanh") == SMOOTH["gelu_tanh"]
    assert activation_from({"expression": "z*exp(-z**2)"}) == smooth_activation("z*exp(-z**2)")
    # Hendrycks and Gimpel 2016: GELU(1) ≈ 0.8412 in its approximation by tanh.
    assert abs(SMOOTH["gelu_tanh"](Fraction(1)).midpoint - Fraction("0.841192")) < Fraction(1, 10**6)
    # Misra 2019: mish(1) ≈ 0.8651
    assert abs(SMOOTH["mish"](Fraction(1)).midpoint - Fraction("0.865098")) < Fraction(1, 10**6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sin(z)", "unknown function"),
        ("expp(z)", "did you mean 'exp'"),
        ("x + 1", "not part of an expression"),
        ("z**z", "exponents are integers"),
        ("z**65", "exponents are integers"),
        ("z**0.5", "exponents are integers"),
        ("z +", "not an expression"),
        ("", "not an expression"),
        ("1/0", "division by 0"),
        ("z/0", "division by 0"),
        ("0**-1", "division by 0"),
        ("__import__('os')", "unknown function"),
        ("z if z else 1", "not part"),
        ("True", "not part"),
        ("z.real", "not part"),
        ("exp(z, 1)", "not part"),
        ("(" * 300 + "z" + ")" * 300, "not an expression"),
        ("+".join(["z"] * 101), "at most 100 parts"),
        ("+".join(["z"] * 900), "parts|not an expression"),
        ("z" * 3000, "characters"),
        (3, "text or a SymPy"),
        (sympy.Symbol("a") * sympy.Symbol("b"), "one symbol"),
        (sympy.Float("0.5") * Z, "floats"),
        (sympy.sin(Z), "unknown function"),
    ],
)
def test_what_is_refused(text: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        smooth_activation(text)
