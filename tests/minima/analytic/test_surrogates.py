"""Squared losses below and above a loss: what they promise holds nearby, by mpmath."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

import exactsurf as es
from exactsurf.minima.analytic.analytic_point import AnalyticPosition
from exactsurf.minima.analytic.surrogates import Surrogates, surrogates_above, surrogates_below
from tests.verifier.analytic_examples import real, risk


def position(loss="logistic"):
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1, 2], [1, -1, 1], weights=[1, 2, "1/3"]), loss)
    return AnalyticPosition(problem, problem.parameters(W1=[["1/2"]], b1=["1/3"]))


@pytest.mark.parametrize("sharp", [False, True])
@pytest.mark.parametrize("below", [True, False])
@pytest.mark.parametrize("loss", ["logistic", "exponential", "log_cosh", "poisson", "power(4)"])
def test_the_mean_of_the_vertices_bounds_the_risk_nearby(loss, below, sharp):
    here = position(loss)
    found = (surrogates_below if below else surrogates_above)(here, 32, sharp)
    assert isinstance(found, Surrogates)
    points = [found.point(vertex) for vertex in range(found.size)]
    assert len(points) == 1 + len(here.atoms)
    with mpmath.workdps(60):
        shares = [
            (real(here.enclosed(_atom(atom), 400).midpoint) - real(low)) / real(width)
            for atom, low, width in zip(here.atoms, found.lower, found.widths, strict=True)
        ]
        assert min(shares, default=0) >= 0 and sum(shares) <= 1
        shares = [1 - sum(shares), *shares]
        for step in (Fraction(1, 10**10), Fraction(-1, 10**10)):
            moved = here.parameters.moved(here.problem.parameters(W1=[[2]], b1=[-1]), step)
            change = value(here.problem, moved) - value(here.problem, here.parameters)
            bound = sum(
                share * real(point.moved(here.problem.parameters(W1=[[2]], b1=[-1]), step).risk - point.risk)
                for share, point in zip(shares, points, strict=True)
            )
            assert change >= bound if below else change <= bound


def _atom(atom):
    from exactsurf.exact.exponential_sum import ExponentialSum

    return ExponentialSum(((atom, Fraction(1)),))


def value(problem, parameters):
    from exactsurf.certificate.problem_document import parameters_document, problem_document
    from tests.verifier.analytic_examples import vectors

    return risk(problem_document(problem), vectors(parameters_document(parameters)))


def test_samples_at_a_flat_minimum_are_left_out():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [0, 2]), "power(4)")
    found = surrogates_below(AnalyticPosition(problem, problem.parameters(W1=[[1]], b1=[0])), 32, True)
    assert isinstance(found, Surrogates) and found.kept == (1,) and found.point(0).problem.data.x == ((1,),)
