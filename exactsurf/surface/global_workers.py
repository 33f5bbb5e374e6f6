"""Searches in several processes, or on a Dask cluster: each takes an open node and cuts it further."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from exactsurf.effort import Effort
from exactsurf.surface.global_search import GlobalSearch, Watch
from exactsurf.surface.run.dask_cluster import connected
from exactsurf.surface.run.worker_pool import PATIENCE, WorkerPool
from exactsurf.surface.search_tree import SearchNode, Subtree

_CUTS = 16
"""Cuts that a process makes before it says what it has."""

_AHEAD = 2
"""Nodes that a process has at a time, so that it never waits."""

_known: dict[bytes, GlobalSearch] = {}
_one_at_a_time = threading.Lock()


def together(
    next_task: Callable[[], tuple[int, Callable[..., Any], tuple[Any, ...]] | None],
    take_back: Callable[[int, Any], None],
    watch: Callable[[], None],
    workers: int,
    dask: str | None,
) -> None:
    """Let processes, or a cluster, do tasks until there are none and all are back, or no process is left.

    Parameters: `next_task`, the place, the function and the arguments of a task; `take_back`, called with the place and what the
    function gave; `watch`, called again and again, which may raise. However this ends, tasks that are not back are left to the
    caller. Exactness: not needed. Raises: as `watch`, and `MissingExtraError` and `InputError` where there is no such scheduler.
    Source: none.
    """
    away: dict[Future[Any], int] = {}
    with _executor(workers, dask) as (pool, count):
        try:
            while True:
                watch()
                while len(away) < _AHEAD * count and (task := next_task()) is not None:
                    place, function, arguments = task
                    away[pool.submit(function, *arguments)] = place
                if not away:
                    return
                for future in wait(away, timeout=PATIENCE, return_when=FIRST_COMPLETED).done:
                    take_back(away[future], future.result())
                    del away[future]
        except BrokenProcessPool:
            return


def run_with_workers(
    search: GlobalSearch, effort: Effort, max_nodes: int, watch: Watch | None, workers: int, dask: str | None
) -> None:
    """Go on until no node is open, or no process is left.

    However this ends, every node that a process has not given back is open again, so that the bounds hold.
    Parameters: as of `GlobalSearch.run`, the clock running. Exactness: exact. Raises: as `GlobalSearch.run`.
    Source: proofs/claims/global_minimum.md, section 7.
    """
    content = pickle.dumps(search.minima.problem)
    known = 0

    def next_task() -> tuple[int, Callable[..., Any], tuple[Any, ...]] | None:
        found = search.next_open()
        return None if found is None else (found[0], cut_further, (content, *found[1:]))

    def watched() -> None:
        nonlocal known
        search.check(effort, max_nodes)
        if watch is not None and known < len(search.nodes):
            watch(len(search.nodes), search.lower, search.upper)
        known = len(search.nodes)

    try:
        together(next_task, search.take_back, watched, workers, dask)
    finally:
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
    pool = WorkerPool(workers)
    try:
        yield pool, workers
    finally:
        pool.leave()
