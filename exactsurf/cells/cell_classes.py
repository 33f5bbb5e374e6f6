"""The cells of one unit up to symmetries of the inputs: one of each class, with the number of cells in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exactsurf.arrangement.cell_table import CellTable
from exactsurf.cells.unit_cells import UnitCell, unit_arrangement, unit_pieces
from exactsurf.model.problem import Problem
from exactsurf.model.sample_symmetries import input_symmetries

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[Any]

MAX_LISTED = 1_000_000
"""Cells of one unit that are listed, and sorted into classes, unless told otherwise."""


@dataclass(frozen=True)
class CellClass:
    """Cells that symmetries lead to each other: `cell`, one of them, and `size`, their number.

    Exactness: exact. Source: proofs/data_symmetries.md.
    """

    cell: UnitCell
    size: int


@dataclass(frozen=True)
class CellClasses:
    """The classes of the cells of one unit, the largest first.

    `symmetries`, the number of permutations of the inputs that linear maps make (affine ones with a bias); `is_turned`, whether
    a unit may also be turned round, w to −w, which takes cells to cells. Exactness: exact. Source: proofs/data_symmetries.md.
    """

    symmetries: int
    is_turned: bool
    classes: tuple[CellClass, ...]

    @property
    def cells(self) -> int:
        """The number of all cells."""
        return sum(one.size for one in self.classes)


def cell_classes(problem: Problem, *, limit: int = MAX_LISTED) -> CellClasses:
    """The cells of one hidden unit, up to symmetries of the inputs and up to turning the unit round.

    Targets and weights of samples do not matter: cells depend on inputs alone. For all corners of a cube with a bias the
    classes are those of threshold functions up to negating and permuting inputs and negating the output (NPN classes).
    Parameters: a problem with one hidden layer, or the first layer of a deeper one; `limit`, the most cells to list.
    Exactness: exact. Raises: as `count_cells`, and `InputError` with the number of cells if there are more than `limit`.
    Source: proofs/data_symmetries.md; Muroga, "Threshold Logic and its Applications", 1971 (numbers of NPN classes).

    >>> import exactsurf as es
    >>> corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> found = es.cell_classes(es.Problem(es.Network([2, 1, 1]), es.Data.from_arrays(corners, [0, 1, 1, 0])))
    >>> found.cells, found.symmetries, [(one.cell.pieces, one.size) for one in found.classes]
    (14, 8, [((1, 0, 0, 0), 8), ((1, 0, 1, 0), 4), ((1, 1, 1, 1), 2)])
    """
    import numpy as np

    arrangement, group = unit_arrangement(problem), input_symmetries(problem)
    table = arrangement.cell_table(limit)
    points = problem.network.activation.breakpoints
    count = len(points)
    moves = [np.array([i * count + k for i in one.samples for k in range(count)]) for one in group.generators]
    signs = table.signs
    names = _names(signs)
    order = np.argsort(names)
    images = [order[np.searchsorted(names[order], _names(signs[:, rows]))] for rows in moves]
    is_turned = tuple(-point for point in reversed(points)) == tuple(points)
    if is_turned:
        rows = np.array([i * count + k for i in range(len(problem.data)) for k in reversed(range(count))])
        constant = np.array([not any(normal) for normal in arrangement.normals])
        # A row without a wall has its sign everywhere; turning the unit round takes breakpoint t to −t there, too.
        turned = np.where(constant, signs, -signs[:, rows])
        images.append(order[np.searchsorted(names[order], _names(turned))])
    least = _least(len(table), images)
    first, sizes = np.unique(least, return_counts=True)
    chosen = np.lexsort((first, -sizes))
    shown = first[chosen]
    cells = CellTable(signs[shown], table.numerators[shown], table.denominators[shown])
    classes = (
        CellClass(UnitCell(unit_pieces(cell, count), cell.witness), size)
        for cell, size in zip(cells, sizes[chosen].tolist(), strict=True)
    )
    return CellClasses(group.order, is_turned, tuple(classes))


def _names(signs: Integers) -> Integers:
    """Rows of signs as single values that are equal where the rows are."""
    import numpy as np

    packed = np.ascontiguousarray(np.packbits(signs > 0, axis=1))
    names: Integers = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    return names


def _least(count: int, images: list[Integers]) -> Integers:
    """For every cell the least one of its class."""
    import numpy as np

    least = np.arange(count)
    while True:
        before = least.copy()
        for image in images:
            np.minimum(least, least[image], out=least)
            np.minimum.at(least, image, least.copy())
        least = least[least]
        if (least == before).all():
            return least
