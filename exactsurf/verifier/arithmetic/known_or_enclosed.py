"""Numbers that are known, so rational, or only enclosed; sums and products of known ones are known (FORMAT.md, section 64)."""

from __future__ import annotations

from collections.abc import Iterable

from .effort import price, spend
from .interval import Interval, enclose
from .rational import Rational
from .rational_rows import charged

Number = Rational | Interval


def is_zero(value: Number) -> bool:
    """Whether a number is known to be 0."""
    return not isinstance(value, Interval) and not value


def sign(value: Number) -> int | None:
    """The sign of a number, or None where its interval does not tell."""
    low, high = (value.low, value.high) if isinstance(value, Interval) else (value, value)
    if low > 0 or high < 0:
        return 1 if low > 0 else -1
    return None if isinstance(value, Interval) else 0


def is_positive_somewhere(value: Number) -> bool:
    """Whether a number may be positive."""
    return (value.high if isinstance(value, Interval) else value) > 0


def enclosed(value: Number, bits: int) -> Interval:
    """An interval with the number."""
    return value if isinstance(value, Interval) else enclose(value, bits)


def times(first: Number, second: Number, bits: int) -> Number:
    """The product: 0 if a factor is known to be 0, rational if both are known."""
    if is_zero(first) or is_zero(second):
        return 0
    if isinstance(first, Interval) or isinstance(second, Interval):
        spend(6 * price(bits))
        return enclosed(first, bits) * enclosed(second, bits)
    spend(2)
    return charged(first * second)


def total(terms: Iterable[Number], bits: int) -> Number:
    """The sum: of those that are known first, and then of intervals."""
    known: Rational = 0
    found: Interval | None = None
    for term in terms:
        spend(1)
        if isinstance(term, Interval):
            spend(2 * price(bits))
            found = term if found is None else found + term
        elif term:
            known = charged(known + term)
    if found is None:
        return known
    return found + enclose(known, bits) if known else found


def convolution(left: list[Number], right: list[Number], places: range, degree: int, bits: int) -> Number:
    """Σ left_k right_{degree − k} over some places k."""
    return total((times(left[k], right[degree - k], bits) for k in places), bits)
