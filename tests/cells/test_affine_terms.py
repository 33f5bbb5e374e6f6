"""The risk of restricted problems of degree 1 as sums of terms: the same numbers, and least values against a grid."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.cells.affine_network import affine_network
from exactsurf.cells.affine_terms import least_in_cell, terms_at
from exactsurf.exact.least_on_polyhedron import value_at

FILTER = es.convolution(4, [2], strides=2, head=[1, -1])


@pytest.mark.parametrize("loss", ["squared", "absolute", "huber(1)", "hinge"])
@pytest.mark.parametrize("decay", [None, "1/3"])
def test_terms_add_up_to_the_risk_and_no_point_of_the_cell_is_lower(loss: str, decay: str | None) -> None:
    source = random.Random(7)
    for _ in range(6):
        inputs = [[source.randint(-2, 3) for _ in range(4)] for _ in range(4)]
        targets = [source.choice((-1, 1)) for _ in inputs]
        problem = es.RestrictedProblem(FILTER, es.Data.from_arrays(inputs, targets), loss, weight_decay=decay)
        network, start = affine_network(problem), (Fraction(source.randint(-5, 5), 3), Fraction(source.randint(-5, 5), 7))
        terms, sides = terms_at(network, start), network.sides_at(start)
        assert sum(term.at(start) for term in terms) == problem.risk(FILTER.at(start))
        least = least_in_cell(network, start)
        assert least.value == problem.risk(FILTER.at(least.point)) <= problem.risk(FILTER.at(start))
        assert all(value_at(side, least.point) >= 0 for side in sides)
        grid = [(Fraction(a, 2), Fraction(b, 2)) for a in range(-8, 9) for b in range(-8, 9)]
        inside = [point for point in grid if all(value_at(side, point) >= 0 for side in sides)]
        assert all(problem.risk(FILTER.at(point)) >= least.value for point in inside)
