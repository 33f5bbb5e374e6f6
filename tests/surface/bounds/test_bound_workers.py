"""The search for bounds in several processes: bounds that hold, whatever happens to them, and a certificate of the lower one."""

from __future__ import annotations

import pickle
import random
from contextlib import suppress
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.bounds import bound_workers


def problem(widths: list[int], seed: int = 1, samples: int = 4) -> es.Problem:
    source = random.Random(seed)
    rows = [[source.randint(-3, 3) for _ in range(widths[0])] for _ in range(samples)]
    return es.Problem(
        es.Network(widths), es.Data.from_arrays(rows, [[source.randint(-3, 3) for _ in range(widths[-1])] for _ in rows])
    )


def narrow(search: es.BoundSearch, limit: int) -> None:
    """Go on for some regions."""
    with suppress(es.InputError):
        search.run(width="1/50", max_nodes=limit)


@pytest.mark.parametrize("widths", [[1, 1, 2], [1, 1, 1, 2]], ids=str)
def test_parts_give_bounds_that_hold(widths: list[int]) -> None:
    instance = problem(widths, seed=6)
    alone = es.BoundSearch(instance)
    narrow(alone, 40)
    search = es.BoundSearch(instance, start=alone.point)
    content = pickle.dumps((instance, search.point))
    assert search.upper <= alone.upper
    seen = [search.lower]
    for _ in range(8):
        found = search.next_open(Fraction(1, 50))
        if found is None:
            break
        place, node = found
        assert search.lower <= node.value, "a node that is away still counts"
        bound_workers._known.clear()  # every part by a process that knows of no other
        part = bound_workers.cut_further(content, pickle.loads(pickle.dumps(node)), search.upper, search.point)
        search.take_back(place, part)
        seen.append(search.lower)
        assert search.lower <= search.upper <= alone.upper and alone.lower <= search.upper
    assert seen == sorted(seen) and len(seen) > 2 and (seen[-1] > seen[0] or len(widths) > 3)
    assert es.certify_search(search).risk == search.lower
    # This process goes on with regions that others have made.
    before = search.lower
    narrow(search, len(search.nodes) + 6)
    assert before <= search.lower <= search.upper
    assert es.certify_search(search).risk == search.lower


def test_two_processes_bring_the_bounds_together() -> None:
    instance = problem([1, 1, 2])
    search = es.BoundSearch(instance)
    search.run(width="1/20", workers=2)
    assert search.upper - search.lower <= search.upper / 20
    assert es.certify_search(search).risk == search.lower
    assert es.certify_global_minimum(instance, width="1/20", workers=2).risk <= search.upper


def test_an_interruption_leaves_bounds() -> None:
    search = es.BoundSearch(problem([2, 2, 2], samples=5))

    def stop(count: int, low: Fraction, high: Fraction) -> None:
        if count > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search.run(width=0, workers=2, watch=stop)
    assert not search._away and search.lower <= search.upper
    assert es.certify_search(search).risk == search.lower


def test_a_dask_cluster_and_who_is_asked_for() -> None:
    distributed = pytest.importorskip("distributed")
    instance = problem([1, 1, 2], seed=2)
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster:
        search = es.BoundSearch(instance)
        search.run(width="1/10", dask=cluster.scheduler_address)
    assert search.upper - search.lower <= search.upper / 10
    with pytest.raises(es.InputError, match="exclude"):
        search.run(workers=2, dask="tcp://a:1")
    with pytest.raises(es.InputError, match="positive"):
        search.run(workers=0)
