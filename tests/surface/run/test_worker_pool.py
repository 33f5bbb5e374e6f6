"""Nobody computes what nobody waits for any longer, however the waiting ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import exactsurf as es
from exactsurf.surface.global_workers import together
from exactsurf.surface.run.process_pool import through_processes
from exactsurf.surface.run.span_work import Span

FOR_EVER = 60
"""Seconds that a task takes which is never done."""


def stuck(span: Span) -> bytes:
    """The first span is done at once, all others never."""
    time.sleep(FOR_EVER if span[0] else 0)
    return b"done"


def left_after(ended: Callable[[], bool]) -> bool:
    """Whether it has ended within ten seconds."""
    end = time.monotonic() + 10
    while not ended() and time.monotonic() < end:
        time.sleep(0.02)
    return ended()


@contextmanager
def nobody_stays() -> Iterator[None]:
    before = set(multiprocessing.active_children())
    yield
    assert left_after(lambda: not set(multiprocessing.active_children()) - before)


def test_who_takes_no_more_ends_the_workers() -> None:
    with nobody_stays():
        found = through_processes(stuck, [(k, k + 1) for k in range(9)], 2)
        assert next(found) == ((0, 1), b"done")
        assert len(multiprocessing.active_children()) >= 2
        found.close()


def test_an_effort_that_is_over_ends_the_workers() -> None:
    with nobody_stays(), es.Effort(Fraction(1, 5)).governs(), pytest.raises(es.OutOfTime, match="other processes"):
        list(through_processes(stuck, [(k, k + 1) for k in range(9)], 2))


def test_a_search_that_is_stopped_ends_the_workers() -> None:
    tasks = [(place, stuck, ((place, place + 1),)) for place in range(9)]
    back: list[tuple[int, bytes]] = []

    def watch() -> None:
        if back:
            raise es.OutOfTime(1)

    def next_task() -> tuple[int, Callable[..., Any], tuple[Any, ...]] | None:
        return tasks.pop(0) if tasks else None

    with nobody_stays(), pytest.raises(es.OutOfTime):
        together(next_task, lambda place, content: back.append((place, content)), watch, 2, None)
    assert back == [(0, b"done")]


@pytest.mark.parametrize("module", ["exactsurf.surface.surface", "exactsurf.surface.levels.enclosed_landscape"])
def test_an_error_of_the_landscape_ends_the_workers(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    def interrupted(work: object, found: Iterator[object], *_: object) -> None:
        next(found)
        raise KeyboardInterrupt

    monkeypatch.setattr(f"{module}.assembled", interrupted)
    monkeypatch.setattr("exactsurf.surface.run.run._LONGEST", 16)
    data = es.Data.from_arrays([0, 1, 3, 4, 6], [1, -1, 2, 0, 1])
    enclosed = module.endswith("enclosed_landscape")
    problem = es.Problem(es.Network([1, 2, 1]), data, weight_decay="1/10" if enclosed else None)
    with nobody_stays():
        try:
            (es.enclosed_landscape if enclosed else es.landscape)(problem, workers=2)
        except KeyboardInterrupt as error:
            kept = error  # with its traceback, as an interpreter keeps the last one
    assert kept.__traceback__ is not None


SCRIPT = """
import multiprocessing, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
multiprocessing.set_start_method(sys.argv[1])
from exactsurf.surface.run.process_pool import through_processes
from told import stuck
list(through_processes(stuck, [(k, k + 1) for k in range(9)], 2))
"""

TASK = f"""
import os, time
def stuck(span):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep({FOR_EVER})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_an_interrupted_run_leaves_with_its_workers(tmp_path: Path, method: str) -> None:
    (tmp_path / "told.py").write_text(TASK)
    (tmp_path / "script.py").write_text(SCRIPT)

    command = [sys.executable, tmp_path / "script.py", method]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        workers = [int(process.stdout.readline()) for _ in range(2)]
        process.send_signal(signal.SIGINT)
        process.wait(timeout=FOR_EVER / 2)
        messages = process.stderr.read()
    assert process.returncode == -signal.SIGINT and messages.count(b"Traceback") == 1
    assert left_after(lambda: not any(map(exists, workers)))


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
