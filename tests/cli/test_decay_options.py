"""The options for weight decay: tables and problem files say the same, and bad input is refused with advice that works."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es


@pytest.fixture
def decayed(tmp_path: Path) -> Path:
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    return es.write_problem(tmp_path / "decayed.json", es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))


@pytest.fixture
def zigzag(tmp_path: Path) -> Path:
    path = tmp_path / "zigzag.csv"
    path.write_text("x,y\n0,0\n1,1\n2,0\n3,2\n", encoding="utf-8")
    return path


def test_a_table_has_the_report_of_its_problem_file(run, decayed: Path, zigzag: Path, tmp_path: Path):
    table = ("landscape", zigzag, "--target", "y", "--hidden", "1", "--weight-decay", "1/10")
    assert run(*table, "--json").json == run("landscape", decayed, "--json").json
    assert run(*table).out == run("landscape", decayed).out
    plain = json.loads(decayed.read_text(encoding="utf-8"))
    decayed.write_text(json.dumps(plain | {"decay_biases": True, "loss": "squared.mean"}), encoding="utf-8")
    also = (*table, "--decay-biases", "--loss", "squared.mean")
    assert run(*also, "--json").json == run("landscape", decayed, "--json").json
    del plain["weight_decay"]
    decayed.write_text(json.dumps(plain), encoding="utf-8")
    assert run("landscape", decayed, "--weight-decay", "0.1", "--json").json == run(*table, "--json").json


def test_the_certificate_of_a_table(run, zigzag: Path, tmp_path: Path):
    file = tmp_path / "near.json"
    assert run("landscape", zigzag, "-t", "y", "--weight-decay", "1/10", "--certificate", file).status == 0
    assert run("verify", file).status == 0


@pytest.mark.parametrize("given", ["0", "-1", "-1/100", "nan", "much", ""])
def test_factors_that_are_not_positive(run, zigzag: Path, given: str):
    ended = run("landscape", zigzag, "--target", "y", f"--weight-decay={given}")
    assert ended.status == 2 and "weight_decay" in ended.err and not ended.out


def test_the_advice_about_biases_works(run, zigzag: Path, decayed: Path):
    ended = run("landscape", zigzag, "--target", "y", "--decay-biases")
    assert ended.status == 2 and "--weight-decay 1/100" in ended.err
    assert run("landscape", zigzag, "--target", "y", "--decay-biases", "--weight-decay", "1/100").status == 0
    twice = run("landscape", decayed, "--weight-decay", "1")
    assert twice.status == 2 and "leave --weight-decay out" in twice.err


def test_several_inputs(run, tmp_path: Path):
    (tmp_path / "two.csv").write_text("a,b,y\n0,0,0\n1,0,1\n2,1,0\n3,1,2\n", encoding="utf-8")
    asked = ("landscape", "two.csv", "--target", "y", "--hidden", "1", "--weight-decay", "1/10", "--json")
    free, penalised = run(*asked).json, run(*asked, "--decay-biases").json
    assert Fraction(free["global_minimum"]["risk"][1]) < Fraction(penalised["global_minimum"]["risk"][0])
