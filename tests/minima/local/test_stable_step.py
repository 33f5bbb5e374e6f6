"""Steps of gradient descent against eigenvalues: a step is run, and stays near a minimum if it is called stable."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.minima.local.stable_step import largest_eigenvalue_of, stable_between


def test_a_quadratic_risk():
    """½(wx − y)²·… in one weight: w − w* is multiplied by 1 − ηλ in every step."""
    problem = es.Problem(es.Network([1, 1], biases=False), es.Data.from_arrays([3], [6]))
    found = es.sharpness(problem, problem.parameters(W1=[[2]]))
    for step in (Fraction(1, 5), Fraction(2, 9), Fraction(1, 4)):
        assert found.is_stable(step) == (abs(1 - step * found.trace) <= 1)
        assert stable_between((found.trace, found.trace), step) == found.is_stable(step)


def test_steps_that_are_none():
    with pytest.raises(es.InputError, match="a step must be positive"):
        largest_eigenvalue_of("-1/2")
    with pytest.raises(es.InexactNumberError):
        largest_eigenvalue_of(0.1)
