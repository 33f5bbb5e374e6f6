"""Exact derivatives against enclosures of them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.model.analytic_risk import sample_loss
from exactsurf.model.loss_slopes import atom_ball, exact_slopes
from exactsurf.model.losses import loss_from

NUMBERS = st.fractions(min_value=-6, max_value=6, max_denominator=8)
KNOWN = {
    "logistic": True,
    "exponential": True,
    "log_cosh": True,
    "poisson": True,
    "power(4)": True,
    "(sigmoid(f) - y)**2/2": True,
    "(tanh(f) - y)**2/2": True,
    "log(1 + (f - y)**2)": True,
    "log(1 + exp(-y*f))": True,
    "-log(sigmoid(y*f))": True,
    "f*exp(sigmoid(f))": False,
}


@pytest.mark.parametrize("name", KNOWN)
@given(f=NUMBERS, positive=st.booleans())
def test_sums_lie_in_the_enclosures(name, f, positive):
    loss, y = loss_from(name).scaled("3/2"), 1 if positive else -1
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0], [y], weights=["2/3"]), loss)
    ((slope,),) = exact_slopes(problem, [[f]])
    (wanted,) = sample_loss(problem, 0, [f]).gradient
    found = slope.ball(128, lambda atom, bits: atom_ball(problem, atom, bits))
    assert abs(found.midpoint - wanted.midpoint) <= found.radius + wanted.radius
    assert (all(atom[0] != 3 for atom in slope.atoms) is KNOWN[name]) or not f


@given(f=st.lists(NUMBERS, min_size=3, max_size=3), c=st.integers(0, 2))
def test_softmax(f, c):
    problem = es.Problem(es.Network([1, 3]), es.Data.from_arrays([0], [c]), "cross_entropy")
    (slopes,) = exact_slopes(problem, [f])
    for slope, wanted in zip(slopes, sample_loss(problem, 0, f).gradient, strict=True):
        found = slope.ball(128)
        assert abs(found.midpoint - wanted.midpoint) <= found.radius + wanted.radius
    assert (slopes[0] + slopes[1] + slopes[2]).rational == Fraction(0)
