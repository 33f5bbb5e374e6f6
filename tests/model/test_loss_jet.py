"""The loss on balls of predictions: mpmath's values and finite differences lie in the balls, whatever the loss is."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.exact.balls import Ball, from_arb, to_arb, working_precision
from exactsurf.model.loss_jet import loss_jet, loss_on

values = st.fractions(-4, 4, max_denominator=16)
ONE = {
    "squared": lambda f: (f - mpmath.mpf(1)) ** 2 / 2,
    "huber(1)": lambda f: (f - 1) ** 2 / 2 if abs(f - 1) <= 1 else abs(f - 1) - mpmath.mpf(1) / 2,
    "squared_hinge": lambda f: max(0, 1 - f) ** 2,
    "logistic": lambda f: mpmath.log1p(mpmath.exp(-f)),
    "log_cosh": lambda f: mpmath.log(mpmath.cosh(f - 1)),
}


def inside(value, number, slack=0):
    ball = from_arb(value)
    low, high = (mpmath.mpf(end.numerator) / end.denominator for end in (ball.lower, ball.upper))
    return low - slack <= number <= high + slack


@pytest.mark.parametrize("name", ONE)
@settings(max_examples=40, deadline=None)
@given(values, st.fractions(0, 1, max_denominator=8), st.fractions(-1, 1, max_denominator=8))
def test_one_output(name, middle, radius, share):
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 2], [1, 1]), name, sample_weight=[3, 1])
    with working_precision(100), mpmath.workdps(60):
        ball, f, step = to_arb(Ball(middle, radius)), middle + share * radius, mpmath.mpf(10) ** -15
        at = mpmath.mpf(f.numerator) / f.denominator
        a, b, c = (3 * ONE[name](at + k * step) for k in (-1, 0, 1))
        assert inside(loss_on(problem, 0, [ball]), b, mpmath.mpf(10) ** -25)
        found = loss_jet(problem, 0, [ball])
        if found is None:
            kinks = {"huber(1)": (0, 2), "squared_hinge": (1,)}[name]
            assert any(middle - radius <= t <= middle + radius for t in kinks)
            return
        value, (slope,), curvatures = found
        assert inside(value, b, mpmath.mpf(10) ** -25)
        assert inside(slope, (c - a) / (2 * step), mpmath.mpf(10) ** -12)
        assert inside(curvatures.get((0, 0), slope * 0), (c - 2 * b + a) / step**2, mpmath.mpf(10) ** -12)


def classes(name, f):
    if name == "cross_entropy":
        return mpmath.log(sum(map(mpmath.exp, f))) - f[1]
    return sum(max(0, 1 + f[k] - f[1]) ** 2 for k in (0, 2))


@pytest.mark.parametrize("name", ["cross_entropy", "squared_hinge"])
@settings(max_examples=40, deadline=None)
@given(st.tuples(values, values, values), st.fractions(0, "1/8", max_denominator=32))
def test_several_outputs(name, middle, radius):
    problem = es.Problem(es.Network([1, 3]), es.Data.from_arrays([0, 1], [[0, 1, 0], [1, 0, 0]]), name)
    with working_precision(100), mpmath.workdps(60):
        found = loss_jet(problem, 0, [to_arb(Ball(f, radius)) for f in middle])
        if found is None:
            return
        at, step = [mpmath.mpf(f.numerator) / f.denominator for f in middle], mpmath.mpf(10) ** -15

        def moved(*changes):
            return classes(name, [value + step * sum(s for p, s in changes if p == k) for k, value in enumerate(at)])

        value, slopes, curvatures = found
        assert inside(value, moved(), mpmath.mpf(10) ** -25)
        for k, slope in enumerate(slopes):
            assert inside(slope, (moved((k, 1)) - moved((k, -1))) / (2 * step), mpmath.mpf(10) ** -12)
            for m in range(k, 3):
                second = moved((k, 1), (m, 1)) - moved((k, 1), (m, -1)) - moved((k, -1), (m, 1)) + moved((k, -1), (m, -1))
                known = curvatures.get((k, m), slope * 0)
                assert inside(known, second / (4 * step * step), mpmath.mpf(10) ** -12)


def test_where_a_loss_has_no_value():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0], [1]), es.loss("-log(f)*y"))
    assert loss_jet(problem, 0, [to_arb(Fraction(-1))]) is None and loss_on(problem, 0, [to_arb(Fraction(-1))]) is None
