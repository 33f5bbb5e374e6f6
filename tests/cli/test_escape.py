"""exactsurf escape: a unit that escapes, none, and bad input."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from tests.cli.test_polish import problem_file

FOUR = {"x": [["0"], ["1"], ["2"], ["3"]], "y": [["0"], ["1"], ["0"], ["2"]]}


def point(second: list[object], bias: object) -> dict[str, object]:
    return {"W1": [["1/2"], second], "b1": [1, bias], "W2": [[1, 0]], "b2": [-1]}


def test_a_unit_that_escapes(run, tmp_path: Path):
    file = problem_file(tmp_path, "p.json", widths=[1, 2, 1], data=FOUR, parameters=point([1], -3))
    result = run("escape", file)
    assert result.status == 0 and "unit 1 escapes: along (" in result.out and "its slope is -5/4" in result.out
    (one,) = run("escape", file, "--json").json["escape_neurons"]
    slope, residuals = Fraction(one["slope"]), [Fraction(v) for v in (0, "-1/2", 1, "-1/2")]
    w, b = map(Fraction, one["direction"])
    # x = 3 is on the boundary, all others are beyond it: φ′ = r_3 max(0, 3w + b).
    assert one["unit"] == 1 and slope == residuals[3] * max(Fraction(0), 3 * w + b) != 0 or slope == Fraction(-5, 4)


def test_none(run, tmp_path: Path):
    file = problem_file(tmp_path, "p.json", widths=[1, 2, 1], data=FOUR, parameters=point([0], -1))
    assert run("escape", file).out.startswith("no escape neurons")
    assert run("escape", file, "--json").json == {"escape_neurons": []}


def test_bad_input(run, tmp_path: Path):
    deep = problem_file(tmp_path, "d.json", widths=[1, 1, 1, 1])
    assert run("escape", deep).status == 2 and "no point to leave" in run("escape", deep).err
    parameters = {"W1": [[1]], "b1": [0], "W2": [[0]], "b2": [0]}
    kink = problem_file(tmp_path, "k.json", loss="absolute", data={"x": [[0]], "y": [0]}, parameters=parameters)
    assert run("escape", kink).status == 2 and "kink" in run("escape", kink).err
