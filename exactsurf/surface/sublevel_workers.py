"""The search below a level in several processes, or on a Dask cluster: each takes regions and looks at what they have."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from typing import Any

from exactsurf.exact.cone_least_squares import Solution
from exactsurf.surface.global_workers import together
from exactsurf.surface.regions import Regions
from exactsurf.surface.sublevel_search import Part, SublevelSearch
from exactsurf.surface.workload import workload

_LOOKS = 64
"""Regions that a process looks at before it says what it has."""

_known: dict[bytes, SublevelSearch] = {}
_one_at_a_time = threading.Lock()


def run_with_workers(search: SublevelSearch, watch: Callable[[], None], workers: int, dask: str | None) -> None:
    """Go on until no regions are left, or no process is.

    However this ends, regions that a process has not given back are left to look at.
    Parameters: `watch`, called again and again, which may raise; the others as of `SublevelSearch.run`. Exactness: exact.
    Raises: as `SublevelSearch.run`. Source: see `SublevelSearch`.
    """
    content = pickle.dumps((search.work.problem, search.level))

    def next_task() -> tuple[int, Callable[..., Any], tuple[Any, ...]] | None:
        found = search.next_open()
        return None if found is None else (found[0], look_further, (content, *found[1:]))

    try:
        together(next_task, search.take_back, watch, workers, dask)
    finally:
        search.recall()


def look_further(content: bytes, regions: Regions, start: Solution | None) -> Part:
    """In another process: what some looks make of regions.

    Parameters: `content`, the pickled problem and level; the others as of `SublevelSearch.part`. Exactness: exact.
    Raises: nothing. Source: see `run_with_workers`.
    """
    # A worker of Dask may have several threads, which would share a search.
    with _one_at_a_time:
        search = _known.get(content)
        if search is None:
            problem, level = pickle.loads(content)
            _known.clear()
            search = _known[content] = SublevelSearch(workload(problem), level)
        return search.part(regions, start, _LOOKS)
