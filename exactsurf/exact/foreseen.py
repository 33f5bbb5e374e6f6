"""How long a step of exact linear algebra will take, roughly: FLINT cannot be interrupted, so that it must be foreseen."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt, lcm

from exactsurf.effort import governing, look

_PER_SECOND = 20_000_000_000
"""What FLINT does of (n² b)^1.5 in a second for n × n systems with integers of b bits, within a factor of 4."""

_WRITTEN_PER_SECOND = 1_500_000_000
"""What is written in a second of numbers of b bits, each counted b^1.5 times and `_EACH`, within a factor of 3."""

_EACH = 10_000

_SMALL = 100
"""Matrices with fewer entries take no time that is worth an estimate."""


def foresee_solving(rows: Sequence[Sequence[Fraction | int]], tried: str) -> None:
    """Raise `OutOfTime` if to solve, reduce or factor this matrix will take longer than the effort that governs has left.

    The estimate is that of a square system as large as the smaller side, each row cleared of denominators; it was measured on
    sizes of 20 to 300 and on numbers of 10 to 20,000 bits. Exactness: a limit. Raises: see above. Source: none.

    >>> foresee_solving([[Fraction(1), Fraction(2)]], "a system is solved")
    """
    look(tried)
    if governing().seconds is None or not rows or is_small(len(rows), len(rows[0])):
        return
    size = min(len(rows), len(rows[0]))
    bits = max(map(_bits, rows))
    total = size * size * (bits + size.bit_length())
    look(tried, Fraction(total * isqrt(total), _PER_SECOND))


def is_small(height: int, width: int) -> bool:
    """Whether a matrix of this size takes no time that is worth an estimate. Exactness: a limit."""
    return height * width < _SMALL


def foresee_reducing(rank: int, free: int, bits: int, tried: str) -> None:
    """Raise `OutOfTime` if the reduced row echelon form of a matrix will take longer than the effort that governs has left.

    The form of an integer matrix has rank · free numbers of about rank · bits bits: to find the pivots is quick beside that.
    Parameters: `rank`; `free`, the other columns; `bits` of the longest integer. Exactness: a limit. Raises: see above.
    Source: none; measured on 20 × 200 to 200 × 800, 3 to 600 bits.

    >>> foresee_reducing(1, 1, 10, "a system is solved")
    """
    look(tried)
    if governing().seconds is None:
        return
    longest = rank * (bits + rank.bit_length())
    total = rank * longest
    written = Fraction(rank * free * (longest * isqrt(longest) + _EACH), _WRITTEN_PER_SECOND)
    look(tried, Fraction(total * isqrt(total), _PER_SECOND) + written)


def _bits(row: Sequence[Fraction | int]) -> int:
    """The length of the longest number of a row whose denominators are cleared."""
    longest = max((value.numerator.bit_length() - value.denominator.bit_length() for value in row), default=0)
    return max(1, longest + lcm(*(value.denominator for value in row)).bit_length())
