"""Processes of this machine that take tasks, and that leave in the middle of them when nobody waits any longer."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import Pipe, get_start_method, parent_process
from multiprocessing.connection import Connection, wait
from types import ModuleType
from typing import Any

PATIENCE = 1 / 10
"""Seconds after which who waits for workers looks at the clock again."""


class WorkerPool(ProcessPoolExecutor):
    """A pool of processes that never run the user's script, leave interruptions to their parent, and end with it.

    Python waits for the processes of a pool before it ends, and these finish what they are doing: `leave` ends them at once.
    Parameters: `workers`, the number of processes. Exactness: not needed. Raises: as `ProcessPoolExecutor`. Source: none.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._told, self._tell = Pipe(duplex=False)
        super().__init__(workers, initializer=_begin_process, initargs=(self._told,))

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """As of every executor."""
        with _without_main():
            return super().submit(_computed, function, *arguments, **named)

    def leave(self) -> None:
        """End all processes; what they are computing, and what nobody has begun, is lost."""
        # None of them reads, so one message is seen by all; but Windows may wake only one that waits for each message.
        for _ in range(self._workers):
            self._tell.send_bytes(b".")
        self.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _without_main() -> Iterator[None]:
    """A new process does not import the user's script, which would run it again where it has no main guard.

    Processes that are not forked import the main module of the one that starts them. Tasks need nothing of it.
    """
    if get_start_method() == "fork":
        yield
        return
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


_not_computing = threading.Lock()
"""Held by the main thread of a worker but while it computes: one that ends while it writes an answer, or holds the lock of a
queue, would leave its parent waiting for the rest."""


def _computed(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """In a worker: what the function gives."""
    _not_computing.release()
    try:
        return function(*arguments, **named)
    finally:
        _not_computing.acquire()


def _begin_process(told: Connection) -> None:
    """What a worker does first."""
    # An interruption is for the process that waits; it tells the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _not_computing.acquire()
    threading.Thread(target=_leave_when_told, args=(told,), daemon=True).start()
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_when_told(told: Connection) -> None:
    wait([told])
    _not_computing.acquire()
    os._exit(1)


def _leave_with_parent() -> None:
    # A worker whose parent was killed would wait for work for ever.
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
