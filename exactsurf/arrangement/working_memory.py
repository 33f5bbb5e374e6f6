"""How many cells are worked on together: as many as a share of the memory that is free holds."""

from __future__ import annotations

import os
from math import comb

_MOST = 2 << 30
"""Bytes for an enumeration, however much memory there is."""

_FEW = 1 << 14
"""Cells that every machine holds, so that the system need not be asked."""

_UNKNOWN = 1 << 30
"""Bytes that are taken to be available where a system does not say."""


def cells_at_once(dimension: int, hyperplanes: int) -> int:
    """How many cells of a central arrangement in a half-space are worked on together: all where no memory could be too small.

    Parameters: `dimension` ≥ 1, and `hyperplanes` ≥ 1 with the border of the half-space. Exactness: as `cells_in_memory`.
    Raises: nothing. Source: there are at most Σ_{k < dimension} C(hyperplanes − 1, k) such cells (Zaslavsky).

    >>> cells_at_once(3, 20)
    191
    """
    most = sum(comb(hyperplanes - 1, k) for k in range(dimension))
    return most if most <= _FEW else cells_in_memory(dimension, -(-hyperplanes // 64))


def cells_in_memory(dimension: int, words: int, available: int | None = None) -> int:
    """How many cells of an arrangement, with a point and a key of so many words each, a quarter of the memory holds.

    Parameters: `available`, bytes (default: what the system says). Exactness: an estimate; no answer depends on it.
    Raises: nothing. Source: while cells are merged there are three copies of points and keys, and an order of them.

    >>> cells_in_memory(7, 1, available=4 << 30)
    4628197
    """
    free = available_memory() if available is None else available
    return int(max(1, min(free // 4, _MOST) // (24 * (dimension + words) + 40)))


def available_memory() -> int:
    """Bytes that this process may still take, as the system says."""
    found = []
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            found += [1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")]
        with (
            open("/sys/fs/cgroup/memory.max", encoding="ascii") as limit,
            open("/sys/fs/cgroup/memory.current", encoding="ascii") as current,
        ):
            most = limit.read().strip()
            if most.isdigit():
                found.append(max(0, int(most) - int(current.read())))
    except (OSError, ValueError, IndexError):
        pass
    if not found:
        try:
            found.append(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
        except (AttributeError, ValueError, OSError):
            return _UNKNOWN
    return min(found)
