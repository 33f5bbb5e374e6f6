"""Facets in arrays are those that are listed one by one, in the same order."""

from __future__ import annotations

import random

import pytest

from exactsurf.surface.facet_table import facet_table
from exactsurf.surface.signed_cells import Orbits, crossings, passages


@pytest.mark.parametrize("units", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(5))
def test_arrays_hold_the_listed_facets(units: int, seed: int, monkeypatch: pytest.MonkeyPatch):
    rnd = random.Random(seed)
    monkeypatch.setattr("exactsurf.surface.facet_table._TOGETHER", rnd.choice([1, 50, 1 << 20]))
    cells = rnd.choice([2, 3, 5])
    pairs = [(a, b) for a in range(cells) for b in range(a) if rnd.random() < 0.6]
    neighbours = tuple(tuple((b if a == c else a, (a, b)) for a, b in pairs if c in (a, b)) for c in range(cells))
    ways = crossings(neighbours)
    orbits = Orbits(units, 2 * cells)
    births = [rnd.randrange(7) for _ in range(orbits.count)]
    listed = []
    for first, orbit in enumerate(orbits.between(0, orbits.count)):
        for place, crossing in passages(orbit, ways):
            second = orbits.rank(sorted((*orbit[:place], *orbit[place + 1 :], crossing.beyond)))
            listed.append((first, second, place, crossing))
    listed.sort(key=lambda facet: max(births[facet[0]], births[facet[1]]))
    table = facet_table(orbits, ways, births)
    found = [row for columns in table.rows(3) for row in zip(*columns, strict=True)]
    assert [(a, b, *table.crossing(number, orbits[a])) for number, a, b in found] == listed
    assert table.least.tolist() == [max(births[facet[0]], births[facet[1]]) for facet in listed]
    assert len(table) == len(listed)


def test_cells_without_neighbours():
    table = facet_table(Orbits(1, 2), ((), ()), [0, 0])
    assert len(table) == 0 and not list(table.rows())
