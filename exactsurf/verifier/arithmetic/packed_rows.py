"""The signs of the products of many integer rows with a vector, all rows in one long integer for each entry."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from operator import mul

from .effort import spend

DIGITS = 30
"""The leading bits of a vector with which packed rows are multiplied: one digit of Python's long integers."""
STEP = 8
MAX_SLOT = 64
"""Bytes of a product are rounded up to a multiple of STEP. Beyond MAX_SLOT rows are not packed: one long entry would make the
room for all of them long."""

_OPEN = bytes(byte == 48 for byte in range(256))
"""1 for the digit 0."""

_TEXT = bytes(48 + (byte == 1) for byte in range(256))
"""The digits of 0 and 1."""

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
        self.columns: dict[int, list[int]] = {}

    def signs(self, vector: Sequence[int]) -> tuple[int, int]:
        """The rows (as bits) with a product > 0, and those with a product < 0. The steps that it takes are spent.

        With the leading digits of the vector, v = 2^d·u + e and 0 ≤ e < 2^d, a product is 2^d·(row·u) and less than
        2^d·Σ|row| more or less; the sign of most is seen from row·u, the others are computed.
        """
        count = len(self.rows)
        if not count:
            return 0, 0
        bits = max(map(int.bit_length, vector))
        cut = max(0, bits - DIGITS)
        leading = [value >> cut for value in vector] if cut else vector
        least = max(1, sum(self.largest)) if cut else 1
        bound = least + sum([abs(value) * most for value, most in zip(leading, self.largest, strict=True)])
        slot = ((max(bound, self.longest).bit_length() >> 3) // STEP + 1) * STEP
        if slot > MAX_SLOT:
            spend(count * len(vector) + (count * len(vector) * bits >> 8))
            products = [sum(map(mul, vector, row)) for row in reversed(self.rows)]
            positive = "".join(["1" if product > 0 else "0" for product in products])
            negative = "".join(["1" if product < 0 else "0" for product in products])
            return int(positive, 2), int(negative, 2)
        if slot not in self.columns:
            spend(count * (len(vector) + 1))
            ones = self._packed([1] * count, slot)
            self.columns[slot] = [*(self._packed(column, slot) for column in zip(*self.rows, strict=True)), ones]
        spend((count * slot * len(vector) * 2 >> 12) + (count >> 5) + len(vector))
        columns = self.columns[slot]
        ones = columns[-1]
        # One product after the other: many long numbers at once would be slower.
        total = sum((value * column for value, column in zip(leading, columns, strict=False) if value), ones << 8 * slot - 1)
        above = self._highest(total - least * ones, slot)
        below = ((1 << count) - 1) ^ self._highest(total + (least - 1) * ones, slot)
        return self._with_small(vector, bits, above, below) if cut else (above, below)

    def _with_small(self, vector: Sequence[int], bits: int, above: int, below: int) -> tuple[int, int]:
        """The signs of all rows, the large products being known."""
        count = len(self.rows)
        known = f"{above | below:0{count}b}".encode().translate(_OPEN)
        small = list(compress(range(count - 1, -1, -1), known))
        spend(len(small) * len(vector) * (1 + (bits >> 8)))
        positive, negative = bytearray(count), bytearray(count)
        for place in small:
            # Most are 0: a dual vector is tight where its bound is attained.
            product = sum(map(mul, vector, self.rows[place]))
            if product:
                (positive if product > 0 else negative)[-1 - place] = 1
        more, less = (int(flags.translate(_TEXT), 2) if any(flags) else 0 for flags in (positive, negative))
        return above | more, below | less

    def _packed(self, column: Sequence[int], slot: int) -> int:
        """Σ_g column[g]·2^(8·slot·g)."""
        high = b"".join([value.to_bytes(slot, "little") if value > 0 else bytes(slot) for value in column])
        low = b"".join([(-value).to_bytes(slot, "little") if value < 0 else bytes(slot) for value in column])
        return int.from_bytes(high, "little") - int.from_bytes(low, "little")

    def _highest(self, total: int, slot: int) -> int:
        """The highest bit of every slot, as one bit for each."""
        content = total.to_bytes(slot * len(self.rows), "little")
        return int(content[slot - 1 :: slot][::-1].translate(_SIGNS), 2)
