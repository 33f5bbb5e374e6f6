"""Sums over the samples with the same input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeVar

from exactsurf.exact.exponential_sum import ExponentialSum
from exactsurf.exact.linear_algebra import Vector

T = TypeVar("T", Fraction, ExponentialSum)


def sums_by_input(inputs: Iterable[Sequence[Fraction]], rows: Iterable[Sequence[T]]) -> list[T]:
    """For every input that occurs, and every column, the sum over the samples with this input.

    Parameters: `inputs` and `rows`, sample by sample. Exactness: exact. Raises: nothing. Source: proofs/smooth.md, section 6.

    >>> one, two = (Fraction(1),), (Fraction(2),)
    >>> sums_by_input([one, two, one], [one, two, two])
    [Fraction(3, 1), Fraction(2, 1)]
    """
    sums: dict[Vector, list[T]] = {}
    for x, row in zip(inputs, rows, strict=True):
        known = sums.get(tuple(x))
        sums[tuple(x)] = list(row) if known is None else [a + b for a, b in zip(known, row, strict=True)]
    return [value for total in sums.values() for value in total]
