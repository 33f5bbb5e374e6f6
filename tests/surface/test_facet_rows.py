"""What is known of facets is what their minima say, and what is left out of them joins nothing, however many at a time."""

from __future__ import annotations

import numpy as np
import pytest

from exactsurf.surface.facet_levels import facet_tree
from exactsurf.surface.facet_rows import MEETS, UNKNOWN, FacetRows
from exactsurf.surface.facet_table import entries_of, equal_neighbours, facet_table
from exactsurf.surface.forest import Forest, sorting
from exactsurf.surface.signed_cells import equal_bits
from exactsurf.surface.workload import workload
from tests.surface.test_facet_levels import births_and_levels, drawn


@pytest.mark.parametrize("solved", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_what_is_known_of_a_facet_is_its_minimum(seed: int, solved: bool):
    work = workload(drawn(seed))
    minima, orbits = work.minima, work.orbits
    births, levels = births_and_levels(work)
    if solved:
        work.solve(0, orbits.count)
    entries = entries_of(orbits.between(0, orbits.count), orbits.units)
    table = facet_table(orbits, work.ways, births)
    forest = Forest(orbits.units, orbits.count)
    forest.full[:] = bytes(orbits.count)  # Nothing is settled, so nothing is left out.
    rows = list(FacetRows(work, table, np.array(births), levels, forest, entries).rows())
    assert [level for level, _ in rows] == table.least.tolist()
    for level, (number, first, second, sigma, known) in rows:
        orbit = tuple(entries[first].tolist())
        place, way = table.crossing(number, orbit)
        others = orbit[:place] + orbit[place + 1 :]
        beyond = [*orbit[:place], way.beyond, *orbit[place + 1 :]]
        assert orbits.rank(sorted(beyond)) == second and sigma == sorting(beyond)
        least = minima.cold_cones.minimum(minima.cone(others) | work.sides[orbit[place], way.beyond]).value
        if known == MEETS:
            assert minima.risk(least) == levels[level]
        elif known != UNKNOWN:
            assert least == work.parts.fits[known].value
    assert not solved or any(row[4] != UNKNOWN for _, row in rows) or not rows


@pytest.mark.parametrize("together", [1, 3, 50])
@pytest.mark.parametrize("seed", range(20))
def test_the_tree_does_not_depend_on_how_many_are_looked_at_together(seed: int, together: int, monkeypatch: pytest.MonkeyPatch):
    work = workload(drawn(seed))
    arguments = births_and_levels(work)
    work.solve(0, work.orbits.count)
    expected = facet_tree(work, *arguments)
    monkeypatch.setattr("exactsurf.surface.facet_rows._TOGETHER", together)
    monkeypatch.setattr("exactsurf.surface.facet_rows._PASSES", 1 + seed % 3)
    assert facet_tree(work, *arguments) == expected


def test_equal_neighbours_are_those_of_single_orbits():
    orbits = [(0, 0, 0, 1), (0, 1, 1, 2), (2, 2, 3, 3), (4, 4, 4, 4)]
    assert equal_neighbours(entries_of(orbits, 4)) == [equal_bits(orbit) for orbit in orbits]
