"""The merge tree of all orbits, with minima over those facets only that may still join something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from exactsurf.exact.uncollected import uncollected
from exactsurf.surface.facet_rows import MEETS, Births, FacetRow, FacetRows
from exactsurf.surface.facet_table import entries_of, equal_neighbours, facet_table
from exactsurf.surface.merge_tree import GrowingTree, Meeting, MergeTree

if TYPE_CHECKING:
    from exactsurf.surface.workload import Workload

_DIGITS = 64

_REPORTED = 1 << 12
"""Levels between two calls of `watch`."""


def level_key(level: Fraction) -> tuple[int, Fraction]:
    """A key in the order of the levels; those whose digits differ are compared as integers."""
    return (level.numerator << _DIGITS) // level.denominator, level


def facet_tree(
    work: Workload, births: Sequence[int], levels: Sequence[Fraction], watch: Callable[[int, int], None] | None = None
) -> MergeTree:
    """The merge tree of all orbits of a workload and the facets between them.

    A facet is not lower than its orbits. So it waits until both are born, and its own minimum is asked for only if they are not
    joined by then, with all their copies; if it is higher, it waits for its level.
    Parameters: `births[k]`, the place in `levels` (increasing) of the minimum over orbit k; `watch`, called with the levels done
    and all now and then. Exactness: exact: the tree that `merge_tree` makes of all facets.
    Raises: nothing. Source: as for `GrowingTree`.
    """
    with uncollected():
        return _Sweep(work, births, levels).tree(watch)


class _Sweep:
    """One pass through the levels, in the numbers that the cones of a workload minimise."""

    def __init__(self, work: Workload, births: Sequence[int], levels: Sequence[Fraction]) -> None:
        orbits = work.orbits
        self.work, self.levels = work, levels
        self.entries = entries_of(orbits.between(0, orbits.count), orbits.units)
        self.table = facet_table(orbits, work.ways, births)
        self.born = Births(births, len(levels))
        self.growing = GrowingTree(orbits.units, equal_neighbours(self.entries))
        self.rows = FacetRows(work, self.table, self.born.births, levels, self.growing.forest, self.entries).rows()
        self.next = next(self.rows, None)
        self.waiting: dict[tuple[int, int], list[FacetRow]] = {}
        self.heap: list[tuple[tuple[int, Fraction], Fraction]] = []

    def tree(self, watch: Callable[[int, int], None] | None) -> MergeTree:
        minima = self.work.minima
        for place, level in enumerate(self.levels):
            if watch is not None and not place % _REPORTED:
                watch(place, len(self.levels))
            value = minima.value(level)
            self._rise_to(level_key(value))
            own: Iterable[FacetRow] = self._own(place)
            if self.heap and self.heap[0][1] == value:
                own = sorted([*own, *self._taken()])
            self.growing.rise(level, self.born.at(place), self._meetings(own, value))
        self._rise_to(None)
        return self.growing.grown()

    def _own(self, place: int) -> Iterator[FacetRow]:
        """The facets of which this is the least level that they can have."""
        while self.next is not None and self.next[0] == place:
            yield self.next[1]
            self.next = next(self.rows, None)

    def _rise_to(self, key: tuple[int, Fraction] | None) -> None:
        """The events below a level at which no orbit is born."""
        while self.heap and (key is None or self.heap[0][0] < key):
            value = self.heap[0][1]
            self.growing.rise(self.work.minima.risk(value), (), self._meetings(self._taken(), value))

    def _taken(self) -> list[FacetRow]:
        _, value = heappop(self.heap)
        return sorted(self.waiting.pop(value.as_integer_ratio()))

    def _meetings(self, rows: Iterable[FacetRow], value: Fraction) -> Iterator[Meeting]:
        """The facets of this value that may join something; higher ones wait."""
        is_settled, fits = self.growing.forest.is_settled, self.work.parts.fits
        for row in rows:
            number, first, second, sigma, known = row
            if is_settled(first, second):
                continue
            if known == MEETS:
                yield first, second, sigma
                continue
            found = fits[known].value if known >= 0 else self._minimum(row)
            if found == value:
                yield first, second, sigma
                continue
            ratio = found.as_integer_ratio()
            if ratio not in self.waiting:
                self.waiting[ratio] = []
                heappush(self.heap, (level_key(found), found))
            self.waiting[ratio].append((number, first, second, sigma, MEETS))

    def _minimum(self, row: FacetRow) -> Fraction:
        """The minimum over a facet."""
        orbit, minima = tuple(self.entries[row[1]].tolist()), self.work.minima
        place, way = self.table.crossing(row[0], orbit)
        others = minima.cone(orbit[:place] + orbit[place + 1 :])
        # One type for all tables: the starts that are handed over come from the same table.
        cones: Any = minima.cones
        value: Fraction = cones.minimum(others | self.work.sides[orbit[place], way.beyond], cones.minimum(others)).value
        return value
