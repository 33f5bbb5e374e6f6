"""Symmetric elimination on intervals (FORMAT.md, section 10), and in fixed point (section 26)."""

from __future__ import annotations

from math import isqrt
from operator import mul

from .effort import price, spend
from .interval import Interval
from .rational import Rational

_BITS = 28  # so that products of entries stay short, and elimination fast


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


def eigenvalues_exceed(rows: list[list[Interval]], bound: Rational) -> bool:
    """Whether Cholesky's method in fixed point shows that every symmetric matrix in the intervals has eigenvalues ≥ a bound.

    With the midpoints M, the largest row sum E of the deviations from them, and S = M − (bound + E + slack)·I, integers L and R
    are found with S = L Lᵀ + R. As L Lᵀ has no negative eigenvalue, none of S is below minus the largest row sum of |R|, which
    must be at most the slack.
    """
    size = len(rows)
    spend(size * size + size**3 // 80)
    middle, spread = _midpoints(rows)
    slack = 8 * size + 8
    shift = -((-bound.numerator << _BITS) // bound.denominator) + spread + slack
    left: list[list[int]] = []
    sums = [0] * size
    for i in range(size):
        row: list[int] = []
        for j in range(i):
            rest = (middle[i][j] << _BITS) - sum(map(mul, row, left[j]))
            entry, over = divmod(rest, left[j][j])
            row.append(entry)
            sums[i] += over
            sums[j] += over
        rest = (middle[i][i] - shift << _BITS) - sum(map(mul, row, row))
        if rest <= 0:
            return False
        row.append(isqrt(rest))
        if not row[i]:
            return False
        sums[i] += rest - row[i] ** 2
        left.append(row)
    return max(sums) <= slack << _BITS


def _midpoints(rows: list[list[Interval]]) -> tuple[list[list[int]], int]:
    """The lower half of a matrix near the middle of a symmetric interval matrix, and the largest row sum of the deviations.

    Both in units of 2^−28.
    """
    size, bits = len(rows), rows[0][0].bits
    up, down = max(0, _BITS - bits), max(0, bits - _BITS)
    middle: list[list[int]] = []
    sums = [0] * size
    for i, row in enumerate(rows):
        middle.append([])
        for j, entry in enumerate(row[: i + 1]):
            low, high = entry.low << up, entry.high << up
            value = low + high >> down + 1
            far = max(high - (value << down), (value << down) - low)
            middle[i].append(value)
            sums[i] += far
            if i != j:
                sums[j] += far
    return middle, -(-max(sums) >> down)
