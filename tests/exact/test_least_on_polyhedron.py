"""Convex piecewise quadratic programs on polyhedra: against SciPy, and by the conditions of Kuhn and Tucker."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import nnls

import exactsurf as es
from exactsurf.exact.bounded_system import Multipliers
from exactsurf.exact.least_on_polyhedron import Term, implied_or_beyond, least_on_polyhedron, optimality, value_at

LOSSES = (es.squared, es.absolute, es.losses.huber("1/2"), es.losses.quantile("1/3"))


def form(source: random.Random, size: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(source.randint(-3, 3)) for _ in range(size + 1))


@pytest.mark.parametrize("seed", range(40))
def test_no_feasible_point_is_lower_and_multipliers_prove_it(seed: int) -> None:
    source = random.Random(seed)
    size = source.randint(1, 3)
    terms = [Term(source.choice(LOSSES).of_prediction(Fraction(source.randint(-2, 2))), form(source, size)) for _ in range(5)]
    start = form(source, size)[:-1]
    sides = [(*g[:-1], -sum((a * b for a, b in zip(g, start, strict=False)), Fraction(0)) + source.randint(0, 2)) for g in
             (form(source, size) for _ in range(3))]  # fmt: skip
    found = least_on_polyhedron(terms, sides, [], start)
    assert all(value_at(side, found.point) >= 0 for side in sides)
    assert found.value == sum(term.at(found.point) for term in terms)
    proof = optimality(terms, sides, found.point)
    for term, slope in zip(terms, proof.slopes, strict=True):
        low, high = term.function.slopes(value_at(term.form, found.point))
        assert low <= slope <= high
    for side, multiplier in zip(sides, proof.multipliers, strict=True):
        assert multiplier >= 0 and multiplier * value_at(side, found.point) == 0
    for k in range(size):
        assert sum(r * t.form[k] for r, t in zip(proof.slopes, terms, strict=True)) == sum(
            m * g[k] for m, g in zip(proof.multipliers, sides, strict=True)
        )


@pytest.mark.parametrize("seed", range(20))
def test_non_negative_least_squares(seed: int) -> None:
    source = random.Random(seed)
    rows = [[source.randint(-3, 3) for _ in range(3)] for _ in range(5)]
    target = [source.randint(-4, 4) for _ in range(5)]
    terms = [
        Term(es.squared.of_prediction(Fraction(y)), (*map(Fraction, row), Fraction(0)))
        for row, y in zip(rows, target, strict=True)
    ]
    sides = [tuple(Fraction(int(i == k)) for i in range(4)) for k in range(3)]
    found = least_on_polyhedron(terms, sides, [], (Fraction(0),) * 3)
    _, norm = nnls(np.array(rows, dtype=float), np.array(target, dtype=float))
    assert abs(float(found.value) - norm**2 / 2) < 1e-9


def test_walls_are_met() -> None:
    one = Fraction(1)
    terms = [Term(es.squared.of_prediction(Fraction(3)), (one, one, Fraction(0)))]
    found = least_on_polyhedron(terms, [(one, Fraction(0), Fraction(0))], [(one, -one, one)], (Fraction(0), one))
    assert found.value == 0 and found.point == (one, Fraction(2))


@pytest.mark.parametrize("seed", range(60))
def test_what_follows_follows_and_what_does_not_is_below_somewhere(seed: int) -> None:
    source = random.Random(seed)
    size = source.randint(1, 3)
    inside = form(source, size)[:-1]
    sides = []
    while len(sides) < 4:
        g = form(source, size)
        if value_at(g, inside) > 0:
            sides.append(g)
    *others, last = sides
    found = implied_or_beyond(last, others, inside)
    if isinstance(found, Multipliers):
        rest = [a - sum(m * g[k] for m, g in zip(found.values, others, strict=True)) for k, a in enumerate(last)]
        assert not any(rest[:-1]) and rest[-1] >= 0 and min(found.values) >= 0
    else:
        assert value_at(last, found) < 0 and all(value_at(g, found) > 0 for g in others)
