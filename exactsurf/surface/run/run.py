"""All batches of a workload in order: in this process, in several, on a cluster, or from the checkpoint of an earlier run."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from typing import Any, TypeAlias

from exactsurf.effort import to_the_end
from exactsurf.errors import InputError
from exactsurf.surface.run.checkpoint import Checkpoint
from exactsurf.surface.run.span_work import B, Span, SpanWork, handed_down
from exactsurf.surface.run.waiting_batches import WaitingBatches

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the number of orbits done and of all."""

_BATCH_MILLISECONDS = range(1000, 4000)
"""About how long a batch takes, at least and at most."""
_BATCHES = 200
"""About how many batches a run has, as far as that gives such lengths: long ones share more, many keep all workers busy."""
_LONGEST = 16384
"""Orbits of the longest batch."""
_SAMPLE = 32
"""Orbits of the first run of an estimate."""
_GOLDEN = 2654435769
"""2³² divided by the golden ratio."""
_SERIAL_MILLISECONDS = 5_000
"""Below so much work one process is quicker than starting others."""


def estimated_milliseconds(work: SpanWork[Any], budget: int = 1000) -> int:
    """About how much processor time the minima over all orbits take, from runs of orbits here and there, each twice as long.

    Parameters: `budget`, how many milliseconds to try. Processor time is that of a quiet machine, whatever
    else is going on. Exactness: an estimate of time, no statement about the problem.
    Raises: nothing. Source: none.
    """
    count = work.orbits.count
    length, done, spent, last = min(count, _SAMPLE), 0, 0, 0
    for run in itertools.count(1):
        # Multiples of the golden ratio are spread evenly, however many there are.
        begin = (run * _GOLDEN % 2**32) * (count - length + 1) >> 32
        start = time.process_time_ns()
        work.solve(begin, begin + length)
        last = time.process_time_ns() - start
        spent, done = spent + last, done + length
        if run > 1 and (done >= count or spent + 2 * last > budget * 10**6):
            break
        # A batch costs something of its own, and finds fits that later ones use: so runs grow to the length of batches.
        length = min(2 * length, max(length, _LONGEST), count)
    return (spent + last * max(0, count - done) // length) // 10**6


def estimated_seconds(work: SpanWork[Any]) -> int:
    """About how much processor time a whole landscape takes: the tree takes about as long as the minima over the orbits.

    Exactness: an estimate, as `estimated_milliseconds`. Raises: nothing. Source: benchmarks/README.md.
    """
    return 2 * estimated_milliseconds(work) // 1000 + 1


def check_workers(workers: int | None, dask: str | None) -> None:
    """Raise `InputError` unless these say who works: a positive number of processes, or a cluster, or nothing.

    Parameters: as of `batches`. Exactness: not needed. Raises: see above. Source: none.
    """
    if workers is not None and (not isinstance(workers, int) or workers < 1):
        raise InputError("the number of workers must be a positive integer", text=repr(workers))
    if workers is not None and dask is not None:
        raise InputError("workers and dask exclude each other", fix="give the number of processes, or the address of a cluster")


def batches(
    work: SpanWork[B],
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    checkpoint: str | os.PathLike[str] | None = None,
    dask: str | None = None,
) -> Generator[B, None, None]:
    """All batches of some work in order.

    Parameters: `workers`, processes of this machine (None: one for each processor where the work is worth it); `progress`, called
    after every batch; `checkpoint`, the file of the run, which is created or gone on with; `dask`, the address of the scheduler
    of a Dask cluster that works instead. Who takes no more closes what is returned, and others work no more.
    Exactness: exact; put together, the batches are the same whoever works. Raises: `InputError` if `workers` < 1; what
    `Checkpoint` and `through_dask` raise. Source: none.
    """
    check_workers(workers, dask)
    count = work.orbits.count
    # An estimate of so few orbits would take longer than the orbits do.
    milliseconds = estimated_milliseconds(work, 30) if count > _SAMPLE else 0
    if milliseconds > _SERIAL_MILLISECONDS:
        # Short runs say too much; where other processes are to be started a better estimate is worth its time.
        milliseconds = estimated_milliseconds(work, 300)
    each = min(max(milliseconds // _BATCHES, _BATCH_MILLISECONDS.start), _BATCH_MILLISECONDS.stop)
    length = max(1, min(_LONGEST, count * each // (milliseconds + 1)))
    report = progress or (lambda done, total: None)
    if checkpoint is None:
        spans = [(begin, min(begin + length, count)) for begin in range(0, count, length)]
        with closing(WaitingBatches()) as early, closing(_solved(work, spans, workers, dask, milliseconds)) as solved:
            done, next_one = 0, 0
            for (begin, end), found in solved:
                done += end - begin
                if isinstance(found, bytes):
                    early.put(begin, found)
                else:
                    next_one = found.end
                    yield found
                while next_one in early:
                    batch = work.decoded(early.take(next_one))
                    next_one = batch.end
                    yield batch
                report(done, count)
        return
    with Checkpoint(checkpoint, work, length) as file:
        missing = file.missing()
        done = count - sum(end - begin for begin, end in missing)
        report(done, count)
        with closing(_solved(work, missing, workers, dask, milliseconds * (count - done) // count)) as solved:
            for (begin, end), found in _whole(solved):
                file.store(begin, found if isinstance(found, bytes) else work.encoded(found))
                done += end - begin
                report(done, count)
        yield from file.batches()


def _whole(solved: Iterator[tuple[Span, B | bytes]]) -> Iterator[tuple[Span, B | bytes]]:
    """Every batch to its end, whatever effort governs: so every run brings a checkpoint further."""
    while True:
        with to_the_end():
            found = next(solved, None)
        if found is None:
            return
        yield found


def _solved(
    work: SpanWork[B], spans: Sequence[Span], workers: int | None, dask: str | None, milliseconds: int
) -> Generator[tuple[Span, B | bytes], None, None]:
    if dask is not None and spans:
        from exactsurf.surface.run.dask_cluster import through_dask

        with handed_down(work) as task:
            yield from through_dask(task, spans, dask)
        return
    from exactsurf.surface.run.process_pool import processors, through_processes

    # A process that was itself started as a worker may have no children.
    alone = milliseconds < _SERIAL_MILLISECONDS or multiprocessing.current_process().daemon
    chosen = min(workers or (1 if alone else processors()), len(spans))
    if chosen > 1:
        with handed_down(work) as task:
            yield from through_processes(task, spans, chosen)
    else:
        for span in spans:
            yield span, work.solve(*span)
