"""Lower points of restricted risks: found where there are some, never claimed otherwise."""

from __future__ import annotations

import exactsurf as es


def test_lower_points_are_found() -> None:
    """h(ax) − h(bx): the minima on walls of risk 2, below which there is 1/2; and the least one, below which there is nothing."""
    network = es.restriction(es.Network([1, 2, 1], biases=False), W1=[["a"], ["b"]], W2=[[1, -1]])
    problem = es.RestrictedProblem(network, es.Data.from_arrays([1, -1], [1, 2]))
    verdict = es.decide(problem, problem.parameters(a=1, b=0), spurious=True)
    assert verdict.certificate.kind == "spurious local minimum of a restricted risk"
    assert verdict.lower_point is not None and problem.risk(verdict.lower_point) < 2 == verdict.risk
    least = es.decide(problem, problem.parameters(a=-2, b=0), spurious=True)
    assert least.certificate.kind == "local minimum of a restricted risk" and "no point of lower risk was found" in least.reason


def test_nothing_is_below_a_risk_of_zero() -> None:
    problem = es.RestrictedProblem(es.diagonal(2), es.Data.from_arrays([[1, 0], [0, 1]], [2, -1]))
    verdict = es.decide(problem, problem.parameters(w1_0=1, w1_1=1, w2_0=2, w2_1=-1), spurious=True)
    assert verdict.status is es.Status.PROVED and verdict.lower_point is None and verdict.risk == 0
