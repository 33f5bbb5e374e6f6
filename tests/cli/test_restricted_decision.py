"""exactsurf decide on problem files with a restriction: answers, certificate, and bad input."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from tests.cli.test_polish import problem_file

FILTER = {
    "widths": [4, 2, 1],
    "biases": False,
    "data": {"x": [[1, 0, 0, 1], [0, 1, 1, 0], [1, 1, -1, 2]], "y": [2, 2, 1]},
    "restriction": {"W1": [["a", "b", 0, 0], [0, 0, "a", "b"]], "W2": [[1, 1]]},
}


def test_answers_and_certificates(run, tmp_path: Path):
    file = problem_file(tmp_path, "filter.json", **FILTER, parameters={"a": 1, "b": 1})
    result = run("decide", file, "-o", "out", "--json")
    assert result.json["status"] == "REFUTED" and result.status == 1 and result.json["values"] == {"a": "1", "b": "1"}
    lower = es.Parameters(**result.json["lower_point"])
    problem, theta = es.read_restricted_problem(file)
    assert problem.restriction.holds(lower)
    assert problem.risk(lower) < problem.risk(theta) and str(problem.risk(lower)) == result.json["lower_risk"]
    accepted = es.verify(tmp_path / "out" / "filter.certificate.json")
    assert accepted.kind == "not a local minimum of a restricted risk"
    assert run("verify", "out/filter.certificate.json").status == 0
    told = run("decide", file).out
    assert "free         2 parameters: a, b" in told and "lower point  a=" in told
    assert "Along a polynomial curve" in run("show", "out/filter.certificate.json").out


def test_a_minimum_with_a_lower_point(run, tmp_path: Path):
    off = problem_file(tmp_path, "off.json", **FILTER, parameters={"a": -1, "b": "-3/2"})
    better = problem_file(tmp_path, "better.json", **FILTER, parameters={"W1": [[1, 1, 0, 0], [0, 0, 1, 1]], "W2": [[1, 1]]})
    for how in (["--lower", better], ["--spurious"]):
        result = run("decide", off, *how, "--json")
        assert result.status == 0 and result.json["claim"] == "spurious local minimum of a restricted risk"


def test_a_loss_by_expression_has_two_bounds_for_its_risk(run, tmp_path: Path):
    labels = {**FILTER, "data": {"x": [[1, 2, 0, 0], [0, 0, 1, 2], [2, 1, 1, 0]], "y": [-1, -1, 1]}, "loss": "logistic"}
    file = problem_file(tmp_path, "logistic.json", **labels, parameters={"a": -1, "b": -1})
    result = run("decide", file, "--spurious", "-o", "out", "--json")
    assert result.status == 0 and result.json["claim"] == "spurious local minimum of a restricted analytic risk"
    low, high = map(Fraction, result.json["risk"])
    assert low <= high and Fraction(result.json["lower_risk"][1]) < low
    assert run("verify", "out/logistic.certificate.json").status == 0
    assert "which is lower" in run("show", "out/logistic.certificate.json").out
    assert "risk         ≈ 2.07944154168" in run("decide", file).out


def test_files_are_written_and_read_back(tmp_path: Path):
    problem = es.RestrictedProblem(es.residual(1, 1, activation=es.leaky_relu("1/3")), es.Data.from_arrays([0, 1], [1, 1]))
    theta = problem.restriction.at([1, 2])
    file = es.write_problem(tmp_path / "residual.json", problem, theta)
    assert es.read_restricted_problem(file) == (problem, theta) == es.load(file)


def test_weight_decay_by_an_option_or_in_the_file(run, tmp_path: Path):
    tied = {"widths": [1, 1, 1], "biases": False, "data": {"x": [[1]], "y": [2]}, "restriction": {"W1": [["w"]], "W2": [["w"]]}}
    plain = problem_file(tmp_path, "plain.json", **tied, parameters={"w": 1})
    decayed = problem_file(tmp_path, "decayed.json", **tied, weight_decay=1, parameters={"w": 1})
    assert run("decide", plain).status == 1
    for asked in ([plain, "--weight-decay", "1"], [decayed]):
        result = run("decide", *asked, "-o", "out", "--json")
        assert result.status == 0 and result.json["risk"] == "3/2"
        text = (tmp_path / result.json["certificate"]).read_text(encoding="utf-8")
        assert "restricted risk with weight decay 1 of the 1-1-1 network" in text
    assert "weight decay" in run("show", "out/decayed.certificate.json").out
    assert run("decide", decayed, "--weight-decay", "1").status == 2 and run("decide", plain, "--decay-biases").status == 2
    problem, theta = es.read_restricted_problem(decayed)
    assert es.load(es.write_problem(tmp_path / "again.json", problem, theta)) == (problem, theta)
    assert problem.unrestricted.decay is not None


@pytest.mark.parametrize("command", ["cells", "dimension", "regions", "sharpness", "alignment"])
def test_other_commands_refuse(command: str, run, tmp_path: Path):
    result = run(command, problem_file(tmp_path, "filter.json", **FILTER, parameters={"a": 1, "b": 1}))
    assert result.status == 2 and "restriction" in result.err and not result.out


def test_polish_writes_the_point_as_values_of_the_free_parameters(run, tmp_path: Path):
    file = problem_file(tmp_path, "trained.json", **FILTER, parameters={"a": "0.93", "b": "1.02"})
    result = run("polish", file, "-o", "out", "--json")
    assert result.status == 0 and result.json["method"] == "rational critical point"
    problem, theta = es.read_restricted_problem(tmp_path / "out" / "trained.polished.json")
    assert es.decide(problem, theta).status is es.Status.PROVED
    assert run("verify", "out/trained.polished.certificate.json").status == 0
    assert run("decide", "out/trained.polished.json").status == 0
    told = run("polish", file, "-o", "out").out
    assert "PROVED" in told and "moved" in told
    smooth = {**FILTER, "activation": "tanh", "data": {"x": [[1, 0, 0, 1], [1, 1, -1, 2]], "y": [1, "1/2"]}}
    boxed = run("polish", problem_file(tmp_path, "smooth.json", **smooth, parameters={"a": 1, "b": 1}), "-o", "out", "--json")
    assert boxed.json["is_a_box"] and boxed.json["method"] == "critical box"


def test_senses_of_stationarity(run, tmp_path: Path):
    file = problem_file(tmp_path, "filter.json", **FILTER, parameters={"a": 1, "b": 1})
    found = run("decide", file, "--stationarity", "--json").json["stationarity"]
    assert found["gradient_zero"]["status"] == "REFUTED" and set(found["gradient"]) == {"a", "b"}
    # Only the third residual is not 0: it is 2, and there the prediction is 0·a + 3·b.
    assert found["gradient"]["a"] == "0" and found["gradient"]["b"] == "6"
    assert "Clarke stationary         REFUTED" in run("decide", file, "--stationarity").out
    tied = {"widths": [1, 1, 1], "biases": False, "data": {"x": [[1]], "y": [2]}, "restriction": {"W1": [["w"]], "W2": [["w"]]}}
    labelled = {**tied, "data": {"x": [[1]], "y": [1]}, "loss": "logistic"}
    logistic = problem_file(tmp_path, "logistic.json", **labelled, parameters={"w": 0})
    assert run("decide", logistic, "--stationarity", "--json").json["stationarity"]["gradient"] == {"w": "0"}
    smooth = run("decide", problem_file(tmp_path, "tanh.json", **tied, activation="tanh", parameters={"w": 1}), "--stationarity")
    assert smooth.status == 2 and "piecewise linear" in smooth.err and not smooth.out


def test_a_smooth_activation_has_a_box_near_the_point(run, tmp_path: Path):
    tied = {
        "widths": [1, 1, 1],
        "biases": False,
        "activation": "tanh",
        "data": {"x": [[1]], "y": [1]},
        "restriction": {"W1": [["a"]], "W2": [["a"]]},
    }
    file = problem_file(tmp_path, "tied.json", **tied, parameters={"a": 1})
    result = run("decide", file, "-o", "out", "--json")
    assert result.status == 0 and result.json["claim"] == "local minimum in a restricted box"
    low, high = map(Fraction, result.json["risk"])
    centre, radius = Fraction(result.json["box"]["values"]["a"]), Fraction(result.json["box"]["radius"])
    assert 0 == low < high and abs(centre - Fraction("1.1997")) < radius and result.json["box"]["held"] == []
    assert run("verify", "out/tied.certificate.json").status == 0
    assert "it is a strict local minimum" in run("show", "out/tied.certificate.json").out
    told = run("decide", file).out
    assert "centre       a=" in told and "--point" in told
    point = run("decide", file, "--point", "--json")
    assert point.status == 1 and point.json["claim"] == "not a local minimum of a restricted smooth risk"
    saddle = run("decide", problem_file(tmp_path, "saddle.json", **tied, parameters={"a": 0}), "--json")
    assert saddle.status == 1 and saddle.json["claim"] == "no local minimum in a restricted box"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"restriction": {"W2": [[1]]}}, "key restriction: row 0 of W2"),
        ({"restriction": [1]}, "the key 'restriction' must be an object"),
        ({"parameters": {"a": 1}}, "key parameters: the free parameter 'b' has no value"),
        ({"parameters": {"W1": [[1, 1, 0, 0], [0, 0, 1, 2]], "W2": [[1, 1]]}}, "W1 is not what the free parameters make it"),
        ({"weight_decay": 0}, "weight_decay"),
        ({"restriction": {"W1": [["a", "b", 0, 0], [0, 0, "a", "b"]], "W2": [["1 +", 1]]}}, "number"),
    ],
)
def test_bad_input_is_named(changed: dict[str, object], told: str, run, tmp_path: Path):
    given = {**FILTER, "parameters": {"a": 1, "b": 1}, **changed}
    result = run("decide", problem_file(tmp_path, "bad.json", **given))
    assert result.status == 2 and told in result.err, result.err
    assert json.loads((tmp_path / "bad.json").read_text(encoding="utf-8"))["format"] == "exactsurf-problem/1"
