"""Steps of descent in short binary fractions: against the values of a parabola, and what the starts are."""

from __future__ import annotations

from fractions import Fraction

import exactsurf as es
from exactsurf.minima.local.short_steps import best_step, starts
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point

PROBLEM = es.Problem(es.Network([1, 1], biases=False), es.Data.from_arrays([1], [Fraction(1, 3)]))


def step(w: Fraction) -> Point | None:
    """One step for the risk ½(w − 1/3)²."""
    current = Point(PROBLEM, PROBLEM.parameters(W1=[[w]]))
    gradient = PROBLEM.parameters(W1=[[w - Fraction(1, 3)]])

    def at(parameters: Parameters) -> Point:
        return Point(PROBLEM, parameters)

    return best_step(current, PROBLEM.network, gradient, at, lambda one, other: one.risk < other.risk, 8)


def test_the_best_of_the_halved_steps_is_taken():
    found = step(Fraction(3))
    assert found is not None
    # The first step has length 1 and is halved: 2, 5/2, …; the risk is least at the first.
    assert vector_of(found.parameters) == (Fraction(2),)


def test_entries_are_short_and_a_minimum_has_no_step():
    found = step(Fraction(1, 7))
    assert found is not None
    (w,) = vector_of(found.parameters)
    assert (w * 2**12).denominator == 1 and abs(w - Fraction(1, 3)) < abs(Fraction(1, 7) - Fraction(1, 3))
    assert step(Fraction(1, 3)) is None


def test_starts_are_the_same_in_every_run_and_every_other_one_is_near():
    far = PROBLEM.parameters(W1=[[1000]])
    found = [vector_of(one)[0] for one in starts(PROBLEM.network, far, 10)]
    assert found == [vector_of(one)[0] for one in starts(PROBLEM.network, far, 10)]
    assert all(abs(w) <= 8 for w in found[::2]) and all(abs(w - 1000) <= 8 for w in found[1::2])
