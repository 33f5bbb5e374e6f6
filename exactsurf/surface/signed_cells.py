"""Signed cells modulo the order of the units: multisets of signed unit cells, numbered, with their facets.

A signed unit cell is a cell c of one unit with a sign of its output weight: number 2c for v ≥ 0, number 2c + 1 for v ≤ 0. A
signed cell of the network is one per unit; an orbit under permutation of the units is a non-decreasing tuple of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement, islice
from math import comb
from typing import TypeAlias

Orbit: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Orbits:
    """The orbits of signed cells of a network with `units` hidden units and `kinds` signed unit cells each.

    `len()`, indexing, `rank` and slices by `between` are pure functions, so any part can be worked on anywhere.
    Exactness: exact. Source: theory.md, section 2.

    >>> orbits = Orbits(units=2, kinds=4)
    >>> orbits.count, orbits.full_count, orbits[5], orbits.rank((1, 2)), list(orbits.between(8, 10))
    (10, 16, (1, 2), 5, [(2, 3), (3, 3)])
    """

    units: int
    kinds: int

    @property
    def count(self) -> int:
        """The number of orbits."""
        return comb(self.kinds + self.units - 1, self.units)

    @property
    def full_count(self) -> int:
        """The number of signed cells of parameter space."""
        return int(self.kinds**self.units)

    @cached_property
    def _above(self) -> tuple[tuple[int, ...], ...]:
        # [k][a]: the non-decreasing tuples of length k with entries from a on.
        return tuple(tuple(comb(max(self.kinds - a + k - 1, 0), k) for a in range(self.kinds + 1)) for k in range(self.units + 1))

    @cached_property
    def shares(self) -> tuple[tuple[int, ...], ...]:
        """`shares[k][e]` is what the entry e at place k adds to the number of an orbit."""
        above, last = self._above, self.units - 1
        first = [[above[self.units][0] - value for value in above[self.units]]] if self.units else []
        shares = first + [[-value for value in above[self.units - k]] for k in range(1, self.units)]
        for k in range(last):
            shares[k] = [share + value for share, value in zip(shares[k], above[self.units - k - 1], strict=True)]
        return tuple(map(tuple, shares))

    def rank(self, orbit: Sequence[int]) -> int:
        """The number of an orbit in lexicographic order."""
        return sum([shares[entry] for shares, entry in zip(self.shares, orbit, strict=True)])

    def __getitem__(self, rank: int) -> Orbit:
        if not 0 <= rank < self.count:
            raise IndexError(rank)
        found: list[int] = []
        low = 0
        for length in range(self.units, 0, -1):
            above = self._above[length]
            while above[low] - above[low + 1] <= rank:
                rank -= above[low] - above[low + 1]
                low += 1
            found.append(low)
        return tuple(found)

    def between(self, begin: int, end: int) -> Iterator[Orbit]:
        """The orbits with numbers begin, …, end − 1, in order."""
        if begin == 0:
            yield from islice(combinations_with_replacement(range(self.kinds), self.units), end)
            return
        orbit = list(self[begin]) if begin < end else []
        for _ in range(begin, end):
            yield tuple(orbit)
            place = self.units - 1
            while place >= 0 and orbit[place] == self.kinds - 1:
                place -= 1
            if place >= 0:
                orbit[place:] = [orbit[place] + 1] * (self.units - place)


@dataclass(frozen=True)
class Crossing:
    """A way of one unit out of its signed cell: the signed unit cell beyond, and the generators of the common facet.

    No generators: the facet v = 0, where the unit is off.
    """

    beyond: int
    generators: tuple[int, ...]


@dataclass(frozen=True)
class CrossedFacet:
    """A facet of an orbit: the unit (its place in the tuple) that crosses, how, and the orbit beyond."""

    place: int
    crossing: Crossing
    beyond: Orbit


def crossings(neighbours: tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]) -> tuple[tuple[Crossing, ...], ...]:
    """For every signed unit cell the ways out: over v = 0, and over every wall of the cell.

    Parameters: `neighbours` of a `UnitTable`. Exactness: exact. Raises: nothing. Source: theory.md, section 4.

    >>> crossings((((1, ()),), ((0, ()),)))[1]
    (Crossing(beyond=0, generators=()), Crossing(beyond=3, generators=()))
    """
    found = []
    for cell, beside in enumerate(neighbours):
        for sign in (0, 1):
            over_walls = [Crossing(2 * other + sign, generators) for other, generators in beside]
            found.append((Crossing(2 * cell + 1 - sign, ()), *over_walls))
    return tuple(found)


def facets(orbit: Orbit, ways: tuple[tuple[Crossing, ...], ...]) -> Iterator[CrossedFacet]:
    """The facets of an orbit to orbits that come later in the order, so that each pair of orbits is met once.

    Units in the same signed unit cell cross in the same way and are counted once.
    Parameters: `ways`, what `crossings` returns. Exactness: exact. Raises: nothing. Source: theory.md, section 4.

    >>> [facet.beyond for facet in facets((0, 0), crossings((((1, ()),), ((0, ()),))))]
    [(0, 1), (0, 2)]
    """
    for place, crossing in passages(orbit, ways):
        yield CrossedFacet(place, crossing, tuple(sorted((*orbit[:place], *orbit[place + 1 :], crossing.beyond))))


def passages(orbit: Orbit, ways: tuple[tuple[Crossing, ...], ...]) -> Iterator[tuple[int, Crossing]]:
    """The unit (its place) that crosses and how, for each of `facets`."""
    before = -1
    for place, kind in enumerate(orbit):
        if kind != before:
            for crossing in ways[kind]:
                # Replacing one entry by a larger one makes the sorted tuple larger, by a smaller one smaller.
                if crossing.beyond > kind:
                    yield place, crossing
        before = kind


def equal_bits(orbit: Orbit) -> int:
    """The bits k at which entry k + 1 of a sorted orbit is entry k.

    >>> bin(equal_bits((3, 3, 4, 4)))
    '0b101'
    """
    return sum([1 << k for k in range(len(orbit) - 1) if orbit[k] == orbit[k + 1]])
