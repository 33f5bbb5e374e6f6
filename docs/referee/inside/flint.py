"""The product of integer matrices, under the name that FLINT has for it: all that the words of a certificate need of FLINT.

It runs in the browser only, for the text below a verdict; the verifier uses none of it.
"""

from __future__ import annotations

from collections.abc import Sequence


class fmpz_mat:  # noqa: N801
    """An integer matrix by rows."""

    def __init__(self, rows: int, columns: int, entries: Sequence[int]) -> None:
        self._rows, self._columns, self._entries = rows, columns, list(entries)

    def __mul__(self, other: fmpz_mat) -> fmpz_mat:
        rows = [self._entries[k * self._columns : (k + 1) * self._columns] for k in range(self._rows)]
        columns = [other._entries[k :: other._columns] for k in range(other._columns)]
        products = [sum(a * b for a, b in zip(row, column, strict=True)) for row in rows for column in columns]
        return fmpz_mat(self._rows, other._columns, products)

    def entries(self) -> list[int]:
        """Row after row."""
        return self._entries
