"""Searches with enclosed levels in several processes, or on a Dask cluster: each looks at nodes of a batch."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from exactsurf.surface.global_workers import together
from exactsurf.surface.levels.enclosed_search import EnclosedSearch
from exactsurf.surface.levels.region_levels import EnclosedNode, Expansion, RegionLevels

_known: dict[bytes, RegionLevels] = {}
_one_at_a_time = threading.Lock()


def run_with_workers(search: EnclosedSearch, watch: Callable[[], None], workers: int, dask: str | None) -> None:
    """Go on until the bounds are near enough to each other, no node can be cut, or no process is left.

    Parameters: as of `EnclosedSearch.run`; `watch`, called again and again, which may raise. Exactness: enclosed, with proof.
    Raises: as `EnclosedSearch.run`. Source: proofs/claims/near_global_minimum.md, section 3.
    """
    content = pickle.dumps((search.problem, search.levels.fine))

    def next_task() -> tuple[int, Callable[..., Any], tuple[Any, ...]] | None:
        place = search.next_place()
        if place is None:
            return None
        return place, look_at, (content, search.nodes[place], search.enough, search.looks(place))

    try:
        together(next_task, search.take_back, watch, workers, dask)
    finally:
        search.recall()


def look_at(content: bytes, node: EnclosedNode, enough: Fraction, look: bool) -> Expansion:
    """In another process: what a look at a node gives.

    Parameters: `content`, the pickled problem and how fine its proposals are; the others as of `RegionLevels.expansion`.
    Exactness: enclosed, with proof.
    Raises: nothing. Source: see `run_with_workers`.
    """
    # A worker of Dask may have several threads, which would share tables.
    with _one_at_a_time:
        levels = _known.get(content)
        if levels is None:
            _known.clear()
            levels = _known[content] = RegionLevels(*pickle.loads(content))
        return levels.expansion(node, enough, look)
