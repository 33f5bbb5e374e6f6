"""Integer arrays that are exact: machine integers where a bound excludes an overflow, Python's integers where not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[Any]

_SAFE = 1 << 62
"""Machine integers are used below this bound only."""


def product(left: Integers, right: Integers) -> Integers:
    """The matrix product, in 32- or 64-bit integers if a bound excludes an overflow and in Python's integers if not."""
    import numpy as np

    bound = largest_entry(left) * largest_entry(right) * max(1, left.shape[1])
    if bound <= np.iinfo(np.int32).max and left.dtype != object and right.dtype != object:
        # Several times as quick as the product by @, which is not vectorised for integers.
        short: Integers = np.einsum("ip,pj->ij", left.astype(np.int32, copy=False), right.astype(np.int32, copy=False))
        return short
    return fitting(left, bound) @ fitting(right, bound)


def narrowed(table: Integers) -> Integers:
    """A table in the shortest machine integers that hold its entries; Python's integers stay what they are."""
    import numpy as np

    if table.dtype == object:
        return table
    largest = largest_entry(table)
    return table.astype(next(kind for kind in (np.int16, np.int32, np.int64) if largest <= np.iinfo(kind).max))


def largest_entry(table: Integers) -> int:
    """The largest absolute entry."""
    return max(int(table.max()), -int(table.min())) if table.size else 0


def fitting(table: Integers, bound: int) -> Integers:
    """`table` with machine integers if they hold its entries and anything up to `bound`, else with Python's."""
    import numpy as np

    machine = bound < _SAFE and (table.dtype != object or largest_entry(table) < _SAFE)
    return table.astype(np.int64 if machine else object, copy=False)
