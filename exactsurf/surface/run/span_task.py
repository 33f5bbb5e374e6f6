"""One batch in another process: the problem and a span of orbits go in, the bytes of the batch come out."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from exactsurf.errors import InputError
from exactsurf.model.problem import Problem
from exactsurf.surface.run.checkpoint import numbering_digest
from exactsurf.surface.run.span_work import SpanWork

Span: TypeAlias = tuple[int, int]
"""The orbits begin, …, end − 1."""


@dataclass(frozen=True)
class SpanTask:
    """What another process needs to solve spans: the pickled problem, and the digest of the numbers that its orbits have here.

    The work is built once in each process, by `again`, and kept for the spans to come.
    """

    problem: bytes
    numbering: str
    again: Callable[[Problem], SpanWork[Any]]

    def __call__(self, span: Span) -> bytes:
        """The bytes of the batch of a span.

        Raises: `InputError` if this process numbers cells otherwise (another version of exactsurf).
        """
        work = _kept.get(self)
        if work is None:
            work = self.again(pickle.loads(self.problem))
            if numbering_digest(work) != self.numbering:
                fix = "install the same version there and here"
                raise InputError("a worker has another version of exactsurf, which numbers cells otherwise", fix=fix)
            _kept.clear()
            _kept[self] = work
        return work.encoded(work.solve(*span))


_kept: dict[SpanTask, SpanWork[Any]] = {}


def span_task(work: SpanWork[Any]) -> SpanTask:
    """The task of some work. Exactness: the same batches as `work.solve`. Raises: nothing. Source: none."""
    return SpanTask(pickle.dumps(work.problem), numbering_digest(work), work.again)
