"""Points: equality, and that what they remember is what the problem says."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.errors import ShapeError
from exactsurf.model.point import Point
from tests import oracle


def a_problem(loss: es.Loss = es.absolute) -> es.Problem:
    return es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([-1, 0, 2, 3], [0, 1, 2, 0]), loss)


@pytest.mark.parametrize("loss", [es.squared, es.absolute, es.huber(2)])
def test_a_point_says_what_the_problem_says(loss: es.Loss) -> None:
    problem = a_problem(loss)
    theta = problem.parameters(W1=[[1], [-1]], b1=[0, 1], W2=[[1, 2]], b2=[0])
    point = Point(problem, theta)
    assert point.risk == oracle.risk(problem, theta)
    assert [row.fractions() for row in point.forward.outputs] == [tuple(f for (f,) in oracle.predictions(problem, theta))]
    gaps = [f - y for (f,), (y,) in zip(oracle.predictions(problem, theta), problem.data.y, strict=True)]
    corners = {es.absolute: (0,), es.squared: ()}.get(loss, ())
    assert point.kink == next((i for i, gap in enumerate(gaps) if gap in corners), None)


def test_equal_points_are_one_key_also_after_they_were_looked_at_and_pickled() -> None:
    problem = a_problem()
    first, second = (Point(problem, problem.parameters(W1=[[1], [-1]], b1=[0, 1], W2=[[1, 2]], b2=[0])) for _ in range(2))
    assert first.risk > 0
    assert first == second and len({first, second}) == 1
    assert pickle.loads(pickle.dumps(first)) == second
    assert first.moved(first.parameters, Fraction(1)) != first


def test_parameters_of_another_network_are_refused() -> None:
    other = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    with pytest.raises(ShapeError, match="W1"):
        _ = Point(a_problem(), other.parameters(W1=[[1]], b1=[0])).risk
