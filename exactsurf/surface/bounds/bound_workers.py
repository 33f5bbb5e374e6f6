"""The search for bounds in several processes, or on a Dask cluster: each takes an open node and cuts it further."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from exactsurf.model.parameters import Parameters
from exactsurf.surface.bounds.bound_nodes import BoundNode, BoundPart
from exactsurf.surface.bounds.bound_search import BoundSearch
from exactsurf.surface.global_workers import together

_CUTS = 4
"""Cuts that a process makes before it says what it has."""

_known: dict[bytes, BoundSearch] = {}
_one_at_a_time = threading.Lock()


def run_with_workers(search: BoundSearch, width: Fraction, watch: Callable[[], None], workers: int, dask: str | None) -> None:
    """Go on until the bounds are near enough to each other, no node is open, or no process is left.

    However this ends, every node that a process has not given back is open again, so that the bounds hold.
    Parameters: as of `BoundSearch.run`; `watch`, called again and again, which may raise. Exactness: exact.
    Raises: as `BoundSearch.run`. Source: proofs/claims/global_minimum.md, section 13.
    """
    content = pickle.dumps((search.problem, search.point))

    def next_task() -> tuple[int, Callable[..., Any], tuple[Any, ...]] | None:
        found = search.next_open(width)
        return None if found is None else (found[0], cut_further, (content, found[1], search.upper, search.point))

    try:
        together(next_task, search.take_back, watch, workers, dask)
    finally:
        search.recall()


def cut_further(content: bytes, node: BoundNode, upper: Fraction, point: Parameters) -> BoundPart:
    """In another process: what some cuts make of a node.

    Parameters: `content`, the pickled problem and a point to begin from; the others as of `BoundSearch.part`. Exactness: exact.
    Raises: as `BoundSearch.run`. Source: see `run_with_workers`.
    """
    # A worker of Dask may have several threads, which would share a search.
    with _one_at_a_time:
        search = _known.get(content)
        if search is None:
            problem, start = pickle.loads(content)
            _known.clear()
            search = _known[content] = BoundSearch(problem, start=start)
        return search.part(node, upper, point, _CUTS)
