"""Splitting a unit of any network: weights of samples and targets stay, and the risk."""

from __future__ import annotations

import exactsurf as es
from exactsurf.papers.petzka_split import split_unit


def test_the_risk_stays_with_weights_and_smooth_units() -> None:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [1, 3]), sample_weight=[1, 2])
    theta = problem.parameters(W1=[[1]], b1=[1], W2=[[2]], b2=[0])
    wide, split = split_unit(problem, theta, 1, 0, "-1/3")
    assert wide.risk(split) == problem.risk(theta) and wide.network.widths == (1, 2, 1)
    curved = es.Problem(es.Network([1, 1, 1], "quadratic"), problem.data)
    wide, split = split_unit(curved, theta, 1, 0, 2)
    assert wide.risk(split) == curved.risk(theta) and split.weights[1] == ((-2, 4),)
