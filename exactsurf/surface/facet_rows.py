"""The facets that may still join something, by rising least level, some thousands at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.surface.facet_table import FacetTable
from exactsurf.surface.forest import Forest
from exactsurf.surface.permutation_group import Permutation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from exactsurf.surface.workload import Workload

    Integers: TypeAlias = NDArray[Any]

_TOGETHER = 1 << 14
"""Facets that are looked at together."""

_PASSES = 2
"""How often orbits that are born are led to components."""

_NEVER = 1 << 30

MEETS, UNKNOWN = -1, -2
"""Of a facet: its minimum is the least level that it can have; nothing is known of it."""


FacetRow: TypeAlias = tuple[int, int, int, Permutation, int]
"""A facet: its number, its orbits, how units move over it, and the row of the part that has its minimum, or `MEETS` or
`UNKNOWN`."""


class FacetRows:
    """What is open of a table of facets, while the forest of a sweep through the levels grows.

    A facet whose orbits are joined, with all their copies, is left out. The minimum over a facet is not higher than that over
    what its other units do alone, and not lower than those over its orbits. So it is known where both are equal, where the
    support of the minimum over the later orbit lies in the facet, and where the facet adds nothing to its other units.
    Parameters: `work`; `births`, as for `facet_table`; `levels`, increasing; `forest`, which grows meanwhile; `entries`, the
    orbits, one a row. Exactness: exact. Raises: nothing. Source: theory.md, section 4 (Kuhn and Tucker).
    """

    def __init__(
        self, work: Workload, table: FacetTable, births: Integers, levels: Sequence[Fraction], forest: Forest, entries: Integers
    ) -> None:
        import numpy as np

        self.work, self.table, self.births, self.forest, self.entries = work, table, births, forest, entries
        kinds, widest = len(work.ways), table.widest
        masks, beyond = [0] * (kinds * widest), [0] * (kinds * widest)
        for kind, ways in enumerate(work.ways):
            for way, crossing in enumerate(ways):
                masks[kind * widest + way] = work.sides[kind, crossing.beyond]
                beyond[kind * widest + way] = crossing.beyond
        self._sides, self._beyond = work.parts.words(masks), np.array(beyond, dtype=np.int32)
        self._place_of = {level.as_integer_ratio(): place for place, level in enumerate(levels)}
        self._part_levels = np.zeros(0, dtype=np.int64)
        self._since = np.full(work.orbits.count, _NEVER, dtype=np.int32)
        self._into = np.zeros(work.orbits.count, dtype=np.int32)
        units = work.orbits.units
        self._sigmas = [forest.moving(place, new) if new >= place else () for place in range(units) for new in range(units)]

    def rows(self) -> Iterator[tuple[int, FacetRow]]:
        """The least level and the facet, for those that are open when their turn comes (and some that are joined just before)."""
        import numpy as np

        table = self.table
        for begin in range(0, len(table), _TOGETHER):
            part: Any = slice(begin, begin + _TOGETHER)
            first, second = table.first[part], table.second[part]
            roots = np.stack([self._roots(first), self._roots(second)], 1)
            left = np.flatnonzero(~self._joined(roots))
            first, second, roots, part = first[left], second[left], roots[left], left + begin
            numbers, least = table.numbers[part], table.least[part]
            sigmas, known = self._looked_at(numbers, first, second, least)
            left = ~self._joined_before(np.stack([first, second], 1), roots, known == MEETS)
            lists = (column[left].tolist() for column in (least, numbers, first, second, sigmas, known))
            for level, number, one, other, sigma, what in zip(*lists, strict=True):
                yield level, (number, one, other, self._sigmas[sigma], what)

    def _roots(self, nodes: Integers) -> Integers:
        """The roots of the components as they are now."""
        import numpy as np

        parent = np.frombuffer(self.forest.parent, dtype=np.intc)
        root = parent[nodes]
        while not np.array_equal(above := parent[root], root):
            root = above
        return root

    def _joined(self, roots: Integers) -> Integers:
        """Which pairs of roots are the same one, of a component that is joined with all its copies."""
        import numpy as np

        full = np.frombuffer(self.forest.full, dtype=np.uint8)
        joined: Integers = (roots[:, 0] == roots[:, 1]) & (full[roots[:, 0]] > 0)
        return joined

    def _joined_before(self, ends: Integers, roots: Integers, meets: Integers) -> Integers:
        """Which facets only join what facets before them, of their least levels, have joined by then.

        Each orbit is known to be in a component that is full now, from the first of these facets on that leads there. Looking
        twice finds orbits that are led there by others.
        """
        import numpy as np

        full = np.frombuffer(self.forest.full, dtype=np.uint8)
        turn = np.arange(len(ends))[:, None]
        for _ in range(_PASSES):
            rows, sides = np.nonzero(meets[:, None] & (full[roots[:, ::-1]] > 0))
            # Backwards: what is written last is that of the first one.
            rows, sides = rows[::-1], sides[::-1]
            nodes = ends[rows, sides]
            self._since[nodes], self._into[nodes] = rows, roots[rows, 1 - sides]
            roots = np.where(self._since[ends] < turn, self._into[ends], roots)
            self._since[nodes] = _NEVER
        return self._joined(roots)

    def _looked_at(self, numbers: Integers, first: Integers, second: Integers, least: Integers) -> tuple[Integers, Integers]:
        """By which permutation units move over facets, as a place in `_sigmas`, and what is known of their minima."""
        import numpy as np

        parts, widest, units = self.work.parts, self.table.widest, self.work.orbits.units
        codes = numbers % (units * widest)
        places, ways = codes // widest, codes % widest
        orbits = self.entries[first]
        # Behind the unit that crosses, all others move up by one.
        others = np.where(np.arange(units - 1) < places[:, None], orbits[:, :-1], orbits[:, 1:])
        kind_ways = orbits[np.arange(len(orbits)), places] * widest + ways
        new = (orbits < self._beyond[kind_ways][:, None]).sum(1) - 1
        known = np.full(len(numbers), UNKNOWN)
        sides = self._sides[kind_ways]
        if parts.is_tabled:
            rows = parts.rows_of(others)
            adds_nothing = ~(sides & ~parts.allowed[rows]).any(1)
            known = np.where(adds_nothing, rows, known)
            known = np.where(self._levels_of_parts()[rows] == least, MEETS, known)
        if len(parts.support_of):
            face = sides.copy()
            for place in range(units - 1):
                face |= parts.kinds[others[:, place]]
            later = np.where(self.births[first] >= self.births[second], first, second)
            supports = parts.support_of[later]
            inside = (supports > 0) & ~(parts.supports[supports] & ~face).any(1)
            known = np.where(inside, MEETS, known)
        return places * units + new, known

    def _levels_of_parts(self) -> Integers:
        """The places of the values of parts among the levels, −1 where they are none."""
        import numpy as np

        parts, minima = self.work.parts, self.work.minima
        if len(self._part_levels) < len(parts.fits):
            new = (minima.risk(fit.value).as_integer_ratio() for fit in parts.fits[len(self._part_levels) :])
            places = np.array([self._place_of.get(ratio, -1) for ratio in new], dtype=np.int64)
            self._part_levels = np.concatenate([self._part_levels, places])
        return self._part_levels


class Births:
    """Which orbits are born at each level.

    Parameters: `births[k]`, the place of the level of orbit k; `levels`, how many there are. Exactness: exact. Raises: nothing.
    Source: none.

    >>> [Births([1, 0, 1], 2).at(place) for place in range(2)]
    [[1], [0, 2]]
    """

    def __init__(self, births: Sequence[int], levels: int) -> None:
        import numpy as np

        self.births = np.array(births, dtype=np.int32)
        self._order = np.argsort(self.births, kind="stable").astype(np.int32)
        self._ends = [0, *np.cumsum(np.bincount(self.births, minlength=levels)).tolist()]

    def at(self, place: int) -> list[int]:
        """The orbits that are born at a level."""
        found: list[int] = self._order[self._ends[place] : self._ends[place + 1]].tolist()
        return found
