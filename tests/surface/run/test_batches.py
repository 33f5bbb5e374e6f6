"""The order of work, the number of workers and their deaths never show in the result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from multiprocessing import get_start_method
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.errors import InputError
from exactsurf.surface.batch import Batch
from exactsurf.surface.run.batch_encoding import decoded_batch
from exactsurf.surface.run.dask_cluster import through_dask
from exactsurf.surface.run.process_pool import through_processes
from exactsurf.surface.run.run import batches
from exactsurf.surface.run.span_work import Span, SpanTask, handed_down, span_task
from exactsurf.surface.surface import Landscape, assembled
from exactsurf.surface.workload import workload


def problem(units: int = 2) -> es.Problem:
    return es.Problem(es.Network([1, units, 1]), es.Data.from_arrays([0, 1, 3, 4, 6], [1, -1, 2, 0, 1]))


def everything(land: Landscape) -> tuple:
    return land.risks, land.fits, land.residuals, land.merges, land.valleys


@pytest.fixture(autouse=True)
def short_batches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("exactsurf.surface.run.run._LONGEST", 16)


@pytest.fixture(scope="module")
def serial() -> tuple:
    work = workload(problem())
    return everything(assembled(work, iter([work.solve(0, work.orbits.count)])))


@pytest.mark.parametrize("workers", [1, 2, 3, 40])
def test_every_number_of_workers(serial: tuple, workers: int):
    work = workload(problem())
    assert everything(assembled(work, batches(work, workers=workers))) == serial


def test_lengths_of_batches(serial: tuple, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for length in (1, 7, 100, 10_000):
        monkeypatch.setattr("exactsurf.surface.run.run._LONGEST", length)
        for options in ({}, {"checkpoint": tmp_path / str(length)}, {"workers": 2}):
            work = workload(problem())
            assert everything(assembled(work, batches(work, **options))) == serial


def test_a_slow_problem_has_short_batches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("exactsurf.surface.run.run._LONGEST", 4096)
    monkeypatch.setattr("exactsurf.surface.run.run.estimated_milliseconds", lambda *_: 210_000)
    ends = [batch.end - batch.begin for batch in batches(workload(problem()), workers=1)]
    assert set(ends) == {1} and len(ends) == 210


@pytest.mark.skipif(get_start_method() != "fork", reason="only forked processes inherit")
def test_forked_processes_have_the_work(monkeypatch: pytest.MonkeyPatch):
    work = workload(problem())
    monkeypatch.setattr("exactsurf.surface.workload.cell_minima", lambda *_: pytest.fail("built again"))
    with handed_down(work) as task:
        found = dict(through_processes(task, [(0, 30), (30, 60)], 2))
    assert decoded_batch(found[30, 60]) == work.solve(30, 60)


class Dying(SpanTask):
    """A task whose process dies on some spans: always, or while a file is not there."""

    def __call__(self, span: Span) -> bytes:
        deaths, forever, home = self.extra
        mark = Path(f"{deaths}-{span[0]}")
        if os.getpid() != home and span[0] % 48 == 0 and (forever or not mark.exists()):
            mark.touch()
            os._exit(9)
        return super().__call__(span)


def dying(tmp_path: Path, forever: bool) -> SpanTask:
    plain = span_task(workload(problem()))
    task = Dying(plain.problem, plain.numbering, plain.again)
    object.__setattr__(task, "extra", (str(tmp_path / "death"), forever, os.getpid()))
    return task


@pytest.mark.parametrize("forever", [False, True])
def test_processes_that_die(tmp_path: Path, forever: bool):
    work = workload(problem())
    spans = [(begin, min(begin + 16, 210)) for begin in range(0, 210, 16)]
    found = {span: decoded_batch(content) for span, content in through_processes(dying(tmp_path, forever), spans, 2)}
    assert found == {span: work.solve(*span) for span in spans}
    deaths = {mark.name for mark in tmp_path.iterdir()}
    # How many spans the second process takes from the first one is a matter of time, unless every span is tried again.
    assert "death-0" in deaths if forever else len(deaths) == 5


def test_of_a_process_that_never_got_anything_done_the_spans_are_solved_here(tmp_path: Path):
    work = workload(problem())
    spans = [(begin, min(begin + 16, 210)) for begin in range(0, 210, 16)]
    found = {span: decoded_batch(content) for span, content in through_processes(dying(tmp_path, True), spans, 1)}
    assert found == {span: work.solve(*span) for span in spans}
    assert [mark.name for mark in tmp_path.iterdir()] == ["death-0"]


class Hopeless(SpanTask):
    """A task that ends every process but the first one."""

    def __call__(self, span: Span) -> bytes:
        log, home = self.extra
        if os.getpid() != home:
            with Path(log).open("a") as file:
                file.write("died\n")
            os._exit(9)
        return super().__call__(span)


def test_where_no_process_can_work_this_one_does(tmp_path: Path):
    work = workload(problem())
    plain = span_task(work)
    task = Hopeless(plain.problem, plain.numbering, plain.again)
    object.__setattr__(task, "extra", (str(tmp_path / "log"), os.getpid()))
    spans = [(begin, min(begin + 16, 210)) for begin in range(0, 210, 16)]
    found = {span: decoded_batch(content) for span, content in through_processes(task, spans, 2)}
    assert found == {span: work.solve(*span) for span in spans}
    # Three tries for each of two workers, and not for every span.
    assert (tmp_path / "log").read_text().count("died") <= 8


def test_workers_leave_with_a_parent_that_is_killed():
    script = (
        "import os, sys, time\n"
        "from exactsurf.surface.run.process_pool import through_processes\n"
        "def slow(span):\n"
        "    os.write(1, b'%d\\n' % os.getpid())\n"
        "    time.sleep(0.2)\n"
        "    return b''\n"
        "list(through_processes(slow, [(k, k + 1) for k in range(1000)], 2))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    workers: set[int] = set()
    while len(workers) < 2:
        workers.add(int(process.stdout.readline()))
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    end = time.monotonic() + 10
    while any(map(alive, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(alive, workers))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def test_errors_of_workers_arrive():
    task = SpanTask(span_task(workload(problem())).problem, "another numbering", workload)
    with pytest.raises(InputError, match="another version"):
        list(through_processes(task, [(0, 16), (16, 32)], 2))


@pytest.mark.parametrize(
    ("options", "words"),
    [({"workers": 0}, "positive"), ({"workers": "two"}, "positive"), ({"workers": 2, "dask": "tcp://a:1"}, "exclude")],
)
def test_refused_runners(options, words: str):
    with pytest.raises(InputError, match=words):
        next(batches(workload(problem()), **options))


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None, "silence_logs": 50}
    with distributed.LocalCluster(**options) as cluster:
        yield cluster


def through(address: str, checkpoint: Path | None = None) -> Iterator[Batch]:
    return batches(workload(problem()), dask=address, checkpoint=checkpoint)


@pytest.mark.slow
def test_a_cluster_gives_the_same(serial: tuple, cluster, tmp_path: Path):
    for file in (None, tmp_path / "run"):
        assert everything(assembled(workload(problem()), through(cluster.scheduler_address, file))) == serial
    # What is in the file needs no cluster.
    assert everything(assembled(workload(problem()), through("tcp://127.0.0.1:1", tmp_path / "run"))) == serial


@pytest.mark.slow
def test_a_worker_of_the_cluster_that_dies(serial: tuple, cluster):
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:
        pids: Sequence[int] = list(client.run(os.getpid).values())
    found = []
    for batch in through(cluster.scheduler_address):
        found.append(batch)
        if len(found) == 2:
            os.kill(pids[0], signal.SIGKILL)
    assert everything(assembled(workload(problem()), iter(found))) == serial


@pytest.mark.slow
@pytest.mark.parametrize("how", ["closed", "out of time"])
def test_a_cluster_forgets_a_run_that_is_stopped(cluster, how: str):
    spans = [(begin, begin + 1) for begin in range(210)]
    with handed_down(workload(problem())) as task:
        found = through_dask(task, spans, cluster.scheduler_address)
        if how == "closed":
            next(found)
            assert cluster.scheduler.tasks
            found.close()
        else:
            with es.Effort(Fraction(1, 1000)).governs(), pytest.raises(es.OutOfTime, match="Dask"):
                list(found)
    end = time.monotonic() + 10
    while cluster.scheduler.tasks and time.monotonic() < end:
        time.sleep(0.02)
    assert not cluster.scheduler.tasks


@pytest.mark.slow
@pytest.mark.parametrize(("address", "words"), [("tcp://127.0.0.1:1", "cannot be reached"), ("nonsense", "cannot be reached")])
def test_a_scheduler_that_cannot_be_reached(address: str, words: str):
    pytest.importorskip("distributed")
    began = time.monotonic()
    with pytest.raises(InputError, match=words):
        list(through(address))
    assert time.monotonic() - began < 10


@pytest.mark.slow
def test_a_scheduler_without_workers():
    distributed = pytest.importorskip("distributed")
    options = {"threads_per_worker": 1, "processes": True, "dashboard_address": None, "silence_logs": 50}
    with distributed.LocalCluster(n_workers=0, **options) as cluster, pytest.raises(InputError, match="no workers"):
        list(through(cluster.scheduler_address))


def test_without_the_package(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(es.MissingExtraError, match=r"exactsurf\[distributed\]"):
        list(through("tcp://127.0.0.1:1"))
