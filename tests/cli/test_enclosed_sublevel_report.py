"""exactsurf landscape --below, where levels are enclosed."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest


@pytest.fixture
def zigzag(tmp_path: Path) -> Path:
    path = tmp_path / "zigzag.json"
    data = {"x": [["0"], ["1"], ["2"], ["3"], ["4"]], "y": [["0"], ["1"], ["0"], ["2"], ["-1"]]}
    problem = {"format": "exactsurf-problem/1", "widths": [1, 2, 1], "activation": "relu", "data": data}
    path.write_text(json.dumps(problem | {"weight_decay": "1/10"}), encoding="utf-8")
    return path


def test_valleys_below_a_level(run, zigzag: Path) -> None:
    whole = run("landscape", zigzag, "--json").json
    low = run("landscape", zigzag, "--below", "3/2", "--json").json
    assert low["below"] == "3/2" and 0 < int(low["orbits_below"]) < int(low["orbits"]) == int(whole["orbits"])
    kept = [valley for valley in whole["valleys"] if Fraction(valley["risk"][0]) < Fraction(3, 2)]
    assert [valley["risk"] for valley in low["valleys"]] == [valley["risk"] for valley in kept]
    assert low["undecided"] is None and all(valley["below"] is True for valley in low["valleys"])
    for valley, other in zip(low["valleys"], kept, strict=True):
        high = other["barrier"] is not None and Fraction(other["barrier"][0]) >= Fraction(3, 2)
        assert (valley["barrier"], valley["barrier_at_least"]) == ((None, "3/2") if high else (other["barrier"], None))
    text = run("landscape", zigzag, "--below", "3/2").out
    assert "at least 3/2" in text and f"{low['orbits_below']} of {low['orbits']}" in text and "UNDECIDED" not in text


def test_certificates_of_what_lies_below(run, zigzag: Path, tmp_path: Path) -> None:
    document = run("landscape", zigzag, "--below", "3/2", "--certificates", tmp_path / "low", "--json").json
    claims = [(entry["claim"], Path(entry["file"]).name) for entry in document["certificates"]]
    assert claims == [
        ("near global minimum", "global_minimum.json"),
        ("enclosed spurious valley", "valley_2.json"),
        ("enclosed spurious valley", "valley_5.json"),
        ("all enclosed valleys below a level", "valleys_below.json"),
    ]
    for _, name in claims:
        assert run("verify", tmp_path / "low" / name).out.startswith("accepted")
    assert "All valleys below a level" in run("show", tmp_path / "low/valleys_below.json").out
    document = run("landscape", zigzag, "--below", "1/4", "--certificates", tmp_path / "none", "--json").json
    assert [entry["claim"] for entry in document["certificates"]] == ["near global minimum"]


def test_a_level_that_is_not_told_from_it_is_undecided(run, zigzag: Path) -> None:
    problem = json.loads(zigzag.read_text(encoding="utf-8"))
    data = {"x": [["0", "1"], ["1", "2"], ["2", "-1"]], "y": ["0", "0", "1"]}
    zigzag.write_text(json.dumps(problem | {"widths": [2, 1, 1], "data": data, "weight_decay": "10"}), encoding="utf-8")
    low = run("landscape", zigzag, "--below", "1/3", "--json").json
    assert Fraction(low["undecided"][0]) < Fraction(1, 3) <= Fraction(low["undecided"][1]) and low["valleys"][-1]["below"] is None
    assert "UNDECIDED: levels at" in run("landscape", zigzag, "--below", "1/3").out


def test_a_search_goes_on_from_its_file(run, zigzag: Path, tmp_path: Path) -> None:
    file, first = tmp_path / "search", run("landscape", zigzag, "--below", "3/2", "--json").json
    assert run("landscape", zigzag, "--below", "3/2", "--resume", file, "--effort", "0.0001").status == 3
    assert run("landscape", zigzag, "--below", "3/2", "--resume", file, "--workers", "2", "--json").json == first
    ended = run("landscape", zigzag, "--below", "1.5", "--decay-biases", "--resume", file)
    assert ended.status == 2
    ended = run("landscape", zigzag, "--below", "5/4", "--resume", file)
    assert ended.status == 2 and "another level" in ended.err


def test_nothing_below_a_level_and_options_that_do_not_fit(run, zigzag: Path) -> None:
    ended = run("landscape", zigzag, "--below", "1/4")
    assert ended.status == 0 and "no parameters have a risk below 1/4" in ended.out
    for option, *value in (("--global-only",), ("--plot", "x.svg"), ("--html", "x.html")):
        ended = run("landscape", zigzag, "--below", "1", option, *value)
        assert ended.status == 2 and f"{option} has no effect with --below" in " ".join(ended.err.replace("│", " ").split())
    ended = run("landscape", zigzag, "--below", "low")
    assert ended.status == 2 and "not a number" in ended.err
    assert run("landscape", zigzag, "--below", "3/2", "--max-cells", "2").status == 2
