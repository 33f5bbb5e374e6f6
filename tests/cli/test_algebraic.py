"""exactsurf algebraic: (3 − √5)/4, rational coordinates, and bad input."""

from __future__ import annotations

from pathlib import Path

import exactsurf as es
from tests.cli.test_polish import problem_file

SHAPE = {
    "widths": [2, 1, 2],
    "activation": "linear",
    "biases": False,
    "data": {"x": [[1, 0], [0, 1]], "y": [[1, 1], [1, 0]]},
}


def test_the_golden_ratio(run, tmp_path: Path):
    file = problem_file(tmp_path, "g.json", **SHAPE, parameters={"W1": [[1, "3/5"]], "W2": [["6/5"], ["7/10"]]})
    result = run("algebraic", file, "-o", "out")
    assert result.status == 0 and "PROVED  a local minimum of algebraic coordinates" in result.out
    assert result.out.startswith("α        the root of") and "W1_0_0" in result.out
    assert "the root of x^2 + x - 1 near" in result.out and "W1_0_1   α\n" in result.out and "3/5*α + 4/5" in result.out
    assert es.verify(tmp_path / "out" / "g.algebraic.certificate.json").kind == "local minimum of algebraic coordinates"
    told = run("algebraic", file, "--json").json
    # The best fit of rank 1 leaves half the square of the smaller singular value: (3 − √5)/4.
    assert told["risk"]["polynomial"] == ["1", "-6", "4"] and set(told["coordinates"]) == {"W1_0_0", "W1_0_1", "W2_0_0", "W2_1_0"}


def test_rational_coordinates_are_left_to_decide(run, tmp_path: Path):
    data = {"x": [[1, 0], [0, 1]], "y": [[2, 0], [0, 1]]}
    file = problem_file(tmp_path, "r.json", **{**SHAPE, "data": data}, parameters={"W1": [[1, 0]], "W2": [[2], [0]]})
    result = run("algebraic", file, "--json")
    assert result.status == 3 and "rational" in result.json["reason"] and result.json["root"] is None


def test_bad_input(run, tmp_path: Path):
    assert run("algebraic", problem_file(tmp_path, "none.json", **SHAPE)).status == 2
    parameters = {"W1": [[1, "3/5"]], "W2": [["6/5"], ["7/10"]]}
    other = problem_file(tmp_path, "l.json", **SHAPE, loss="absolute", parameters=parameters)
    assert run("algebraic", other).status == 2 and "squared loss" in run("algebraic", other).err
