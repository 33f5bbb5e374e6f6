"""First-order questions where a unit sits on the walls of hundreds of samples: kinks of both signs, and of one."""

from __future__ import annotations

import random
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.minima.local.directional import directional_derivative
from exactsurf.minima.local.first_layer_form import kinked_pair
from exactsurf.minima.local.local_form import Hyperplane, LocalForm
from exactsurf.minima.senses.senses import DescentWitness, KinkWitness
from exactsurf.model.point import Point

INTEGERS = st.integers(-3, 3).map(Fraction)


def planes(size: int) -> st.SearchStrategy[list[Hyperplane]]:
    """Hyperplanes that differ, as in a local form."""
    normals = st.lists(INTEGERS, min_size=size, max_size=size).filter(any)
    kinks = st.fractions(-2, 2, max_denominator=3).filter(bool)
    drawn = st.lists(st.tuples(normals, kinks), max_size=4)
    return drawn.map(lambda found: [Hyperplane(n, *one) for n, one in enumerate({_scaled(v): k for v, k in found}.items())])


def deltas(size: int) -> st.SearchStrategy[list[list[Fraction]]]:
    """Some directions."""
    return st.lists(st.lists(st.fractions(-2, 2, max_denominator=3), min_size=size, max_size=size), min_size=1, max_size=4)


def _scaled(vector: list[Fraction]) -> tuple[Fraction, ...]:
    lead = next(value for value in vector if value)
    return tuple(value / lead for value in vector)


def idle(residuals: list[int], width: int, units: int = 4) -> tuple[es.Problem, es.Parameters]:
    """One unit at 0 that is read by one output, the others dead: all slopes are those of that unit's walls."""
    rnd = random.Random(3)
    inputs = [[rnd.randint(-9, 9) for _ in range(width)] for _ in residuals]
    targets = [[-r, rnd.randint(-2, 2)] for r in residuals]
    problem = es.Problem(es.Network([width, units, 2], biases=[True, False]), es.Data.from_arrays(inputs, targets))
    first = [[0] * width for _ in range(units)]
    last = [[1] + [2] * (units - 1), [0] + [1] * (units - 1)]
    return problem, problem.parameters(W1=first, b1=[0] + [-1] * (units - 1), W2=last)


def test_a_convex_kink_a_sample() -> None:
    """Residuals ≥ 0: Σ r max(0, x̃·δ) never falls, and 0 is a limiting gradient's combination (0 itself, where all are off)."""
    problem, theta = idle([k % 4 for k in range(120)], width=24)
    found = es.stationarity(problem, theta, effort=60)
    assert [found.clarke.status, found.directional.status] == [es.Status.PROVED] * 2
    assert found.differentiable.status is es.Status.REFUTED
    witness = found.differentiable.witness
    assert isinstance(witness, KinkWitness) and witness.derivatives[0] + witness.derivatives[1] != witness.derivatives[2]


def test_kinks_of_both_signs() -> None:
    """Two thousand million cells of a unit and more are not listed; a direction is found all the same."""
    problem, theta = idle([k % 7 - 3 for k in range(120)], width=40)
    point = es.decide(problem, theta, effort=60)
    assert point.status is es.Status.REFUTED and point.certificate is not None
    assert es.verify(point.certificate).kind == "not a local minimum"
    found = es.stationarity(problem, theta, effort=60)
    assert found.directional.status is es.Status.REFUTED
    witness = found.directional.witness
    assert isinstance(witness, DescentWitness)
    assert directional_derivative(Point(problem, theta), witness.direction) == witness.derivative < 0


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 3).flatmap(lambda d: st.tuples(st.lists(INTEGERS, min_size=d, max_size=d), planes(d), deltas(d))))
def test_where_a_form_falls(drawn: tuple[list[Fraction], list[Hyperplane], list[list[Fraction]]]) -> None:
    gradient, hyperplanes, tried = drawn
    form = LocalForm(tuple(gradient), tuple(hyperplanes))
    assert form.falls([tuple(delta) for delta in tried]) == [form(delta) < 0 for delta in tried]
    for delta in tried:
        slopes = [sum(a * b for a, b in zip(h.normal, delta, strict=True)) for h in hyperplanes]
        if all(slopes):
            expected = list(gradient)
            for h, slope in zip(hyperplanes, slopes, strict=True):
                expected = [e + (h.kink if slope > 0 else -h.kink) * n for e, n in zip(expected, h.normal, strict=True)]
            assert form.gradient_at(delta) == tuple(expected)
    if hyperplanes:
        first, second = kinked_pair(form)
        both = [a + b for a, b in zip(first, second, strict=True)]
        assert form(first) + form(second) != form(both)
