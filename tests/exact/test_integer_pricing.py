"""Columns proposed by machine integers: the exact answers stay the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.exact import cone_least_squares
from exactsurf.exact.cone_least_squares import ConeLeastSquares
from exactsurf.exact.integer_pricing import IntegerPricing

SMALL = st.integers(-4, 4)
LONG = st.one_of(SMALL, st.integers(-(10**6), 10**6), st.just(10**30))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_the_minimum_is_that_of_the_table_of_products(data):
    size, count = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 9))
    entries = data.draw(st.sampled_from([SMALL, LONG]))
    column = st.lists(entries, min_size=size, max_size=size).filter(any)
    columns = data.draw(st.lists(column, min_size=count, max_size=count))
    target = data.draw(st.lists(entries, min_size=size, max_size=size))
    metric = data.draw(st.none() | st.lists(st.integers(1, 5), min_size=size, max_size=size))
    cones = data.draw(st.lists(st.integers(0, (1 << 2 * count) - 1), min_size=1, max_size=4))
    plain = ConeLeastSquares(columns, target, metric)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cone_least_squares, "_MANY", 0)
        priced = ConeLeastSquares(columns, target, metric)
    start = None
    for cone in cones:
        found, expected = priced.minimum(cone, start), plain.minimum(cone)
        assert (found.value, found.residual[0] * expected.denominator) == (
            expected.value,
            expected.residual[0] * found.denominator,
        )
        assert not cone & ~found.allowed and not found.signed & ~cone
        # The solution of one cone is a start for any other.
        start = found.solution
        assert plain.minimum(cone, start).value == expected.value


def test_long_numbers_are_not_proposed():
    assert not IntegerPricing([(1 << 50, 0)]).fits
    assert IntegerPricing([(1, 2)]).steepest(0b01, (10**40, 10**40)) is None
    assert IntegerPricing([(1, 2)]).steepest(0b01, (-(10**40), -(10**40))) == 0


@given(st.data())
def test_products_in_words_are_exact(data: st.DataObject):
    size = data.draw(st.integers(1, 4))
    entry = st.integers(-(2**20), 2**20)
    columns = data.draw(st.lists(st.lists(entry, min_size=size, max_size=size), min_size=1, max_size=9))
    long = st.one_of(st.integers(-3, 3), st.integers(-(2**200), 2**200))
    vector = data.draw(st.lists(long, min_size=size, max_size=size))
    pricing = IntegerPricing(columns)
    assert pricing.fits
    found = pricing.products(vector)
    for k, column in enumerate(columns):
        value = sum(a * b for a, b in zip(column, vector, strict=True))
        assert found.value(k) == value
        assert (found.rising >> k & 1, found.falling >> k & 1) == (value >= 0, value <= 0)


def test_columns_that_are_too_long_are_left_to_longer_numbers():
    assert not IntegerPricing([(2**61, 1)]).fits
    cones = ConeLeastSquares([(2**61, 1), (1, 2**70)], (1, 2))
    assert cones.minimum(0b11).value == ConeLeastSquares([(2**61, 1), (1, 2**70)], (1, 2)).fit((0, 1)).value == 0
