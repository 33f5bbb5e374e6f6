"""Weight decay in the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import exactsurf as es


@pytest.fixture
def file(tmp_path: Path) -> str:
    problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1], [2]))
    return str(es.write_problem(tmp_path / "line.json", problem, problem.parameters(W1=[[1]], W2=[[1]])))


def test_the_option(run, file: str) -> None:
    result = run("decide", file, "--weight-decay", "1", "--json")
    assert (result.status, json.loads(result.out)["risk"]) == (0, "3/2")
    assert run("decide", file, "--weight-decay", "1/2").status == 1
    assert run("decide", file, "--weight-decay", "1", "--decay-biases").status == 0


@pytest.mark.parametrize("options", [["--weight-decay", "0"], ["--weight-decay", "much"], ["--decay-biases"]])
def test_bad_input(run, file: str, options: list[str]) -> None:
    result = run("decide", file, *options)
    assert result.status == 2 and "weight_decay" in result.err


def test_twice(run, tmp_path: Path) -> None:
    problem = es.Problem(es.Network([1, 1], biases=False), es.Data.from_arrays([1], [2]), weight_decay=1)
    file = es.write_problem(tmp_path / "decayed.json", problem, problem.parameters(W1=[[1]]))
    assert "leave --weight-decay out" in run("decide", str(file), "--weight-decay", "1").err
