"""The tree of regions behind a landscape below a level."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.effort import UNBOUNDED
from exactsurf.surface.region_search import Cutting
from exactsurf.surface.sublevel_search import SublevelSearch
from exactsurf.surface.workload import workload

F = Fraction
DATA = es.Data.from_arrays([[-3, 1], [2, 2], [4, -1], [0, -3], [1, 3], [-2, -2]], [3, -1, 4, -2, 5, 0])


def problem_of(loss) -> es.Problem:
    return es.Problem(es.Network([2, 2, 1], biases=[False, True]), DATA, loss=loss)


@pytest.mark.parametrize("loss", [es.squared, es.absolute, es.huber(1)], ids=str)
def test_every_signed_cell_is_in_a_leaf_that_says_the_truth(loss):
    work, level = workload(problem_of(loss)), F(9)
    search = SublevelSearch(work, level)
    search.run(UNBOUNDED, 10_000)
    assert search.is_complete and search.minima
    leaves = list(search.leaves())
    for orbit in work.orbits.between(0, work.orbits.count):
        risk = work.minima.risk(work.minima.over_orbit(orbit).value)
        assert (risk < level) == (orbit in search.minima)
        cone = work.minima.cone(orbit)
        # Up to the order of the units the cone of the signed cell lies in the cone of a leaf.
        homes = [found for _, regions, found in leaves if not cone & ~search.table.columns(regions)]
        assert homes and (risk >= level or orbit in homes)
    for _, regions, orbit in leaves:
        if orbit is not None:
            assert tuple(sorted(map(search.table.kind, regions))) == orbit


def test_it_goes_on_after_an_interruption_as_if_there_had_been_none(monkeypatch: pytest.MonkeyPatch):
    work = workload(problem_of(es.squared))
    smooth = SublevelSearch(work, F(9))
    smooth.run(UNBOUNDED, 10_000)
    stops = iter(range(10**6))
    columns = SublevelSearch._split

    def interrupted(self: SublevelSearch, regions, fit):
        if next(stops) % 5 == 3:
            raise KeyboardInterrupt
        return columns(self, regions, fit)

    monkeypatch.setattr(SublevelSearch, "_split", interrupted)
    search = SublevelSearch(work, F(9))
    interruptions = 0
    while not search.is_complete:
        try:
            search.run(UNBOUNDED, 10_000)
        except KeyboardInterrupt:
            interruptions += 1
    assert interruptions > 3 and search.minima == smooth.minima and search.nodes == smooth.nodes
    assert sum(isinstance(node, Cutting) for node in search.nodes) * 2 + 1 == len(search.nodes)
