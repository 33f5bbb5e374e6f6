"""exactsurf landscape --below."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def zigzag(tmp_path: Path) -> Path:
    path = tmp_path / "zigzag.json"
    data = {"x": [["0"], ["1"], ["2"], ["3"], ["4"]], "y": [["0"], ["1"], ["0"], ["2"], ["-1"]]}
    path.write_text(json.dumps({"format": "exactsurf-problem/1", "widths": [1, 2, 1], "activation": "relu", "data": data}))
    return path


def test_valleys_below_a_level(run, zigzag: Path):
    whole = run("landscape", zigzag, "--no-local-minima", "--json").json
    low = run("landscape", zigzag, "--below", "1", "--json").json
    assert low["below"] == "1" and 0 < int(low["orbits_below"]) < int(low["orbits"]) == int(whole["orbits"])
    assert [valley["risk"] for valley in low["valleys"]] == ["1/3", "3/4", "3/4", "3/4", "3/4"]
    assert [valley["barrier_at_least"] for valley in low["valleys"]] == [None, "1", "1", "1", None]
    assert low["valleys"][0] == {**whole["valleys"][0], "barrier_at_least": None}
    text = run("landscape", zigzag, "--below", "1").out
    assert "global minimum  1/3" in text and "at least 1" in text and f"{low['orbits_below']} of {low['orbits']}" in text


def test_certificates_of_what_lies_below(run, zigzag: Path, tmp_path: Path):
    document = run("landscape", zigzag, "--below", "1", "--certificates", tmp_path / "low", "--json").json
    claims = [(entry["claim"], Path(entry["file"]).name) for entry in document["certificates"]]
    assert claims == [
        ("global minimum", "global_minimum.json"),
        ("spurious valley", "valley_4.json"),
        ("all valleys below a level", "valleys_below.json"),
    ]
    for _, name in claims:
        assert run("verify", tmp_path / "low" / name).out.startswith("accepted")
    assert "All valleys below a level" in run("show", tmp_path / "low/valleys_below.json").out
    assert "3 certificates written" in run("landscape", zigzag, "--below", "1", "--certificates", tmp_path / "low").out
    document = run("landscape", zigzag, "--below", "1/4", "--certificates", tmp_path / "none", "--json").json
    assert [entry["claim"] for entry in document["certificates"]] == ["lower bound"]


def test_a_search_goes_on_from_its_file(run, zigzag: Path, tmp_path: Path):
    file, first = tmp_path / "search", run("landscape", zigzag, "--below", "1", "--json").json
    assert run("landscape", zigzag, "--below", "1", "--resume", file, "--effort", "0.0001").status == 3
    assert run("landscape", zigzag, "--below", "1", "--resume", file, "--json").json == first and file.exists()
    ended = run("landscape", zigzag, "--below", "1.5", "--resume", file)
    assert ended.status == 2 and "another level" in ended.err


def test_several_processes_and_clusters(run, zigzag: Path, tmp_path: Path):
    alone, file = run("landscape", zigzag, "--below", "1", "--json").json, tmp_path / "search"
    assert run("landscape", zigzag, "--below", "1", "--workers", "2", "--resume", file, "--json").json == alone
    assert file.exists()
    ended = run("landscape", zigzag, "--below", "1", "--workers", "2", "--dask", "tcp://127.0.0.1:1")
    assert ended.status == 2 and "exclude each other" in ended.err
    ended = run("landscape", zigzag, "--below", "1", "--dask", "tcp://127.0.0.1:1")
    assert ended.status == 2 and "cannot be reached" in ended.err


def test_nothing_below_a_level(run, zigzag: Path):
    ended = run("landscape", zigzag, "--below", "0.25")
    assert ended.status == 0 and "no parameters have a risk below 1/4" in ended.out


def test_bad_levels_and_options_that_do_not_fit(run, zigzag: Path):
    ended = run("landscape", zigzag, "--below", "low")
    assert ended.status == 2 and "--below" in ended.err and "not a number" in ended.err
    for option, *value in (("--global-only",), ("--dry-run",), ("--plot", "x.svg")):
        ended = run("landscape", zigzag, "--below", "1", option, *value)
        assert ended.status == 2 and f"{option} has no effect with --below" in " ".join(ended.err.replace("│", " ").split())


def test_the_advice_where_there_are_too_many_works(run, zigzag: Path):
    ended = run("landscape", zigzag, "--below", "1", "--max-cells", "2")
    assert ended.status == 2 and "--max-cells" in ended.err and "--below" in ended.err
    assert run("landscape", zigzag, "--below", "1", "--max-cells", "100").status == 0
    assert run("landscape", zigzag, "--below", "1/3", "--max-cells", "2").status == 0


def test_a_search_out_of_time_is_undecided(run, zigzag: Path):
    ended = run("landscape", zigzag, "--below", "1", "--effort", "0.0001")
    assert ended.status == 3 and "out of time" in ended.err and "--effort" in ended.err
