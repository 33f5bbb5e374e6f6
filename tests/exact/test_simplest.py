"""The simplest rational in an interval, against a search through all denominators."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.exact.simplest import simplest_between

positive = st.fractions(min_value=Fraction(1, 40), max_value=20, max_denominator=40)


@given(positive, positive)
def test_no_smaller_denominator_fits(one: Fraction, other: Fraction):
    low, high = sorted((one, other))
    found = simplest_between(low, high)
    candidates = (Fraction(ceil(low * q), q) for q in range(1, 41))
    assert found == next(value for value in candidates if value <= high)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1), (2, 1)])
def test_bounds_must_be_positive_and_ordered(low: int, high: int):
    with pytest.raises(es.InputError, match="0 < low"):
        simplest_between(Fraction(low), Fraction(high))
