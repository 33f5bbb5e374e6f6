"""The search in several processes: the same bounds, an enclosure whenever it is stopped, and a certificate."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

import exactsurf as es
from exactsurf.surface import global_workers


def problem(seed: int, loss: str = "squared", shape: tuple[int, int, int] = (1, 9, 2)) -> es.Problem:
    source = random.Random(seed)
    inputs, samples, units = shape
    rows = [[source.randint(-9, 9) for _ in range(inputs)] for _ in range(samples)]
    data = es.Data.from_arrays(rows, [source.randint(-5, 5) for _ in range(samples)])
    return es.Problem(es.Network([inputs, units, 1]), data, loss)


@pytest.mark.parametrize("loss", ["squared", "absolute", "huber(1)"])
def test_two_processes_find_what_one_finds(loss: str) -> None:
    for seed in range(2):
        instance = problem(seed, loss)
        alone, together = es.GlobalSearch(instance), es.GlobalSearch(instance)
        alone.run()
        together.run(workers=2)
        assert together.lower == together.upper == alone.upper
        proof = es.certify_search(together)
        assert (proof.kind, proof.risk) == ("global minimum", alone.upper)


def test_certify_global_minimum_takes_workers() -> None:
    instance = problem(5)
    assert es.certify_global_minimum(instance, workers=2).risk == es.certify_global_minimum(instance).risk


@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError])
def test_an_interruption_leaves_an_enclosure_that_is_certified(
    monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    monkeypatch.setattr(global_workers, "_CUTS", 2)
    instance = problem(3, shape=(2, 10, 2))
    search = es.GlobalSearch(instance)
    bounds: list[tuple[Fraction, Fraction]] = []

    def watch(count: int, low: Fraction, high: Fraction) -> None:
        bounds.append((low, high))
        if len(bounds) == 3:
            raise stop

    with pytest.raises(stop):
        search.run(workers=2, watch=watch)
    low, high = search.lower, search.upper
    assert bounds[-1][0] <= low <= high
    assert es.certify_search(search).risk == low
    search.run()
    assert low <= search.lower == search.upper <= high
    assert es.certify_search(search).kind == "global minimum"


def test_effort_and_nodes_end_it_with_an_enclosure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(global_workers, "_CUTS", 2)
    search = es.GlobalSearch(problem(3, shape=(2, 10, 2)))
    with pytest.raises(es.InputError, match="raise max_steps"):
        search.run(workers=2, max_nodes=8)
    with pytest.raises(es.OutOfTime):
        search.run(es.Effort(Fraction(1, 10_000)), workers=2)
    low = search.lower
    assert low < search.upper and es.certify_search(search).risk == low


def test_where_processes_die_this_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures.process import BrokenProcessPool

    class Dying:
        def submit(self, *_: object) -> None:
            raise BrokenProcessPool

    from contextlib import contextmanager

    @contextmanager
    def dying(workers: int, dask: str | None) -> Iterator[tuple[Dying, int]]:
        yield Dying(), workers

    monkeypatch.setattr(global_workers, "_executor", dying)
    search = es.GlobalSearch(problem(1))
    search.run(workers=2)
    assert search.lower == search.upper


@pytest.mark.parametrize(("options", "reason"), [({"workers": 0}, "positive"), ({"workers": 2, "dask": "tcp://a:1"}, "exclude")])
def test_who_works_is_asked_for(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(es.InputError, match=reason):
        es.GlobalSearch(problem(1)).run(**options)


def test_a_subtree_is_what_cut_further_makes_elsewhere() -> None:
    import pickle

    instance = problem(2)
    search = es.GlobalSearch(instance)
    while (found := search.next_open()) is not None:
        place, node, value = found
        search.take_back(place, global_workers.cut_further(pickle.dumps(instance), pickle.loads(pickle.dumps(node)), value))
    alone = es.GlobalSearch(instance)
    alone.run()
    assert search.lower == search.upper == alone.upper
    assert es.certify_search(search).risk == alone.upper


def test_a_dask_cluster_finds_the_same() -> None:
    distributed = pytest.importorskip("distributed")
    instance = problem(4)
    alone = es.GlobalSearch(instance)
    alone.run()
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster:
        search = es.GlobalSearch(instance)
        search.run(dask=cluster.scheduler_address)
    assert search.lower == search.upper == alone.upper
    with pytest.raises(es.InputError, match="cannot be reached"):
        es.GlobalSearch(instance).run(dask="tcp://127.0.0.1:1")
