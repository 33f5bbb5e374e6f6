"""Polynomials of a cell restricted to its walls."""

from __future__ import annotations

import random

import pytest

import exactsurf as es
from exactsurf.cells.cell import cell_of
from exactsurf.cells.coordinates import coordinates
from tests.cells.slice_cases import direction, random_problem


@pytest.mark.parametrize("widths", [(2, 2, 1), (1, 2, 2, 1)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_restriction_is_the_polynomial_on_the_wall(widths, seed: int):
    rnd = random.Random(seed)
    problem = random_problem(rnd, widths, es.leaky_relu("1/3"), samples=3)
    cell = cell_of(problem, direction(problem, rnd), side=direction(problem, rnd))
    for wall in cell.walls:
        restricted = wall.restricted(cell.risk)
        (gone,) = set(cell.names) - set(restricted.variables)
        point = coordinates(direction(problem, rnd))
        step = wall.polynomial.degree(gone) == 1 and wall.polynomial.gradient()[cell.names.index(gone)].value(point)
        point[gone] -= wall.polynomial(point) / step
        assert wall.polynomial(point) == 0
        assert restricted({name: value for name, value in point.items() if name != gone}) == cell.risk(point)
        assert wall.restricted(cell.risk + wall.polynomial * cell.risk) == restricted != wall.restricted(cell.risk + 1)


def test_neighbours_agree_on_the_wall_between_them():
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 3]))
    on_wall = problem.parameters(W1=[[1], [-2]], b1=[-1, 1], W2=[[1, 2]], b2=[0])
    left, right = (cell_of(problem, on_wall, side=side) for side in ("left", "right"))
    (wall,) = [wall for wall in right.walls if (wall.unit, wall.sample) == (0, 1)]
    assert left.risk != right.risk and wall.restricted(left.risk) == wall.restricted(right.risk)


def test_walls_that_are_no_graphs_are_refused():
    problem = es.Problem(es.Network([1, 1, 1, 1], biases=False), es.Data.from_arrays([1], [1]))
    cell = problem.cell(problem.parameters(W1=[[1]], W2=[[1]], W3=[[1]]))
    first, second = cell.walls
    assert first.restricted(cell.risk).is_constant
    with pytest.raises(es.UnsupportedError, match=r"layer 2, unit 0, sample 0 .*quotient"):
        second.restricted(cell.risk)
