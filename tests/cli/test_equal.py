"""exactsurf equal: one function by a symmetry, two functions with an input, and bad input."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import exactsurf as es
from tests.cli.test_polish import problem_file

FIRST = {"W1": [["1"], ["1"]], "b1": ["0", "-1"], "W2": [["1", "-1"]], "b2": ["0"]}
TURNED = {"W1": [["-1"], ["-3"]], "b1": ["1", "0"], "W2": [["-1", "1/3"]], "b2": ["1"]}
OTHER = {"W1": [["1/2"], ["-1"]], "b1": ["0", "1"], "W2": [["2", "-1"]], "b2": ["0"]}


def files(folder: Path, other: dict[str, object], **more: object) -> tuple[Path, Path]:
    shape = {"widths": [1, 2, 1], **more}
    return problem_file(folder, "one.json", parameters=FIRST, **shape), problem_file(
        folder, "two.json", parameters=other, **shape
    )


def test_one_function(run, tmp_path: Path):
    result = run("equal", *files(tmp_path, TURNED), "-o", "out")
    assert result.status == 0 and result.out.startswith("PROVED  the outputs are equal on all")
    assert es.verify(tmp_path / "out" / "one.equal.certificate.json").kind == "equal functions"


def test_two_functions_that_agree_on_the_data(run, tmp_path: Path):
    one, two = files(tmp_path, OTHER, data={"x": [[0], ["1/2"]], "y": [0, 0]})
    result = run("equal", one, two, "--json")
    assert result.status == 1 and result.json["claim"] == "different functions" and result.json["status"] == "REFUTED"
    problem, theta = es.read_problem(one)
    _, other = es.read_problem(two)
    at = es.Problem(problem.network, es.Data.from_arrays([[Fraction(v) for v in result.json["input"]]], [0]))
    assert theta is not None and other is not None and at.risk(theta) != at.risk(other)
    both = run("equal", one, two, "--on-data", "--json")
    same = problem.forward(theta).outputs == problem.forward(other).outputs
    assert both.status == (0 if same else 1) and (both.json["input"] is None) == same


def test_bad_input(run, tmp_path: Path):
    one, _ = files(tmp_path, OTHER)
    wide = problem_file(tmp_path, "wide.json", widths=[1, 1, 1], parameters={"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]})
    result = run("equal", one, wide)
    assert result.status == 2 and "the networks differ" in result.err
    assert run("equal", one).status == 2
    assert 'add "parameters"' in run("equal", one, problem_file(tmp_path, "none.json", widths=[1, 2, 1])).err
    assert run("equal", one, one, "--effort", "soon").status == 2
