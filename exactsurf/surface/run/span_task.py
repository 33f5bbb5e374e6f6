"""One batch in another process: the problem and a span of orbits go in, the bytes of the batch come out."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.errors import InputError
from exactsurf.surface.run.batch_encoding import encoded_batch
from exactsurf.surface.run.checkpoint import numbering_digest

if TYPE_CHECKING:
    from exactsurf.surface.workload import Workload

Span: TypeAlias = tuple[int, int]
"""The orbits begin, …, end − 1."""


@dataclass(frozen=True)
class SpanTask:
    """What another process needs to solve spans: the pickled problem, and the digest of the numbers that its orbits have here.

    The workload is built once in each process and kept for the spans to come.
    """

    problem: bytes
    numbering: str

    def __call__(self, span: Span) -> bytes:
        """The bytes of the batch of a span.

        Raises: `InputError` if this process numbers cells otherwise (another version of exactsurf).
        """
        work = _kept.get(self)
        if work is None:
            from exactsurf.surface.workload import workload

            work = workload(pickle.loads(self.problem))
            if numbering_digest(work) != self.numbering:
                fix = "install the same version there and here"
                raise InputError("a worker has another version of exactsurf, which numbers cells otherwise", fix=fix)
            _kept.clear()
            _kept[self] = work
        return encoded_batch(work.solve(*span))


_kept: dict[SpanTask, Workload] = {}


def span_task(work: Workload) -> SpanTask:
    """The task of a workload. Exactness: the same batches as `work.solve`. Raises: nothing. Source: none."""
    return SpanTask(pickle.dumps(work.minima.problem), numbering_digest(work))
