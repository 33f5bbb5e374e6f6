"""Risk and derivatives at predictions, against mpmath, and symmetries."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.errors import InputError
from exactsurf.model.analytic_risk import analytic_risk, sample_loss

NUMBERS = st.fractions(min_value=-9, max_value=9, max_denominator=20)


def real(value):
    return mpmath.mpf(value.numerator) / value.denominator


@given(f=st.lists(NUMBERS, min_size=3, max_size=3), y=st.lists(st.integers(0, 5), min_size=3, max_size=3).filter(any))
def test_cross_entropy_of_soft_labels_is_that_of_mpmath(f, y):
    soft = [Fraction(value, sum(y)) for value in y]
    problem = es.Problem(es.Network([1, 3]), es.Data.from_arrays([0], [soft], weights=["2/3"]), "cross_entropy")
    found = sample_loss(problem, 0, f)
    with mpmath.workdps(60):
        powers = [mpmath.exp(real(value)) for value in f]
        total = sum(powers)
        third = mpmath.mpf(2) / 3
        wanted = third * (mpmath.log(total) - sum(real(a) * real(b) for a, b in zip(soft, f, strict=True)))
        p = [power / total for power in powers]

        def holds(ball, value):
            return abs(real(ball.midpoint) - value) <= real(ball.radius) + mpmath.mpf(10) ** -50

        assert holds(found.value, wanted)
        for k in range(3):
            assert holds(found.gradient[k], third * (p[k] - real(soft[k])))
            for m in range(3):
                assert holds(found.hessian[k][m], third * (p[k] * (k == m) - p[k] * p[m]))


def test_two_classes_are_the_logistic_loss():
    x, f = [0, 1, 2], [[Fraction(1, 3)], [Fraction(-2)], [Fraction(5)]]
    one = es.Problem(es.Network([1, 1]), es.Data.from_arrays(x, [0, 1, 1]), "logistic.mean")
    two = es.Problem(es.Network([1, 2]), es.Data.from_arrays(x, [0, 1, 1]), "cross_entropy.mean")
    difference = analytic_risk(one, f).midpoint - analytic_risk(two, [(Fraction(0), *row) for row in f]).midpoint
    assert abs(difference) < Fraction(1, 10**30)


def test_a_weight_of_two_is_a_sample_twice():
    weighted = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, -1], weights=[2, 1]), "logistic.mean")
    twice = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 0, 1], [1, 1, -1]), "logistic.mean")
    theta = weighted.parameters(W1=[[2]], b1=["1/3"])
    assert abs(weighted.risk(theta).midpoint - twice.risk(theta).midpoint) < Fraction(1, 10**30)


def test_rational_risks_are_fractions():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 0], [3, 3]), "exp(f)*(f - y) + y")
    assert problem.risk(problem.parameters(W1=[[5]], b1=[0])) == 0
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [3, 3]), "log_cosh")
    assert problem.risk(problem.parameters(W1=[[0]], b1=[3])) == 0


def test_a_loss_without_a_value_names_the_sample():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1, 0], [1, 2]), "f - y*log(f)")
    with pytest.raises(InputError, match="at the prediction 0 of sample 1, target 2"):
        problem.risk(problem.parameters(W1=[[1]], b1=[0]))


def test_more_bits_give_smaller_balls():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1, 0], [1, -1]), "logistic")
    theta = problem.parameters(W1=[["1/2"]], b1=[700])
    assert problem.risk(theta, bits=512).radius < problem.risk(theta, bits=128).radius
    assert problem.risk(theta, bits=2048) > 700
