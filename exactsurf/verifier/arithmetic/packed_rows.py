"""The signs of the products of many integer rows with a vector, all rows in one long integer for each entry."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

MAX_SLOT = 64
"""Bytes of a product up to which rows are packed: one long entry would make the room for all of them long."""

_SIGNS = bytes(48 + (byte >= 128) for byte in range(256))
"""The digit 1 for bytes whose highest bit is set, else the digit 0."""


class PackedRows:
    """Rows of integers, all of the same length.

    A column is the number Σ_g row_g[i]·2^(8s·g), with s bytes for a product. A combination of columns plus 2^(8s−1) in every slot
    has all slots between 0 and 2^(8s) if every product is below 2^(8s−1) in absolute value, and the highest bit of slot g says
    whether product g is ≥ 0.
    """

    def __init__(self, rows: list[list[int]]) -> None:
        self.rows = rows
        self.largest = [max(map(abs, column)) for column in zip(*rows, strict=True)]
        self.longest = max(self.largest, default=0)
        self.slot = 0
        self.columns: list[int] = []
        self.ones = 0

    def signs(self, vector: Sequence[int]) -> tuple[int, int]:
        """The rows (as bits) with a product > 0, and those with a product < 0."""
        if not self.rows:
            return 0, 0
        bound = sum([abs(value) * most for value, most in zip(vector, self.largest, strict=True)])
        slot = (max(bound, self.longest).bit_length() >> 3) + 1
        if slot > MAX_SLOT:
            products = [sum(map(mul, vector, row)) for row in reversed(self.rows)]
            positive = "".join(["1" if product > 0 else "0" for product in products])
            negative = "".join(["1" if product < 0 else "0" for product in products])
            return int(positive, 2), int(negative, 2)
        if slot > self.slot:
            self.slot = slot
            self.columns = [self._packed(column) for column in zip(*self.rows, strict=True)]
            self.ones = self._packed([1] * len(self.rows))
        total = sum(map(mul, vector, self.columns)) + (self.ones << 8 * self.slot - 1)
        every = (1 << len(self.rows)) - 1
        return self._highest(total - self.ones), every ^ self._highest(total)

    def _packed(self, column: Sequence[int]) -> int:
        """Σ_g column[g]·2^(8·slot·g)."""
        high = b"".join([max(value, 0).to_bytes(self.slot, "little") for value in column])
        low = b"".join([max(-value, 0).to_bytes(self.slot, "little") for value in column])
        return int.from_bytes(high, "little") - int.from_bytes(low, "little")

    def _highest(self, total: int) -> int:
        """The highest bit of every slot, as one bit for each."""
        content = total.to_bytes(self.slot * len(self.rows), "little")
        return int(content[self.slot - 1 :: self.slot][::-1].translate(_SIGNS), 2)
