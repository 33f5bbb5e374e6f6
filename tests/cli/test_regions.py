"""exactsurf regions: counts that are known, regions that are checked on inputs, the certificate, and bad input."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from tests.cli.test_polish import problem_file

SADDLE = {"W1": [[1, 0], [-1, 0], [0, 1], [0, -1]], "b1": [0, 0, 0, 0], "W2": [[1, 1, -1, -1]], "b2": [0]}  # |x1| − |x2|
PLANE = {"x": [[0, 0]], "y": [0]}


@pytest.fixture
def saddle(tmp_path: Path) -> Path:
    return problem_file(tmp_path, "saddle.json", widths=[2, 4, 1], data=PLANE, parameters=SADDLE)


def test_the_numbers_of_a_saddle(run, saddle: Path):
    result = run("regions", saddle, "--convex", "--json")
    assert result.status == 0 and result.json == {
        "activation_regions": "9",
        "proper_activation_regions": "4",
        "convex_regions": ["4", "4"],
        "open_connected_regions": "4",
        "closed_connected_regions": "4",
        "affine_regions": "4",
        "certificate": None,
        "claim": "linear regions",
    }
    told = run("regions", saddle).out
    assert "9  activation regions" in told and "convex" not in told and "-o FOLDER" in told


def test_listed_regions_are_what_the_network_is_there(run, saddle: Path):
    listed = run("regions", saddle, "--list", "--json").json["regions"]
    assert len(listed) == 4 and all(len(region["neighbours"]) == 2 for region in listed)
    for number, region in enumerate(listed):
        x1, x2 = map(Fraction, region["input"])
        ((a, b, c),) = [list(map(Fraction, row)) for row in region["outputs"]]
        assert a * x1 + b * x2 + c == abs(x1) - abs(x2)
        assert all(number in listed[other]["neighbours"] for other in region["neighbours"])
    told = run("regions", saddle, "--list", "--limit", "1").out
    assert "region 0: at (" in told and "only the first 1 are listed" in told


def test_the_certificate_is_written_and_accepted(run, saddle: Path, tmp_path: Path):
    assert run("regions", saddle, "-o", "out", "-q").status == 0
    assert es.verify(tmp_path / "out" / "saddle.regions.certificate.json").kind == "linear regions"
    assert run("verify", "out/saddle.regions.certificate.json").status == 0


def test_bad_input(run, tmp_path: Path, saddle: Path):
    missing = run("regions", problem_file(tmp_path, "none.json"))
    assert missing.status == 2 and 'add "parameters"' in missing.err
    smooth = {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]}
    tanh = run("regions", problem_file(tmp_path, "tanh.json", activation="tanh", parameters=smooth))
    assert tanh.status == 2 and "Traceback" not in tanh.err
    assert run("regions", saddle, "--effort", "never").status == 2


def test_an_effort_that_is_over_says_so(run, saddle: Path):
    ended = run("regions", saddle, "--convex", "--effort", "1/1000000", "--json")
    assert ended.status == 3 and ended.json["exit_status"] == 3
