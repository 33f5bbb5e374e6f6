"""The search below a level in several processes: the same landscape, whatever happens to them, and a file to go on from."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.surface import global_workers, region_workers
from exactsurf.surface.sublevel_search import SublevelSearch, search_below
from exactsurf.surface.workload import workload


def question(seed: int, loss: str = "squared") -> tuple[es.Problem, Fraction]:
    """A problem, and a level above its global minimum."""
    source = random.Random(seed)
    rows = [[source.randint(-9, 9), source.randint(-9, 9)] for _ in range(8)]
    problem = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays(rows, [source.randint(-5, 5) for _ in rows]), loss)
    search = es.GlobalSearch(problem)
    search.run()
    return problem, search.upper * Fraction(3, 2) + 1


@pytest.mark.parametrize("loss", ["squared", "absolute", "huber(1)"])
def test_two_processes_find_the_same_landscape(loss: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(region_workers, "_LOOKS", 5)
    problem, level = question(1, loss)
    alone, together = es.landscape(problem, below=level), es.landscape(problem, below=level, workers=2)
    assert alone == together and len(alone.orbits) > 1
    assert es.certify_valleys_below(together).valleys == es.certify_valleys_below(alone).valleys


def test_parts_join_to_the_same_search(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, level = question(2)
    monkeypatch.setattr(region_workers, "_LOOKS", 3)
    whole, parts = SublevelSearch(workload(problem), level), SublevelSearch(workload(problem), level)
    whole.run(es.Effort(60).started(), 10**6)
    content = pickle.dumps((search_below, problem, level))
    while (found := parts.next_open()) is not None:
        place, *rest = found
        # While a process has regions they still wait, for a file that is written now.
        assert place in [own for own, _ in parts.waiting] and not parts.nodes[place]
        parts.take_back(place, region_workers.look_further(content, *pickle.loads(pickle.dumps(rest))))
    assert parts.is_complete and parts.minima == whole.minima
    assert sorted(orbit for _, _, orbit in parts.leaves() if orbit) == sorted(orbit for _, _, orbit in whole.leaves() if orbit)


def test_what_is_interrupted_goes_on_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(region_workers, "_LOOKS", 4)
    problem, level = question(3)
    whole, path = es.landscape(problem, below=level), tmp_path / "search"
    calls = 0

    def stop(cells: int, regions: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        es.landscape(problem, below=level, workers=2, checkpoint=path, progress=stop)
    assert es.landscape(problem, below=level, workers=2, checkpoint=path) == whole
    assert es.landscape(problem, below=level, checkpoint=path) == whole


def test_where_processes_die_this_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    class Dying:
        def submit(self, *_: object) -> None:
            raise BrokenProcessPool

    @contextmanager
    def dying(workers: int, dask: str | None) -> Iterator[tuple[Dying, int]]:
        yield Dying(), workers

    problem, level = question(4)
    whole = es.landscape(problem, below=level)
    monkeypatch.setattr(global_workers, "_executor", dying)
    assert es.landscape(problem, below=level, workers=2) == whole


def test_limits_hold_for_all_together() -> None:
    problem, level = question(5)
    with pytest.raises(es.InputError, match="more than 1 orbits"):
        es.landscape(problem, below=level, workers=2, max_cells=1)
    with pytest.raises(es.OutOfTime):
        es.landscape(problem, below=level, workers=2, effort=es.Effort(Fraction(1, 10_000)))


def test_a_dask_cluster_finds_the_same() -> None:
    distributed = pytest.importorskip("distributed")
    problem, level = question(6)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster:
        assert es.landscape(problem, below=level, dask=cluster.scheduler_address) == es.landscape(problem, below=level)
