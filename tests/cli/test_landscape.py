"""exactsurf landscape: valleys, barriers and local minima."""

from __future__ import annotations

import json
import sys
import time
from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf import effort
from exactsurf.interop.problem_file import read_problem

TENT = {
    "format": "exactsurf-problem/1",
    "widths": [1, 2, 1],
    "activation": "relu",
    "data": {"x": [0, 1, 2, 3], "y": [0, 1, 0, 2]},
}


@pytest.fixture
def tent(tmp_path: Path) -> Path:
    (tmp_path / "tent.json").write_text(json.dumps(TENT))
    return tmp_path / "tent.json"


def test_json(run, tent: Path):
    result = run("landscape", tent, "--json")
    assert result.status == 0
    document = result.json
    problem, _ = read_problem(tent)
    assert document["orbits"] == "136" and document["signed_cells"] == "256"
    assert document["global_minimum"]["risk"] == "1/4"
    assert [(v["risk"], v["barrier"], v["multiplicity"]) for v in document["valleys"]] == [
        ("1/4", None, 2),
        ("1/4", None, 2),
        ("1/3", "3/4", 2),
        ("1/3", "3/4", 2),
    ]
    assert len(document["local_minima"]) == 8
    for found in document["local_minima"]:
        theta = problem.parameters(**found["parameters"])
        assert problem.risk(theta) == Fraction(found["risk"])
        assert es.decide(problem, theta).status == "PROVED"
    assert run("landscape", tent, "--json", "--no-local-minima").json["local_minima"] is None


def test_symmetries_of_the_data(run, tmp_path: Path):
    even = {**TENT, "data": {"x": [["-1"], ["0"], ["1"]], "y": [["1"], ["0"], ["1"]]}}
    (tmp_path / "even.json").write_text(json.dumps(even))
    found = run("landscape", tmp_path / "even.json", "--json").json
    assert found["data_symmetries"] == found["sample_symmetries"] == "2"
    assert "2 symmetries of the data, from x1 → −x1" in run("landscape", tmp_path / "even.json").out


@pytest.mark.parametrize(("loss", "complete"), [("absolute", False), ({"name": "huber", "delta": "1/2"}, True)])
def test_other_losses(run, tmp_path: Path, loss, complete: bool):
    (tmp_path / "other.json").write_text(json.dumps({**TENT, "loss": loss}))
    result = run("landscape", tmp_path / "other.json", "--json")
    assert result.status == 0 and result.json["local_minima_complete"] == complete
    assert ("an output weight is 0 may be missing" in result.err) != complete
    problem, _ = read_problem(tmp_path / "other.json")
    for found in result.json["local_minima"]:
        theta = problem.parameters(**found["parameters"])
        assert problem.risk(theta) == Fraction(found["risk"])
        assert es.decide(problem, theta).status == "PROVED"
    best = result.json["global_minimum"]
    assert (
        problem.risk(problem.parameters(**best["parameters"]))
        == Fraction(best["risk"])
        == min(Fraction(valley["risk"]) for valley in result.json["valleys"])
    )


def test_table(run, tent: Path):
    result = run("landscape", tent, "--limit", "3")
    assert result.status == 0
    assert "global minimum  1/4 = 0.25" in result.out
    assert "… 1 more" in result.out and "Other local minima" in result.out
    assert run("landscape", tent, "--no-local-minima").out.count("Other local minima") == 0


def test_dry_run(run, tent: Path):
    document = run("landscape", tent, "--dry-run", "--json").json
    assert {key: document[key] for key in ("orbits", "signed_cells", "facets")} == {
        "orbits": "136",
        "signed_cells": "256",
        "facets": "384",
    }
    assert run("landscape", tent, "--dry-run").out.startswith("256 signed cells, 136 modulo")


@pytest.mark.parametrize(
    "option",
    [
        ["--plot", "tree.svg"],
        ["--certificate", "minimum.json"],
        ["--certificates", "out"],
        ["--global-only"],
        ["--resume", "run.checkpoint"],
        ["--workers", "2"],
        ["--no-local-minima"],
    ],
)
def test_a_dry_run_refuses_what_it_would_not_do(option: list[str], run, tent: Path):
    result = run("landscape", tent, "--dry-run", *option)
    assert result.status == 2 and option[0] in result.err and "--dry-run" in result.err and not result.out


def test_too_many(run, tent: Path):
    result = run("landscape", tent, "--max-cells", "100", "--json")
    assert result.status == 2
    assert "136 orbits" in result.err and "--max-cells" in result.err
    assert "136 orbits" in result.json["error"]["message"]


@pytest.mark.parametrize(("change", "words"), [({"widths": [1, 2, 2, 1]}, "one hidden layer"), ({"activation": "tanh"}, "tanh")])
def test_refusals(run, tmp_path: Path, change, words):
    (tmp_path / "other.json").write_text(json.dumps({**TENT, **change}))
    result = run("landscape", tmp_path / "other.json")
    assert result.status == 2
    assert words in result.err and "decide" in result.err


def test_interruption(run, tent: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("exactsurf.surface.workload.solve_batch", interrupted)
    assert run("landscape", tent).status == 130


def test_a_run_with_a_file_goes_on(run, tent: Path, monkeypatch: pytest.MonkeyPatch):
    from exactsurf.surface.workload import Workload

    expected = run("landscape", tent, "--json").json
    plain, calls = Workload.solve, []

    def solve(self: Workload, begin: int, end: int):
        calls.append((begin, end))
        if stop and begin == 60 and end == 70:
            raise KeyboardInterrupt
        return plain(self, begin, end)

    monkeypatch.setattr("exactsurf.surface.run.run._LONGEST", 10)
    monkeypatch.setattr(Workload, "solve", solve)
    stop = True
    first = run("landscape", tent, "--resume", "run.checkpoint")
    assert first.status == 130 and "run.checkpoint" in first.err and "goes on" in first.err
    stop = False
    calls.clear()
    second = run("landscape", tent, "--resume", "run.checkpoint", "--json")
    assert second.status == 0 and second.json == expected
    # Batches begin at multiples of ten; the samples of the pace are longer.
    assert 0 < sum(end - begin <= 10 for begin, end in calls) < 14
    assert run("landscape", tent, "--resume", "run.checkpoint", "--workers", "2", "--json").json == expected


def test_files_that_are_no_checkpoint_of_the_problem(run, tent: Path, tmp_path: Path):
    assert run("landscape", tent, "--resume", "run.checkpoint").status == 0
    (tmp_path / "other.json").write_text(json.dumps({**TENT, "widths": [1, 1, 1]}))
    other = run("landscape", tmp_path / "other.json", "--resume", "run.checkpoint", "--json")
    assert other.status == 2 and "another problem" in other.err and "another problem" in other.json["error"]["message"]
    text = run("landscape", tent, "--resume", "tent.json")
    assert text.status == 2 and "no checkpoint" in text.err
    assert json.loads(tent.read_text()) == TENT
    assert run("landscape", tent, "--resume", "no/such/folder/run").status == 2


def test_refused_clusters(run, tent: Path, monkeypatch: pytest.MonkeyPatch):
    both = run("landscape", tent, "--dask", "tcp://127.0.0.1:1", "--workers", "2")
    assert both.status == 2 and "exclude" in both.err
    monkeypatch.setitem(sys.modules, "distributed", None)
    missing = run("landscape", tent, "--dask", "tcp://127.0.0.1:1")
    assert missing.status == 2 and "exactsurf[distributed]" in missing.err


@pytest.mark.slow
def test_a_scheduler_that_is_not_there(run, tent: Path):
    pytest.importorskip("distributed")
    began = time.monotonic()
    result = run("landscape", tent, "--dask", "tcp://127.0.0.1:1")
    assert result.status == 2 and "cannot be reached" in result.err and "dask scheduler" in result.err
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(("suffix", "start"), [("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_plot_writes_the_disconnectivity_graph(run, tent: Path, suffix: str, start: bytes):
    file = tent.with_name(f"tree.{suffix}")
    result = run("landscape", tent, "--plot", file, "--json")
    assert result.status == 0 and result.json["plot"] == str(file)
    content = file.read_bytes()
    assert content.startswith(start)
    assert run("landscape", tent, "--plot", file).status == 0
    assert file.read_bytes() == content


def test_plot_refuses_an_unknown_format_before_any_work(run, tent: Path):
    result = run("landscape", tent, "--plot", tent.with_name("tree.xyz"))
    assert result.status == 2 and ".svg" in result.err and not tent.with_name("tree.xyz").exists()
    assert "signed cells" not in result.out


def test_nothing_on_stderr_away_from_a_terminal(run, tent: Path):
    assert run("landscape", tent).err == ""


def test_a_run_that_is_cut_short_ends_undecided(run, tent: Path, monkeypatch: pytest.MonkeyPatch):
    looks = count()
    monkeypatch.setattr(effort, "monotonic_ns", lambda: next(looks) * 4 * 10**9)
    for more in ((), ("--global-only",)):
        result = run("landscape", tent, "--effort", "3", *more)
        assert result.status == 3 and "out of time after 3 s" in " ".join(result.err.split())
    reports = run("theorems", tent, "--effort", "1", "--json").json
    assert not reports["theorems"]
    assert "out of time after 1 s: not examined; raise effort=… (--effort)" in [e["reason"] for e in reports["not_applicable"]]
