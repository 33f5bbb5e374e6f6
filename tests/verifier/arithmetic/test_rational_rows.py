"""Rows of rational numbers: signs of symmetric forms against SymPy's eigenvalues, and what long numbers cost."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.verifier.arithmetic.effort import TooMuchEffort, limited
from exactsurf.verifier.arithmetic.rational_rows import bits_of, charged, convolution, dot, is_nowhere_negative

entries = st.fractions(-2, 2, max_denominator=2)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 3), st.data())
def test_forms_that_are_nowhere_negative(size: int, data: st.DataObject) -> None:
    form = [[Fraction(0)] * size for _ in range(size)]
    for p in range(size):
        for q in range(p + 1):
            form[p][q] = form[q][p] = data.draw(entries)
    minors = [
        sympy.Matrix(form).extract(list(chosen), list(chosen)).det() >= 0
        for count in range(1, size + 1)
        for chosen in sympy.utilities.iterables.subsets(range(size), count)
    ]
    assert is_nowhere_negative(form) == all(minors)


def test_lengths_and_products() -> None:
    assert bits_of([Fraction(1, 8), -5]) == 4 and bits_of([]) == 0
    assert dot([Fraction(1, 2), 3], [4, Fraction(1, 3)]) == 3
    with pytest.raises(ValueError, match="argument 2"):
        dot([1], [1, 2])


def test_convolutions() -> None:
    assert convolution([1, 2, 3], [Fraction(1, 2), 0, 5], range(3), 2) == 5 + Fraction(3, 2)
    with limited(1, 0):
        assert charged(1 << 500) == 1 << 500
    with limited(1, 0), pytest.raises(TooMuchEffort):
        charged(Fraction(1 << 1_000_000, (1 << 1_000_000) - 1))


def test_long_sums_are_paid_for() -> None:
    row = [Fraction(1, 2**3000 + 2 * k + 1) for k in range(400)]
    with limited(1, 0), pytest.raises(TooMuchEffort):
        dot(row, [1] * 400)
