"""Tables of rationals as doubles: for proposals only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exactsurf.exact.rational_table import RationalTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

_WHOLE = 1 << 53
"""Integers up to here are doubles."""


def doubles(table: RationalTable) -> Floats:
    """The entries of a table, each rounded to the nearest double, as an array of shape (rows, columns).

    Exactness: none, a proposal. Raises: `OverflowError` for numbers beyond doubles. Source: IEEE 754: a quotient of two
    doubles is rounded once.

    >>> from fractions import Fraction
    >>> doubles(RationalTable.from_rows([[Fraction(1, 2), Fraction(3)], [Fraction(1), Fraction(4)]])).tolist()
    [[0.5, 3.0], [1.0, 4.0]]
    """
    import numpy as np

    shape = table.rows, table.columns
    longest = max(map(abs, (*table.numerators, *table.denominators)), default=0)
    if longest > _WHOLE:
        return np.array(list(map(float, [value for row in table for value in row]))).reshape(shape)
    found: Floats = np.array(table.numerators, dtype=float).reshape(shape) / np.array(table.denominators, dtype=float)
    return found
