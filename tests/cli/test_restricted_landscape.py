"""exactsurf landscape on problem files with a restriction: answers, files, and bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from tests.cli.test_polish import problem_file
from tests.surface.restricted.problems import INPUTS

FILTER = {
    "widths": [4, 2, 1],
    "biases": False,
    "data": {"x": INPUTS, "y": [2, 2, 2, 1]},
    "restriction": {"W1": [["a", "b", 0, 0], [0, 0, "a", "b"]], "W2": [[1, 1]]},
}


def test_answers_and_files(run, tmp_path: Path):
    file = problem_file(tmp_path, "filter.json", **FILTER)
    told = run("landscape", file)
    assert told.status == 0 and "10 cells of 2 free parameters, 10 facets" in told.out
    assert "global minimum  0  a=1, b=0" in told.out and "Local minima" in told.out
    found = run("landscape", file, "--json", "--certificates", "out", "--plot", "tree.svg").json
    assert [valley["risk"] for valley in found["valleys"]] == ["0", "7/6", "65/28", "317/106", "69/22"]
    assert found["valleys"][1]["values"] == {"a": "-4/3", "b": "-8/3"} and found["valleys"][1]["barrier"] == "29/10"
    assert found["local_minima_complete"] and len(found["local_minima"]) == 5
    assert (tmp_path / "tree.svg").stat().st_size > 1000
    assert [written.get("local_minimum") for written in found["certificates"]] == [None, 1, 2, 3, 4]
    for written in found["certificates"]:
        assert es.verify(tmp_path / written["file"]).kind == written["claim"]
    assert run("landscape", file, "--no-local-minima", "--json").json["local_minima"] is None


def test_the_global_minimum_only(run, tmp_path: Path):
    file = problem_file(tmp_path, "filter.json", **FILTER)
    found = run("landscape", file, "--global-only", "--certificate", "minimum.json", "--json").json
    assert found["global_minimum"]["risk"] == "0" and found["global_minimum"]["values"] == {"a": "1", "b": "0"}
    assert es.verify(tmp_path / "minimum.json").kind == found["certificates"][0]["claim"]
    assert "proved by a tree of" in run("landscape", file, "--global-only").out


@pytest.mark.parametrize(
    "option",
    [
        ["--below", "1"],
        ["--html", "page.html"],
        ["--dry-run"],
        ["--formal"],
        ["--workers", "2"],
        ["--resume", "run.checkpoint"],
        ["--weight-decay", "1/10"],
        ["--width", "1/10"],
        ["--max-cells", "9"],
        ["--global-only", "--plot", "tree.svg"],
        ["--global-only", "--certificates", "out"],
        ["--hidden", "2"],
    ],
)
def test_bad_options(option: list[str], run, tmp_path: Path):
    result = run("landscape", problem_file(tmp_path, "filter.json", **FILTER), *option)
    assert (
        result.status == 2
        and option[-2 if len(option) == 2 else -1].removeprefix("--") in result.err + result.out
        or (option[0] == "--global-only" and result.status == 2)
    )
    assert not result.out


def test_a_restriction_that_is_not_known(run, tmp_path: Path):
    free = {**FILTER, "restriction": {"W1": [["a", "b", 0, 0], [0, 0, "a", "b"]]}}
    result = run("landscape", problem_file(tmp_path, "free.json", **free))
    assert result.status == 2 and "2 weights vary" in result.err and not result.out
