"""exactsurf dimension: ranks that are known, a kernel that is one, the certificate, and bad input."""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy

import exactsurf as es
from tests.cli.test_polish import problem_file

DEEP = {"W1": [[1, 2], [3, -1]], "b1": [1, 2], "W2": [[2, -1], [-3, 1]], "b2": [-1, 7], "W3": [[1, 2]], "b3": [1]}
THREE = {"x": [[0, 0], [1, 0], [0, 1]], "y": [0, 1, 2]}


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    return problem_file(tmp_path, "deep.json", widths=[2, 2, 2, 1], data=THREE, parameters=DEEP)


def test_on_the_data_and_over_all_inputs(run, deep: Path):
    data, everywhere = (run("dimension", deep, "--json", *more) for more in ((), ("--all-inputs",)))
    assert data.status == everywhere.status == 0
    assert [data.json[key] for key in ("dimension", "parameters", "bound", "inputs")] == ["3", "15", "3", "data"]
    assert [everywhere.json[key] for key in ("dimension", "parameters", "bound", "inputs")] == ["11", "15", "11", "all"]
    told = run("dimension", deep, "--all-inputs").out
    assert "11 of 15 parameters, over all inputs" in told and "since units can be rescaled" in told
    assert "3 of 15 parameters, on 3 samples" in run("dimension", deep).out


def test_the_kernel_has_the_missing_dimensions(run, deep: Path):
    kernel = run("dimension", deep, "--json", "--kernel", "--all-inputs").json["kernel"]
    flat = [
        [sympy.Rational(v) for value in one.values() for row in value for v in ([row] if isinstance(row, str) else row)]
        for one in kernel
    ]
    assert len(kernel) == 15 - 11 == sympy.Matrix(flat).rank()
    assert run("dimension", deep, "--kernel", "--all-inputs").out.count("\nkernel ") == 4


def test_the_certificate_is_written_and_accepted(run, deep: Path, tmp_path: Path):
    assert run("dimension", deep, "-o", "d.json", "-q").status == 0
    assert es.verify(tmp_path / "d.json").kind == "batch functional dimension"
    written = run("dimension", deep, "--all-inputs", "-o", ".", "--json").json["certificate"]
    assert written == "deep.dimension.certificate.json" and run("verify", written).status == 0


def test_bad_input(run, tmp_path: Path):
    missing = run("dimension", problem_file(tmp_path, "none.json"))
    assert missing.status == 2 and 'add "parameters"' in missing.err
    kink = {"W1": [[1]], "b1": [-3], "W2": [[1]], "b2": [0]}
    wall = run("dimension", problem_file(tmp_path, "wall.json", parameters=kink))
    assert wall.status == 2 and "sample 2" in wall.err  # x = 3 is at the breakpoint of the unit
    smooth = problem_file(tmp_path, "tanh.json", activation="tanh", parameters=kink)
    assert run("dimension", smooth).status == 2
    assert run("dimension", smooth, "--effort", "0").status == 2
