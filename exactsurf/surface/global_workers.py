"""The search for the global minimum in several processes, or on a Dask cluster: each takes an open node and cuts it further."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from fractions import Fraction

from exactsurf.effort import Effort
from exactsurf.surface.global_search import GlobalSearch, SearchNode, Subtree, Watch
from exactsurf.surface.run.dask_cluster import connected
from exactsurf.surface.run.process_pool import begin_process, without_main

_CUTS = 16
"""Cuts that a process makes before it says what it has."""

_AHEAD = 2
"""Nodes that a process has at a time, so that it never waits."""

_PATIENCE = 1
"""Seconds after which the clock is looked at again."""

_known: dict[bytes, GlobalSearch] = {}
_one_at_a_time = threading.Lock()


def run_with_workers(
    search: GlobalSearch, effort: Effort, max_nodes: int, watch: Watch | None, workers: int, dask: str | None
) -> None:
    """Go on until no node is open, or no process is left.

    However this ends, every node that a process has not given back is open again, so that the bounds hold.
    Parameters: as of `GlobalSearch.run`, the clock running. Exactness: exact. Raises: as `GlobalSearch.run`.
    Source: proofs/claims/global_minimum.md, section 7.
    """
    content = pickle.dumps(search.minima.problem)
    away: dict[Future[Subtree], int] = {}
    with _executor(workers, dask) as (pool, count):
        try:
            while True:
                search.check(effort, max_nodes)
                while len(away) < _AHEAD * count and (found := search.next_open()) is not None:
                    place, node, value = found
                    with without_main():
                        away[pool.submit(cut_further, content, node, value)] = place
                if not away:
                    return
                for future in wait(away, timeout=_PATIENCE, return_when=FIRST_COMPLETED).done:
                    search.take_back(away[future], future.result())
                    del away[future]
                if watch is not None:
                    watch(len(search.nodes), search.lower, search.upper)
        except BrokenProcessPool:
            return
        finally:
            for future in away:
                future.cancel()
            search.recall()


def cut_further(content: bytes, node: SearchNode, value: Fraction) -> Subtree:
    """In another process: what some cuts make of a node.

    Parameters: `content`, the pickled problem; the others as of `GlobalSearch.subtree`. Exactness: exact. Raises: nothing.
    Source: see `run_with_workers`.
    """
    # A worker of Dask may have several threads, which would share a search.
    with _one_at_a_time:
        search = _known.get(content)
        if search is None:
            _known.clear()
            search = _known[content] = GlobalSearch(pickle.loads(content))
        return search.subtree(node, value, _CUTS)


@contextmanager
def _executor(workers: int, dask: str | None) -> Iterator[tuple[Executor, int]]:
    """What takes tasks, and how many at a time."""
    if dask is not None:
        with connected(dask) as client:
            yield client.get_executor(pure=False, retries=2), sum(client.nthreads().values())
        return
    pool = ProcessPoolExecutor(workers, initializer=begin_process)
    try:
        yield pool, workers
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
