"""Spans of orbits through a Dask cluster; a worker that dies costs time and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

from exactsurf.effort import look
from exactsurf.errors import ExactsurfError, InputError, MissingExtraError
from exactsurf.surface.run.span_queues import SpanQueues
from exactsurf.surface.run.span_work import Span, SpanTask, pickled_work
from exactsurf.surface.run.worker_pool import PATIENCE

_AHEAD = 3
"""Spans that a thread of the cluster has at a time, so that it never waits."""
_LOOK = 1
"""Seconds after which the cluster is asked again who works there: that is a way there and back."""
_PATIENCE = 5
"""Seconds to wait for the scheduler, and for its first worker."""


def through_dask(task: SpanTask, spans: Sequence[Span], address: str) -> Iterator[tuple[Span, bytes]]:
    """Every span with the bytes of its batch, in the order in which they are done.

    When a worker dies, the scheduler repeats what it was doing; a batch that ends several workers is solved here.
    Parameters: `address` of the scheduler, e.g. ``tcp://127.0.0.1:8786``. Exactness: the same bytes for every cluster.
    Raises: `MissingExtraError` without the package distributed; `InputError` if the scheduler cannot be reached, has no
    workers, is lost on the way, or its workers have no exactsurf or another version; `OutOfTime` if the effort that governs is
    over. However this ends, the cluster keeps no task of it. Source: none.
    """
    with connected(address) as client:
        yield from _solved(client, task, spans, address)


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """A client of the scheduler at an address, as long as it is needed.

    Parameters: `address`. Exactness: not needed. Raises: as `through_dask`. Source: none.
    """
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtraError("distributed", "distributed") from None
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False, name="exactsurf")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        fix = "start one with: dask scheduler; or leave the address out"
        raise InputError(f"the Dask scheduler cannot be reached ({_first_line(error)})", text=address, fix=fix) from None
    try:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            fix = f"start some with: dask worker {address}"
            raise InputError("the Dask scheduler has no workers", text=address, fix=fix) from None
        yield client
    finally:
        client.close(timeout=_PATIENCE)  # type: ignore[no-untyped-call]


def _solved(client: Any, task: SpanTask, spans: Sequence[Span], address: str) -> Iterator[tuple[Span, bytes]]:
    try:
        yield from _in_queues(client, task, spans)
    except ImportError as error:
        fix = "install exactsurf of the same version there"
        raise InputError(f"a worker of the Dask cluster cannot import exactsurf ({error})", text=address, fix=fix) from None
    except (ExactsurfError, MemoryError):
        raise
    except Exception as error:
        fix = "look at the scheduler's log; a run with a checkpoint goes on where it stopped"
        raise InputError(f"the Dask cluster was lost or failed ({_first_line(error)})", text=address, fix=fix) from None


def _in_queues(client: Any, task: SpanTask, spans: Sequence[Span]) -> Iterator[tuple[Span, bytes]]:
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    threads_of, looked = client.nthreads(), monotonic()
    queues = SpanQueues(spans, len(threads_of))
    owners: dict[Any, tuple[Span, str]] = {}
    done = as_completed(loop=client.loop)  # type: ignore[no-untyped-call]
    # As a task of its own it goes to each worker once, and is there again when the worker that had it dies.
    built = client.submit(bytes, pickled_work(task), pure=False)
    for _ in spans:
        if not owners:
            client.wait_for_workers(1, timeout=_PATIENCE)
        if not owners or monotonic() > looked + _LOOK:
            threads_of, looked = client.nthreads(), monotonic()
        for worker, threads in threads_of.items():
            room = _AHEAD * threads - sum(owner == worker for _, owner in owners.values())
            while room > 0 and (span := queues.take(worker)) is not None:
                # A queue belongs to a worker as long as it lives; then others do what it was given.
                future = client.submit(task, span, built, pure=False, retries=2, workers=[worker], allow_other_workers=True)
                owners[future] = span, worker
                done.add(future)  # type: ignore[no-untyped-call]
                room -= 1
        while not done.has_ready():  # type: ignore[no-untyped-call]
            look("spans of signed cells are solved on a Dask cluster")
            sleep(PATIENCE / 10)
        future = next(done)
        span, _ = owners.pop(future)
        try:
            content: bytes = future.result()
        except KilledWorker:
            content = task(span)
        yield span, content


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
