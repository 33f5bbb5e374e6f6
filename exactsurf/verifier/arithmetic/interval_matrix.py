"""Symmetric elimination on intervals (FORMAT.md, section 10)."""

from __future__ import annotations

from .effort import price, spend
from .interval import Interval


def bad_pivot(rows: list[list[Interval]]) -> int | None:
    """None if every symmetric matrix in the interval matrix is positive definite: all pivots of elimination are positive."""
    for k in range(len(rows)):
        pivot = rows[k][k]
        spend((len(rows) - k) ** 2 * price(pivot.bits))
        if pivot.low <= 0:
            return k
        for i in range(k + 1, len(rows)):
            factor = rows[i][k].divided_by(pivot)
            for j in range(k + 1, i + 1):
                rows[i][j] = rows[i][j] - factor * rows[j][k]
                rows[j][i] = rows[i][j]
    return None
