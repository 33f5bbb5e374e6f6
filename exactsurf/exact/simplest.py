"""The simplest rational number in an interval."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.errors import InputError


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The rational number of smallest denominator in [low, high], and of smallest numerator among those.

    Parameters: 0 < `low` ≤ `high`. Exactness: exact. Raises: `InputError` for other bounds.
    Source: continued fractions (Graham, Knuth and Patashnik, "Concrete Mathematics", section 4.5).

    >>> simplest_between(Fraction(311, 100), Fraction(315, 100))
    Fraction(22, 7)
    """
    if not 0 < low <= high:
        raise InputError("an interval needs bounds 0 < low ≤ high", text=f"[{low}, {high}]")
    whole = -((-low.numerator) // low.denominator)
    if whole <= high:
        return Fraction(whole)
    floor = whole - 1
    return floor + 1 / simplest_between(1 / (high - floor), 1 / (low - floor))
