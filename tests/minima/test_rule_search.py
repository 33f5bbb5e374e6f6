"""The rules asked in their order."""

from __future__ import annotations

import exactsurf as es
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rule_search import ask_rules
from exactsurf.minima.rules import direction, paths, unitwise
from exactsurf.model.point import Point


def test_what_decides_is_named_and_what_does_not_says_why():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    fit, off = (Point(problem, problem.parameters(W1=[[w]], b1=[0])) for w in (1, 2))
    assert ask_rules(fit, es.Effort(), [paths.RULE]).rule == "paths"
    assert ask_rules(off, es.Effort(), [paths.RULE, direction.RULE]).rule == "direction"
    left = ask_rules(off, es.Effort(), [paths.RULE])
    assert isinstance(left.answer, NotProved) and "path has a non-zero sum" in left.answer.reason


def test_time_that_is_over_before_any_rule_applies_is_told():
    deep = es.Problem(es.Network([1, 1, 1, 1]), es.Data.from_arrays([0], [1]))
    point = Point(deep, deep.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[1], W3=[[1]], b3=[1]))
    over = es.Effort(seconds=1e-9).started()
    assert "out of time" in ask_rules(point, over, [unitwise.RULE]).answer.reason
    assert unitwise.RULE.why_not(point) == ask_rules(point, es.Effort(), [unitwise.RULE]).answer.reason
