"""Least squares over cones, against the exhaustive search through all supports."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.errors import ShapeError
from exactsurf.exact.cone_least_squares import ConeLeastSquares, nearest_point
from tests.surface.brute_force import nearest_by_supports

entries = st.integers(-4, 4)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_the_minimum_is_that_of_the_best_support(data: st.DataObject):
    size, count = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 5))
    columns = [tuple(data.draw(entries) for _ in range(size)) for _ in range(count)]
    target = tuple(data.draw(entries) for _ in range(size))
    coefficients, distance = nearest_point(columns, target)
    assert all(value >= 0 for value in coefficients)
    reached = [sum(x * c[i] for x, c in zip(coefficients, columns, strict=True)) - target[i] for i in range(size)]
    assert sum(r * r for r in reached) == distance
    assert distance == nearest_by_supports(columns, target, ())


def test_many_cones_over_one_table_and_warm_starts_change_nothing():
    rnd = random.Random(5)
    columns = [(1, 0, 2, 1), (0, 3, 1, 1), (1, 1, 1, 1), (2, -1, 0, 1), (1, -1, 3, 0)]
    target = (3, -1, 2, 5)
    table = ConeLeastSquares(columns, target)
    for _ in range(200):
        small, more = rnd.getrandbits(10), rnd.getrandbits(10)
        cone = small | more
        fit = table.minimum(cone, table.minimum(small))
        free = [k for k in range(5) if cone >> k & 1 and cone >> (k + 5) & 1]
        signed = [columns[k] for k in range(5) if cone >> k & 1 and k not in free]
        signed += [tuple(-v for v in columns[k]) for k in range(5) if cone >> (k + 5) & 1 and k not in free]
        assert fit.value == nearest_by_supports(signed, target, [columns[k] for k in free])
        # Kuhn and Tucker, from the definition.
        slopes = [sum(a * Fraction(r, fit.denominator) for a, r in zip(c, fit.residual, strict=True)) for c in columns]
        assert all(slope >= 0 for k, slope in enumerate(slopes) if cone >> k & 1)
        assert all(slope <= 0 for k, slope in enumerate(slopes) if cone >> (k + 5) & 1)
        assert all(not slopes[k] for k in fit.support)


def test_dependent_columns_end():
    columns = [(1, 1), (2, 2), (1, 0), (0, 1), (-1, -1)]
    for chosen in range(1 << 5):
        subset = [columns[k] for k in range(5) if chosen >> k & 1]
        assert nearest_point(subset, (3, 7))[1] == nearest_by_supports(subset, (3, 7), ())


def test_long_numbers_are_exact():
    big = 10**40
    coefficients, distance = nearest_point([(big, 1), (1, big)], (1, 1))
    assert distance == 0 and coefficients[0] == coefficients[1] == Fraction(1, big + 1)


def test_shapes():
    with pytest.raises(ShapeError):
        ConeLeastSquares([(1, 2)], (1,))


def test_a_full_table_is_emptied(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("exactsurf.exact.cone_least_squares._TABLE", 3)
    columns = [(1, 0, 2), (0, 3, 1), (1, 1, 1), (2, -1, 0)]
    small = ConeLeastSquares(columns, (1, 2, 3))
    for chosen in combinations(range(4), 2):
        cone = sum(1 << k for k in chosen)
        assert small.minimum(cone).value == nearest_by_supports([columns[k] for k in chosen], (1, 2, 3), ())


@pytest.mark.parametrize("few", [0, 24])
def test_slopes_that_were_forgotten_are_found_again(monkeypatch: pytest.MonkeyPatch, few: int):
    rnd = random.Random(3)
    columns = [(*tuple(rnd.randint(-4, 4) for _ in range(5)), 1) for _ in range(12)]
    monkeypatch.setattr("exactsurf.exact.cone_least_squares._FEW", few)
    whole = ConeLeastSquares(columns, (3, -1, 2, 5, 0, 1))
    monkeypatch.setattr("exactsurf.exact.cone_least_squares._SLOPES", 24)
    small = ConeLeastSquares(columns, (3, -1, 2, 5, 0, 1))
    for _ in range(100):
        cone = rnd.getrandbits(24)
        start = small.minimum(cone & rnd.getrandbits(24))
        assert small.minimum(cone, start).value == whole.minimum(cone).value
        assert len(small._slopes) <= 2 and len(small._older_slopes) <= 2
