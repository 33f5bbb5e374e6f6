"""Features of full rank force a perfect fit."""

from __future__ import annotations

from fractions import Fraction

import sympy

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers.nguyen_2017 import full_rank_layers, lemma_3_5
from tests import oracle

F = Fraction


def test_features_of_full_rank_force_a_perfect_fit() -> None:
    h, data = es.leaky_relu("1/2"), es.Data.from_arrays([0, 1, 2], [0, 1, 0])
    problem = es.Problem(es.Network([1, 2, 1], h), data)
    # Unit 2 bends between 1 and 2: f(x) = x − 3·h(…) through all three samples.
    bend = problem.parameters(W1=[[1], [1]], b1=[1, "-3/2"], W2=[[1, 0]], b2=[0])
    assert full_rank_layers(problem, bend)[0] is True
    hidden = [[F(1), F(-3, 4)], [F(2), F(-1, 4)], [F(3), F(1, 2)]]
    solved = sympy.Matrix([[*map(sympy.Rational, map(str, row)), 1] for row in hidden]).solve(sympy.Matrix([0, 1, 0]))
    v1, v2, c = (F(int(q.p), int(q.q)) for q in solved)
    fitted = problem.parameters(W1=[[1], [1]], b1=[1, "-3/2"], W2=[[v1, v2]], b2=[c])
    assert oracle.risk(problem, fitted) == 0
    report = lemma_3_5.examine(problem, fitted)
    assert report.status is Status.PROVED and report.conclusion.status is Status.PROVED
    assert lemma_3_5.check(problem, bend).failing == ("critical",)
