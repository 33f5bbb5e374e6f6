"""exactsurf decide: problem files in, verdicts out."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from exactsurf import verifier

EXAMPLE = {
    "format": "exactsurf-problem/1",
    "widths": [1, 2, 1],
    "activation": "relu",
    "loss": "squared",
    "biases": [True, True],
    "data": {"x": [["0"], ["1"], ["2"], ["3"]], "y": [["0"], ["1"], ["0"], ["2"]]},
    "parameters": {"W1": [["1/2"], ["0"]], "b1": ["1", "1"], "W2": [["1", "0"]], "b2": ["-1"]},
}


def write(path: Path, **changes: object) -> Path:
    path.write_text(json.dumps({**EXAMPLE, **changes}))
    return path


def test_proved(run, tmp_path: Path):
    result = run("decide", write(tmp_path / "p.json"), "--json")
    assert result.status == 0
    assert result.json["status"] == "PROVED"
    assert result.json["risk"] == "3/4"
    assert verifier.verify(Path(result.json["certificate"]).read_bytes()).kind == "local minimum"


def test_refuted_with_a_lower_point(run, tmp_path: Path):
    shifted = {**EXAMPLE["parameters"], "b2": ["-2"]}
    result = run("decide", write(tmp_path / "p.json", parameters=shifted), "--json")
    assert result.status == 1
    assert result.json["status"] == "REFUTED"
    assert Fraction(result.json["lower_risk"]) < Fraction(result.json["risk"])
    assert set(result.json["lower_point"]) == {"W1", "b1", "W2", "b2"}


def test_undecided_with_a_reason(run, tmp_path: Path):
    zero = {"W1": [[0], [0]], "b1": [0, 0], "W2": [[0, 0], [0, 0]], "b2": [0, 0], "W3": [[0, 0]], "b3": ["3/4"]}
    path = write(tmp_path / "p.json", widths=[1, 2, 2, 1], biases=True, parameters=zero)
    result = run("decide", path, "--json")
    assert result.status == 3
    assert result.json["status"] == "UNDECIDED"
    assert "one hidden layer" in result.json["reason"]
    assert result.json["certificate"] is None


def test_the_text_names_risk_and_certificate(run, tmp_path: Path):
    result = run("decide", write(tmp_path / "p.json"), "-o", tmp_path / "out")
    assert "PROVED" in result.out
    assert "3/4" in result.out
    assert (tmp_path / "out" / "p.certificate.json").exists()


def test_a_problem_without_parameters(run, tmp_path: Path):
    document = {key: value for key, value in EXAMPLE.items() if key != "parameters"}
    (tmp_path / "p.json").write_text(json.dumps(document))
    result = run("decide", tmp_path / "p.json")
    assert result.status == 2
    assert "no parameters" in result.err
