"""Boxes near a candidate: the largest one, and one on which the risk is above a number."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import pytest

import exactsurf as es
from exactsurf.effort import Effort
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.box_search import BoxNear, boxes_near
from exactsurf.minima.smooth.smooth_derivatives import flint_derivatives

PROBLEM = es.Problem(es.Network([1, 1, 1], "tanh", biases=False), es.Data.from_arrays([-2, -1, 1, 3], [-1, -1, 1, 2]))
START = (Fraction(4, 5), Fraction(8, 5))


def found(above: Fraction | None) -> BoxNear | NotProved:
    return next(boxes_near(partial(flint_derivatives, PROBLEM), START, [0, 1], [128], Effort(), above))[1]


def test_a_smaller_box_shows_that_the_risk_is_above_a_number() -> None:
    largest = found(None)
    assert isinstance(largest, BoxNear) and largest.tested.is_positive_definite
    high = largest.tested.risk.midpoint - largest.tested.risk.radius / 2
    smaller = found(high)
    assert isinstance(smaller, BoxNear) and smaller.radius < largest.radius and smaller.tested.risk.lower > high
    # Where no box shows it, the largest one stays.
    assert found(largest.tested.risk.upper) == largest


def test_spurious_minima_of_one_tanh_unit() -> None:
    """The ordinary boxes shrink too: W1 = 0 with a lower risk elsewhere is told of by the lower point."""
    data = es.Data.from_arrays([1, 2], [1, 1])
    tied = es.Problem(es.Network([1, 1], "tanh", biases=False), data, "log_cosh")
    box = es.find_critical_box(tied, W1=[[0.6]], lower_point=tied.parameters(W1=[["3/5"]]))
    assert box.kind == "local minimum in a box"


def test_no_box_far_from_a_critical_point() -> None:
    answer = next(boxes_near(partial(flint_derivatives, PROBLEM), (Fraction(0), Fraction(0)), [0], [64], Effort()))[1]
    assert isinstance(answer, NotProved)
    with pytest.raises(StopIteration):
        next(boxes_near(partial(flint_derivatives, PROBLEM), START, [0, 1], [], Effort()))
