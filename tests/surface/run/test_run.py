"""An estimate of time, on a clock that only the work moves: it is the time that the run takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from exactsurf.surface.run import run
from exactsurf.surface.run.span_work import SpanWork


@dataclass
class Clocked:
    """Orbits that each take some nanoseconds, a span as many of its own, and more where nothing near was solved before."""

    count: int
    orbit: int
    span: int
    found: int
    once: int = 0
    now: int = field(default=0, init=False)
    longest: int = field(default=0, init=False)
    known: set[int] = field(default_factory=set, init=False)

    @property
    def orbits(self) -> Any:
        return SimpleNamespace(count=self.count)

    def solve(self, begin: int, end: int) -> Any:
        assert 0 <= begin < end <= self.count
        near = {k * 64 // self.count for k in range(begin, end)} - self.known
        self.now += self.orbit * (end - begin) + self.span + self.found * len(near) + (0 if self.known else self.once)
        self.known |= near
        self.longest = max(self.longest, end - begin)
        return SimpleNamespace(begin=begin, end=end)


def ticking(monkeypatch: pytest.MonkeyPatch, work: Clocked) -> SpanWork[Any]:
    """The work, with its clock in the place of that of the processor."""
    monkeypatch.setattr(run, "time", SimpleNamespace(process_time_ns=lambda: work.now))
    return cast(SpanWork[Any], work)


MILLISECOND = 10**6
WORKS = [
    (1_000_000, 2_000, 3 * MILLISECOND, MILLISECOND, 0),  # a batch costs as much as 1,500 orbits
    (200_000, 20_000, 2 * MILLISECOND, 5 * MILLISECOND, 50 * MILLISECOND),
    (100_000, 50_000, 0, 0, 0),
    (50_000, 3 * MILLISECOND, 0, 0, 0),  # slow orbits
    (1_000, 1_000, MILLISECOND, 0, 20 * MILLISECOND),
    (40, 10_000, 0, 0, 0),
]


@pytest.mark.parametrize("work", WORKS)
def test_the_estimate_is_what_the_run_takes(monkeypatch: pytest.MonkeyPatch, work: tuple[int, ...]) -> None:
    estimating, running = Clocked(*work), Clocked(*work)
    estimate = run.estimated_milliseconds(ticking(monkeypatch, estimating)) * MILLISECOND
    assert estimating.now < 2000 * MILLISECOND
    assert sum(batch.end - batch.begin for batch in run.batches(ticking(monkeypatch, running), 1)) == running.count
    # What the run takes without what it tried beforehand.
    taken = Clocked(*work)
    for begin in range(0, taken.count, running.longest):
        taken.solve(begin, min(begin + running.longest, taken.count))
    assert 0.75 * taken.now - MILLISECOND <= estimate <= 1.35 * taken.now + MILLISECOND


def test_no_more_is_tried_than_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    for work in WORKS:
        for budget in (30, 300, 1000):
            clocked = Clocked(*work)
            run.estimated_milliseconds(ticking(monkeypatch, clocked), budget)
            first = Clocked(*work)
            for place in (0, 1):  # two runs are tried whatever they take, the second one twice as long
                first.solve(place, min(first.count, place + run._SAMPLE * (1 + place)))
            assert clocked.now <= max(budget * MILLISECOND, first.now + 2 * first.found)


def test_short_work_is_known_from_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clocked = Clocked(100, MILLISECOND, 0, 0)
    assert 95 <= run.estimated_milliseconds(ticking(monkeypatch, clocked)) <= 200
