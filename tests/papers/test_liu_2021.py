"""All differentiable minima of a region, against decide and against random points of the region."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError
from exactsurf.papers.liu_2021 import differentiable_minima, region_minima
from exactsurf.theorems.outcome import Outcome
from tests import oracle


def example(targets: list[int], units: int = 1) -> es.Problem:
    return es.Problem(es.Network([1, units, 1]), es.Data.from_arrays([0, 1, 2, 3], targets))


def test_a_region_with_minima_and_one_without() -> None:
    problem = example([0, 1, 0, 2])
    everywhere = problem.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[0])
    report = differentiable_minima.examine(problem, everywhere)
    assert (
        report.outcome is Outcome.CONFIRMED
        and "2 components of local minima of risk 3/4, of dimension 1" in report.conclusion.reason
    )
    es.verify(report.conclusion.certificate.encoded)
    # Active on the last sample only: the least squares solution there is in the region, with risk ½·(2/3).
    last = problem.parameters(W1=[[1]], b1=["-5/2"], W2=[[1]], b2=[0])
    assert "risk 1/3" in differentiable_minima.examine(problem, last).conclusion.reason
    # Active on the last two of 0, 0, 0, 2: the best line over them is 0 at x = 2 − 1, so its kink leaves the region.
    bent = example([0, 0, 5, 0])
    inside = bent.parameters(W1=[[1]], b1=["-3/2"], W2=[[1]], b2=[0])
    assert differentiable_minima.examine(bent, inside).outcome is Outcome.SAYS_NOTHING
    assert region_minima(bent, inside).dimension is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=4, max_size=4), st.lists(st.integers(-7, 7), min_size=7, max_size=7))
def test_no_point_of_the_region_is_lower_and_minima_are_minima(targets: list[int], entries: list[int]) -> None:
    problem = example(targets, 2)
    theta = problem.parameters(
        W1=[[entries[0]], [entries[1]]], b1=[f"{2 * e + 1}/2" for e in entries[2:4]], W2=[entries[4:6]], b2=[1]
    )
    if differentiable_minima.check(problem, theta).status is not Status.PROVED:
        return
    found = region_minima(problem, theta)
    for one in found.classes.classes:
        assert es.decide(problem, one.parameters).status is Status.PROVED
        assert one.risk == oracle.risk(problem, one.parameters) <= oracle.risk(problem, theta)
    if es.decide(problem, theta).status is Status.PROVED:
        assert oracle.risk(problem, theta) in found.classes.risks


def test_points_on_walls() -> None:
    problem = example([0, 1, 0, 2])
    theta = problem.parameters(W1=[[1]], b1=[-1], W2=[[1]], b2=[0])
    assert differentiable_minima.check(problem, theta).failing == ("cell",)
    assert differentiable_minima.conclusion(problem, theta).status is Status.UNDECIDED
    with pytest.raises(HypothesisError, match="wall"):
        region_minima(problem, theta)
