"""Long computations without Python's search for cycles of garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """While many small objects are made that stay and refer to no cycle: looking through them again and again finds nothing.

    Where the search is off already, it stays off. Exactness: not needed. Raises: nothing. Source: none.

    >>> with uncollected():
    ...     gc.isenabled()
    False
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
