"""Batches that wait for their turn: the same bytes come back, and few of them are in memory."""

from __future__ import annotations

import random

import pytest

import exactsurf as es
from exactsurf.surface.run import run
from exactsurf.surface.run.batch_encoding import encoded_batch
from exactsurf.surface.run.waiting_batches import WaitingBatches
from exactsurf.surface.workload import workload


@pytest.mark.parametrize("in_memory", [0, 10, 300, 10**6])
def test_what_is_put_is_taken(in_memory):
    source = random.Random(in_memory)
    waiting, expected = WaitingBatches(in_memory), {}
    for number in range(400):
        if expected and source.random() < 0.45:
            begin = source.choice(sorted(expected))
            assert begin in waiting and waiting.take(begin) == expected.pop(begin) and begin not in waiting
        else:
            expected[number] = source.randbytes(source.randint(0, 40))
            waiting.put(number, expected[number])
        assert sum(map(len, waiting._held.values())) <= in_memory
    for begin in sorted(expected):
        assert waiting.take(begin) == expected[begin]
    waiting.close()


def test_batches_that_come_in_any_order_leave_in_order(monkeypatch):
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    work = workload(problem)
    spans = [(begin, min(begin + 7, work.orbits.count)) for begin in range(0, work.orbits.count, 7)]
    monkeypatch.setattr(run, "estimated_milliseconds", lambda work, budget: work.orbits.count * 1000 // 7 - 1)

    def disordered(work, spans, *rest):
        order = list(spans)
        random.Random(1).shuffle(order)
        return ((span, encoded_batch(work.solve(*span))) for span in order)

    monkeypatch.setattr(run, "_solved", disordered)
    found = list(run.batches(work))
    assert len(found) > 10 and [(batch.begin, batch.end) for batch in found][:3] == spans[:3]
    assert found == [work.solve(batch.begin, batch.end) for batch in found]
