"""``exactsurf landscape --global-only`` with weight decay and for losses by expression."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

TABLE = "x1,x2,y\n0,1,1\n2,-1,-2\n1,3,0\n-2,0,3\n3,2,-1\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_the_least_risk_with_weight_decay(run, table: Path, tmp_path: Path):
    file = tmp_path / "least.json"
    given = table, "--target", "y", "--hidden", "2", "--weight-decay", "1/10", "--global-only"
    ended = run("landscape", *given, "--width", "1/100", "--certificate", file)
    assert ended.status == 0 and "global minimum" in ended.out and "accepted by the verifier" in ended.out
    assert run("verify", file).status == 0 and "A tree of" in run("show", file).out
    found = run("landscape", *given, "--json").json["global_minimum"]
    low, high = map(Fraction, found["risk"])
    assert low <= high <= low * (1 + Fraction(1, 10**8)) and found["parameters"] and found["regions"] >= found["dual_vectors"]
    whole = run("landscape", *given[:-1], "--json").json["global_minimum"]["risk"]
    assert low <= Fraction(whole[1]) and Fraction(whole[0]) <= high
    together = run("landscape", *given, "--json", "--workers", "2").json["global_minimum"]
    assert together == found


def test_a_loss_by_expression(run, table: Path):
    given = table, "--target", "y", "--hidden", "1", "--loss", "log_cosh", "--global-only", "--json"
    low, high = map(Fraction, run("landscape", *given).json["global_minimum"]["risk"])
    assert low <= high <= low * (1 + Fraction(1, 10**8))


def test_stopped_it_says_what_is_proved(run, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("exactsurf.surface.levels.enclosed_search.EnclosedSearch.run", interrupted)
    file = tmp_path / "bound.json"
    given = table, "--target", "y", "--hidden", "2", "--weight-decay", "1/10", "--global-only", "--certificate", file
    ended = run("landscape", *given)
    assert ended.status == 130 and "stopped: global minimum" in ended.out and run("verify", file).status == 0


def test_no_time(run, table: Path):
    given = table, "--target", "y", "--hidden", "2", "--weight-decay", "1/10", "--global-only", "--effort", "1e-9", "--json"
    ended = run("landscape", *given)
    assert ended.status == 3 and ended.json["certificates"] == []


def test_options_that_have_no_effect(run, table: Path, tmp_path: Path):
    given = table, "--target", "y", "--hidden", "2", "--weight-decay", "1/10", "--global-only"
    for option, *value in (("--plot", tmp_path / "a.svg"), ("--resume", tmp_path / "a"), ("--formal",), ("--width", "0")):
        ended = run("landscape", *given, option, *value)
        assert ended.status == 2, option
