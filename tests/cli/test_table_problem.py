"""What the terminal names a problem by: a file of its own, or a table with options."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.interop.problem_writer import problem_text


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    path = tmp_path / "p.json"
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    path.write_text(problem_text(es.Problem(es.Network([1, 1, 1]), data)), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "options", [("--hidden", "2"), ("--loss", "absolute"), ("-a", "relu"), ("--drop", "a"), ("--decimal", ","), ("--classes",)]
)
def test_a_problem_file_takes_no_options_of_tables(run, problem_file, options):
    ended = run("landscape", "p.json", *options)
    assert ended.status == 2 and "leave out --" in ended.err


def test_a_problem_file_takes_no_target(run, problem_file):
    ended = run("landscape", "p.json", "--target", "y")
    assert ended.status == 2 and "leave out --target" in ended.err


@pytest.mark.parametrize("name", ["data.csv", "iris", "-"])
def test_a_table_needs_a_target_and_the_advice_names_the_command(run, tmp_path, name):
    (tmp_path / "data.csv").write_text("x,y\n0,0\n1,1\n2,0\n3,2\n")
    ended = run("landscape", name)
    assert ended.status == 2 and f"exactsurf landscape {name} --target y --hidden 2" in ended.err


def test_the_advice_works(run, tmp_path):
    (tmp_path / "data.csv").write_text("x,y\n0,0\n1,1\n2,0\n3,2\n")
    advice = run("landscape", "data.csv").err.partition("for example: exactsurf ")[2].split()
    assert run(*advice).status == 0
