"""The form of critical points of linear networks."""

from __future__ import annotations

from fractions import Fraction

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers.baldi_1989 import critical_point, critical_values
from exactsurf.papers.zhou_2018 import captured, critical_points

F = Fraction


def test_the_form_of_critical_points() -> None:
    toy = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    equal = es.Data.from_arrays([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    problem = es.Problem(es.Network([2, 2, 2], es.linear, biases=False), toy)
    for members, value in critical_values(problem).items():
        verdict = critical_points.conclusion(problem, critical_point(problem, members))
        assert verdict.status is Status.PROVED and verdict.risk == value
    # Repeated eigenvalues are allowed: any line is an eigenspace, and takes one of the two.
    repeated = es.Problem(es.Network([2, 1, 2], es.linear, biases=False), equal)
    line = repeated.parameters(W1=[[F(3, 25), F(4, 25)]], W2=[[3], [4]])
    assert critical_points.check(repeated, line).status is Status.PROVED
    assert critical_points.conclusion(repeated, line).risk == F(1, 2)
    assert captured(problem, problem.parameters(W1=[[1, 0], [0, 1]], W2=[[1, 1], [0, 1]])) is None
