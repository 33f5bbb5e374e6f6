"""exactsurf landscape with several factors of the weight decay."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "four.csv"
    path.write_text("x,y\n0,0\n1,1\n2,0\n3,2\n", encoding="utf-8")
    return path


def test_the_path_and_its_changes(run, table: Path):
    along = table, "--target", "y", "--hidden", "1", "--weight-decay", "1/10,4"
    found = run("landscape", *along, "--bracket", "1/5", "--json").json
    factors = [Fraction(entry["weight_decay"]) for entry in found["path"]]
    counts = [entry["valleys"] for entry in found["path"]]
    assert factors == sorted(factors) and (factors[0], factors[-1]) == (Fraction(1, 10), 4)
    assert (counts[0], counts[-1]) == (4, 1) and found["path"][0]["global_minimum"] == ["37/75", "37/75"]
    for change in found["changes"]:
        low, high = Fraction(change["low"]), Fraction(change["high"])
        assert 0 < high - low <= high / 5
        assert (counts[factors.index(low)], counts[factors.index(high)]) == (change["before"], change["after"])
    said = run("landscape", *along, "--bracket", "1/5").out
    assert "the number of valleys changes from" in said and "37/75" in said


def test_a_picture(run, table: Path, tmp_path: Path):
    pytest.importorskip("matplotlib")
    picture = tmp_path / "path.svg"
    ended = run("landscape", table, "-t", "y", "--hidden", "1", "--weight-decay", "1,4", "--bracket", "1", "--plot", picture)
    assert ended.status == 0 and picture.exists() and "path.svg" in ended.out.replace("\n", "")


def test_options_that_do_not_fit(run, table: Path, tmp_path: Path):
    start = "landscape", table, "-t", "y", "--hidden", "1", "--weight-decay"
    for option in (("--global-only",), ("--below", "1"), ("--certificates", tmp_path), ("--html", tmp_path / "a.html")):
        ended = run(*start, "1,2", *option)
        assert ended.status == 2 and f"{option[0]} is not known for several factors" in " ".join(
            ended.err.replace("│", " ").split()
        )
    assert "--bracket needs several factors" in " ".join(run(*start, "1", "--bracket", "1/2").err.replace("│", " ").split())
    told = run(*start, "1,2", "--below", "1", "--json")
    assert told.status == told.json["exit_status"] == 2 and told.json["error"]["message"].startswith("--below is not known")
    for factors in ("1,", "1,1", "1,-1", "1,x"):
        assert run(*start, factors).status == 2
