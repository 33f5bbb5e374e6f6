"""Smooth activations and problems: balls hold what mpmath computes with many digits."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

import exactsurf as es
from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.exact.balls import Ball
from exactsurf.model.activation_names import activation_from
from exactsurf.model.smooth_activation import SMOOTH, elu, selu

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda z: 1 / (1 + mp.exp(-z)),
    "tanh": mp.tanh,
    "arctan": mp.atan,
    "softplus": lambda z: mp.log(1 + mp.exp(z)),
    "quadratic": lambda z: z * z,
    "elu": lambda z: z if z >= 0 else mp.expm1(z),
    "selu": lambda z: mpf("1.0507009873554804934") * (z if z >= 0 else mpf("1.6732632423543772848") * mp.expm1(z)),
}


def holds(ball: Ball, value: Any, slack: Any) -> bool:
    low, high = (mpf(end.numerator) / end.denominator for end in (ball.lower, ball.upper))
    return bool(low - slack <= value <= high + slack)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(sorted(FUNCTIONS)),
    st.fractions(-40, 40, max_denominator=999),
    st.fractions(0, 3, max_denominator=99),
    st.fractions(-1, 1, max_denominator=9),
    st.sampled_from([64, 300]),
)
def test_balls_hold_values_and_derivatives(name: str, middle: Fraction, radius: Fraction, share: Fraction, bits: int) -> None:
    h, true = SMOOTH[name], FUNCTIONS[name]
    with mp.workdps(300):
        point = middle + share * radius
        z, step, slack = mpf(point.numerator) / point.denominator, mpf(10) ** -90, mpf(10) ** -80
        assert holds(h(Ball(middle, radius), bits), true(z), slack)
        jet = h.derivatives(Ball(middle, radius), bits)
        if jet is None:
            assert h.has_corner and abs(middle) <= radius + Fraction(1, 2**60)
            return
        if h.has_corner and abs(z) < 2 * step:
            return
        first, second = (true(z + step) - true(z - step)) / (2 * step), (true(z + step) - 2 * true(z) + true(z - step)) / step**2
        for ball, value in zip(jet, (true(z), first, second), strict=True):
            assert holds(ball, value, slack)


def test_small_balls_are_sharp() -> None:
    for h in SMOOTH.values():
        jet = h.derivatives(Fraction(-7, 5), 256)
        assert jet is not None and all(ball.radius < Fraction(1, 1 << 240) for ball in jet)


def test_exact_points() -> None:
    assert SMOOTH["quadratic"].derivatives(Fraction(3, 2)) == (Ball(Fraction(9, 4)), Ball(Fraction(3)), Ball(Fraction(2)))
    assert elu(2)(Fraction(5)) == Ball(Fraction(5)) and elu()(Fraction(0)) == Ball(Fraction(0))
    straddling = elu(2)(Ball(Fraction(0), Fraction(1)))
    assert straddling.contains(1) and straddling.contains("-1.26") and not straddling.contains("-1.3")


def test_names_and_refusals() -> None:
    assert activation_from("selu") == selu() and repr(selu(2, 3)) == "selu('2', '3')" and repr(elu()) == "elu"
    with pytest.raises(InputError, match="did you mean 'sigmoid'"):
        activation_from("sigmoids")
    with pytest.raises(InputError, match="must be positive"):
        elu(0)
    data = es.Data.from_arrays([0, 1], [0, 1])
    with pytest.raises(ShapeError):
        es.Problem(es.Network([2, 1, 1], "tanh"), data)
    problem = es.Problem(es.Network([1, 1, 1], "tanh"), data)
    other = es.Problem(es.Network([1, 2, 1], "tanh"), data)
    with pytest.raises(ShapeError, match="W1"):
        problem.check_shapes(other.parameters(W1=[[1], [2]], b1=[0, 0], W2=[[1, 1]], b2=[0]))
    same = es.Problem(es.Network([1, 1, 1], es.tanh), data)
    assert problem == same and hash(problem) == hash(same) and pickle.loads(pickle.dumps(problem)) == problem


def test_a_smooth_problem_is_not_taken_for_a_rational_one() -> None:
    problem = es.Problem(es.Network([1, 1, 1], "tanh"), es.Data.from_arrays([0, 1], [0, 1]))
    theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    assert isinstance(problem.risk(theta), Ball) and not problem.network.is_piecewise_linear
    with pytest.raises(UnsupportedError, match="tanh is smooth"):
        problem.rational_risk(theta)


PIECES = es.piecewise_linear(["-4/3", 0, "2/3"], ["1/3", -1, 2, "1/7"], "1/5")


@settings(max_examples=200, deadline=None)
@given(
    st.fractions(-3, 3, max_denominator=12),
    st.fractions(0, 1, max_denominator=12),
    st.fractions(-1, 1),
    st.sampled_from([24, 128]),
)
def test_piecewise_linear_on_balls(middle: Fraction, radius: Fraction, share: Fraction, bits: int) -> None:
    h = es.Network([1, 1, 1], PIECES).activation
    z, point = Ball(middle, radius), middle + share * radius
    assert h.enclosure(z, bits).contains(PIECES(point)) and h.enclosure(point) == Ball(PIECES(point))
    jet = h.derivatives(z, bits)
    corners = [t for t in PIECES.breakpoints if z.lower <= t <= z.upper]
    if corners:
        assert jet is None
    elif jet is not None:
        assert jet[0].contains(PIECES(point)) and jet[1].contains(PIECES.slopes_at(point)[0]) and jet[2] == Ball(Fraction(0))
    else:  # rounding takes the ball over a breakpoint that is very near
        assert min(abs(t - end) for t in PIECES.breakpoints for end in (z.lower, z.upper)) < Fraction(1, 1 << 16)
