"""Batches of levels as bytes, and runs of enclosed landscapes that are spread, stopped and gone on with."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape, assembled
from exactsurf.surface.levels.level_encoding import decoded_levels, encoded_levels
from exactsurf.surface.levels.level_work import level_work
from exactsurf.surface.run.checkpoint import Checkpoint

F = Fraction
LINE = [0, 1, 2, 3, 5]
PROBLEMS = {
    "rational levels": es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays(LINE, [0, 1, 0, 2, 1]), weight_decay="1/10"),
    "penalised biases": es.Problem(
        es.Network([1, 2, 1]), es.Data.from_arrays(LINE, [0, 1, 0, 2, 1]), es.huber("1/2"), weight_decay="1/10", decay_biases=True
    ),
    "infima at infinity": es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays(LINE, [1, -1, 1, 1, -1]), "logistic"),
    "exponential loss": es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays(LINE, [1, -1, 1, 1, -1]), "exponential"),
}


@pytest.fixture(autouse=True)
def short_batches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("exactsurf.surface.run.run._LONGEST", 16)


def agree(first: EnclosedLandscape, second: EnclosedLandscape) -> None:
    """The same tree, and every pair of enclosures of one level meets."""
    assert [node.children for node in first.merges.nodes] == [node.children for node in second.merges.nodes]
    assert len(first.ties) == len(second.ties) and len(first.valleys) == len(second.valleys)
    for one, other in zip(first.valleys, second.valleys, strict=True):
        assert (one.multiplicity, one.cells, one.is_attained, one.is_tied) == (
            other.multiplicity,
            other.cells,
            other.is_attained,
            other.is_tied,
        )
        for a, b in ((one.risk, other.risk), (one.barrier, other.barrier), (one.merges_at, other.merges_at)):
            assert (a is None) == (b is None)
            assert a is None or b is None or (a.low <= b.high and b.low <= a.high)


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
def test_batches_come_back(problem: es.Problem):
    work = level_work(problem)
    batch = work.solve(3, 20)
    assert decoded_levels(encoded_levels(batch)) == batch == work.decoded(work.encoded(batch))


@pytest.mark.parametrize("content", [b"", b"\x00", encoded_levels(level_work(PROBLEMS["rational levels"]).solve(0, 2))[:-1]])
def test_bytes_that_are_no_batch(content: bytes):
    with pytest.raises(ValueError, match="no encoded batch"):
        decoded_levels(content)


@pytest.mark.slow
@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
def test_whoever_works_the_landscape_is_the_same(problem: es.Problem, tmp_path: Path):
    work = level_work(problem)
    whole = assembled(work, iter([work.solve(0, work.orbits.count)]))
    for options in ({}, {"workers": 2}, {"checkpoint": tmp_path / "run"}, {"checkpoint": tmp_path / "spread", "workers": 2}):
        agree(whole, es.enclosed_landscape(problem, **options))
    # The whole file gives the landscape without any work.
    again = es.enclosed_landscape(problem, checkpoint=tmp_path / "run", dask="tcp://127.0.0.1:1")
    agree(whole, again)
    assert es.certify_near_global_minimum(again).bound <= whole.global_minimum.risk.high


def test_a_run_that_was_stopped_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    problem, file = PROBLEMS["penalised biases"], tmp_path / "run"
    whole = es.enclosed_landscape(problem)

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        es.enclosed_landscape(problem, checkpoint=file, progress=stop)
    work = level_work(problem)
    with Checkpoint(file, work, 16) as checkpoint:
        left = sum(end - begin for begin, end in checkpoint.missing())
    assert 0 < left < work.orbits.count // 2
    agree(whole, es.enclosed_landscape(problem, checkpoint=file))
    with pytest.raises(es.InputError, match="another problem"):
        es.enclosed_landscape(PROBLEMS["rational levels"], checkpoint=file)


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None, "silence_logs": 50}
    with distributed.LocalCluster(**options) as cluster:
        yield cluster


@pytest.mark.slow
def test_a_cluster_gives_the_same(cluster):
    for problem in PROBLEMS.values():
        agree(es.enclosed_landscape(problem), es.enclosed_landscape(problem, dask=cluster.scheduler_address))
