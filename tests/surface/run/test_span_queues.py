"""Queues give out every span once, to each worker in runs of neighbours."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exactsurf.surface.run.span_queues import SpanQueues


@given(st.integers(0, 60), st.integers(1, 8), st.lists(st.integers(0, 9), max_size=80))
def test_every_span_once(count: int, workers: int, order: list[int]):
    spans = [(k, k + 1) for k in range(count)]
    queues = SpanQueues(spans, workers)
    taken = [span for worker in order if (span := queues.take(worker)) is not None]
    # Whoever asks at last, even one who never asked before, gets the rest.
    while (span := queues.take("last")) is not None:
        taken.append(span)
    assert sorted(taken) == spans
    assert queues.take(0) is None


def test_workers_of_equal_speed_have_neighbours():
    queues = SpanQueues([(k, k + 1) for k in range(40)], 4)
    found: dict[int, list[int]] = {worker: [] for worker in range(4)}
    for step in range(40):
        span = queues.take(step % 4)
        assert span is not None
        found[step % 4].append(span[0])
    assert list(found.values()) == [list(range(k, k + 10)) for k in (0, 10, 20, 30)]


def test_who_is_done_helps_with_the_later_half():
    queues = SpanQueues([(k, k + 1) for k in range(20)], 2)
    assert [queues.take("slow"), queues.take("quick")] == [(0, 1), (10, 11)]
    for _ in range(9):
        queues.take("quick")
    assert queues.take("quick") == (5, 6)
    assert queues.take("slow") == (1, 2)
