"""exactsurf alignment: extremal vectors that a paper names, those at a point, the certificate, and bad input."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import exactsurf as es
from tests.cli.test_polish import problem_file

COLLAPSE = {"x": [["-3/4"], ["-1/2"], ["1/8"]], "y": ["11/10", "1/10", "4/5"]}  # of Boursier and Flammarion 2025
FOUR = {"x": [[0], [1], [2], [3]], "y": [0, 1, 0, 2]}
LINE = {"W1": [["1/2"], ["0"]], "b1": ["1", "1"], "W2": [["1", "0"]], "b2": ["-1"]}


def test_all_units_align_with_one_vector(run, tmp_path: Path):
    file = problem_file(tmp_path, "collapse.json", widths=[1, 4, 1], biases=[True, False], data=COLLAPSE)
    result = run("alignment", file, "--json")
    one = {"vector": ["-31/40", "2"], "direction": ["-31/40", "2"], "active": [0, 1, 2], "on_walls": []}
    assert result.status == 0 and result.json["vectors"] == [one] and result.json["faces"] == "12"
    told = run("alignment", file).out
    assert "1 extremal vector, on 12 faces" in told and "(-31/40, 2): active on samples 0, 1, 2" in told


def test_vectors_at_a_point_are_made_of_its_residuals(run, tmp_path: Path):
    """f = ½x fits with residuals 0, ½, −1, ½; units that see some samples wholly and one in part."""
    file = problem_file(tmp_path, "four.json", widths=[1, 2, 1], data=FOUR, parameters=LINE)
    found = run("alignment", file, "--at-parameters", "--json").json
    residuals = [Fraction(y) - Fraction(x, 2) for x, y in enumerate((0, 1, 0, 2))]
    for one in found["vectors"]:
        d, direction = (list(map(Fraction, one[key])) for key in ("vector", "direction"))
        values = [direction[0] * x + direction[1] for x in range(4)]
        assert [i for i in range(4) if values[i] > 0] == one["active"]
        assert [i for i in range(4) if values[i] == 0] == one["on_walls"] == [2]
        rest = [d[k] - sum(residuals[i] * (i if k == 0 else 1) for i in one["active"]) for k in range(2)]
        part = rest[1] / residuals[2]
        assert 0 <= part <= 1 and rest[0] == part * residuals[2] * 2
    told = run("alignment", file, "--at-parameters").out
    assert len(found["vectors"]) == 2 and "2 extremal vectors" in told and "at the boundary of sample 2" in told
    assert run("alignment", file).out != told


def test_the_certificate_is_written_and_accepted(run, tmp_path: Path):
    file = problem_file(tmp_path, "four.json", widths=[1, 2, 1], data=FOUR, parameters=LINE)
    assert run("alignment", file, "--at-parameters", "-o", "out").status == 0
    assert es.verify(tmp_path / "out" / "four.alignment.certificate.json").kind == "extremal vectors"
    assert run("verify", "out/four.alignment.certificate.json").status == 0


def test_bad_input(run, tmp_path: Path):
    file = problem_file(tmp_path, "none.json")
    assert run("alignment", file).status == 0
    missing = run("alignment", file, "--at-parameters")
    assert missing.status == 2 and 'add "parameters"' in missing.err
    assert run("alignment", problem_file(tmp_path, "deep.json", widths=[1, 1, 1, 1])).status == 2
    assert run("alignment", problem_file(tmp_path, "tanh.json", activation="tanh")).status == 2
    assert run("alignment", file, "--effort", "never").status == 2
