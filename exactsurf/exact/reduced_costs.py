"""Reduced costs of signed columns and of further variables, exactly: those of many columns in machine integers."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from exactsurf.exact.integer_pricing import IntegerPricing, Products

_FEW = 24
"""Columns up to which Python's integers are quicker."""


class ReducedCosts(NamedTuple):
    """Reduced costs of `size` columns, of their opposites, and the `rest`, in this order; `negative`, a mask of those below 0."""

    columns: Products | tuple[int, ...]
    rest: tuple[int, ...]
    size: int
    negative: int

    def value(self, variable: int) -> int:
        """That of one variable."""
        if variable >= 2 * self.size:
            return self.rest[variable - 2 * self.size]
        column = variable % self.size
        value = self.columns.value(column) if isinstance(self.columns, Products) else self.columns[column]
        return value if variable < self.size else -value


class CostPricing:
    """Columns that cost nothing, and further variables with their costs.

    Parameters: `columns`, integer vectors; `rest`, those of the further variables; `costs` of these.
    Exactness: exact. Raises: nothing for fitting shapes. Source: none.

    >>> found = CostPricing([(1, 0), (0, 3)], [(1, 1)], [4]).reduced((-5, 2), 2)
    >>> [found.value(k) for k in range(5)], bin(found.negative)
    ([-5, 6, 5, -6, 5], '0b1001')
    """

    def __init__(self, columns: Sequence[Sequence[int]], rest: Sequence[Sequence[int]], costs: Sequence[int]) -> None:
        self._columns, self._rest, self._costs = columns, rest, costs
        machine = IntegerPricing(columns) if len(columns) > _FEW else None
        self._machine = machine if machine is not None and machine.fits else None

    def reduced(self, vector: Sequence[int], factor: int) -> ReducedCosts:
        """The products of all variables with a vector, and `factor` times their costs.

        Exactness: exact. Raises: nothing. Source: none.
        """
        count = len(self._columns)
        own: Products | tuple[int, ...]
        if self._machine is not None:
            own = self._machine.products(vector)
            rising, falling = own.rising, own.falling
        else:
            own = tuple([sum(map(mul, vector, column)) for column in self._columns])
            rising = sum(1 << k for k, value in enumerate(own) if value >= 0)
            falling = sum(1 << k for k, value in enumerate(own) if value <= 0)
        further = zip(self._costs, self._rest, strict=True)
        rest = tuple([cost * factor + sum(map(mul, vector, variable)) for cost, variable in further])
        whole = (1 << count) - 1
        negative = whole & ~rising | (whole & ~falling) << count
        negative |= sum(1 << k for k, value in enumerate(rest) if value < 0) << 2 * count
        return ReducedCosts(own, rest, count, negative)
