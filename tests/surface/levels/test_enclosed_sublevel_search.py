"""The tree of regions behind a landscape with enclosed levels below a level; processes, and files to go on from."""

from __future__ import annotations

import pickle
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.effort import UNBOUNDED
from exactsurf.surface import region_workers
from exactsurf.surface.levels.enclosed_sublevel_search import EnclosedSublevelSearch, enclosed_search_below
from exactsurf.surface.levels.level_work import level_work

F = Fraction
DATA = es.Data.from_arrays([[-3, 1], [2, 2], [4, -1], [0, -3], [1, 3]], [1, -1, 1, -1, 1])
PROBLEMS = {
    "squared": (es.Problem(es.Network([2, 2, 1], biases=[False, True]), DATA, weight_decay="1/10"), F(7, 4)),
    "logistic": (es.Problem(es.Network([2, 2, 1], biases=[False, True]), DATA, "logistic"), F(2)),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_signed_cell_is_in_a_leaf_that_says_the_truth(name: str) -> None:
    problem, level = PROBLEMS[name]
    work = level_work(problem)
    search = EnclosedSublevelSearch(work, level)
    search.run(UNBOUNDED, 10_000)
    assert search.is_complete and 0 < len(search.minima) < work.orbits.count
    leaves = list(search.leaves())
    for orbit in work.orbits.between(0, work.orbits.count):
        own = work.levels.levels[work.home(orbit)]
        assert own.high < level or own.low >= level
        assert (own.low < level) == (orbit in search.minima)
        cone = work.mask(orbit)
        homes = [found for _, regions, found in leaves if not cone & ~search.levels.regions.cone(regions)]
        assert homes and (own.low >= level or orbit in homes)
    for _, regions, orbit in leaves:
        if orbit is not None:
            assert tuple(sorted(map(search.table.kind, regions))) == orbit


GRID = [[a, b] for a in (-1, 0, 1) for b in (-1, 0, 1)]


@pytest.mark.parametrize(("loss", "more"), [("squared", {"weight_decay": "1/10"}), ("logistic", {})])
def test_of_regions_that_symmetries_lead_to_each_other_one_is_bounded(loss: str, more: dict[str, str]) -> None:
    data = es.Data.from_arrays(GRID, [1 if a * a == b * b else -1 for a, b in GRID])
    problem = es.Problem(es.Network([2, 2, 1], biases=[False, True]), data, loss, **more)
    least = es.EnclosedSearch(problem)
    least.run(width=F(1, 100))
    found, looks = [], []
    for use in (True, False):
        work = level_work(problem)
        assert work.levels.symmetries
        if not use:
            work.levels.symmetries = ()
        search, own = EnclosedSublevelSearch(work, F(6, 5) * least.upper), []
        find = search._found
        search._found = lambda mask, start, find=find, own=own: own.append(mask) or find(mask, start)  # type: ignore[method-assign]
        search.run(UNBOUNDED, 10_000)
        found.append(sorted(search.minima))
        looks.append(len(own))
    assert found[0] == found[1] and found[0] and 3 * looks[0] < 2 * looks[1]


@pytest.mark.parametrize("name", PROBLEMS)
def test_parts_join_to_the_same_search(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    problem, level = PROBLEMS[name]
    monkeypatch.setattr(region_workers, "_LOOKS", 3)
    whole, parts = enclosed_search_below(problem, level), enclosed_search_below(problem, level)
    whole.run(UNBOUNDED, 10**6)
    content = pickle.dumps((parts.again, problem, level))
    while (found := parts.next_open()) is not None:
        place, *rest = found
        parts.take_back(place, region_workers.look_further(content, *pickle.loads(pickle.dumps(rest))))
    assert parts.is_complete and sorted(parts.minima) == sorted(whole.minima)


def test_processes_and_interruptions_find_the_same(tmp_path: Path) -> None:
    problem, level = PROBLEMS["squared"]
    whole, path = es.enclosed_landscape(problem, below=level), tmp_path / "search"
    calls = 0

    def stop(cells: int, regions: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        es.enclosed_landscape(problem, below=level, checkpoint=path, progress=stop)
    assert es.enclosed_landscape(problem, below=level, workers=2, checkpoint=path) == whole
    assert es.enclosed_landscape(problem, below=level, checkpoint=path) == whole
    with pytest.raises(es.InputError, match="another level"):
        es.enclosed_landscape(problem, below=level + 1, checkpoint=path)


def test_a_dask_cluster_finds_the_same() -> None:
    distributed = pytest.importorskip("distributed")
    problem, level = PROBLEMS["logistic"]
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as cluster:
        found = es.enclosed_landscape(problem, below=level, dask=cluster.scheduler_address)
        assert found.orbits == es.enclosed_landscape(problem, below=level).orbits
