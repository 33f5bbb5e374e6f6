"""KKT points and local optima: the ReLU example fails without linearity, linear instances confirm."""

from __future__ import annotations

import exactsurf as es
from exactsurf.papers.vardi_2022 import kkt_is_optimal
from exactsurf.theorems.outcome import Outcome


def test_relu_needs_more() -> None:
    (example,) = kkt_is_optimal.sharpness()
    report = kkt_is_optimal.examine(example.problem, example.parameters)
    assert report.failing == ("linear",) and report.outcome is Outcome.FAILS_WITHOUT
    es.verify(report.conclusion.certificate.encoded)


def test_linear_instances_confirm_and_other_points_say_nothing() -> None:
    for scale in (1, 2, 5):
        data = es.Data.from_arrays([[scale, 0], [-scale, 0], [scale, 1]], [1, -1, 1])
        problem = es.Problem(es.Network([2, 1, 1], "linear", biases=False), data)
        assert kkt_is_optimal.examine(problem, problem.parameters(W1=[[1, 0]], W2=[[1]])).outcome is Outcome.CONFIRMED
        other = kkt_is_optimal.examine(problem, problem.parameters(W1=[[2, 0]], W2=[[1]]))
        assert other.outcome is Outcome.SAYS_NOTHING and other.failing == ("KKT",)
    assert kkt_is_optimal.does_not_apply(problem, problem.parameters(W1=[[-1, 0]], W2=[[1]])) == "the least margin is -5"
