"""What a run asks of its work: orbits that are solved span by span, also in another process, and batches as bytes."""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from exactsurf.errors import InputError
from exactsurf.model.problem import Problem
from exactsurf.surface.signed_cells import Crossing, Orbits
from exactsurf.surface.unit_table import UnitTable


class SpanBatch(Protocol):
    """What was found about the orbits begin, …, end − 1."""

    @property
    def begin(self) -> int:
        """The first orbit."""

    @property
    def end(self) -> int:
        """The first orbit that comes after."""


B = TypeVar("B", bound=SpanBatch)


class SpanWork(Protocol[B]):
    """Work on the orbits of a problem; `again` makes it from the problem in another process."""

    @property
    def problem(self) -> Problem:
        """The problem."""

    @property
    def table(self) -> UnitTable:
        """The cells of one unit."""

    @property
    def orbits(self) -> Orbits:
        """The signed cells modulo the order of the units."""

    @property
    def ways(self) -> tuple[tuple[Crossing, ...], ...]:
        """The facets of every signed unit cell."""

    @property
    def again(self) -> Callable[[Problem], SpanWork[Any]]:
        """What makes the work of a problem; known by its name."""

    def solve(self, begin: int, end: int) -> B:
        """The batch of the orbits begin, …, end − 1."""

    def encoded(self, batch: B) -> bytes:
        """The bytes of a batch."""

    def decoded(self, content: bytes) -> B:
        """The batch of bytes; `ValueError` for others."""


def numbering_digest(work: SpanWork[Any]) -> str:
    """SHA-256 of everything that the numbers of orbits, facets and residuals in a batch refer to.

    Exactness: equal if and only if orbit k, its facets and their order are the same. Raises: nothing. Source: none.
    """
    table = work.table
    found = hashlib.sha256(repr((work.orbits.units, [cell.signs for cell in table.cells])).encode())
    for ways in work.ways:
        found.update(repr([(crossing.beyond, crossing.generators) for crossing in ways]).encode())
    for generator in table.generators:
        found.update(repr([[str(hex(v.numerator)), hex(v.denominator)] for v in generator.weights]).encode())
        found.update(repr(generator.apex).encode())
    return found.hexdigest()


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

    def __call__(self, span: Span, built: bytes = b"") -> bytes:
        """The bytes of the batch of a span; `built` is what `pickled_work` gives, so that nothing is built again.

        Raises: `InputError` if this process numbers cells otherwise (another version of exactsurf).
        """
        with _one_at_a_time:
            work = _kept.get(self)
            if work is None:
                work = pickle.loads(built) if built else self.again(pickle.loads(self.problem))
                if numbering_digest(work) != self.numbering:
                    fix = "install the same version there and here"
                    raise InputError("a worker has another version of exactsurf, which numbers cells otherwise", fix=fix)
                _kept.clear()
                _kept[self] = work
            return work.encoded(work.solve(*span))


_kept: dict[SpanTask, SpanWork[Any]] = {}

_one_at_a_time = threading.Lock()
"""A worker of Dask may have several threads, which would share the tables of a work while these grow."""

_HANDED = 1 << 23
"""Most bytes of pickled work: more are a burden for the scheduler, which keeps them as long as the run lasts."""


def pickled_work(task: SpanTask) -> bytes:
    """The work of a task that this process has been handed down, for processes that are not forked.

    Reading it takes a tenth of the time that building takes. Exactness: the same work. Raises: nothing. Source: none.

    >>> import exactsurf as es
    >>> from exactsurf.surface.workload import workload
    >>> work = workload(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0])))
    >>> with handed_down(work) as task:
    ...     len(pickled_work(task)) > 0, span_task(work)((0, 9), pickled_work(task)) == task((0, 9))
    (True, True)
    >>> pickled_work(task)
    b''
    """
    work = _kept.get(task)
    content = pickle.dumps(work) if work is not None else b""
    return content if len(content) <= _HANDED else b""


def span_task(work: SpanWork[Any]) -> SpanTask:
    """The task of some work. Exactness: the same batches as `work.solve`. Raises: nothing. Source: none."""
    return SpanTask(pickle.dumps(work.problem), numbering_digest(work), work.again)


@contextmanager
def handed_down(work: SpanWork[Any]) -> Iterator[SpanTask]:
    """The task of some work; processes that are forked meanwhile, and this one, have the work without building it again.

    Exactness: as `span_task`. Raises: nothing. Source: none.
    """
    task = span_task(work)
    _kept[task] = work
    try:
        yield task
    finally:
        _kept.pop(task, None)
