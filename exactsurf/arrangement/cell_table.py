"""Many cells at once: sign vectors and witnesses as integer arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.arrangement.hyperplanes import ArrangementCell
from exactsurf.arrangement.wall import Wall
from exactsurf.arrangement.working_memory import cells_at_once
from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import Matrix, Vector, pivot_columns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[Any]


@dataclass(frozen=True, eq=False)
class CellTable:
    """N cells: cell k has the signs `signs[k]` and the witness `numerators[k] / denominators[k]`.

    `signs`, N × n of int8; `numerators`, N × d, and `denominators`, N, positive (all 1 for a central arrangement), of
    int64, or of Python integers (dtype object) where those are needed. Exactness: exact.
    """

    signs: NDArray[np.int8]
    numerators: Integers
    denominators: Integers

    def __len__(self) -> int:
        return len(self.signs)

    def __iter__(self) -> Iterator[ArrangementCell]:
        known: dict[int, Fraction] = {}
        for begin in range(0, len(self), 4096):
            part = slice(begin, begin + 4096)
            rows = zip(self.signs[part].tolist(), self.numerators[part].tolist(), self.denominators[part].tolist(), strict=True)
            for signs, numerators, denominator in rows:
                if denominator == 1:
                    witness = tuple([known.get(v) or known.setdefault(v, Fraction(v)) for v in numerators])
                else:
                    witness = tuple([Fraction(v, denominator) for v in numerators])
                yield ArrangementCell(tuple(signs), witness)


_FEW_DIMENSIONS = 8
"""Up to this dimension cells are found by restrictions, beyond it depth first."""


def joined(tables: Sequence[CellTable]) -> CellTable:
    """The rows of several tables (at least one) in one."""
    import numpy as np

    names = ("signs", "numerators", "denominators")
    return CellTable(*(np.concatenate([getattr(table, name) for table in tables]) for name in names))


def cell_tables(walls: Sequence[Wall], normals: Matrix, offsets: Vector, block: int) -> Iterator[CellTable]:
    """The cells of an arrangement, about `block` at a time; see `Arrangement.cell_tables`.

    A central arrangement is symmetric: the cells on the positive side of its first wall are found, the others are their
    opposites. Otherwise a coordinate is added, and the cells where it is positive are found.
    """
    if block < 1:
        raise InputError("a block holds at least one cell", text=str(block), fix="block ≥ 1")
    import numpy as np

    from exactsurf.arrangement.sign_tree import enumerate_blocks_by_tree
    from exactsurf.arrangement.sign_vectors import enumerate_blocks

    dimension, count = len(normals[0]), len(normals)
    constant = [0 if any(a) else (t < 0) - (t > 0) for a, t in zip(normals, offsets, strict=True)]
    if not walls:
        yield CellTable(np.array([constant], dtype=np.int8), np.zeros((1, dimension), dtype=np.int64), np.ones(1, dtype=np.int64))
        return
    central = not any(wall.form[-1] for wall in walls)
    # Only the coordinates of a column basis matter: the others of a witness may be zero.
    kept = pivot_columns([wall.form[:-1] for wall in walls])
    forms = [[wall.form[p] for p in kept] for wall in walls]
    if not central:
        forms = [[0] * len(kept) + [1], *([*form, wall.form[-1]] for form, wall in zip(forms, walls, strict=True))]
    largest = max(abs(value) for form in forms for value in form)
    rows = np.array(forms, dtype=np.int64 if largest < 1 << 62 else object)
    place = np.zeros(count, dtype=np.intp)
    orientation = np.zeros(count, dtype=np.int8)
    for index, wall in enumerate(walls):
        place[list(wall.rows)] = index + (not central)
        orientation[list(wall.rows)] = wall.orientations
    fixed = np.array(constant, dtype=np.int8)

    limit = max(1, block // 2 if central else block)
    if rows.shape[1] <= _FEW_DIMENSIONS:
        found_blocks = enumerate_blocks(rows, limit, cells_at_once(rows.shape[1], len(rows)))
    else:
        found_blocks = enumerate_blocks_by_tree(rows, limit)
    for found in found_blocks:
        bits = np.unpackbits(found.keys.astype(">u8").view(np.uint8), axis=1, count=len(forms))
        signs = (bits.astype(np.int8) * 2 - 1)[:, place] * orientation + fixed
        points = found.points if found.points.dtype == object else found.points.astype(np.int64)
        points = points // np.abs(np.gcd.reduce(points, axis=1))[:, None]
        numerators = np.zeros((len(points), dimension), dtype=points.dtype)
        numerators[:, kept] = points[:, : len(kept)]
        if central:
            ones = np.ones(len(points), dtype=np.int64)
            yield CellTable(signs, numerators, ones)
            yield CellTable(fixed - (signs - fixed), -numerators, ones)
        else:
            yield CellTable(signs, numerators, points[:, -1])
