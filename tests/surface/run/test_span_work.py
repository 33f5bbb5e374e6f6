"""Work that other processes read instead of building it, one thread at a time."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import exactsurf as es
from exactsurf.surface.levels.level_work import level_work
from exactsurf.surface.run import span_work
from exactsurf.surface.run.span_work import SpanWork, handed_down, numbering_digest, pickled_work, span_task
from exactsurf.surface.workload import Workload, workload

DATA = es.Data.from_arrays([0, 1, 3, 4, 6], [1, -1, 2, 0, 1])
WORKS = {
    "squared": lambda: workload(es.Problem(es.Network([1, 2, 1]), DATA)),
    "absolute": lambda: workload(es.Problem(es.Network([1, 2, 1]), DATA, "absolute")),
    "huber": lambda: workload(es.Problem(es.Network([1, 2, 1]), DATA, es.losses.huber(1))),
    "decayed": lambda: level_work(es.Problem(es.Network([1, 1, 1]), DATA, weight_decay=1)),
}


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    span_work._kept.clear()
    yield
    span_work._kept.clear()


@pytest.mark.parametrize("name", WORKS)
def test_work_that_was_read_is_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    work: SpanWork = WORKS[name]()
    spans = [(0, 20), (20, work.orbits.count)]
    expected = [WORKS[name]().solve(*span) for span in spans]
    with handed_down(work) as task:
        work.solve(*spans[0])
        built = pickled_work(task)
    assert numbering_digest(pickle.loads(built)) == task.numbering
    monkeypatch.setattr("exactsurf.surface.unit_table.unit_table", lambda *_: pytest.fail("built again"))
    monkeypatch.setattr("exactsurf.surface.workload.cell_minima", lambda *_: pytest.fail("built again"))
    monkeypatch.setattr("exactsurf.surface.levels.level_work.atom_table", lambda *_: pytest.fail("built again"))
    assert [work.decoded(task(span, built)) for span in spans] == expected


def test_work_that_is_too_long_is_built_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(span_work, "_HANDED", 100)
    work = WORKS["squared"]()
    with handed_down(work) as task:
        built = pickled_work(task)
    assert built == b""
    assert work.decoded(task((0, 20), built)) == work.solve(0, 20)


def test_work_of_another_numbering_is_refused() -> None:
    task = span_task(WORKS["squared"]())
    with handed_down(WORKS["absolute"]()) as other:
        built = pickled_work(other)
    assert numbering_digest(pickle.loads(built)) == task.numbering  # the loss numbers nothing
    longer = workload(es.Problem(es.Network([1, 3, 1]), DATA))
    with handed_down(longer) as other:
        built = pickled_work(other)
    with pytest.raises(es.InputError, match="another version"):
        task((0, 20), built)


def test_threads_do_not_share_tables_that_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    task = span_task(WORKS["squared"]())
    inside, most = 0, 0
    solve = Workload.solve

    def watched(self: Workload, begin: int, end: int) -> object:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.01)
        found = solve(self, begin, end)
        inside -= 1
        return found

    monkeypatch.setattr(Workload, "solve", watched)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(task, [(k, k + 10) for k in range(0, 210, 10)]))
    assert most == 1 and len(set(found)) == 21
