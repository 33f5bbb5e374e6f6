"""A table of rationals, one row per sample: integer numerators over one denominator per column.

Decimal data have a common denominator per column, so a table of millions of cells stays a tuple of (shared) integers, and
its products with weights run as integer matrix products in FLINT.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING, Any

from exactsurf.effort import look
from exactsurf.exact.linear_algebra import Matrix, Vector, common_denominator, from_flint, solve_normal_equations
from exactsurf.exact.scaled_vector import ScaledVector

if TYPE_CHECKING:
    from flint import fmpz_mat


@dataclass(frozen=True)
class RationalTable:
    """`rows` × `columns` rationals: entry (i, j) is numerators[i·columns + j] / denominators[j].

    Exactness: exact. Raises: nothing. Source: README.md, "Numbers".

    >>> table = RationalTable.from_rows([[Fraction(1, 2), Fraction(3)], [Fraction(1), Fraction(4)]])
    >>> table.row(0), table.denominators
    ((Fraction(1, 2), Fraction(3, 1)), (2, 1))
    """

    rows: int
    columns: int
    numerators: tuple[int, ...]
    denominators: tuple[int, ...]

    @staticmethod
    def from_values(values: Sequence[Fraction | int], rows: int, columns: int) -> RationalTable:
        """The table of `values` in row-major order."""
        if set(map(type, values)) <= {int}:
            return RationalTable(rows, columns, tuple(values), (1,) * columns)  # type: ignore[arg-type]
        denominators = tuple(lcm(*{v.denominator for v in values[j::columns]}) for j in range(columns))
        numerators: list[int] = [0] * len(values)
        for j, common in enumerate(denominators):
            numerators[j::columns] = [v.numerator * (common // v.denominator) for v in values[j::columns]]
        return RationalTable(rows, columns, tuple(numerators), denominators)

    @staticmethod
    def from_rows(rows: Sequence[Sequence[Fraction]]) -> RationalTable:
        """The table of `rows`, which all have the same length."""
        return RationalTable.from_values([v for row in rows for v in row], len(rows), len(rows[0]) if rows else 0)

    def row(self, i: int) -> Vector:
        """Row `i` as Fractions."""
        numerators = self.integer_row(i)
        if set(self.denominators) == {1}:
            # Data of integers have few different ones, and a Fraction takes longer to make than to look up.
            known = {value: Fraction(value) for value in set(numerators)}
            return tuple(map(known.__getitem__, numerators))
        return tuple(map(Fraction, numerators, self.denominators))

    def integer_row(self, i: int) -> tuple[int, ...]:
        """The numerators of row `i`; two rows are equal if and only if these are."""
        return self.numerators[i * self.columns : (i + 1) * self.columns]

    def column(self, j: int) -> ScaledVector:
        """Column `j`, one value per row."""
        return ScaledVector(self.numerators[j :: self.columns], self.denominators[j])

    def __iter__(self) -> Iterator[Vector]:
        return (self.row(i) for i in range(self.rows))

    def __len__(self) -> int:
        return self.rows

    def __getstate__(self) -> dict[str, Any]:
        # FLINT matrices do not pickle; the cached one is rebuilt where it is needed.
        return {name: value for name, value in self.__dict__.items() if name != "_integers"}

    @cached_property
    def _integers(self) -> fmpz_mat:
        from flint import fmpz_mat

        return fmpz_mat(self.rows, self.columns, self.numerators)

    def affine_image(self, weights: Sequence[Sequence[Fraction]], constants: Sequence[Fraction]) -> tuple[ScaledVector, ...]:
        """For every row w of `weights` (k × columns) and its constant c the vector (w·x_i + c)_i, x_i the table's rows.

        Exactness: exact; one integer matrix product. Raises: nothing for fitting shapes. Source: theory.md, section 1.
        """
        from flint import fmpz_mat

        if not weights:
            return ()
        scaled = [tuple(w / d for w, d in zip(row, self.denominators, strict=True)) for row in weights]
        commons = [lcm(common_denominator(row), c.denominator) for row, c in zip(scaled, constants, strict=True)]
        entries = [
            row[j].numerator * (common // row[j].denominator)
            for j in range(self.columns)
            for row, common in zip(scaled, commons, strict=True)
        ]
        product = (self._integers * fmpz_mat(self.columns, len(weights), entries)).entries()
        images = []
        for k, (common, constant) in enumerate(zip(commons, constants, strict=True)):
            shift = constant.numerator * (common // constant.denominator)
            images.append(ScaledVector(tuple(int(v) + shift for v in product[k :: len(weights)]), common).reduced())
        return tuple(images)

    def weighted_sums(self, weights: Sequence[ScaledVector]) -> Matrix:
        """Σ_i weights[k][i] x_i for every k: k rows of `columns` numbers.

        Exactness: exact. Raises: nothing for vectors with one entry per row. Source: theory.md, sections 3 and 5.
        """
        from flint import fmpz_mat

        if not weights:
            return ()
        left = fmpz_mat(len(weights), self.rows, [n for vector in weights for n in vector.numerators])
        product, sums = (left * self._integers).entries(), []
        for k, vector in enumerate(weights):
            look("weighted sums of the inputs are computed")
            entries = product[k * self.columns : (k + 1) * self.columns]
            sums.append(tuple(Fraction(int(n), vector.denominator * d) for n, d in zip(entries, self.denominators, strict=True)))
        return tuple(sums)

    def affine_least_squares(self, targets: RationalTable) -> tuple[Matrix, Vector]:
        """(A, a) that minimise Σ_i ‖A x_i + a − y_i‖²: A is targets.columns × columns, a has targets.columns entries.

        Columns that earlier ones make redundant get the coefficient 0. Exactness: exact (normal equations).
        Raises: nothing. Source: papers.md, section 1 (the linear least squares fit).
        """
        from flint import fmpq_mat, fmpz_mat

        size, k = self.columns + 1, targets.columns
        # The column of ones comes first, so that constant columns are the redundant ones.
        padded: list[int] = []
        for i in range(self.rows):
            padded.append(1)
            padded.extend(self.integer_row(i))
        design = fmpz_mat(self.rows, size, padded)
        del padded
        transposed = design.transpose()
        gram = fmpq_mat(transposed * design)
        moment = fmpq_mat(transposed * fmpz_mat(self.rows, k, targets.numerators))
        solution = from_flint(solve_normal_equations(gram, moment))
        slopes = tuple(
            tuple(solution[j + 1][c] * self.denominators[j] / targets.denominators[c] for j in range(self.columns))
            for c in range(k)
        )
        return slopes, tuple(solution[0][c] / targets.denominators[c] for c in range(k))
