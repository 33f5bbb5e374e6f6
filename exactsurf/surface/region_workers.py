"""The search below a level in several processes, or on a Dask cluster: each takes regions and looks at what they have."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from typing import Any

from exactsurf.surface.global_workers import together
from exactsurf.surface.region_search import Part, RegionSearch
from exactsurf.surface.regions import Regions

_LOOKS = 64
"""Regions that a process looks at before it says what it has."""

_known: dict[bytes, RegionSearch[Any]] = {}
_one_at_a_time = threading.Lock()


def run_with_workers(search: RegionSearch[Any], watch: Callable[[], None], workers: int, dask: str | None) -> None:
    """Go on until no regions are left, or no process is.

    However this ends, regions that a process has not given back are left to look at.
    Parameters: `watch`, called again and again, which may raise; the others as of `RegionSearch.run`. Exactness: exact.
    Raises: as `RegionSearch.run`. Source: see `RegionSearch`.
    """
    content = pickle.dumps((search.again, search.problem, search.level))

    def next_task() -> tuple[int, Callable[..., Any], tuple[Any, ...]] | None:
        found = search.next_open()
        return None if found is None else (found[0], look_further, (content, *found[1:]))

    try:
        together(next_task, search.take_back, watch, workers, dask)
    finally:
        search.recall()


def look_further(content: bytes, regions: Regions, start: Any) -> Part[Any]:
    """In another process: what some looks make of regions.

    Parameters: `content`, pickled: what makes the search, problem and level; the others as of `RegionSearch.part`.
    Exactness: exact.
    Raises: nothing. Source: see `run_with_workers`.
    """
    # A worker of Dask may have several threads, which would share a search.
    with _one_at_a_time:
        search = _known.get(content)
        if search is None:
            again, problem, level = pickle.loads(content)
            _known.clear()
            search = _known[content] = again(problem, level)
        return search.part(regions, start, _LOOKS)
