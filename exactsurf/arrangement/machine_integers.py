"""Integer arrays that are exact: machine integers where a bound excludes an overflow, Python's integers where not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[Any]

_SAFE = 1 << 62
"""Machine integers are used below this bound only."""


_WHOLE = 1 << 53
"""Up to this size every integer is a 64-bit float, so sums in any order are exact."""


def product(left: Integers, right: Integers) -> Integers:
    """The matrix product, as floats, 64-bit integers or Python's integers, whichever a bound proves to be exact."""
    import numpy as np

    bound = largest_entry(left) * largest_entry(right) * max(1, left.shape[1])
    if bound < _WHOLE:
        return left.astype(np.float64) @ right.astype(np.float64)
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
