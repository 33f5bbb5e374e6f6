"""Escape neurons are what keeps a stationary point from being a local minimum; slopes by exact differences."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.papers.wu_2025 import local_minima
from exactsurf.theorems.outcome import Outcome
from tests import oracle

F = Fraction
small = st.integers(-2, 2)


@settings(max_examples=80, deadline=None)
@given(st.lists(small, min_size=8, max_size=8), st.lists(small, min_size=4, max_size=4), st.booleans())
def test_slopes_are_exact_differences_and_the_row_is_never_contradicted(entries: list[int], point: list[int], bias: bool) -> None:
    network = es.Network([1, 2, 1], biases=[True, bias])
    problem = es.Problem(network, es.Data.from_arrays(entries[:4], entries[4:]))
    theta = problem.parameters(W1=[[point[0]], [point[1]]], b1=point[2:], W2=[[0, 0]], **({"b2": [0]} if bias else {}))
    residuals = [f - y for (f,), (y,) in zip(oracle.predictions(problem, theta), problem.data.y, strict=True)]

    def phi(w: Fraction, b: Fraction) -> Fraction:
        return sum((r * max(F(0), w * x + b) for r, (x,) in zip(residuals, problem.data.x, strict=True)), F(0))

    for one in es.escape_neurons(problem, theta):
        (w,), b = theta.weights[0][one.unit], theta.biases[0][one.unit]
        step = F(1, 10**9)
        assert (phi(w + step * one.direction[0], b + step * one.direction[1]) - phi(w, b)) / step == one.slope != 0
    report = local_minima.examine(problem, theta)
    assert report.outcome is not Outcome.CONTRADICTED


def test_a_stationary_point_that_escapes_and_one_that_does_not() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    corner = problem.parameters(W1=[["1/2"], [1]], b1=[1, -3], W2=[[1, 0]], b2=[-1])
    report = local_minima.examine(problem, corner)
    assert report.outcome is Outcome.CONFIRMED and "1 escape neuron, unit 1 first" in report.conclusion.reason
    dead = problem.parameters(W1=[["1/2"], [1]], b1=[1, -4], W2=[[1, 0]], b2=[-1])
    assert es.escape_neurons(problem, dead) == ()
    assert local_minima.examine(problem, dead).outcome is Outcome.CONFIRMED
    assert es.decide(problem, dead).status is es.Status.PROVED


def test_refusals() -> None:
    data = es.Data.from_arrays([1, -1], [1, 0])
    deep = es.Problem(es.Network([1, 1, 1, 1]), data)
    zero = deep.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0], W3=[[0]], b3=[0])
    with pytest.raises(es.UnsupportedError, match="one hidden layer"):
        es.escape_neurons(deep, zero)
    kinked = es.Problem(es.Network([1, 1, 1]), data, "absolute")
    with pytest.raises(es.UnsupportedError, match="kink"):
        es.escape_neurons(kinked, kinked.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0]))
