"""The merge tree of all orbits, with minima over those facets only that may still join something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.exact.uncollected import uncollected
from exactsurf.surface.facet_table import facet_table
from exactsurf.surface.merge_tree import GrowingTree, Meeting, MergeTree

if TYPE_CHECKING:
    from exactsurf.surface.workload import Workload

_DIGITS = 64

_REPORTED = 1 << 12
"""Levels between two calls of `watch`."""

Row: TypeAlias = tuple[int, int, int]
"""The number of a facet and its two orbits."""


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
        self.work, self.births, self.levels = work, births, levels
        self.named = list(work.orbits.between(0, work.orbits.count))
        self.table = facet_table(work.orbits, work.ways, births)
        self.counts = self.table.counts(len(levels))
        self.rows: Iterator[Row] = chain.from_iterable(zip(*columns, strict=True) for columns in self.table.rows())
        self.born: list[list[int]] = [[] for _ in levels]
        for orbit, birth in enumerate(births):
            self.born[birth].append(orbit)
        self.growing = GrowingTree(work.orbits.units, self.named)
        self.waiting: dict[tuple[int, int], list[Row]] = {}
        self.heap: list[tuple[tuple[int, Fraction], Fraction]] = []
        # One type for all tables: the starts that are handed over come from the same table.
        self.cones: Any = work.minima.cones

    def tree(self, watch: Callable[[int, int], None] | None) -> MergeTree:
        minima = self.work.minima
        for place, level in enumerate(self.levels):
            if watch is not None and not place % _REPORTED:
                watch(place, len(self.levels))
            value = minima.value(level)
            self._rise_to(level_key(value))
            own: Iterator[Row] = islice(self.rows, self.counts[place])
            late = self._taken() if self.heap and self.heap[0][1] == value else []
            self.growing.rise(level, self.born[place], self._meetings(sorted([*own, *late]) if late else own, value))
        self._rise_to(None)
        return self.growing.grown()

    def _rise_to(self, key: tuple[int, Fraction] | None) -> None:
        """The events below a level at which no orbit is born."""
        while self.heap and (key is None or self.heap[0][0] < key):
            value = self.heap[0][1]
            self.growing.rise(self.work.minima.risk(value), (), self._meetings(self._taken(), value))

    def _taken(self) -> list[Row]:
        _, value = heappop(self.heap)
        return sorted(self.waiting.pop(value.as_integer_ratio()))

    def _meetings(self, rows: Iterator[Row] | list[Row], value: Fraction) -> Iterator[Meeting]:
        """The facets of this value that may join something; higher ones wait."""
        is_settled, crossing, named = self.growing.forest.is_settled, self.table.crossing, self.named
        for row in rows:
            number, first, second = row
            if is_settled(first, second):
                continue
            place, way = crossing(number, named[first])
            found = self._minimum(first, second, place, way.beyond)
            if found is None or found == value:
                yield first, second, place, way.beyond
                continue
            ratio = found.as_integer_ratio()
            if ratio not in self.waiting:
                self.waiting[ratio] = []
                heappush(self.heap, (level_key(found), found))
            self.waiting[ratio].append(row)

    def _minimum(self, first: int, second: int, place: int, beyond: int) -> Fraction | None:
        """The minimum over a facet of two orbits, None if it is plain that it is the minimum over the later one of them."""
        orbit, cones, minima = self.named[first], self.cones, self.work.minima
        others = minima.cone(orbit[:place] + orbit[place + 1 :])
        face = others | self.work.sides[orbit[place], beyond]
        kind = orbit[place] if self.births[first] >= self.births[second] else beyond
        best = cones.known(others | minima.masks[kind])
        if best is not None and not best.signed & ~face:
            return None
        value: Fraction = cones.minimum(face, cones.minimum(others)).value
        return value
