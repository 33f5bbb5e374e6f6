"""An arrangement restricted to one of its hyperplanes, in coordinates of that hyperplane, and its points brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.arrangement.machine_integers import fitting, largest_entry

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[Any]


def unit_beside(row: list[int]) -> tuple[int, int]:
    """(p, s) for a non-zero row c: s = ±1 and s·c_p > 0 with |c_p| as small as possible."""
    position = min((abs(value), p) for p, value in enumerate(row) if value)[1]
    return position, 1 if row[position] > 0 else -1


def first_of_their_kind(table: list[list[int]]) -> list[int]:
    """The rows that are not ± an earlier row (all rows are primitive)."""
    seen: set[tuple[int, ...]] = set()
    fresh = []
    for k, row in enumerate(table):
        key = tuple(row)
        if key not in seen:
            fresh.append(k)
            seen.add(key)
            seen.add(tuple([-value for value in row]))
    return fresh


def restricted(rows: Integers, table: list[list[int]], k: int, pivot: int, largest: int) -> Integers:
    """The rows before k, restricted to the hyperplane of row k with the coordinate `pivot` eliminated; primitive.

    Parameters: `rows`, also as a `table`, with their `largest_entry`.
    """
    import numpy as np

    row = table[k]
    factor, sign = abs(row[pivot]), 1 if row[pivot] > 0 else -1
    kept = [p for p in range(len(row)) if p != pivot]
    rows = fitting(rows[:k], 2 * largest * largest)
    others = rows[:, kept]
    if factor != 1:
        others = others * factor
    column = rows[:, pivot] if sign == 1 else -rows[:, pivot]
    lower = others - column[:, None] * np.array([row[p] for p in kept], dtype=rows.dtype)
    divisors = np.abs(np.gcd.reduce(lower, axis=1))  # of one big integer alone, gcd.reduce keeps the sign
    return fitting(lower // divisors[:, None], 0) if (divisors != 1).any() else lower


def lifted(points: Integers, row: list[int], pivot: int) -> Integers:
    """Points of the restriction as points of the hyperplane with normal `row`."""
    import numpy as np

    factor, sign = abs(row[pivot]), 1 if row[pivot] > 0 else -1
    kept = [p for p in range(len(row)) if p != pivot]
    weights = [-sign * row[p] for p in kept]
    points = fitting(points, largest_entry(points) * max(factor, sum(map(abs, weights))))
    lifted = np.empty((len(points), len(row)), dtype=points.dtype)
    lifted[:, kept] = points if factor == 1 else points * factor
    lifted[:, pivot] = points @ np.array(weights, dtype=points.dtype)
    return lifted
