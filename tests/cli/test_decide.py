"""exactsurf decide: problem files in, verdicts out."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf import verifier
from exactsurf.minima.rules import positive_products

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
    result = run("decide", write(tmp_path / "p.json"), "--json", "-o", tmp_path)
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
    flat = {
        "W1": [[1], [-1]],
        "b1": [0, 0],
        "W2": [[0, 0]],
        "b2": [-1],
        "W3": [[1], [0]],
        "b3": [0, 0],
        "W4": [[0, 0]],
        "b4": ["1/2"],
    }
    path = write(tmp_path / "p.json", widths=[1, 2, 1, 2, 1], loss="absolute", biases=True, parameters=flat)
    result = run("decide", path, "--max-fan", "4", "--json")
    assert result.status == 3
    assert result.json["status"] == "UNDECIDED"
    assert "one hidden layer" in result.json["reason"]
    assert "1024 tangent cones: more than 4; raise Effort(fan=…) (--max-fan)" in result.json["reason"]
    assert result.json["certificate"] is None and result.json["kind"] is None


def golden(name: str) -> dict:
    """Problem and point of a certificate that is kept as a file."""
    path = Path(__file__).parents[2] / "proofs" / "golden" / "accept" / f"{name}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    return {**document["problem"], "parameters": document["parameters"]}


def test_the_fan_can_be_bounded(run, tmp_path: Path):
    """Four tangent cones, and no rule but second order proves the minimum."""
    path = write(tmp_path / "p.json", **golden("second_order_strict_products"))
    bounded = run("decide", path, "--json", "--max-fan", "3")
    assert bounded.status == 3 and "4 tangent cones: more than 3; raise Effort(fan=…) (--max-fan)" in bounded.json["reason"]
    assert run("decide", path, "--json", "--max-fan", "4").status == 0
    assert run("decide", path, "--max-fan", "0").status == 2


def test_the_kind_of_a_minimum(run, tmp_path: Path):
    """A minimum that 14 − 5 directions leave, and a network that is constant nearby."""
    path = write(tmp_path / "p.json", **golden("second_order_outputs"))
    result = run("decide", path, "--json")
    assert result.status == 0 and result.json["open_directions"] == []
    kind = {"strict": False, "isolated_modulo_invariance": True, "flat": False, "differentiable": True, "dimension": 5}
    assert result.json["kind"] == kind
    line = (
        "kind         strict but for invariances of the network, which move it in 5 dimensions; the risk is differentiable there"
    )
    assert line in run("decide", path).out
    dead = {"W1": [[0], [0]], "b1": [-1, -1], "W2": [[0, 0]], "b2": ["3/4"]}
    result = run("decide", write(tmp_path / "q.json", parameters=dead))
    assert result.status == 0 and "kind         not strict" in result.out


def test_a_fit_of_rank_one_that_is_not_the_only_one(run, tmp_path: Path):
    """The best fits of rank one to the identity are many, as two singular values are equal."""
    data = {"x": [["1", "0"], ["0", "1"]], "y": [["1", "0"], ["0", "1"]]}
    here = {"W1": [[1, 1]], "W2": [["1/2"], ["1/2"]]}
    path = write(tmp_path / "p.json", widths=[2, 1, 2], biases=False, data=data, parameters=here)
    result = run("decide", path, "--json")
    assert result.status == 0 and "none of the rank that the widths allow fits better" in result.json["reason"]


def test_open_directions_are_listed(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A hard tanh unit at a breakpoint on every sample: second order vanishes along a direction. Positive products would say."""
    monkeypatch.setattr(positive_products, "MAX_FREE", 0)
    data = {"x": [["2", "-1"], ["0", "1"], ["2", "-1"]], "y": [["1", "0", "0"], ["-1", "1", "0"], ["0", "-1", "-2"]]}
    here = {"W1": [[0, 1]], "W2": [["-2/3"], ["2/3"], ["2/3"]]}
    activation = {"breakpoints": ["-1", "1"], "slopes": ["0", "1", "0"], "value_at_0": "0"}
    named = {"widths": [2, 1, 3], "biases": False, "data": data, "parameters": here, "activation": activation}
    path = write(tmp_path / "p.json", **named)
    result = run("decide", path, "--json")
    assert result.status == 3 and "second-order form" in result.json["reason"]
    assert result.json["open_directions"]
    assert all({*direction} == {"W1", "W2"} for direction in result.json["open_directions"])
    assert "left open" in run("decide", path).out


def test_the_senses_of_stationarity(run, tmp_path: Path):
    """x = −1, 0, 1, 2; y = 1, −2, 3, 1 at f(x) = h(x): a minimum with a kink, so without gradient, but Clarke stationary."""
    data = {"x": [["-1"], ["0"], ["1"], ["2"]], "y": [["1"], ["-2"], ["3"], ["1"]]}
    here = {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]}
    path = write(tmp_path / "p.json", widths=[1, 1, 1], data=data, parameters=here)
    senses = run("decide", path, "--stationarity", "--json").json["stationarity"]
    assert [senses[name]["status"] for name in ("differentiable", "gradient_zero")] == ["REFUTED", "REFUTED"]
    assert [senses[name]["status"] for name in ("clarke", "directional", "second_order")] == ["PROVED"] * 3
    assert senses["gradient"] is None
    text = run("decide", path, "--stationarity").out
    assert "Clarke stationary         PROVED" in text and "second-order stationary   PROVED" in text
    assert "stationarity" not in run("decide", path, "--json").json


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


def test_nothing_is_written_unless_it_is_asked_for(run, tmp_path: Path):
    path = write(tmp_path / "p.json")
    result = run("decide", path)
    assert result.status == 0 and "certificate  accepted by the verifier; -o FOLDER writes it" in result.out
    assert run("decide", path, "--json").json["certificate"] is None
    assert [file.name for file in tmp_path.iterdir()] == ["p.json"]
    named = tmp_path / "deep" / "mine.json.gz"
    assert run("decide", path, "--json", "-o", named).json["certificate"] == str(named)
    assert es.verify(named).kind == "local minimum"


def test_a_lower_point_makes_the_claim_spurious(run, tmp_path: Path):
    path = write(tmp_path / "p.json")
    better = {**EXAMPLE["parameters"], "W1": [["0"], ["1"]], "b1": ["0", "-2"], "W2": [["0", "3/2"]], "b2": ["1/2"]}
    lower = write(tmp_path / "better.json", parameters=better)
    result = run("decide", path, "--lower", lower, "--json", "-o", tmp_path / "mine.json")
    assert result.status == 0 and result.json["claim"] == "spurious local minimum"
    assert verifier.verify((tmp_path / "mine.json").read_bytes()).kind == "spurious local minimum"
    refused = run("decide", path, "--lower", path)
    assert refused.status == 2 and "risk 3/4, which is not below the risk 3/4" in refused.err
    alone = write(tmp_path / "alone.json")
    alone.write_text(json.dumps({key: value for key, value in EXAMPLE.items() if key != "parameters"}))
    assert run("decide", path, "--lower", alone).status == 2
    found = run("decide", path, "--spurious", "--json").json
    assert found["claim"] == "spurious local minimum" and found["lower_point"] is not None


def test_the_time_is_bounded_and_said(run, tmp_path: Path):
    path = write(tmp_path / "p.json")
    assert run("decide", path, "--effort", "20").status == 0
    for wrong in ("0", "soon", "-3"):
        refused = run("decide", path, f"--effort={wrong}")
        assert refused.status == 2 and "positive number of seconds" in refused.err


def test_the_senses_where_the_loss_is_an_expression(run, tmp_path: Path):
    """Logistic loss at f = 0: the derivatives 1/2, −1/2, 1/2, −1/2 add up to 0 for every input."""
    data = {"x": [["-1"], ["1"], ["1"], ["-1"]], "y": [["0"], ["1"], ["0"], ["1"]]}
    here = {"W1": [[1]], "b1": [-1], "W2": [[1]], "b2": [0]}
    names = ("differentiable", "gradient_zero", "clarke", "directional", "second_order")
    path = write(tmp_path / "p.json", widths=[1, 1, 1], data=data, parameters=here, loss={"name": "logistic"})
    for decay, expected in ([], ["PROVED"] * 5), (["--weight-decay", "1/8"], ["PROVED"] + ["REFUTED"] * 4):
        result = run("decide", path, "--stationarity", "--json", *decay)
        assert [result.json["stationarity"][name]["status"] for name in names] == expected
        assert f"second-order stationary   {expected[-1]}" in run("decide", path, "--stationarity", *decay).out
