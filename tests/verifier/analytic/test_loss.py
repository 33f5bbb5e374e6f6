"""The verifier's derivatives and rules of convexity against those of the rest, which share no code with them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.model.loss_expression import curvature
from exactsurf.model.loss_slopes import exact_slopes
from exactsurf.model.losses import loss_from
from exactsurf.verifier.analytic.convexity import is_convex
from exactsurf.verifier.analytic.form import RATIONAL, atom_value, softmax_of
from exactsurf.verifier.analytic.loss import AnalyticLoss
from tests.model.test_loss_expression import TREES

NUMBERS = st.fractions(min_value=-6, max_value=6, max_denominator=6)
NAMES = ("logistic", "exponential", "log_cosh", "poisson", "power(6)")
LOSSES = (*NAMES, "(tanh(f) - y)**2", "f*exp(sigmoid(f))", "-log(sigmoid(f))")


@pytest.mark.parametrize("name", LOSSES)
@given(f=NUMBERS, positive=st.booleans())
def test_derivatives_agree_atom_by_atom(name, f, positive):
    loss, y = loss_from(name), Fraction(1 if positive else -1)
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0], [y]), loss)
    ((wanted,),) = exact_slopes(problem, [[f]])
    (found,) = AnalyticLoss(loss.gap, loss.expression, 20, Fraction(1)).slopes([f], [y])
    assert found == wanted.times(1 / loss.scale).coefficients


@given(f=st.lists(NUMBERS, min_size=2, max_size=4))
def test_softmax_agrees(f):
    problem = es.Problem(es.Network([1, len(f)]), es.Data.from_arrays([0], [0]), "cross_entropy")
    (wanted,) = exact_slopes(problem, [f])
    found = softmax_of(f)
    for k, (form, value) in enumerate(zip(found, wanted, strict=True)):
        shifted = {**form, RATIONAL: form.get(RATIONAL, Fraction(0)) - (k == 0)}
        assert {atom: c for atom, c in shifted.items() if c} == value.coefficients


@given(tree=TREES)
def test_convexity_agrees_where_numbers_are_told(tree):
    known = curvature(tree, "z")
    if is_convex(tree, "z"):
        assert known is not None and known.is_convex


@pytest.mark.parametrize("name", [*NAMES, "-log(sigmoid(f)) + exp(2*f)"])
def test_what_is_convex_is_known_to_be(name):
    loss = loss_from(name)
    assert is_convex(loss.expression, "f" if loss.gap == "prediction" else "u")


def test_intervals_of_atoms():
    third = atom_value((1, Fraction(1), 2), 64)
    assert third.low <= 0.5344466454 * 2**64 + 2**40 and third.high >= 0.5344466453 * 2**64 - 2**40
    assert third.high - third.low < 2**12
