"""A search that cuts regions, whatever bounds them: what it is told of every look is what its tree says."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.effort import UNBOUNDED
from exactsurf.surface.region_search import Cutting, Look
from exactsurf.surface.regions import Regions
from exactsurf.surface.sublevel_search import SublevelSearch
from exactsurf.surface.workload import workload

PROBLEM = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))


class _Told(SublevelSearch):
    """Looks that cut everything to signed cells, and say of half of them that they go below the level."""

    def looked_at(self, regions: Regions, start: object) -> Look:
        for j, region in enumerate(regions):
            if not region.sign:
                return Look((j, None), start)
        cut = self.table.cutting(regions)
        if cut is not None:
            return Look(cut, start)
        orbit = tuple(sorted(map(self.table.kind, regions)))
        return Look(orbit=orbit, value=Fraction(sum(orbit))) if sum(orbit) % 2 else Look()


def test_every_orbit_is_met_and_kept_where_it_goes_below() -> None:
    work = workload(PROBLEM)
    search = _Told(work, Fraction(1))
    search.run(UNBOUNDED, 10_000)
    every = list(work.orbits.between(0, work.orbits.count))
    assert search.minima == {orbit: sum(orbit) for orbit in every if sum(orbit) % 2}
    leaves = list(search.leaves())
    # Regions that are not the same may hold the same cell, so that few orbits are met more than once.
    assert len(every) <= len(leaves) < 1.2 * len(every) and 2 * len(leaves) - 1 == len(search.nodes)
    assert {tuple(sorted(map(search.table.kind, regions))) for _, regions, _ in leaves} == set(every)
    for place, regions, orbit in leaves:
        kinds = tuple(sorted(map(search.table.kind, regions)))
        assert orbit == (kinds if sum(kinds) % 2 else None) and not isinstance(search.nodes[place], Cutting)


def test_limits() -> None:
    search = _Told(workload(PROBLEM), Fraction(1))
    with pytest.raises(es.InputError, match="more than 3 orbits"):
        search.run(UNBOUNDED, 3)
    assert len(search.minima) == 4 and not search.is_complete
    with pytest.raises(es.OutOfTime, match="4 signed cells below the level"):
        search.run(es.Effort(Fraction(1, 10**9)).started(), 10)
    search.run(UNBOUNDED, 10_000)
    assert search.is_complete and not search.waiting
