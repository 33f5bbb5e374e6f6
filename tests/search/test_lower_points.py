"""Points of lower risk: what is tried, in which order, and when the time is over."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf import effort
from exactsurf.model.point import Point
from exactsurf.search.lower_points import find_lower_point
from tests import oracle

LINE = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
HERE = LINE.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])


def test_when_the_time_is_over_the_search_says_what_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0]
    monkeypatch.setattr(effort, "monotonic_ns", lambda: clock[0])
    running = es.Effort(seconds=1).started()
    clock[0] = 2 * 10**9
    found = find_lower_point(Point(LINE, HERE), running)
    assert found.lower is None and not found.is_global and found.tried == ("no more, for the time is over",)


def test_descent_finds_a_lower_point_where_no_construction_fits() -> None:
    """Without biases there is neither an affine fit nor, for two outputs, a whole surface."""
    data = es.Data.from_arrays([[1, 0], [0, 1], [1, 1]], [[1, 0], [0, 1], [1, 2]])
    problem = es.Problem(es.Network([2, 2, 2], biases=False), data)
    dead = problem.parameters(W1=[[-1, -1], [-1, -1]], W2=[[0, 0], [0, 0]])
    found = find_lower_point(Point(problem, dead), es.Effort())
    assert found.lower is not None and found.tried[-1] == "exact descent from points nearby and at random"
    assert found.lower.risk == oracle.risk(problem, found.lower.parameters) < oracle.risk(problem, dead)
