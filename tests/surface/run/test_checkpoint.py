"""The file of a run: what was done is never lost, and nothing else is taken for it."""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.errors import InputError
from exactsurf.surface.batch import Batch
from exactsurf.surface.run.batch_encoding import decoded_batch, encoded_batch
from exactsurf.surface.run.checkpoint import Checkpoint
from exactsurf.surface.run.run import batches
from exactsurf.surface.workload import Workload, workload


def problem(y=(1, -1, 2, 0, 3), units: int = 2, **options) -> es.Problem:
    return es.Problem(es.Network([1, units, 1], **options), es.Data.from_arrays(range(len(y)), y))


@pytest.fixture
def work() -> Workload:
    return workload(problem())


@pytest.fixture(autouse=True)
def short_batches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("exactsurf.surface.run.run._LONGEST", 16)


@pytest.fixture
def file(work: Workload, tmp_path: Path) -> Path:
    path = tmp_path / "run.checkpoint"
    assert len(list(batches(work, checkpoint=path))) == 14
    return path


def fill(work: Workload, checkpoint: Checkpoint) -> list[tuple[int, int]]:
    missing = checkpoint.missing()
    for begin, end in missing:
        checkpoint.store(begin, encoded_batch(work.solve(begin, end)))
    return missing


def solved(work: Workload, path: Path) -> tuple[list[tuple[int, int]], list[Batch]]:
    with Checkpoint(path, work, 16) as checkpoint:
        return fill(work, checkpoint), list(checkpoint.batches())


def test_batches_come_back_and_the_file_stands_alone(work: Workload, file: Path):
    assert os.listdir(file.parent) == [file.name]
    missing, found = solved(work, file)
    assert missing == []
    assert found == [work.solve(begin, min(begin + 16, work.orbits.count)) for begin in range(0, work.orbits.count, 16)]
    assert file.stat().st_size < 40_000


def test_only_what_is_missing_is_solved_again(work: Workload, file: Path, monkeypatch: pytest.MonkeyPatch):
    first = list(batches(work, checkpoint=file))
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM batches WHERE begin IN (32, 160)")
    connection.close()
    asked: list[tuple[int, int]] = []
    reports: list[tuple[int, int]] = []
    plain = Workload.solve

    def watched(self: Workload, begin: int, end: int) -> Batch:
        asked.append((begin, end))
        return plain(self, begin, end)

    monkeypatch.setattr(Workload, "solve", watched)
    monkeypatch.setattr("exactsurf.surface.run.run.estimated_milliseconds", lambda *_: 1)
    # The file keeps the length of its own batches.
    monkeypatch.setattr("exactsurf.surface.run.run._LONGEST", 100)
    assert list(batches(work, None, lambda *at: reports.append(at), checkpoint=file)) == first
    assert asked == [(32, 48), (160, 176)]
    assert reports == [(178, 210), (194, 210), (210, 210)]


OTHERS = [
    problem(y=(1, -1, 2, 0, 4)),
    problem(units=1),
    problem(activation=es.leaky_relu("1/3")),
    es.Problem(problem().network, problem().data, "absolute"),
    es.Problem(problem().network, problem().data, es.squared.mean),
]


@pytest.mark.parametrize("other", OTHERS, ids=repr)
def test_the_checkpoint_of_another_problem_is_refused_and_kept(work: Workload, file: Path, other: es.Problem):
    before = file.read_bytes()
    with pytest.raises(InputError, match="another problem"):
        Checkpoint(file, workload(other), 16)
    assert file.read_bytes() == before


def test_equal_problems_share_a_checkpoint(file: Path, tmp_path: Path):
    (tmp_path / "same.csv").write_text("x,y\n0,1.0\n1,-1\n2,2\n3,0\n4,3\n")
    same = es.Problem(es.Network([1, 2, 1], es.leaky_relu(0)), es.Data.from_csv(tmp_path / "same.csv", target="y"))
    assert solved(workload(same), file)[0] == []


def test_a_version_that_numbers_cells_otherwise_is_refused(work: Workload, file: Path):
    turned = Workload(work.minima, work.orbits, tuple(ways[::-1] for ways in work.ways))
    with pytest.raises(InputError, match="numbers cells otherwise"):
        Checkpoint(file, turned, 16)


def test_a_later_format_is_refused(work: Workload, file: Path):
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 4")
    connection.close()
    with pytest.raises(InputError, match="format 4"):
        Checkpoint(file, work, 16)


def test_any_flipped_byte_is_noticed_or_harmless(work: Workload, file: Path):
    whole, expected = file.read_bytes(), solved(work, file)[1]
    rnd, refused = random.Random(5), 0
    for _ in range(400):
        damaged = bytearray(whole)
        for place in rnd.sample(range(len(whole)), rnd.choice((1, 1, 3, 40))):
            damaged[place] ^= rnd.randrange(1, 256)
        file.write_bytes(damaged)
        try:
            with Checkpoint(file, work, 16) as checkpoint:
                missing = checkpoint.missing()
                if not missing:
                    assert list(checkpoint.batches()) == expected
        except InputError as error:
            assert error.fields["file"] == str(file) and error.fields["fix"]
            assert file.read_bytes() == damaged
            refused += 1
    assert refused > 150


def test_a_cut_file_is_noticed(work: Workload, file: Path):
    whole = file.read_bytes()
    for size in (1, 50, 100, 4096, 5000, len(whole) // 2, len(whole) - 4096, len(whole) - 1):
        file.write_bytes(whole[:size])
        with pytest.raises(InputError, match=r"damaged|no checkpoint"), Checkpoint(file, work, 16) as checkpoint:
            checkpoint.missing()
        assert file.read_bytes() == whole[:size]


def test_other_files_are_refused_and_kept(work: Workload, tmp_path: Path):
    table = tmp_path / "data.csv"
    table.write_text("x,y\n" + "1,2\n" * 100)
    with pytest.raises(InputError, match="no checkpoint"):
        Checkpoint(table, work, 16)
    assert table.read_text().startswith("x,y\n1,2\n")
    other = tmp_path / "other.sqlite"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE facts (name, value)")
    connection.close()
    before = other.read_bytes()
    with pytest.raises(InputError, match="no checkpoint of exactsurf"):
        Checkpoint(other, work, 16)
    assert other.read_bytes() == before
    with pytest.raises(InputError, match="folder"):
        Checkpoint(tmp_path, work, 16)
    with pytest.raises(InputError, match="cannot be written"):
        Checkpoint(tmp_path / "no" / "such" / "folder", work, 16)


def test_an_empty_file_is_a_new_checkpoint(work: Workload, tmp_path: Path):
    # What a run leaves that was killed in its first moment.
    (tmp_path / "new").touch()
    assert len(solved(work, tmp_path / "new")[0]) == 14


def test_two_runs_do_not_share_a_file(work: Workload, file: Path):
    with Checkpoint(file, work, 16) as checkpoint:
        with pytest.raises(InputError, match="another run"):
            Checkpoint(file, work, 16)
        assert checkpoint.missing() == []
    assert solved(work, file)[0] == []


def test_a_full_disk(work: Workload, tmp_path: Path):
    path = tmp_path / "run"
    with Checkpoint(path, work, 1) as checkpoint:
        pages = checkpoint._connection.execute("PRAGMA page_count").fetchone()[0]
        checkpoint._connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        with pytest.raises(InputError, match=r"disk is full.*kept"):
            fill(work, checkpoint)
    with Checkpoint(path, work, 1) as checkpoint:
        assert 0 < len(fill(work, checkpoint)) < work.orbits.count
        assert len(list(checkpoint.batches())) == work.orbits.count


SCRIPT = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
import exactsurf as es
from exactsurf.surface.run import run as module
from exactsurf.surface.workload import workload
module._LONGEST = 16
problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays(range(5), [1, -1, 2, 0, 3]))
def report(done, total):
    print(done, flush=True)
    time.sleep(0.02)
list(module.batches(workload(problem), int(sys.argv[2]), report, checkpoint=sys.argv[1]))
"""


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("how", "delay"), [("SIGKILL", 0), ("SIGKILL", 0.01), ("SIGKILL", 0.05), ("SIGINT", 0)])
def test_a_killed_run_goes_on(work: Workload, tmp_path: Path, workers: int, how: str, delay: float):
    path = tmp_path / "run"
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, path, str(workers)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        done = int(line)
        if done >= 48:
            break
    time.sleep(delay)
    process.send_signal(signal.Signals[how])
    process.wait()
    process.stdout.close()
    missing, found = solved(work, path)
    # All that was reported is there.
    assert sum(end - begin for begin, end in missing) <= 210 - 48
    assert found == [work.solve(begin, min(begin + 16, 210)) for begin in range(0, 210, 16)]


def test_a_file_that_may_not_grow(tmp_path: Path):
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    run = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("_LONGEST = 16", "_LONGEST = 1"), tmp_path / "run", "1"],
        preexec_fn=limit,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1 and "InputError" in run.stderr and "kept" in run.stderr
    reported = int(run.stdout.split()[-1])
    work = workload(problem())
    with Checkpoint(tmp_path / "run", work, 1) as checkpoint:
        assert len(checkpoint.missing()) <= work.orbits.count - reported < work.orbits.count


@pytest.mark.parametrize("content", [b"", b"\x00", encoded_batch(Batch(0, 1, (0,), (1,), ((1,),)))[:-1]])
def test_bytes_that_are_no_batch(content: bytes):
    with pytest.raises(ValueError, match="no encoded batch"):
        decoded_batch(content)


def test_long_numbers_survive():
    long = Fraction(3) ** 20_000
    residual = (-(2**4000), 2**4000 - 1, 0, -1, 127, 128, -128, -129)
    batch = Batch(5, 6, (0,), (long / 7,), (residual,))
    assert decoded_batch(encoded_batch(batch)) == batch


@given(st.data())
def test_every_width_and_residuals_of_any_lengths_survive(data: st.DataObject):
    size = data.draw(st.sampled_from((1, 100, 2**15, 2**31, 2**62, 2**63, 2**70)))
    number = st.integers(-size, size)
    risks = data.draw(st.lists(st.builds(Fraction, number, st.integers(1, size)), max_size=6))
    residuals = data.draw(st.lists(st.lists(number, max_size=4).map(tuple), max_size=6))
    fits = data.draw(st.lists(st.integers(0, 70_000), max_size=9))
    batch = Batch(3, 3 + len(fits), tuple(fits), tuple(risks), tuple(residuals))
    content = encoded_batch(batch)
    assert decoded_batch(content) == batch
    for end in {data.draw(st.integers(0, len(content) - 1)), len(content) - 1}:
        with pytest.raises(ValueError, match="no encoded batch"):
            decoded_batch(content[:end])
    with pytest.raises(ValueError, match="no encoded batch"):
        decoded_batch(content + content)
