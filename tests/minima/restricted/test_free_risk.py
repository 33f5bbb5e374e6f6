"""Derivatives by free parameters against polynomials, and flows against the derivative of the risk along them."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.effort import Effort
from exactsurf.exact.balls import from_arb, to_arb
from exactsurf.minima.restricted.free_risk import free_derivatives, free_flows, held_of, normalised

DATA = es.Data.from_arrays([[1, 2, 0], [0, 1, 1], [1, 0, -1]], [1, 2, 0])
FILTERS = es.RestrictedProblem(es.convolution(3, [2, 2], activation="linear"), DATA)
LINEAR = es.RestrictedProblem(es.restriction(es.Network([3, 2, 2, 1], "linear", biases=False)), DATA)
CLASSES = es.RestrictedProblem(
    es.restriction(es.Network([3, 1, 2], "tanh"), W1=[["a", "b", "a"]]), es.Data.from_arrays(DATA.x, [0, 1, 1]), "cross_entropy"
)


@pytest.mark.parametrize("problem", [FILTERS, LINEAR])
def test_derivatives_are_those_of_the_polynomial(problem: es.RestrictedProblem) -> None:
    names = problem.restriction.names
    values = tuple(Fraction(k % 5 - 2, 1 + k % 3) for k in range(len(names)))
    found = free_derivatives(problem)([to_arb(value) for value in values], Effort())
    assert found is not None
    risk = problem.cell(problem.restriction.at(values)).risk
    here = dict(zip(names, values, strict=True))
    assert from_arb(found[0]).contains(risk.value(here))
    assert all(from_arb(ball).contains(slope) for ball, slope in zip(found[1], risk.gradient_at(here), strict=True))
    for p, row in enumerate(risk.hessian_at(here)):
        assert all(from_arb(found[2][p, q]).contains(value) for q, value in enumerate(row))


@pytest.mark.parametrize(("problem", "count"), [(FILTERS, 1), (LINEAR, 4)])
def test_the_risk_does_not_change_along_the_flows(problem: es.RestrictedProblem, count: int) -> None:
    names, flows = problem.restriction.names, free_flows(problem)
    assert len(flows) == count
    values = tuple(Fraction(k % 5 - 2, 1 + k % 3) for k in range(len(names)))
    here, risk = dict(zip(names, values, strict=True)), problem.cell(problem.restriction.at(values)).risk
    for _, (start, *images) in flows:
        move = [start[k] + sum(u * image[k] for u, image in zip(values, images, strict=True)) for k in range(len(names))]
        slopes = risk.gradient_at(here)
        assert any(move) and sum(slope * step for slope, step in zip(slopes, move, strict=True)) == 0


def test_what_outputs_have_in_common() -> None:
    """One number for the weights that read the unit, one for the biases; weight decay leaves those of the biases only."""
    assert len(free_flows(CLASSES)) == 2
    decayed = es.RestrictedProblem(CLASSES.restriction, CLASSES.unrestricted.data, "cross_entropy", weight_decay=1)
    assert len(free_flows(decayed)) == 1
    fixed = es.restriction(es.Network([3, 1, 2], "tanh"), W2=[["v"], ["-v"]], b2=[0, "c"])
    assert free_flows(es.RestrictedProblem(fixed, CLASSES.unrestricted.data, "cross_entropy")) == []


def test_held_parameters_move_as_the_identity() -> None:
    flows, values = free_flows(LINEAR), tuple(Fraction(k % 7 + 1, 3) for k in range(LINEAR.restriction.dimension))
    held = held_of(flows, values)
    assert held is not None and len(set(held)) == 4
    for a, numbers in enumerate(normalised(flows, held, values)):
        moved = [Fraction(0)] * len(values)
        for (own, (start, *images)), weight in zip(flows, numbers, strict=True):
            assert sum(own) == 1
            for k in range(len(values)):
                moved[k] += weight * (start[k] + sum(u * image[k] for u, image in zip(values, images, strict=True)))
        assert all(abs(moved[place] - (a == b)) < Fraction(1, 1000) for b, place in enumerate(held))
    assert held_of(flows, (Fraction(0),) * len(values)) is None
