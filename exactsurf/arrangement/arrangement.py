"""Arrangements of hyperplanes in Q^d and their open cells, each with an exact witness inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from exactsurf.arrangement.wall import Wall, find_walls
from exactsurf.errors import InputError, ShapeError
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import Exact, exact

if TYPE_CHECKING:
    from exactsurf.arrangement.cell_table import CellTable
    from exactsurf.arrangement.characteristic_polynomial import Progress
    from exactsurf.arrangement.facets import Facet
    from exactsurf.arrangement.generators import Generators


@dataclass(frozen=True)
class ArrangementCell:
    """An open cell: the sign of every row on it, and a point strictly inside.

    `signs[i]` is the sign of a_i·w − t_i: ±1, and 0 only for a zero row with offset 0. `witness` has d entries.
    """

    signs: tuple[int, ...]
    witness: Vector


@dataclass(frozen=True, init=False)
class Arrangement:
    """The hyperplanes {w : a_i·w = t_i} in Q^d, i < n. The rows may repeat, be opposite, parallel or zero.

    A zero row has no wall: its sign is that of −t_i everywhere. If no row has a wall there is one cell, the whole space.

    Parameters: `normals`, n ≥ 1 vectors a_i of length d ≥ 1; `offsets`, n numbers t_i (default: all 0, a central
    arrangement); all of them anything that `exact()` takes.
    Exactness: exact; sign vectors and witnesses are found in integer arithmetic.
    Raises: `InputError` if there is no row or no column, `ShapeError` if the rows or the offsets differ in length,
    `InexactNumberError` for a float.
    Source: theory.md, section 2; Zaslavsky, "Facing up to arrangements", Mem. AMS 154 (1975).

    >>> import exactsurf as es
    >>> axes_and_diagonal = es.Arrangement([[1, 0], [0, 1], [1, 1]])
    >>> axes_and_diagonal.count_cells(), len(list(axes_and_diagonal.cells()))
    (6, 6)
    >>> [cell.signs for cell in es.Arrangement([[1], [2], [0]], offsets=["1/2", 4, -1]).cells()]
    [(-1, -1, 1), (1, -1, 1), (1, 1, 1)]
    """

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

        Parameters: `point`, d numbers. Exactness: exact. Raises: `ShapeError`. Source: the definition.

        >>> import exactsurf as es
        >>> es.Arrangement([[1, 0], [1, 1]]).signs_at((Fraction(1), Fraction(-1)))
        (1, 0)
        """
        if len(point) != self.dimension:
            raise ShapeError("the point", (self.dimension,), (len(point),))
        values = (
            sum((a * w for a, w in zip(normal, point, strict=True)), -offset)
            for normal, offset in zip(self.normals, self.offsets, strict=True)
        )
        return tuple((value > 0) - (value < 0) for value in values)

    def count_cells(self, progress: Progress | None = None) -> int:
        """The number of cells, by Zaslavsky's theorem: no cell is listed and no linear program solved.

        Parameters: `progress`, called with the hyperplanes that are done, and all; each takes longer than the one before.
        Exactness: exact, and independent of `cells`. Raises: nothing.
        Source: Zaslavsky 1975; see `characteristic_polynomial`.

        >>> import exactsurf as es
        >>> es.Arrangement([[1, 0], [0, 1]], offsets=[0, 3]).count_cells()
        4
        """
        from exactsurf.arrangement.characteristic_polynomial import betti_numbers

        return sum(betti_numbers(self, progress))

    def cells(self, block: int = 1 << 17) -> Iterator[ArrangementCell]:
        """Every open cell exactly once, with a witness, lazily; the order is the same on every run.

        Parameters: `block`, about how many cells are worked on together: memory grows with it, not with the number of
        cells. Exactness: exact. Raises: `InputError` if `block` < 1.
        Source: see `sign_vectors`.

        >>> import exactsurf as es
        >>> next(es.Arrangement([[1, 0], [0, 1]]).cells()).signs
        (1, -1)
        """
        for table in self.cell_tables(block):
            yield from table

    def cell_tables(self, block: int = 1 << 17) -> Iterator[CellTable]:
        """All cells as arrays, about `block` at a time; as `cells`, without a Python object for each cell.

        Parameters, Exactness, Raises, Source: as for `cells`.

        >>> import exactsurf as es
        >>> sum(len(table) for table in es.Arrangement([[1, 0], [0, 1], [1, 1]]).cell_tables(block=2))
        6
        """
        from exactsurf.arrangement.cell_table import cell_tables

        return cell_tables(self.walls, self.normals, self.offsets, block)

    def cell_table(self, limit: int = 20_000_000) -> CellTable:
        """All cells at once, as arrays.

        Parameters: `limit`, the largest number of cells to hold in memory. Exactness: exact.
        Raises: `InputError` with the exact number of cells if there are more than `limit`; else as `cells`.
        Source: as for `cells`.

        >>> import exactsurf as es
        >>> es.Arrangement([[1, 0], [0, 1]]).cell_table().signs.shape
        (4, 2)
        """
        from exactsurf.arrangement.cell_table import joined

        tables, count = [], 0
        for table in self.cell_tables():
            count += len(table)
            if count > limit:
                raise InputError(
                    f"the arrangement has {self.count_cells()} cells, more than the limit of {limit}",
                    fix="go through them with cells() or cell_tables(), which keep few in memory, or raise the limit",
                )
            tables.append(table)
        return joined(tables)

    def facets(self, cell: ArrangementCell) -> tuple[Facet, ...]:
        """The walls that bound a cell, each with a point of the facet and the cell beyond it; see `decide_walls`.

        Parameters: `cell`, with its witness. Exactness: exact, each with its proof.
        Raises: `InputError` if the signs of the cell are not those of its witness. Source: see `decide_walls`.

        >>> import exactsurf as es
        >>> square = es.Arrangement([[1, 0], [1, 0], [0, 1], [0, 1]], offsets=[0, 1, 0, 1])
        >>> [len(square.facets(cell)) for cell in square.cells()]
        [2, 3, 2, 3, 4, 3, 2, 3, 2]
        """
        from exactsurf.arrangement.facets import Facet, decide_walls

        return tuple(answer for answer in decide_walls(self, cell) if isinstance(answer, Facet))

    def generators(self, cell: ArrangementCell) -> Generators:
        """Vertices, extreme rays and lineality basis of the closed cell; see `find_generators`.

        Parameters, Raises: as for `facets`. Exactness: exact. Source: see `find_generators`.

        >>> import exactsurf as es
        >>> quadrants = es.Arrangement([[1, 0, 0], [0, 1, 0]])
        >>> [len(quadrants.generators(cell).rays) for cell in quadrants.cells()]
        [2, 2, 2, 2]
        """
        from exactsurf.arrangement.generators import find_generators

        return find_generators(self, cell)

    def check_cell(self, cell: ArrangementCell) -> None:
        """Raise `InputError` unless the witness of `cell` has its signs and lies on no wall."""
        if self.signs_at(cell.witness) != cell.signs:
            raise InputError("the signs of the cell are not those of its witness", text=str(cell.signs))
        if any(not cell.signs[wall.rows[0]] for wall in self.walls):
            raise InputError("the witness of the cell lies on a wall", text=str(cell.signs))
