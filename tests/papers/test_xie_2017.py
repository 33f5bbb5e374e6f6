"""The extended features give the gradient, against SymPy."""

from __future__ import annotations

from fractions import Fraction

import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers.nguyen_2017 import full_rank_layers, lemma_3_5
from exactsurf.papers.soudry_2016 import differentiable_minima
from exactsurf.papers.xie_2017 import feature_rank, stationary_points
from tests import oracle

F = Fraction

small = st.integers(-2, 2)


@settings(max_examples=40, deadline=None)
@given(st.lists(small, min_size=6, max_size=6), st.lists(small, min_size=4, max_size=4))
def test_the_extended_features_give_the_gradient(weights: list[int], targets: list[int]) -> None:
    """∇_{W1} = D r: SymPy's rank of D, and the derivatives by the oracle's differences."""
    data = es.Data.from_arrays([-2, -1, 1, 3], targets)
    problem = es.Problem(es.Network([1, 2, 1], es.leaky_relu("1/2")), data)
    w, b, v = weights[:2], [F(2 * weights[2] + 1, 7), F(2 * weights[3] + 1, 7)], weights[4:]
    theta = problem.parameters(W1=[[w[0]], [w[1]]], b1=b, W2=[v], b2=[0])
    h = problem.network.activation
    slopes = [[oracle.slope_right(h, w[k] * x[0] + b[k]) for k in range(2)] for x in data.x]
    columns = [[v[k] * slopes[i][k] * value for k in range(2) for value in (data.x[i][0], F(1))] for i in range(4)]
    expected = sympy.Matrix([[sympy.Rational(q.numerator, q.denominator) for q in map(F, row)] for row in columns]).rank()
    assert feature_rank(problem, theta, with_output_weights=True) == expected
    report = stationary_points.examine(problem, theta)
    if report.status is Status.PROVED:
        assert report.conclusion.status is Status.PROVED


@settings(max_examples=40, deadline=None)
@given(st.lists(small, min_size=4, max_size=4), st.lists(st.integers(-4, 4), min_size=3, max_size=3))
def test_critical_points_with_independent_features_are_perfect_fits(hidden: list[int], targets: list[int]) -> None:
    """Random hidden weights; where [F, 1] is invertible the output weights that are critical are those of the interpolation."""
    data = es.Data.from_arrays([-2, 1, 3], targets)
    problem = es.Problem(es.Network([1, 2, 1], es.leaky_relu("1/2")), data)
    w, b = hidden[:2], [F(2 * k + 1, 7) for k in hidden[2:]]
    h = problem.network.activation
    features = sympy.Matrix(
        [[*(sympy.Rational(str(oracle.activate(h, w[k] * x[0] + b[k]))) for k in range(2)), 1] for x in data.x]
    )
    least = (features.T * features).pinv() * features.T * sympy.Matrix(targets)
    v1, v2, c = (F(int(q.p), int(q.q)) for q in least)
    theta = problem.parameters(W1=[[w[0]], [w[1]]], b1=b, W2=[[v1, v2]], b2=[c])
    independent = features.rank() == 3
    assert full_rank_layers(problem, theta)[0] == independent
    if independent:
        for theorem in (lemma_3_5, stationary_points, differentiable_minima):
            report = theorem.examine(problem, theta)
            assert report.conclusion.status is Status.PROVED and "critical" not in report.failing
        assert lemma_3_5.check(problem, theta).status is Status.PROVED
        assert oracle.risk(problem, theta) == 0
