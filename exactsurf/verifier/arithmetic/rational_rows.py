"""Rows and symmetric tables of rational numbers, whose lengths are paid for: sums with different denominators grow."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .effort import price, spend
from .rational import Rational


def bits_of(values: Sequence[Rational]) -> int:
    """The length of the longest numerator or denominator."""
    # A 0 has the denominator 1; where nearly all are 0, looking at them would take longest.
    lengths = (max(v.numerator.bit_length(), v.denominator.bit_length()) for v in values if v)
    return max(lengths, default=min(1, len(values)))


def charged(value: Rational) -> Rational:
    """The value; where it is long, the steps of a sum or product that ends in it, with a greatest common divisor, are counted."""
    above, below = value.numerator.bit_length(), value.denominator.bit_length()
    if (above | below) >> 9:
        spend(price(above, below) + (above * below >> 19))
    return value


def convolution(left: Sequence[Rational], right: Sequence[Rational], places: range, degree: int) -> Rational:
    """Σ left_k right_{degree − k} over some places k."""
    total: Rational = 0
    for k in places:
        if left[k] and right[degree - k]:
            total = charged(total + charged(left[k] * right[degree - k]))
    return total


def dot(left: Sequence[Rational], right: Sequence[Rational]) -> Rational:
    """Σ left_k right_k."""
    spend(len(left) * price(bits_of(left), bits_of(right)))
    total: Rational = 0
    for a, b in zip(left, right, strict=True):
        total = charged(total + charged(a * b))
    return total


def is_nowhere_negative(form: Sequence[Sequence[Rational]]) -> bool:
    """Whether a symmetric form is ≥ 0 everywhere: symmetric elimination, where a pivot 0 needs a row of zeros."""
    rows = [list(row) for row in form]
    size = len(rows)
    for k in range(size):
        spend(2 * (size - k) ** 2 * price(bits_of(rows[k])))
        pivot = rows[k][k]
        if pivot < 0 or (not pivot and any(rows[k][k:])):
            return False
        if pivot:
            for n in range(k + 1, size):
                if rows[n][k]:
                    factor = charged(Fraction(rows[n][k], pivot))
                    rows[n] = [charged(a - charged(factor * b)) if b else a for a, b in zip(rows[n], rows[k], strict=True)]
    return True
