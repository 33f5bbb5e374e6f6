"""The signs of the products of many integer rows with a vector, all rows in one long integer for each entry."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter, mul

from .effort import spend

DIGITS = 30
"""The most leading bits of a vector with which packed rows are multiplied: one digit of Python's long integers."""
FEWEST, MANY_ROWS = 11, 1 << 10
"""The fewest leading bits for which a slot has room: of many rows all but few signs are seen with them, and slots are short."""
MAX_SLOT = 64
"""Beyond so many bytes for a product rows are not packed: one long entry would make the room for all of them long."""

_TEXT = bytes(48 + (byte == 1) for byte in range(256))
"""The digits of 0 and 1."""

_SIGNS = bytes(48 + (byte >= 128) for byte in range(256))
"""The digit 1 for bytes whose highest bit is set, else the digit 0."""


class PackedRows:
    """Rows of integers, all of the same length.

    A column is the number Σ_g k_g·row_g[i]·2^(8s·g), with s bytes for a product and factors k_g > 0 that make rows about as long
    as each other, in the sum of their entries, and no longer than `most`. A combination of columns plus 2^(8s−1) in every slot
    has all slots between 0 and 2^(8s) if every product is below 2^(8s−1) in absolute value, and the highest bit of slot g says
    whether product g is ≥ 0.
    """

    def __init__(self, rows: list[list[int]]) -> None:
        self.rows = list(map(tuple, rows))
        self.every = (1 << len(rows)) - 1
        self.lengths = [sum(map(abs, row)) for row in rows]
        self.most = max(1, *self.lengths) if rows else 1
        digits = DIGITS if len(rows) < MANY_ROWS else FEWEST
        self.slot = (self.most.bit_length() + digits + 1 >> 3) + 1
        self.columns: list[int] = []

    def products(self, vector: Sequence[int]) -> Products:
        """What is seen of the signs of all products from the leading digits of the vector. The steps that it takes are spent.

        With v = 2^d·u + e and 0 ≤ e < 2^d, a product is 2^d·(row·u) and less than 2^d·Σ|row| more or less.
        """
        if not self.rows or self.slot > MAX_SLOT:
            return Products(self, vector, 0, 0, self.every)
        room = min(DIGITS, 8 * self.slot - self.most.bit_length() - 2)
        cut = max(0, max(map(int.bit_length, vector)) - room)
        count, slot = len(self.rows), self.slot
        if not self.columns:
            spend(count * (len(vector) + 1) * 2)
            self.ones = int.from_bytes((1).to_bytes(slot, "little") * count, "little")
            self.middle = self.ones << 8 * slot - 1
            self.columns = [self._packed(column) for column in zip(*self.rows, strict=True)]
            self.margin = self.most * self.ones
        spend((count * slot * len(vector) * 2 >> 12) + (count >> 5) + len(vector))
        # One product after the other: many long numbers at once would be slower.
        pairs = zip(vector, self.columns, strict=True)
        total = sum(((value >> cut) * column for value, column in pairs if value), self.middle)
        margin = self.margin if cut else self.ones
        above = self._highest(total - margin)
        below = self.every ^ self._highest(total + (margin - self.ones))
        return Products(self, vector, above, below, self.every ^ (above | below) if cut else 0)

    def _packed(self, column: Sequence[int]) -> int:
        """Σ_g k_g·column[g]·2^(8·slot·g)."""
        slot, most, half = self.slot, self.most, 1 << 8 * self.slot - 1
        pairs = zip(column, self.lengths, strict=True)
        values = [half + value * (most // length) if value else half for value, length in pairs]
        return int.from_bytes(b"".join([value.to_bytes(slot, "little") for value in values]), "little") - self.middle

    def _highest(self, total: int) -> int:
        """The highest bit of every slot, as one bit for each."""
        content = total.to_bytes(self.slot * len(self.rows), "little")
        return int(content[self.slot - 1 :: self.slot][::-1].translate(_SIGNS), 2)


class Products:
    """The products of rows with a vector: the rows (as bits) above and below 0, and those that are still to be computed."""

    def __init__(self, packed: PackedRows, vector: Sequence[int], above: int, below: int, unknown: int) -> None:
        self.rows, self.row_bits, self.vector = packed.rows, packed.most.bit_length(), vector
        self.above, self.below, self.unknown = above, below, unknown

    def negative(self, among: int) -> int:
        """Those of these rows (as bits) whose product is < 0. The steps that it takes are spent."""
        if among & self.unknown:
            self._compute(among & self.unknown)
        return self.below & among

    def positive(self, among: int) -> int:
        """Those of these rows (as bits) whose product is > 0. The steps that it takes are spent."""
        if among & self.unknown:
            self._compute(among & self.unknown)
        return self.above & among

    def _compute(self, wanted: int) -> None:
        text = f"{wanted:b}"
        size, place = len(text), text.find("1")
        bits, length = max(map(int.bit_length, self.vector)), len(self.vector)
        spend((size >> 5) + wanted.bit_count() * length * (1 + (bits * self.row_bits >> 18)))
        positive, negative = bytearray(size), bytearray(size)
        places = [i for i, value in enumerate(self.vector) if value]
        entries = itemgetter(*places) if len(places) > 1 else tuple
        vector, rows = entries(self.vector), self.rows
        while place >= 0:
            # Most are 0: a dual vector is tight where its bound is attained.
            product = sum(map(mul, vector, entries(rows[size - 1 - place])))
            if product:
                (positive if product > 0 else negative)[place] = 1
            place = text.find("1", place + 1)
        more, less = (int(flags.translate(_TEXT), 2) if 1 in flags else 0 for flags in (positive, negative))
        self.above |= more
        self.below |= less
        self.unknown &= ~wanted
