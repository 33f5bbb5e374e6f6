"""How long a step of exact linear algebra will take, roughly: FLINT cannot be interrupted, so that it must be foreseen."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt, lcm

from exactsurf.effort import governing, look

_PER_SECOND = 20_000_000_000
"""What FLINT does of (n² b)^1.5 in a second for n × n systems with integers of b bits, within a factor of 4."""

_SMALL = 100
"""Matrices with fewer entries take no time that is worth an estimate."""


def foresee_solving(rows: Sequence[Sequence[Fraction | int]], tried: str) -> None:
    """Raise `OutOfTime` if to solve, reduce or factor this matrix will take longer than the effort that governs has left.

    The estimate is that of a square system as large as the smaller side, each row cleared of denominators; it was measured on
    sizes of 20 to 300 and on numbers of 10 to 20,000 bits. Exactness: a limit. Raises: see above. Source: none.

    >>> foresee_solving([[Fraction(1), Fraction(2)]], "a system is solved")
    """
    look(tried)
    if governing().seconds is None or sum(map(len, rows)) < _SMALL:
        return
    size = min(len(rows), len(rows[0]))
    bits = max(map(_bits, rows))
    total = size * size * (bits + size.bit_length())
    look(tried, Fraction(total * isqrt(total), _PER_SECOND))


def _bits(row: Sequence[Fraction | int]) -> int:
    """The length of the longest number of a row whose denominators are cleared."""
    longest = max((value.numerator.bit_length() - value.denominator.bit_length() for value in row), default=0)
    return max(1, longest + lcm(*(value.denominator for value in row)).bit_length())
