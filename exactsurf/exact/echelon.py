"""The reduced row echelon form of a rational matrix: its first independent columns, and how the others depend on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from exactsurf.errors import ShapeError
from exactsurf.exact.foreseen import foresee_reducing, is_small

_PRIME = (1 << 61) - 1


@dataclass(frozen=True)
class Echelon:
    """What the reduced row echelon form of a matrix says.

    Attributes: `pivots`, the first columns that are a basis of the column space; `free`, all others; `shares`, a row for each
    pivot and an integer for each free column; `denominator` of the integers; `scales`, what each column was multiplied with.
    """

    pivots: list[int]
    free: list[int]
    shares: list[list[int]]
    denominator: int
    scales: list[int]

    def share(self, k: int, c: int) -> Fraction:
        """How often the k-th pivot column goes into the c-th free column."""
        above, below = self.scales[self.pivots[k]], self.scales[self.free[c]]
        return Fraction(self.shares[k][c] * above, self.denominator * below)

    def rows(self) -> tuple[tuple[Fraction, ...], ...]:
        """The rows of the reduced row echelon form that are not 0."""
        found = []
        for k, pivot in enumerate(self.pivots):
            row = [Fraction(0)] * len(self.scales)
            row[pivot] = Fraction(1)
            for c, column in enumerate(self.free):
                row[column] = self.share(k, c)
            found.append(tuple(row))
        return tuple(found)


def echelon(rows: Sequence[Sequence[Fraction | int]], tried: str) -> Echelon:
    """The reduced row echelon form, computed over the integers with one denominator for each column.

    Over the rationals FLINT clears rows: 20 × 200 fractions of 30 bits take it 30 times as long.
    Parameters: `rows`, at least one, of one length; `tried`, what is being done, in words. Exactness: exact.
    Raises: `ShapeError` if the rows differ in length; `OutOfTime` if the effort that governs is too short. Source: standard.

    >>> found = echelon([[Fraction(1, 2), Fraction(1), Fraction(1, 3)]], "a line is looked for")
    >>> found.pivots, [str(found.share(0, c)) for c in range(2)]
    ([0], ['2', '2/3'])
    """
    from flint import fmpz_mat, nmod_mat

    height, width = len(rows), len(rows[0])
    for index, row in enumerate(rows):
        if len(row) != width:
            raise ShapeError(f"row {index} of the matrix", (width,), (len(row),))
    scales = [lcm(*[value.denominator for value in column]) for column in zip(*rows, strict=True)]
    entries = [value.numerator * (d // value.denominator) for row in rows for value, d in zip(row, scales, strict=True)]
    matrix = fmpz_mat(height, width, entries)
    if not is_small(height, width):
        # Columns that are independent modulo a prime are independent.
        rank = int(nmod_mat(matrix, _PRIME).rank())
        if rank == width:
            return Echelon(list(range(width)), [], [[] for _ in range(width)], 1, scales)
        foresee_reducing(rank, width - rank, max(value.bit_length() for value in entries), tried)
    reduced, denominator, rank = matrix.rref()
    table = reduced.tolist()[: int(rank)]
    pivots = [next(j for j, value in enumerate(row) if value) for row in table]
    free = sorted(set(range(width)) - set(pivots))
    return Echelon(pivots, free, [[int(row[j]) for j in free] for row in table], int(denominator), scales)
