"""Zero units, independent features, embedded affine minima, continua: published facts and brute force."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError
from exactsurf.papers import goldblum_2020, he_2020
from exactsurf.papers.christof_2023 import continuum_dimension
from exactsurf.papers.haeffele_2017 import is_polar, zero_unit
from exactsurf.papers.nguyen_2017 import full_rank_layer, lemma_3_5
from exactsurf.papers.soudry_2016 import differentiable_minima
from exactsurf.papers.xie_2017 import feature_rank, stationary_points
from tests import oracle
from tests.papers.datasets import TWO_OUTPUTS, XOR, A

F = Fraction
small = st.integers(-2, 2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(small, small), min_size=2, max_size=5), small, small, st.sampled_from([es.relu, es.leaky_relu("1/2")]))
def test_the_polar_condition_against_a_search(samples: list[tuple[int, int]], v: int, c: int, h: es.Activation) -> None:
    """Polar means that no single unit, on a fine circle of directions, correlates with the residual."""
    data = es.Data.from_arrays([s[0] for s in samples], [s[1] for s in samples])
    problem = es.Problem(es.Network([1, 2, 1], h), data)
    theta = problem.parameters(W1=[[1], [0]], b1=[1, 0], W2=[[v, 0]], b2=[c])
    r = [f[0] - s[1] for f, s in zip(oracle.predictions(problem, theta), samples, strict=True)]
    grid = [(a, b) for a in range(-6, 7) for b in range(-12, 13)]
    flat = all(sum(e * oracle.activate(h, F(a * s[0] + b)) for e, s in zip(r, samples, strict=True)) == 0 for a, b in grid)
    assert is_polar(problem, theta)[0] == (flat and sum(r) == 0)


def test_a_zero_unit_makes_a_local_minimum_global() -> None:
    twins = es.Data.from_arrays([0, 0, 1, 1], [0, 2, 0, 4])
    problem = es.Problem(es.Network([1, 2, 1]), twins)
    fitted = problem.parameters(W1=[[1], [0]], b1=[1, 0], W2=[[1, 0]], b2=[0])
    report = zero_unit.examine(problem, fitted)
    assert report.status is Status.PROVED and report.conclusion.status is Status.PROVED
    missed = problem.parameters(W1=[[1], [0]], b1=[1, 0], W2=[[2, 0]], b2=[0])
    report = zero_unit.examine(problem, missed)
    assert report.failing == ("minimum",) and report.conclusion.reason.startswith("nothing is claimed")


def test_features_of_full_rank_force_a_perfect_fit() -> None:
    h, data = es.leaky_relu("1/2"), es.Data.from_arrays([0, 1, 2], [0, 1, 0])
    problem = es.Problem(es.Network([1, 2, 1], h), data)
    # Unit 2 bends between 1 and 2: f(x) = x − 3·h(…) through all three samples.
    bend = problem.parameters(W1=[[1], [1]], b1=[1, "-3/2"], W2=[[1, 0]], b2=[0])
    assert full_rank_layer(problem, bend)[0] is True
    hidden = [[F(1), F(-3, 4)], [F(2), F(-1, 4)], [F(3), F(1, 2)]]
    solved = sympy.Matrix([[*map(sympy.Rational, map(str, row)), 1] for row in hidden]).solve(sympy.Matrix([0, 1, 0]))
    v1, v2, c = (F(int(q.p), int(q.q)) for q in solved)
    fitted = problem.parameters(W1=[[1], [1]], b1=[1, "-3/2"], W2=[[v1, v2]], b2=[c])
    assert oracle.risk(problem, fitted) == 0
    report = lemma_3_5.examine(problem, fitted)
    assert report.status is Status.PROVED and report.conclusion.status is Status.PROVED
    assert lemma_3_5.check(problem, bend).failing == ("critical",)


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


@pytest.mark.parametrize("widths", [[1, 1, 1], [1, 1, 1, 1], [1, 4, 1]], ids=str)
def test_affine_minima_are_embedded(widths: list[int]) -> None:
    problem = es.Problem(es.Network(widths), A)
    parameters, verdict = goldblum_2020.construct(problem)
    assert verdict.status is Status.PROVED and oracle.risk(problem, parameters) == F(3, 4)


def test_a_bottleneck_cannot_carry_the_affine_fit() -> None:
    with pytest.raises(HypothesisError):
        goldblum_2020.construct(es.Problem(es.Network([2, 3, 1, 2]), TWO_OUTPUTS))


@pytest.mark.parametrize(("data", "widths"), [(A, [1, 2, 1]), (A, [1, 2, 2, 1]), (XOR, [2, 3, 1])], ids=str)
def test_the_dimension_of_the_continuum(data: es.Data, widths: list[int]) -> None:
    """The number of parameters less d + 1: the affine function is pinned, nothing else."""
    problem = es.Problem(es.Network(widths), data)
    parameters = he_2020.construct(problem).parameters
    count = sum(a * b + b for a, b in itertools.pairwise(widths))
    assert continuum_dimension(problem, parameters) == count - (widths[0] + 1)


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
    assert full_rank_layer(problem, theta)[0] == independent
    if independent:
        for theorem in (lemma_3_5, stationary_points, differentiable_minima):
            report = theorem.examine(problem, theta)
            assert report.conclusion.status is Status.PROVED and "critical" not in report.failing
        assert lemma_3_5.check(problem, theta).status is Status.PROVED
        assert oracle.risk(problem, theta) == 0
