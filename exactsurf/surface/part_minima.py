"""The minima over signed cells of all units but one, and which further unit leaves such a minimum as it is, for many at once.

A minimum over a smaller cone is that over a larger one if the distance does not fall along what the larger one adds: one
comparison of masks. Three of four orbits of three units are decided by it, so it is made for thousands at once, with masks as
rows of machine words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.exact.cone_least_squares import Fit
from exactsurf.exact.cone_linear import Deviation
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.signed_cells import Orbits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[Any]

_TABLED = 1 << 24
"""Most parts, and most orbits, of which there is a table with a number for each."""

_HEIGHT = 60
"""Bits of heights."""


class PartMinima:
    """The minima over the orbits of all units but one (the parts), as far as they were asked for.

    A *row* is the place of a fit in the tables: of `fits[row]`, `signed[row]` and `allowed[row]` are its masks in words, and
    `heights[row]` its value as a part of that of the zero prediction, rounded: a proposal where to start from.
    Parameters: `minima` and `orbits` of a workload. Exactness: exact, but for the heights. Raises: nothing.
    Source: theory.md, section 4 (Kuhn and Tucker).
    """

    def __init__(self, minima: CellMinima, orbits: Orbits) -> None:
        import numpy as np

        self.minima, self.orbits = minima, orbits
        self.parts = Orbits(max(orbits.units - 1, 0), orbits.kinds)
        self.is_tabled = orbits.units > 0 and self.parts.count <= _TABLED
        self._bits = 2 * len(minima.columns)
        self.kinds = self.words(minima.masks)
        self.fits: list[Fit | Deviation] = []
        self._row_of: dict[int, int] = {}
        self.signed = self.allowed = np.zeros((0, self.kinds.shape[1]), dtype=np.uint64)
        self.heights = np.zeros(0, dtype=np.int64)
        self._zero = minima.cones.minimum(0).value
        if self.is_tabled:
            self.rows = np.full(self.parts.count, -1, dtype=np.int32)
            self._shares = [np.array(own, dtype=np.int64) for own in self.parts.shares]
        # The place in `supports` of what the minimum over every orbit uses; 0 where it was not solved here. Zeros take no
        # memory until something else is written over them.
        self.support_of = np.zeros(orbits.count if orbits.count <= _TABLED else 0, dtype=np.int32)
        self.supports = np.zeros((1, self.kinds.shape[1]), dtype=np.uint64)
        self._supports = 1

    def words(self, masks: Sequence[int]) -> Integers:
        """Masks as rows of words of 64 bits."""
        import numpy as np

        count = max(1, -(-self._bits // 64))
        content = b"".join([mask.to_bytes(8 * count, "little") for mask in masks])
        return np.frombuffer(content, dtype="<u8").astype(np.uint64).reshape(len(masks), count)

    def numbers(self, entries: Integers) -> Integers:
        """The numbers of parts that are given by their entries, one a row."""
        import numpy as np

        found = np.zeros(len(entries), dtype=np.int64)
        for place, shares in enumerate(self._shares):
            found += shares[entries[:, place]]
        return found

    def rows_of(self, entries: Integers) -> Integers:
        """The row of the minimum over each part; parts that nobody asked for are solved."""
        import numpy as np

        numbers = self.numbers(entries)
        found = self.rows[numbers]
        missing = np.flatnonzero(found < 0)
        if len(missing):
            fresh, first = np.unique(numbers[missing], return_index=True)
            self._solve(fresh.tolist(), entries[missing[first]].tolist())
            found = self.rows[numbers]
        return found

    def _solve(self, numbers: Sequence[int], parts: Iterable[Sequence[int]]) -> None:
        minima, cones = self.minima, self.minima.cones
        fits = []
        for part in parts:
            start: Any = cones.minimum(minima.cone(part[:-1])) if part else None
            fits.append(cones.minimum(minima.cone(part), start))
        new = [fit for fit in dict.fromkeys(map(id, fits)) if fit not in self._row_of]
        named = {id(fit): fit for fit in fits}
        self._row_of.update((fit, len(self.fits) + k) for k, fit in enumerate(new))
        self._append([named[fit] for fit in new])
        self.rows[numbers] = [self._row_of[id(fit)] for fit in fits]

    def _append(self, fits: Sequence[Fit | Deviation]) -> None:
        import numpy as np

        self.fits += fits
        self.signed = np.concatenate([self.signed, self.words([fit.signed for fit in fits])])
        self.allowed = np.concatenate([self.allowed, self.words([fit.allowed for fit in fits])])
        # No value is larger than that of the zero prediction.
        top, bottom = self._zero.as_integer_ratio()
        ratios = [fit.value.as_integer_ratio() for fit in fits]
        heights = [(over * bottom << _HEIGHT) // (under * top) if top else 0 for over, under in ratios]
        self.heights = np.concatenate([self.heights, np.array(heights, dtype=np.int64)])

    def settled(self, entries: Integers) -> tuple[Integers, Integers]:
        """For orbits, one a row: the row of the minimum if it is that over a part, else −1, and the row of the lowest part."""
        import numpy as np

        found = np.full(len(entries), -1, dtype=np.int32)
        best = np.zeros(len(entries), dtype=np.int32)
        lowest = np.full(len(entries), np.iinfo(np.int64).max)
        for place in range(self.orbits.units):
            rows = self.rows_of(np.delete(entries, place, 1))
            stays = ~(self.kinds[entries[:, place]] & ~self.allowed[rows]).any(1)
            found = np.where(stays & (found < 0), rows, found)
            heights = self.heights[rows]
            best = np.where(heights < lowest, rows, best)
            lowest = np.minimum(heights, lowest)
        return found, best

    def remember(self, begin: int, supports: Sequence[int], places: Sequence[int]) -> None:
        """Keep the supports (masks) of the minima over the orbits begin, …, by their places in a list, where there is a table."""
        import numpy as np

        if not len(self.support_of):
            return
        count = len(supports)
        while len(self.supports) < self._supports + count:
            more = np.zeros((max(1024, count, len(self.supports)), self.kinds.shape[1]), dtype=np.uint64)
            self.supports = np.concatenate([self.supports, more])
        self.supports[self._supports : self._supports + count] = self.words(supports)
        self.support_of[begin : begin + len(places)] = self._supports + np.array(places, dtype=np.int32)
        self._supports += count
