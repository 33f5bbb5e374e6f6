"""exactsurf training: runs of its own and from files, certificates, the picture, and bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import exactsurf as es
from tests.cli.test_polish import problem_file

DATA = {"x": [[0], [1], [2], [3]], "y": [0, 1, 0, 2]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return problem_file(tmp_path, "bumps.json", widths=[1, 1, 1], data=DATA)


def test_runs_of_its_own(run, file: Path):
    found = run("training", file, "--seeds", "8", "--json")
    assert found.status == 0 and [valley["risk"] for valley in found.json["valleys"]] == ["1/3", "3/4", "3/4", "1"]
    captured = sum(valley["runs"] for valley in found.json["valleys"])
    assert captured + sum(entry["runs"] for entry in found.json["not_captured"]) == len(found.json["runs"]) == 8
    told = run("training", file, "--seeds", "8").out
    assert "valley 0: risk 1/3 (global minimum)" in told and "spurious, barrier 11/8" in told and "of 8 runs" in told


def test_a_run_from_a_file_and_its_certificate(run, file: Path, tmp_path: Path):
    (tmp_path / "run.csv").write_text("step,W1_0_0,b1_0,W2_0_0,b2_0\n0,0.1,0,0.1,0\n9,2,-4,1,0.5\n", encoding="utf-8")
    found = run("training", file, "--trajectory", tmp_path / "run.csv", "--certificates", tmp_path / "proofs", "--json")
    (only,) = found.json["runs"]
    assert (only["valley"], only["captured_at"], only["points"], only["risk"]) == (0, 1, 2, "1/2")
    certificate = Path(found.json["valleys"][0]["certificate"])
    assert es.verify(certificate.read_bytes()).kind == "captured below a level"
    assert run("verify", certificate).status == 0
    assert run("show", certificate).out.startswith("# Captured by a valley")
    told = run("training", file, "--trajectory", tmp_path / "run.csv", "--certificates", tmp_path / "proofs").out
    assert "captured_by_valley_0.certificate.json" in told and "1 of 1 runs" in told


def test_two_runs_from_files(run, file: Path, tmp_path: Path):
    points = [{"W1": [[2]], "b1": [-4], "W2": [[1]], "b2": [0.5]}, {"W1": [[1]], "b1": [-9], "W2": [[1]], "b2": [0.75]}]
    for name, point in zip(("one", "two"), points, strict=True):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(point) + "\n", encoding="utf-8")
    found = run("training", file, "-t", tmp_path / "one.jsonl", "-t", tmp_path / "two.jsonl", "--json").json
    assert [one["valley"] for one in found["runs"]] == [0, None]
    assert found["not_captured"] == [{"least_risk_of_cell": "11/8", "runs": 1}]
    assert found["runs"][1]["valleys_within_reach"] == [[0, 1], [1, 1], [2, 1], [3, 1]]


def test_the_picture(run, file: Path, tmp_path: Path):
    pytest.importorskip("matplotlib")
    assert run("training", file, "--seeds", "3", "--plot", tmp_path / "histogram.svg").status == 0
    assert "<svg" in (tmp_path / "histogram.svg").read_text(encoding="utf-8")


def test_the_page(run, file: Path, tmp_path: Path):
    told = run("training", file, "--seeds", "3", "--html", tmp_path / "page.html")
    assert told.status == 0 and "page with the histogram" in told.out
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Which valley training finds" in page and "of 3 runs of training ended captured" in page
    assert run("training", file, "--seeds", "3", "--html", tmp_path / "page.txt").status == 2
    (tmp_path / "other.html").write_text("mine", encoding="utf-8")
    refused = run("training", file, "--seeds", "3", "--html", tmp_path / "other.html")
    assert refused.status == 2 and (tmp_path / "other.html").read_text(encoding="utf-8") == "mine"


def test_weight_decay_and_logistic_loss(run, tmp_path: Path):
    """Enclosed levels: numbers in pairs, a certificate of its own, and the options that belong to them."""
    decay = problem_file(tmp_path, "decay.json", widths=[1, 1, 1], data=DATA, weight_decay="1/10")
    text = "W1_0_0,b1_0,W2_0_0,b2_0\n1.3,-2.5,1.2,0.5\n"
    (tmp_path / "run.csv").write_text(text, encoding="utf-8")
    found = run("training", decay, "-t", tmp_path / "run.csv", "--certificates", tmp_path / "proofs", "--json", "--width", "1e-6")
    assert found.json["runs"][0]["valley"] == 0 and found.json["valleys"][0]["risk"] == ["37/75", "37/75"]
    assert found.json["undecided_runs"] == [] and found.json["runs"][0]["undecided"] == []
    certificate = Path(found.json["valleys"][0]["certificate"])
    assert es.verify(certificate.read_bytes()).kind == "captured below an enclosed level"
    assert run("show", certificate).out.startswith("# Captured by a valley between numbers")
    labels = {"x": DATA["x"], "y": [1, -1, 1, 1]}
    logistic = problem_file(tmp_path, "logistic.json", widths=[1, 1, 1], data=labels, loss="logistic")
    told = run("training", logistic, "--seeds", "4", "--effort", "60").out
    assert "valley 0: risk ≈ 1.38629436112" in told and "of 4 runs" in told and "leaps over barriers" in told


def test_bad_input(run, file: Path, tmp_path: Path):
    assert run("training", file, "--plot", "picture.txt").status == 2
    assert run("training", file, "--step-size", "fast").status == 2
    assert run("training", file, "--trajectory", tmp_path / "none.csv").status == 2
    assert run("training", file, "--certificates", file).status == 2
    assert run("training", problem_file(tmp_path, "tanh.json", activation="tanh")).status == 2
    assert run("training", problem_file(tmp_path, "deep.json", widths=[1, 1, 1, 1])).status == 2
    assert run("training", file, "--max-cells", "1").status == 2
    assert run("training", file, "--width", "1e-6").status == 2
    assert "--width is for levels that are enclosed" in run("training", file, "--width", "1e-6").err
    assert run("training", file, "--effort", "soon").status == 2
    assert run("training", file, "--effort", "0.000001", "--seeds", "1").status == 3


def test_a_restricted_problem(run, tmp_path: Path):
    shared = {
        "widths": [4, 2, 1],
        "biases": False,
        "data": {"x": [[1, -1, 1, 1], [-1, 0, 2, 0], [-2, 1, 2, -2], [-1, 2, 1, 0]], "y": [2, 2, 2, 1]},
        "restriction": {"W1": [["a", "b", 0, 0], [0, 0, "a", "b"]], "W2": [[1, 1]]},
    }
    path = problem_file(tmp_path, "shared.json", **shared)
    found = run("training", path, "--seeds", "6", "--steps", "300", "--html", tmp_path / "page.html", "--json")
    assert found.status == 0 and [valley["risk"] for valley in found.json["valleys"]][:2] == ["0", "7/6"]
    captured = sum(valley["runs"] for valley in found.json["valleys"])
    assert captured + sum(entry["runs"] for entry in found.json["not_captured"]) == len(found.json["runs"]) == 6
    assert "Which valley training finds" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "of 6 runs" in run("training", path, "--seeds", "6", "--steps", "300").out
    for option, value in (("--certificates", tmp_path / "proofs"), ("--width", "1e-9")):
        refused = run("training", path, "--seeds", "2", option, value)
        assert refused.status == 2 and "restricted" in refused.err and not refused.out and not (tmp_path / "proofs").exists()
    scaled = {**shared, "restriction": {"W1": [["a", "b", 0, 0], [0, 0, "a", "b"]], "W2": [["c", "c"]]}}
    refused = run("training", problem_file(tmp_path, "scaled.json", **scaled), "--seeds", "2", "--steps", "10")
    assert refused.status == 2 and "scales" in refused.err
