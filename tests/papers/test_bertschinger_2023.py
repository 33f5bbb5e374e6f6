"""Irrational minima: the golden ratio for three activations, and what the row is not about."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.papers.bertschinger_2023 import irrational_minima
from exactsurf.theorems.outcome import Outcome


@pytest.mark.parametrize("h", [es.relu, es.linear, es.leaky_relu("1/7")], ids=repr)
def test_the_golden_ratio(h: es.Activation) -> None:
    problem, near = irrational_minima.construct(es.Problem(es.Network([1, 1, 1], h), es.Data.from_arrays([0], [0])))
    report = irrational_minima.examine(problem, near)
    assert report.outcome is Outcome.CONFIRMED and "degree 2" in report.conclusion.reason
    assert report.conclusion.certificate.risk.polynomial == (1, -6, 4)
    es.verify(report.conclusion.certificate.encoded)


def test_one_output_is_another_setting_and_walls_are_undecided() -> None:
    one = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    theta = one.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[0])
    assert irrational_minima.does_not_apply(one, theta) == "1 output"
    problem, _ = irrational_minima.construct(one)
    wall = problem.parameters(W1=[[1, 0]], W2=[[1], [1]])
    assert irrational_minima.check(problem, wall).undecided == ("near",)
    assert irrational_minima.conclusion(problem, wall).status is es.Status.UNDECIDED
