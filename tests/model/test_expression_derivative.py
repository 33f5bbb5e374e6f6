"""Derivatives of expressions as quotients of sums of exponentials, against difference quotients of high precision."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

import exactsurf as es
from exactsurf.model.loss_quotients import slope_quotient

NUMBERS = st.fractions(min_value=-3, max_value=3, max_denominator=6)
FUNCTIONS = {
    "exp(f)*(1 + sigmoid(2*f))/(3 + exp(-f))": lambda f, y: mp.exp(f) * (1 + 1 / (1 + mp.exp(-2 * f))) / (3 + mp.exp(-f)),
    "tanh(f)**3 - y*f": lambda f, y: mp.tanh(f) ** 3 - y * f,
    "arctan(f)*exp(f)": None,
    "softplus(f) + log(sigmoid(y*f))": lambda f, y: mp.log(1 + mp.exp(f)) - mp.log(1 + mp.exp(-y * f)),
    "log(1 + exp(f) + exp(2*f))": lambda f, y: mp.log(1 + mp.exp(f) + mp.exp(2 * f)),
    "log(1 + f**2)/2": lambda f, y: mp.log(1 + f**2) / 2,
}


@pytest.mark.parametrize("text", FUNCTIONS)
@given(f=NUMBERS, y=st.sampled_from([Fraction(1), Fraction(-2)]))
def test_quotients_are_the_derivatives(text: str, f: Fraction, y: Fraction) -> None:
    found, function = slope_quotient(es.loss(text), f, y), FUNCTIONS[text]
    if function is None:
        assert (found is None) == (f != 0)  # arctan is known to be rational at 0 only
        return
    assert found is not None
    with mp.workdps(60):
        at, target = (mpf(v.numerator) / v.denominator for v in (f, y))
        above, below = (
            sum((mpf(c.numerator) / c.denominator * mp.exp(mpf(q.numerator) / q.denominator) for q, c in terms.items()), mpf(0))
            for terms in (found.numerator, found.denominator)
        )
        assert abs(above / below - mp.diff(lambda t: function(t, target), at)) < mpf(10) ** -12
