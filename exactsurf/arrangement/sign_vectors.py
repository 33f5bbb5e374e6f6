"""All cells of a central arrangement in a half-space, from restrictions alone: no linear program is solved.

A hyperplane H_k cuts exactly those cells of the hyperplanes before it that meet it, and they meet it in the cells of the
restriction to H_k, an arrangement of one dimension less. So the cells of the restrictions give two points for each cut,
one on either side, and every cell holds a point of the last cut that bounded it. Counting the cuts says how many cells
there are, and that many different sign vectors must have been found: a contradiction is an internal error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.arrangement.lines_in_plane import planar_points
from exactsurf.arrangement.machine_integers import fitting, largest_entry, narrowed, product
from exactsurf.arrangement.restriction import first_of_their_kind, lifted, restricted, unit_beside
from exactsurf.arrangement.sign_key import among, comparable, division, prefixes, sign_keys
from exactsurf.effort import look
from exactsurf.errors import InternalError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[Any]
    Keys: TypeAlias = NDArray[np.uint64]

_BATCH = 1 << 12
"""Points whose signs are computed at once: about as many as a cache holds."""

_LARGE = 1 << 12
"""Points from which on the memory for their coordinates matters."""

_KEPT = 1 << 20
"""Cells of small restrictions that are kept, since the same restriction comes up again and again."""

_MOST_LINES = 256
"""Lines of a plane are treated all at once up to this number."""


@dataclass(frozen=True, eq=False)
class Block:
    """Some cells: a point in each (N × d integers) and their sign vectors as sorted keys (N × words)."""

    points: Integers
    keys: Keys


@dataclass(frozen=True, eq=False)
class Sieve:
    """Only cells whose signs on the first `level` rows are among `keys` (sorted, at least one) are wanted."""

    level: int
    keys: Keys


Sieves: TypeAlias = tuple[Sieve, ...]
"""By rising level; what passes a sieve passes those before it."""


def enumerate_blocks(rows: Integers, limit: int, room: int | None = None) -> Iterator[Block]:
    """The cells with c_0·x > 0 of the arrangement with normals c_i, each once, in blocks of about `limit` cells.

    Parameters: `rows`, m × d integers (int64 or object), pairwise not parallel, none zero; `limit` ≥ 1; `room`, about how many
    cells are worked on together (default: `limit`): with more of them less is done twice. Blocks are the same for every `room`,
    but for which point of a cell is its witness.
    Exactness: exact; int64 is left for Python's integers where a bound does not exclude an overflow.
    Memory: O(m · d · room · log(cells / room)), whatever the number of cells.
    Raises: `InternalError` if the number of sign vectors found is not the number of cuts plus one.
    Source: theory.md, section 2; Zaslavsky, Mem. AMS 154 (1975) (deletion and restriction).
    """
    search = _Search(-(-len(rows) // 64))
    together = limit if room is None else max(limit, room)
    yield from search.blocks(rows, (), 1, search.half_space(rows), limit, together, 1)


class _Search:
    """One enumeration: the number of words of a key, and the cells of small restrictions met so far."""

    def __init__(self, words: int) -> None:
        self.words = words
        self.known: dict[tuple[int, bytes], Block] = {}
        self.room = _KEPT

    def blocks(
        self, rows: Integers, sieves: Sieves, level: int, start: Block, limit: int, room: int, divided: int
    ) -> Iterator[Block]:
        """The cells inside those of `start`, which are cells of the first `level` rows.

        A block is divided between cells of as few rows as bring more than `limit`; by cells of the first `divided` rows it is
        divided already.
        """
        block = start
        if level < len(rows):
            level, block = self.grow(rows, sieves, level, start, room)
        heads = None if len(block.keys) <= limit else division(block.keys, limit, divided, len(rows) - 1)
        if heads is None:
            yield block
            return
        divided, begins = heads
        size = max(1, min(limit // 2, -(-len(begins) // 2)))
        ends = [*begins[size::size].tolist(), len(block.keys)]
        for begin, end in zip(begins[::size].tolist(), ends, strict=True):
            part = Block(block.points[begin:end], block.keys[begin:end])
            inside = sieves if level == len(rows) else (*sieves, Sieve(level, part.keys))
            yield from self.blocks(rows, inside, level, part, limit, room, divided)

    def cells(self, rows: Integers, sieves: Sieves) -> Block:
        """All cells with c_0·x > 0 that pass the sieves of the levels that `rows` reaches."""
        count, dimension = rows.shape
        usable = sum(sieve.level <= count for sieve in sieves)
        if dimension <= 3 or not usable:
            whole = self.whole(rows)
            return self.sifted(whole, sieves[usable - 1]) if usable else whole
        sieve, earlier = sieves[usable - 1], sieves[: usable - 1]
        start = self.sifted(self.cells(rows[: sieve.level], earlier), sieve)
        return self.grow(rows, sieves, sieve.level, start, None)[1] if len(start.keys) else start

    def whole(self, rows: Integers) -> Block:
        """All cells with c_0·x > 0; remembered in low dimension."""
        key = None
        if rows.shape[1] <= 4 and rows.dtype != object:
            key = (rows.shape[1], rows.tobytes())
            found = self.known.get(key)
            if found is not None:
                return found
        block = self.grow(rows, (), 1, self.half_space(rows), None)[1]
        if key is not None and len(block.keys) < _KEPT // 16:
            self.room -= len(block.keys)
            if self.room < 0:
                self.known.clear()
                self.room = _KEPT - len(block.keys)
            self.known[key] = block
        return block

    def sifted(self, block: Block, sieve: Sieve) -> Block:
        chosen = among(prefixes(block.keys, sieve.level), sieve.keys)
        return Block(block.points[chosen], block.keys[chosen])

    def half_space(self, rows: Integers) -> Block:
        """The half-space c_0·x > 0 itself, on which only the sign of row 0 is known."""
        import numpy as np

        point = np.zeros((1, rows.shape[1]), dtype=rows.dtype)
        pivot, sign = unit_beside(rows[0].tolist())
        point[0, pivot] = sign
        return Block(point, sign_keys(np.ones((1, 1), dtype=bool), 0, self.words))

    def grow(self, rows: Integers, sieves: Sieves, level: int, start: Block, limit: int | None) -> tuple[int, Block]:
        """The cells of `rows` from those of the first `level` rows, or of as many rows as bring more than `limit`."""
        import numpy as np

        table = rows.tolist()
        largest = largest_entry(rows)
        reach = np.maximum.accumulate(np.abs(rows), axis=0).tolist()
        fresh = first_of_their_kind(table)
        if level == 1 and 2 < len(fresh) <= _MOST_LINES and rows.shape[1] == 3 and rows.dtype != object:
            found = planar_points(rows[fresh])
            if found is not None:
                points = np.concatenate((start.points, found[0]))
                parts = [(0, points, np.zeros((len(points), self.words), dtype=np.uint64))]
                return len(rows), self.merged(rows, parts, found[1])
        size, reached = len(start.keys), len(rows)
        parts = [(level, start.points, start.keys)]
        for k in fresh:
            if k < level:
                continue
            look("cells are listed")
            pivot, sign = unit_beside(table[k])
            cells = self.cells(restricted(rows, table, k, pivot, largest), sieves)
            if not len(cells.keys):
                continue
            size += len(cells.keys)
            points = lifted(cells.points, table[k], pivot)
            factor = 1 + reach[k - 1][pivot]
            points = fitting(points, (largest_entry(points) + 1) * factor) * factor
            for side in (1, -1):
                beside = points.copy()
                beside[:, pivot] += side * sign
                parts.append((k, beside if len(beside) < _LARGE else narrowed(beside), cells.keys))
            if limit is not None and size > limit and k + 1 < len(rows):
                reached = k + 1
                break
        return reached, self.merged(rows[:reached], parts, size)

    def merged(self, rows: Integers, parts: list[tuple[int, Integers, Keys]], size: int) -> Block:
        """The `size` cells that hold the given points: (k, points, keys) with the signs on the rows before k known."""
        import numpy as np

        located: list[Block] = []
        group: list[tuple[int, Integers, Keys]] = []
        pending = 0
        for part in parts:
            group.append(part)
            pending += len(part[2])
            if pending >= _BATCH or part is parts[-1]:
                found = self.signed(rows, group)
                located += found if size < _LARGE else (Block(narrowed(block.points), block.keys) for block in found)
                group, pending = [], 0
        parts.clear()
        keys = np.concatenate([block.keys for block in located])
        points = np.concatenate([block.points for block in located])
        _, index = np.unique(comparable(keys), return_index=True)
        if len(index) != size:
            raise InternalError(f"{size} cells were cut off, {len(index)} sign vectors were found")
        return Block(points[index], keys[index])

    def signed(self, rows: Integers, group: list[tuple[int, Integers, Keys]]) -> Iterator[Block]:
        """The points of a group that lie on no row, with all their signs."""
        import numpy as np

        first = min(k for k, _, _ in group)
        all_points = np.concatenate([points for _, points, _ in group])
        all_keys = np.concatenate([keys for _, _, keys in group])
        transposed = rows[first:].T
        for begin in range(0, len(all_keys), _BATCH):
            points, keys = all_points[begin : begin + _BATCH], all_keys[begin : begin + _BATCH]
            if first < len(rows):
                values = product(points, transposed)
                keys = keys | sign_keys(values > 0, first, self.words)
                inside = (values != 0).all(axis=1)
                if not inside.all():
                    points, keys = points[inside], keys[inside]
            yield Block(points, keys)
