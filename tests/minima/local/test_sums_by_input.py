"""Sums over equal inputs, of rational numbers and of sums of exponentials."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from exactsurf.exact.exponential_sum import exponential
from exactsurf.minima.local.sums_by_input import sums_by_input

NUMBERS = st.integers(-2, 2).map(Fraction)
SAMPLES = st.lists(st.tuples(st.tuples(NUMBERS), st.tuples(NUMBERS, NUMBERS)), max_size=6)


@given(SAMPLES)
def test_every_input_has_the_sum_of_its_samples(samples):
    inputs, rows = [x for x, _ in samples], [row for _, row in samples]
    wanted = [sum(row[k] for x, row in samples if x == at) for at in dict.fromkeys(inputs) for k in range(2)]
    assert sums_by_input(inputs, rows) == wanted


def test_exponentials_cancel_atom_by_atom():
    e = exponential(Fraction(1))
    assert [value.terms for value in sums_by_input([(Fraction(0),)] * 2, [[e], [e.times(Fraction(-1))]])] == [()]
