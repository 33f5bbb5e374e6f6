"""Problem files with smooth activations: what can be asked, and how everything else is refused."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf import verifier
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.interop.problem_file import read_problem
from exactsurf.model.smooth_activation import smooth_activation

EXAMPLE = {
    "format": "exactsurf-problem/1",
    "widths": [1, 1, 1],
    "activation": "tanh",
    "biases": False,
    "data": {"x": [["-2"], ["-1"], ["1"], ["3"]], "y": [["-1"], ["-1"], ["1"], ["2"]]},
    "parameters": {"W1": [["0.8"]], "W2": [["1.6"]]},
}
SADDLE = {"W1": [["0"]], "W2": [["1/1000"]]}


def write(path: Path, **changes: object) -> Path:
    document = {**EXAMPLE, **changes}
    path.write_text(json.dumps({key: value for key, value in document.items() if value is not None}))
    return path


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        ("tanh", es.tanh),
        ("elu", es.elu()),
        ("elu:1/2", es.elu("1/2")),
        ({"elu": "1/2"}, es.elu("1/2")),
        ({"selu": ["2", "3/2"]}, es.selu(2, "3/2")),
        ({"expression": "z*exp(-z**2)"}, smooth_activation("z*exp(-z**2)")),
        ("swish", smooth_activation("z*sigmoid(z)")),
    ],
)
def test_problem_files(tmp_path: Path, activation: object, expected: es.SmoothActivation) -> None:
    problem, theta = read_problem(write(tmp_path / "p.json", activation=activation, loss="squared.mean"))
    assert isinstance(problem, es.Problem) and problem.network.activation == expected
    assert problem.loss == es.squared.mean and problem.network.biases == (False, False)
    assert theta == problem.parameters(W1=[["4/5"]], W2=[["8/5"]])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"activation": {"elu": "-1"}}, "positive"),
        ({"activation": {"elu": 0.5}}, "float"),
        ({"activation": {"selu": "1"}}, "two constants"),
        ({"activation": {"expression": "sin(z)"}}, "unknown function"),
        ({"activation": {"expression": 3}}, "text or a SymPy"),
        ({"activation": "tanhh"}, "unknown activation"),
        ({"loss": "hinge"}, "labels"),
        ({"widths": [2, 1, 1]}, "wrong shape"),
    ],
)
def test_bad_problem_files(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises((InputError, UnsupportedError, TypeError), match=message):
        read_problem(write(tmp_path / "p.json", **changes))


def test_decide_finds_the_local_minimum(run, tmp_path: Path) -> None:
    result = run("decide", write(tmp_path / "p.json"), "--json", "-o", tmp_path)
    assert result.status == 0 and result.json["status"] == "PROVED" and result.json["question"].startswith("critical point")
    low, high = map(Fraction, result.json["risk"])
    assert low < Fraction(1454, 10000) < high
    accepted = verifier.verify(Path(result.json["certificate"]).read_bytes())
    assert accepted.kind == result.json["claim"] == "local minimum in a box"
    box = result.json["box"]
    assert abs(Fraction(box["parameters"]["W1"][0][0]) - Fraction(8, 10)) <= Fraction(box["largest_change"])
    plain = run("decide", write(tmp_path / "p.json"))
    assert plain.status == 0 and plain.out.startswith("PROVED  exactly one critical point")


def test_decide_refutes_a_saddle_and_says_what_it_was_asked(run, tmp_path: Path) -> None:
    result = run("decide", write(tmp_path / "p.json", parameters=SADDLE), "--json")
    assert (result.status, result.json["claim"]) == (1, "no local minimum in a box")
    result = run("decide", write(tmp_path / "p.json", parameters=SADDLE), "--point", "--json", "-o", tmp_path)
    assert (result.status, result.json["claim"]) == (1, "not a local minimum of a smooth risk")
    assert result.json["question"] == "point" and result.json["box"] is None and result.json["lower_point"]
    assert verifier.verify(Path(result.json["certificate"]).read_bytes())


def test_decide_proves_a_rational_point_without_a_box(run, tmp_path: Path) -> None:
    data = {"x": [["0"], ["0"]], "y": [["1"], ["3"]]}
    path = write(tmp_path / "p.json", data=data, biases=True, parameters={"W1": [["1"]], "b1": ["0"], "W2": [["4"]], "b2": ["2"]})
    result = run("decide", path, "--json")
    assert (result.status, result.json["claim"], result.json["risk"]) == (0, "global minimum of a smooth risk", ["1", "1"])


def test_decide_leaves_a_critical_point_that_is_not_isolated_open(run, tmp_path: Path) -> None:
    data = {"x": [["0"]], "y": [["1"]]}
    path = write(tmp_path / "p.json", data=data, parameters={"W1": [["1"]], "W2": [["1"]]})
    result = run("decide", path, "--json")
    # tanh(0) = 0 whatever the weights are: the risk is constant, and the point is a global minimum.
    assert result.status == 3
    path = write(tmp_path / "q.json", parameters={"W1": [["0"]], "W2": [["0"]]}, activation="quadratic")
    result = run("decide", path, "--json")
    assert result.status == 3 and result.json["certificate"] is None and result.json["reason"]
    assert "--point" in run("decide", path).out


@pytest.mark.parametrize("command", [["cells"], ["cells", "--count"], ["landscape"], ["landscape", "--dry-run"]])
def test_other_commands_refuse_and_say_what_can_be_asked(run, tmp_path: Path, command: list[str]) -> None:
    result = run(command[0], write(tmp_path / "p.json"), *command[1:])
    assert result.status == 2 and "exactsurf decide" in result.err and "tanh is smooth" in result.err


def test_senses_and_landscape_pages_are_refused(run, tmp_path: Path) -> None:
    path = write(tmp_path / "p.json")
    assert run("decide", path, "--stationarity").status == 2
    assert run("show", path, "--html").status == 2
    assert run("decide", write(tmp_path / "p.json", parameters=None)).status == 2


@pytest.mark.parametrize("parameters", [EXAMPLE["parameters"], SADDLE])
@pytest.mark.parametrize("options", [[], ["--point"]])
def test_certificates_are_verified_and_shown(run, tmp_path: Path, parameters: object, options: list[str]) -> None:
    result = run("decide", write(tmp_path / "p.json", parameters=parameters), "--json", "-o", tmp_path, *options)
    file, claim = result.json["certificate"], result.json["claim"]
    assert run("verify", file).status == 0
    sentence = run("show", file, "--json").json["sentence"]
    for option in ("--markdown", "--latex", "--html"):
        text = run("show", file, option)
        assert text.status == 0 and sentence in text.out and "tanh" in text.out
    assert run("show", file, "--json").json["claim"] == claim
    assert "\\begin{theorem}" in run("show", file, "--latex").out and "∎" in run("show", file).out


@pytest.mark.parametrize("text", ["z*sigmoid(z)", "z**2/3 - arctan(z)*log(2 + z**2)/(1 + exp(-z))"])
def test_expressions_are_decided_verified_and_shown(run, tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "p.json", activation={"expression": text}, biases=False)
    result = run("decide", path, "--json", "--point", "-o", tmp_path)
    assert result.status == 1
    file = result.json["certificate"]
    assert run("verify", file).status == 0
    for option in ("--markdown", "--latex", "--html"):
        shown = run("show", file, option)
        assert shown.status == 0 and "given by an expression" in shown.out and ("sigmoid" in shown.out) == ("sigmoid" in text)
