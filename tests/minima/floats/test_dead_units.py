"""A dead unit beside a critical point whose coordinates are irrational: the box is one of the network without it."""

from __future__ import annotations

import itertools
from fractions import Fraction

import exactsurf as es
from exactsurf.minima.floats.dead_units import dead_units, with_units, without_units
from exactsurf.minima.floats.polish import Polished
from tests import oracle

DATA = es.Data.from_arrays([[1, 0], [0, 1], [1, 1]], [[2, 1], [1, 1], [2, 2]])
ALIVE = {"W1": [1.92157272, 1.15114683], "W2": [0.77042589, 0.63752956]}


def test_one_dead_unit_more_keeps_the_box() -> None:
    """The best fit of rank 1 has irrational singular values; half the square of the smaller one is the risk."""
    alone = es.polish(es.Problem(es.Network([2, 1, 2], biases=False), DATA), W1=[ALIVE["W1"]], W2=[[v] for v in ALIVE["W2"]])
    assert isinstance(alone, Polished) and alone.box is not None and alone.dead_units == ()
    problem = es.Problem(es.Network([2, 3, 2], biases=False), DATA)
    rows = [[-1.0, -0.5], ALIVE["W1"], [-2.0, -0.25]]
    readers = [[0.25, ALIVE["W2"][0], 0.0], [-0.5, ALIVE["W2"][1], 0.0]]
    found = es.polish(problem, W1=rows, W2=readers)
    assert isinstance(found, Polished) and found.box is not None and found.dead_units == (0, 2)
    assert found.box.kind == alone.box.kind == "local minimum in a box" and found.box.status is es.Status.PROVED
    assert found.box.problem.network.widths == (2, 1, 2) and es.verify(found.box.certificate).kind == "local minimum in a box"
    assert "units 0, 2 of layer 1 are dead" in found.verdict.reason
    assert found.risk == oracle.risk(problem, found.parameters)
    # Whatever the dead units' weights are, while they stay dead, the risk is the same.
    named = dict(found.parameters.items())
    for down, out in itertools.product((-7, Fraction(-1, 3)), (-5, 0, Fraction(9, 2))):
        first = [[down, down], named["W1"][1], named["W1"][2]]
        second = [[out, *row[1:]] for row in named["W2"]]
        assert oracle.risk(problem, problem.parameters(W1=first, W2=second)) == found.risk


def test_which_units_are_dead() -> None:
    data = es.Data.from_arrays([[1], [2]], [0, 1])
    rows = {"W1": [[-1], [1], [0], [-1]], "b1": [0, 0, -1, 1], "W2": [[1, 1, 1, 1]], "b2": [0]}
    problem = es.Problem(es.Network([1, 4, 1]), data)
    theta = problem.parameters(**rows)
    assert dead_units(problem, theta) == (0, 2)  # the last unit is 0 on a sample: near there it may wake
    assert dead_units(es.Problem(es.Network([1, 4, 1], es.leaky_relu("1/2")), data), theta) == ()
    smaller, rest = without_units(problem, theta, (0, 2))
    assert smaller.risk(rest) == problem.risk(theta) and with_units(rest, theta, (0, 2)) == theta
    clipped = es.Problem(es.Network([1, 4, 1], es.relu6), data)
    high = clipped.parameters(**{**rows, "W1": [[9], [1], [0], [-1]]})
    assert dead_units(clipped, high) == (2,)  # a unit at 6 is constant, but not 0
