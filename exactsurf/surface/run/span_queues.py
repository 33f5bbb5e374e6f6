"""Who does what: each worker goes through neighbouring spans, which share most minima, and helps others when it is done."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence

from exactsurf.surface.run.span_work import Span


class SpanQueues:
    """The spans that nobody has taken yet, in one queue for each worker that has asked.

    A worker takes its spans from the front of its queue; when there are none, it is given the later half of the largest queue.
    Exactness: every span is given out once. Raises: nothing. Source: none.

    >>> queues = SpanQueues([(k, k + 1) for k in range(5)], 2)
    >>> [queues.take(worker) for worker in "abaabaa"]
    [(0, 1), (3, 4), (1, 2), (2, 3), (4, 5), None, None]
    """

    def __init__(self, spans: Sequence[Span], workers: int) -> None:
        size = max(1, -(-len(spans) // max(1, workers)))
        self._fresh = deque(deque(spans[k : k + size]) for k in range(0, len(spans), size))
        self._own: dict[Hashable, deque[Span]] = {}

    def take(self, worker: Hashable) -> Span | None:
        """The next span for a worker, None if there are no more."""
        own = self._own.get(worker)
        if not own:
            own = self._own[worker] = self._fresh.popleft() if self._fresh else self._half()
        return own.popleft() if own else None

    def _half(self) -> deque[Span]:
        largest = max(self._own.values(), key=len, default=deque())
        return deque(reversed([largest.pop() for _ in range((len(largest) + 1) // 2)]))
