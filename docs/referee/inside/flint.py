"""Matrices of integers and of rationals, under the names that FLINT has for them: all that the words of a certificate need.

It runs in the browser only, for the text below a verdict; the verifier uses none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


class fmpq(Fraction):  # noqa: N801
    """A rational number."""

    @property
    def p(self) -> int:
        """The numerator."""
        return self.numerator

    @property
    def q(self) -> int:
        """The denominator."""
        return self.denominator


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


class fmpq_mat:  # noqa: N801
    """A rational matrix by rows."""

    def __init__(self, rows: int, columns: int, entries: Sequence[Fraction]) -> None:
        self._lines = [list(entries[k * columns : (k + 1) * columns]) for k in range(rows)]
        self._columns = columns

    def nrows(self) -> int:
        """The number of rows."""
        return len(self._lines)

    def ncols(self) -> int:
        """The number of columns."""
        return self._columns

    def tolist(self) -> list[list[Fraction]]:
        """The rows."""
        return self._lines

    def entries(self) -> list[fmpq]:
        """Row after row."""
        return [fmpq(value) for line in self._lines for value in line]

    def rank(self) -> int:
        """The rank."""
        return self.rref()[1]

    def rref(self) -> tuple[fmpq_mat, int]:
        """The reduced row echelon form, and the rank."""
        lines, rank = [list(line) for line in self._lines], 0
        for column in range(self._columns):
            pivot = next((k for k in range(rank, len(lines)) if lines[k][column]), None)
            if pivot is None:
                continue
            lines[rank], lines[pivot] = lines[pivot], lines[rank]
            own = [value / lines[rank][column] for value in lines[rank]]
            for k, line in enumerate(lines):
                if k != rank and line[column]:
                    lines[k] = [a - line[column] * b for a, b in zip(line, own, strict=True)]
            lines[rank] = own
            rank += 1
        return fmpq_mat(len(lines), self._columns, [value for line in lines for value in line]), rank
