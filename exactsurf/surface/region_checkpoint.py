"""A search below a level in one file: what was found so far, so that a search that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
from fractions import Fraction
from pathlib import Path
from time import monotonic_ns
from typing import Any

from exactsurf.effort import Effort
from exactsurf.errors import InputError
from exactsurf.exact.number import exact, to_text
from exactsurf.files import write_file
from exactsurf.surface.region_search import Cutting, RegionSearch, SearchTreeNode, Watch
from exactsurf.surface.regions import Region
from exactsurf.surface.run.checkpoint import problem_digest
from exactsurf.surface.run.span_work import numbering_digest

_KIND = "exactsurf-search-below/1"
_PAUSE = 30 * 10**9
"""Nanoseconds between two times that the file is written."""


class RegionCheckpoint:
    """The file of a search, which is written whole now and then; a search that begins goes on from it.

    Parameters: `path`; the `search`, at its beginning. Exactness: what is restored is what was stored: the file names problem,
    level and numbering of cells, and ends with a checksum. Raises: `InputError` if the file cannot be read, is damaged, or
    belongs to another search, or cannot be
    written. Source: none.
    """

    def __init__(self, path: str | os.PathLike[str], search: RegionSearch[Any]) -> None:
        self.path, self.search = Path(path), search
        self._facts = {
            "kind": _KIND,
            "problem": problem_digest(search.problem),
            "cells": numbering_digest(search.numbered),
            "level": to_text(search.level),
        }
        if self.path.exists():
            self._restore()
        # What cannot be written is better said before the search than behind it.
        self.store()

    def note(self) -> None:
        """Write the file if the last time was a while ago."""
        if monotonic_ns() - self._written > _PAUSE:
            self.store()

    def store(self) -> None:
        """Write the file."""
        search = self.search
        state = {
            **self._facts,
            "nodes": [_node_text(node) for node in search.nodes],
            "waiting": [[place, [[r.sign, hex(r.above), hex(r.below)] for r in regions]] for place, regions in search.waiting],
            "minima": [[list(orbit), to_text(value)] for orbit, value in search.minima.items()],
        }
        content = json.dumps(state, separators=(",", ":"))
        write_file(self.path, f"{_digest(content)}\n{content}\n".encode())
        self._written = monotonic_ns()

    def _restore(self) -> None:
        try:
            digest, content = self.path.read_bytes().decode().rstrip("\n").split("\n")
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", file=str(self.path)) from None
        except (UnicodeDecodeError, ValueError):
            digest, content = "", ""
        if digest != _digest(content):
            raise InputError(
                "not the file of a search below a level, or damaged",
                file=str(self.path),
                fix="name another file, or remove this one and begin anew",
            )
        state: dict[str, Any] = json.loads(content)
        for name, value in self._facts.items():
            if state[name] != value:
                raise InputError(
                    f"the file belongs to a search with another {name}",
                    file=str(self.path),
                    fix="name another file, or ask as it was asked before",
                )
        waiting = [
            (place, tuple(Region(sign, int(above, 16), int(below, 16)) for sign, above, below in regions))
            for place, regions in state["waiting"]
        ]
        minima: dict[tuple[int, ...], Fraction] = {tuple(orbit): exact(value) for orbit, value in state["minima"]}
        self.search.restore([_node(entry) for entry in state["nodes"]], waiting, minima)


def run_with_file(
    search: RegionSearch[Any],
    path: str | os.PathLike[str] | None,
    effort: Effort,
    max_cells: int,
    watch: Watch | None,
    *,
    workers: int | None,
    dask: str | None,
) -> None:
    """Run a search that has just begun; a file, if there is one, keeps what it has done.

    Parameters: as of `RegionCheckpoint` and `RegionSearch.run`. Exactness: as these. Raises: as these. Source: none.
    """
    if path is None:
        search.run(effort, max_cells, watch, workers=workers, dask=dask)
        return
    file = RegionCheckpoint(path, search)

    def noted(cells: int, regions: int) -> None:
        file.note()
        if watch is not None:
            watch(cells, regions)

    try:
        search.run(effort, max_cells, noted, workers=workers, dask=dask)
    finally:
        file.store()


def _node_text(node: SearchTreeNode) -> list[Any] | None:
    if isinstance(node, Cutting):
        return ["cut", node.unit, node.wall, node.plus, node.minus]
    return None if node is None else ["cell", *node]


def _node(entry: list[Any] | None) -> SearchTreeNode:
    if entry is None:
        return None
    return Cutting(*entry[1:]) if entry[0] == "cut" else tuple(entry[1:])


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
