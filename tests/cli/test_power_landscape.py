"""exactsurf landscape on problem files with weights that are shared by layers: answers and bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_polish import problem_file

SQUARES = {
    "widths": [2, 2, 1],
    "activation": "linear",
    "biases": False,
    "data": {"x": [[1, 2], [0, 1], [1, -1]], "y": [1, -3, 2]},
    "restriction": {"W1": [["u", 0], [0, "v"]], "W2": [["u", "v"]]},
}


def test_answers(run, tmp_path: Path):
    file = problem_file(tmp_path, "squares.json", **SQUARES)
    told = run("landscape", file)
    assert told.status == 0 and "4 cells of 2 powers: u|u|, v|v|" in told.out
    assert "global minimum  19/4" in told.out and "u|u|=-3/2, v|v|=0" in told.out
    found = run("landscape", file, "--json").json
    assert [valley["risk"] for valley in found["valleys"]] == ["19/4", "19/4"]
    assert [valley["merges_at"] for valley in found["valleys"]] == ["7", "7"] and found["cells"] == 4
    assert sorted(minimum["powers"]["u|u|"] for minimum in found["local_minima"]) == ["-3/2", "3/2"]


@pytest.mark.parametrize(
    "option",
    [["--global-only"], ["--certificate", "x.json"], ["--plot", "x.svg"], ["--html", "x.html"], ["--no-local-minima"]],
)
def test_what_is_not_known_is_refused(option: list[str], run, tmp_path: Path):
    result = run("landscape", problem_file(tmp_path, "squares.json", **SQUARES), *option)
    assert result.status == 2 and option[0] in result.err and not result.out
    assert not (tmp_path / option[-1]).exists()
