"""Hyperplanes in Q^d, read exactly: their walls, the signs of a point, and what an open cell is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import mul

from exactsurf.arrangement.wall import Wall, find_walls
from exactsurf.errors import InputError, ShapeError
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import Exact, exact
from exactsurf.exact.scaled_vector import ScaledVector


@dataclass(frozen=True)
class ArrangementCell:
    """An open cell: the sign of every row on it, and a point strictly inside.

    `signs[i]` is the sign of a_i·w − t_i: ±1, and 0 only for a zero row with offset 0. `witness` has d entries.
    """

    signs: tuple[int, ...]
    witness: Vector


@dataclass(frozen=True, init=False)
class Hyperplanes:
    """The rows of an arrangement with their walls; what is asked about its cells stands in `Arrangement`."""

    normals: Matrix
    offsets: Vector

    def __init__(self, normals: Sequence[Sequence[Exact]], offsets: Sequence[Exact] | None = None) -> None:
        rows = [tuple(row) for row in normals]
        if not rows:
            raise InputError("an arrangement needs at least one row", fix="give the normals as n rows of d numbers")
        dimension = len(rows[0])
        if dimension == 0:
            raise InputError("an arrangement needs a dimension of at least 1", fix="give the normals as n rows of d numbers")
        for i, row in enumerate(rows):
            if len(row) != dimension:
                raise ShapeError(f"normal {i} of the arrangement", (dimension,), (len(row),))
        levels = [0] * len(rows) if offsets is None else list(offsets)
        if len(levels) != len(rows):
            raise ShapeError("the offsets of the arrangement", (len(rows),), (len(levels),))
        exact_rows = tuple(tuple(exact(value, f"normal {i}") for value in row) for i, row in enumerate(rows))
        object.__setattr__(self, "normals", exact_rows)
        object.__setattr__(self, "offsets", tuple(exact(value, f"offset {i}") for i, value in enumerate(levels)))

    @property
    def dimension(self) -> int:
        """d."""
        return len(self.normals[0])

    @cached_property
    def walls(self) -> tuple[Wall, ...]:
        """The different hyperplanes; rows with the same one flip together."""
        return find_walls(self.normals, self.offsets)

    @property
    def is_central(self) -> bool:
        """Whether all walls contain the origin."""
        return not any(wall.form[-1] for wall in self.walls)

    def signs_at(self, point: Sequence[Fraction]) -> tuple[int, ...]:
        """The sign of a_i·w − t_i at the point w for every row i; 0 on its wall.

        Parameters: `point`, d numbers. Exactness: exact. Raises: `ShapeError`; `InexactNumberError` for a float.
        Source: the definition.

        >>> import exactsurf as es
        >>> es.Arrangement([[1, 0], [1, 1]]).signs_at((Fraction(1), Fraction(-1)))
        (1, 0)
        """
        if len(point) != self.dimension:
            raise ShapeError("the point", (self.dimension,), (len(point),))
        scaled = ScaledVector.from_fractions([w if isinstance(w, Fraction) else exact(w, "the point") for w in point])
        extended = (*scaled.numerators, scaled.denominator)
        values = (sum(map(mul, row, extended)) for row in self._rows)
        return tuple((value > 0) - (value < 0) for value in values)

    @cached_property
    def _rows(self) -> tuple[tuple[int, ...], ...]:
        """Positive multiples of (a_i, −t_i) in integers."""
        pairs = zip(self.normals, self.offsets, strict=True)
        return tuple(ScaledVector.from_fractions((*normal, -offset)).numerators for normal, offset in pairs)

    def check_cell(self, cell: ArrangementCell) -> None:
        """Raise `InputError` unless the witness of `cell` has its signs and lies on no wall."""
        if self.signs_at(cell.witness) != cell.signs:
            raise InputError("the signs of the cell are not those of its witness", text=str(cell.signs))
        if any(not cell.signs[wall.rows[0]] for wall in self.walls):
            raise InputError("the witness of the cell lies on a wall", text=str(cell.signs))
