"""Points of lower risk that descent finds."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.minima.analytic.analytic_point import AnalyticPosition
from exactsurf.minima.analytic.lower_points import find_analytic_lower_point


@pytest.mark.parametrize("loss", ["logistic", "exponential", "log_cosh", "power(4)", "poisson"])
def test_what_is_found_is_lower(loss):
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([-2, -1, 0, 1, 2], [1, 0, 1, 1, 0]), loss)
    here = AnalyticPosition(problem, problem.parameters(W1=[[1], [1]], b1=[0, 1], W2=[[2, -1]], b2=[3]))
    found = find_analytic_lower_point(here, es.Effort())
    assert found is not None and problem.risk(found) < here.risk(128).lower


def test_classes():
    problem = es.Problem(es.Network([1, 2, 3]), es.Data.from_arrays([-2, -1, 0, 1, 2], [1, 0, 2, 1, 0]), es.cross_entropy)
    here = AnalyticPosition(problem, problem.parameters(W1=[[1], [1]], b1=[0, 1], W2=[[2, -1]] * 3, b2=[3, 0, 0]))
    found = find_analytic_lower_point(here, es.Effort())
    assert found is not None and problem.risk(found) < here.risk(128).lower


def test_a_global_minimum_has_none_and_time_is_kept():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 0], [0, 1]), "logistic")
    here = AnalyticPosition(problem, problem.parameters(W1=[[0]], b1=[0]))
    assert find_analytic_lower_point(here, es.Effort(seconds=1).started()) is None
