"""Spans of orbits through processes of this machine; a process that dies costs time and nothing else."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeAlias

from exactsurf.effort import look
from exactsurf.surface.run.span_queues import SpanQueues
from exactsurf.surface.run.span_work import Span
from exactsurf.surface.run.worker_pool import PATIENCE, WorkerPool

Task: TypeAlias = Callable[[Span], bytes]

_AHEAD = 2
"""Spans that a process has at a time, so that it never waits."""
_TRIES = 3
"""Processes in a row that may die before a span is done; then it is solved here."""


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def through_processes(task: Task, spans: Sequence[Span], workers: int) -> Iterator[tuple[Span, bytes]]:
    """Every span with the bytes of its batch, in the order in which they are done.

    When a process dies (killed, or out of memory), the batches that were under way are repeated in a new one.
    Parameters: `workers`, the number of processes. Exactness: the same bytes for every number of workers. Raises: what the
    task raises, and `OutOfTime` if the effort that governs is over. However this ends, the processes end with it. Source: none.
    """
    queues = SpanQueues(spans, workers)
    processes = [_Process(task) for _ in range(workers)]
    try:
        while True:
            for number, process in enumerate(processes):
                while len(process.waiting) < _AHEAD and (span := queues.take(number)) is not None:
                    process.add(span)
            heads = {process.waiting[0][1]: process for process in processes if process.waiting}
            if not heads:
                return
            look("spans of signed cells are solved in other processes")
            for future in wait(heads, timeout=PATIENCE, return_when=FIRST_COMPLETED).done:
                yield heads[future].first()
    finally:
        for process in processes:
            process.pool.leave()


class _Process:
    """One process, and the spans that it has been given."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.waiting: deque[tuple[Span, Future[bytes]]] = deque()
        self.pool: WorkerPool | _Here = WorkerPool(1)
        self.has_worked = False

    def add(self, span: Span) -> None:
        try:
            future = self.pool.submit(self.task, span)
        except BrokenProcessPool as error:
            future = Future()
            future.set_exception(error)
        self.waiting.append((span, future))

    def first(self) -> tuple[Span, bytes]:
        """The first span with its bytes; if the process has died, in a new one, or at last in this one."""
        span = self.waiting[0][0]
        for _ in range(_TRIES):
            try:
                content = self.waiting[0][1].result()
                self.has_worked = True
                break
            except BrokenProcessPool:
                self._begin_again()
        else:
            content = self.task(span)
        self.waiting.popleft()
        if not self.has_worked:
            # Processes cannot be started at all, e.g. in a sandbox.
            self.has_worked = True
            self._begin_again(_Here())
        return span, content

    def _begin_again(self, pool: WorkerPool | _Here | None = None) -> None:
        self.pool.leave()
        self.pool = pool or WorkerPool(1)
        spans = [span for span, _ in self.waiting]
        self.waiting.clear()
        for span in spans:
            self.add(span)


class _Here(Executor):
    """No other process: this one."""

    def leave(self) -> None:
        """Nobody is to be told."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments, **named))
        except Exception as error:
            future.set_exception(error)
        return future
