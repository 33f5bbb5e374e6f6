"""Terms in floats against those in balls, for every loss that has enclosed levels."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.exact.balls import to_arb
from exactsurf.surface.levels.floats.float_terms import FloatTerms
from exactsurf.surface.levels.loss_terms import loss_terms
from exactsurf.surface.levels.terms import NoTerm

POINTS = [Fraction(-3), Fraction(-1, 3), Fraction(0), Fraction(7, 5), Fraction(4)]


@pytest.mark.parametrize(
    "loss", ["squared", "huber", "squared_hinge", "logistic", "exponential", "log_cosh", "poisson", "power(4)", "power(6)"]
)
def test_terms_agree_with_balls(loss: str):
    labels = [1, -1, 1, -1, 1] if loss in ("squared_hinge", "logistic", "exponential") else [0, 1, 2, 1, 0]
    data = es.Data.from_arrays([0, 1, 2, 3, 4], labels, weights=[1, 2, "1/2", 1, 3])
    terms = [*loss_terms(es.Problem(es.Network([1, 1, 1]), data, loss)), NoTerm()]
    for point in POINTS:
        found = FloatTerms(terms).at([float(point)] * len(terms))
        f = to_arb(point)
        for name, own in (("value", "about"), ("slope", "slope"), ("curvature", "curvature")):
            for value, term in zip(getattr(found, name), terms, strict=True):
                assert value == pytest.approx(float(getattr(term, own)(f)), rel=1e-12, abs=1e-14), (name, term)


def test_numbers_beyond_floats_are_no_error():
    data = es.Data.from_arrays([0], [1])
    found = FloatTerms(loss_terms(es.Problem(es.Network([1, 1, 1]), data, "exponential"))).at([-1e9])
    assert found.value[0] == float("inf")
