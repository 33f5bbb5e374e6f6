"""What is said of many orbits at once is what one orbit after the other gives, minimised from nothing."""

from __future__ import annotations

import pytest

from exactsurf.surface.facet_table import entries_of
from exactsurf.surface.part_minima import PartMinima
from exactsurf.surface.workload import workload
from tests.surface.test_facet_levels import drawn


@pytest.mark.parametrize("seed", range(40))
def test_minima_of_parts_are_those_of_the_orbits_that_they_settle(seed: int):
    work = workload(drawn(seed))
    minima, orbits = work.minima, work.orbits
    parts = PartMinima(minima, orbits)
    named = list(orbits.between(0, orbits.count))
    rows, lowest = parts.settled(entries_of(named, orbits.units))
    for orbit, row, start in zip(named, rows.tolist(), lowest.tolist(), strict=True):
        value = minima.cold_cones.minimum(minima.cone(orbit)).value
        alone = [minima.cold_cones.minimum(minima.cone(orbit[:k] + orbit[k + 1 :])).value for k in range(orbits.units)]
        assert parts.fits[start].value in alone
        if row >= 0:
            assert parts.fits[row].value == value
        else:
            assert value < min(alone)


@pytest.mark.parametrize("seed", range(10))
def test_batches_are_the_same_without_tables(seed: int, monkeypatch: pytest.MonkeyPatch):
    problem = drawn(seed)
    expected = workload(problem)
    monkeypatch.setattr("exactsurf.surface.part_minima._TABLED", 0)
    found = workload(problem)
    assert not found.parts.is_tabled and not len(found.parts.support_of)
    count = found.orbits.count
    assert found.solve(0, count) == expected.solve(0, count)
    assert found.solve(count // 3, count // 2) == expected.solve(count // 3, count // 2)


def test_supports_of_orbits_are_kept():
    work = workload(drawn(3))
    count = work.orbits.count
    for begin in range(0, count, 5):
        work.solve(begin, min(begin + 5, count))
    parts = work.parts
    for orbit, place in zip(work.orbits.between(0, count), parts.support_of.tolist(), strict=True):
        words = parts.supports[place].tolist()
        support = sum(word << 64 * k for k, word in enumerate(words))
        assert place > 0 and not support & ~work.minima.cone(orbit)
        assert work.minima.minimum(support).value == work.minima.over_orbit(orbit).value
