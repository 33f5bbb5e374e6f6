"""Arrangements of hyperplanes in Q^d and their open cells, each with an exact witness inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exactsurf.arrangement.hyperplanes import ArrangementCell, Hyperplanes
from exactsurf.errors import InputError
from exactsurf.exact.number import whole_number

if TYPE_CHECKING:
    from exactsurf.arrangement.cell_table import CellTable
    from exactsurf.arrangement.characteristic_polynomial import Progress
    from exactsurf.arrangement.facets import Facet
    from exactsurf.arrangement.generators import Generators


@dataclass(frozen=True, init=False)
class Arrangement(Hyperplanes):
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

        Parameters: `block`, about how many cells come together. More are worked on together if there is memory for them
        (see `cells_in_memory`), which changes neither cells nor order, only which point of a cell is its witness.
        Exactness: exact. Raises: `InputError` if `block` < 1.
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

        whole_number(limit, "the limit of cells")
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

        self.check_cell(cell)
        return find_generators(self, cell)
