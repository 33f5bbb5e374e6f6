"""Problem files: JSON and TOML, and every malformed one with its key."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.interop.problem_file import read_problem

GOOD = {
    "format": "exactsurf-problem/1",
    "widths": [1, 2, 1],
    "activation": {"leaky_relu": "1/100"},
    "loss": {"name": "squared", "scale": 1},
    "biases": [True, False],
    "data": {"x": [["0"], ["0.5"]], "y": [[1], ["-2/3"]]},
    "parameters": {"W1": [[1], [2]], "b1": [0, "1e-3"], "W2": [[1, 1]]},
}


def test_json(tmp_path: Path):
    (tmp_path / "p.json").write_text(json.dumps(GOOD))
    problem, theta = read_problem(tmp_path / "p.json")
    assert problem == es.Problem(
        es.Network([1, 2, 1], es.leaky_relu("1/100"), biases=[True, False]),
        es.Data.from_arrays([[0], ["1/2"]], [1, "-2/3"]),
        es.squared.scaled(2),
    )
    assert theta is not None
    assert theta["b1"] == (Fraction(0), Fraction(1, 1000))


def test_toml_without_parameters(tmp_path: Path):
    (tmp_path / "p.toml").write_text(
        'format = "exactsurf-problem/1"\nwidths = [1, 2, 1]\nactivation = "relu"\n[data]\nx = [[0], [1]]\ny = [[0], ["1/3"]]\n'
    )
    problem, theta = read_problem(tmp_path / "p.toml")
    assert theta is None
    assert problem.loss == es.squared
    assert problem.data.y[1] == (Fraction(1, 3),)


def test_data_from_a_csv_file_beside_it(tmp_path: Path):
    (tmp_path / "d.csv").write_text("name,x,y\nu,1,2\nv,2.5,3\n")
    data = {"csv": "d.csv", "target": "y", "drop": ["name"]}
    (tmp_path / "p.json").write_text(json.dumps({**GOOD, "data": data}))
    problem, _ = read_problem(tmp_path / "p.json")
    assert problem.data.x == ((Fraction(1),), (Fraction(5, 2),))


MALFORMED = {
    "no object": ("[]", "one object"),
    "not JSON": ('{"format": ', "line 1"),
    "format": ({"format": "exactsurf-problem/2"}, "'format'"),
    "unknown key": ({"activations": "relu"}, "did you mean 'activation'"),
    "widths a number": ({"widths": 3}, "'widths'"),
    "widths with text": ({"widths": [1, "2", 1]}, "widths"),
    "width zero": ({"widths": [1, 0, 1]}, "width 1"),
    "one width": ({"widths": [1]}, "at least two"),
    "activation": ({"activation": "relv"}, "did you mean 'relu'"),
    "activation keys": ({"activation": {"slope": 1}}, "not an activation"),
    "biases": ({"biases": "yes"}, "'biases'"),
    "number of biases": ({"biases": [True]}, "biases"),
    "loss": ({"loss": "square"}, "squared"),
    "data": ({"data": [1, 2]}, "'data'"),
    "data without y": ({"data": {"x": [[1]]}}, "'data.y'"),
    "data rows": ({"data": {"x": [[1], [2]], "y": [[1]]}}, "expected 2 × 1, got 1 × 1"),
    "data width": ({"data": {"x": [[1, 1]], "y": [[1]]}}, "expected 1 × 1, got 1 × 2"),
    "no samples": ({"data": {"x": [], "y": []}}, "no rows"),
    "shape of W1": ({"parameters": {"W1": [[1]], "b1": [0, 0], "W2": [[1, 1]]}}, "expected 2 × 1, got 1 × 1"),
    "missing b1": ({"parameters": {"W1": [[1], [1]], "W2": [[1, 1]]}}, "missing parameters b1"),
    "superfluous b2": ({"parameters": {"W1": [[1], [1]], "b1": [0, 0], "W2": [[1, 1]], "b2": [0]}}, "unknown parameter 'b2'"),
    "text as number": ({"parameters": {"W1": [["x"], [1]], "b1": [0, 0], "W2": [[1, 1]]}}, "W1[0][0]"),
    "null": ({"parameters": {"W1": [[None], [1]], "b1": [0, 0], "W2": [[1, 1]]}}, "W1[0][0]"),
    "hinge labels": ({"loss": "hinge"}, "labels"),
    "NaN": ('{"format": NaN}', "finite"),
    "duplicate key": ('{"format": 1, "format": 2}', "twice"),
    "deep": ("[" * 100_000, "deeply"),
}


@pytest.mark.parametrize("case", MALFORMED, ids=str)
def test_malformed_files_name_the_key(tmp_path: Path, case: str):
    content, expected = MALFORMED[case]
    text = content if isinstance(content, str) else json.dumps({**GOOD, **content})
    (tmp_path / "p.json").write_text(text)
    with pytest.raises(es.InputError) as caught:
        read_problem(tmp_path / "p.json")
    assert expected in str(caught.value)
    assert "p.json" in str(caught.value)


@pytest.mark.parametrize("name", ["p.json", "p.toml"])
def test_floats_are_refused_with_both_readings(tmp_path: Path, name: str):
    text = '{"activation": "0.1",\n "format": 0.1}' if name.endswith("json") else 'activation = "0.1"\nformat = 0.1'
    (tmp_path / name).write_text(text)
    with pytest.raises(es.InexactNumberError) as caught:
        read_problem(tmp_path / name)
    message = str(caught.value)
    assert f"{name}, line 2: " in message
    assert 'write "0.1" if you mean the decimal' in message and '"3602879701896397/36028797018963968"' in message
    assert "exact_float" not in message


def test_long_integers_and_missing_files(tmp_path: Path):
    (tmp_path / "p.json").write_text('{"format": ' + "9" * 5000 + "}")
    with pytest.raises(es.InputError, match="too long"):
        read_problem(tmp_path / "p.json")
    with pytest.raises(es.InputError, match="cannot be read"):
        read_problem(tmp_path / "none.json")
    (tmp_path / "p.json").write_bytes(b"\xff\xfe")
    with pytest.raises(es.InputError, match="UTF-8"):
        read_problem(tmp_path / "p.json")


@pytest.mark.parametrize(
    ("name", "text"), [("p.json", '{"format": 1e999}'), ("p.toml", "format = -1e999"), ("p.toml", "format = +1_0.5")]
)
def test_floats_beyond_doubles_and_in_the_notation_of_toml(tmp_path: Path, name: str, text: str):
    (tmp_path / name).write_text(text)
    with pytest.raises(es.InexactNumberError, match="is a float"):
        read_problem(tmp_path / name)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("drop", "ab"), ("drop", True), ("header", 5), ("header", "1"), ("delimiter", [","])),
        *(("target", None), ("target", True), ("target", {"y": 1})),
    ],
)
def test_options_of_csv_files_have_their_types(tmp_path: Path, key: str, value: object):
    # A text of column names would drop the column of each of its letters.
    (tmp_path / "d.csv").write_text("a,b,c,y\n1,2,3,4\n5,6,7,8\n")
    data = {"csv": "d.csv", "target": "y", key: value}
    (tmp_path / "p.json").write_text(
        json.dumps({"format": "exactsurf-problem/1", "widths": [3, 1, 1], "activation": "relu", "data": data})
    )
    with pytest.raises(es.InputError, match=f"data.{key}"):
        read_problem(tmp_path / "p.json")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"loss": "sqared"}, "loss"),
        ({"loss": {"huber": 0}}, "loss"),
        ({"activation": "rleu"}, "activation"),
        ({"activation": {"leaky_relu": "1/0"}}, "activation"),
        ({"widths": [1, 0, 1]}, "widths or biases"),
        ({"biases": [True]}, "widths or biases"),
        ({"widths": [2, 1, 1]}, "data"),
        ({"loss": "hinge"}, "data"),
        ({"activation": "tanh", "loss": "hinge"}, "data"),
        ({"activation": "tanh", "widths": [1, 1, 2]}, "data"),
        ({"activation": {"smooth": "sin(y"}}, "activation"),
    ],
)
def test_the_key_that_is_wrong_is_named(tmp_path: Path, change: dict, key: str):
    document = {"format": "exactsurf-problem/1", "widths": [1, 1, 1], "activation": "relu", "data": {"x": [1, 2], "y": [3, 4]}}
    (tmp_path / "p.json").write_text(json.dumps(document | change))
    with pytest.raises(es.InputError) as caught:
        read_problem(tmp_path / "p.json")
    assert str(caught.value).startswith(f"{tmp_path / 'p.json'}: key {key}: ")


def test_a_table_is_no_problem_file(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("x,y\n0,1\n1,2\n")
    with pytest.raises(es.InputError, match=r"es\.write_problem.* exactsurf landscape TABLE --target COLUMN"):
        read_problem(table)
    broken = tmp_path / "p.json"
    broken.write_text('{"widths": [1,')
    with pytest.raises(es.InputError) as caught:
        read_problem(broken)
    assert "write_problem" not in str(caught.value)


def test_advice_about_floats_is_text_that_is_read(tmp_path: Path):
    file = tmp_path / "p.json"
    file.write_text('{"format": 1e400}')
    with pytest.raises(es.InexactNumberError, match=r'write "1e400" if you mean the decimal$'):
        read_problem(file)
    file.write_text('{"format": 1e9999}')
    with pytest.raises(es.InputError, match="exponent is beyond"):
        read_problem(file)


def test_parameters_of_another_network_are_not_written(tmp_path: Path):
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, 3]))
    with pytest.raises(es.ShapeError):
        es.write_problem(tmp_path / "p.json", problem, es.Parameters(W1=[[1]]))
    tied = es.RestrictedProblem(es.restriction(problem.network, W1=[["a"]], b1=["a"]), problem.data)
    with pytest.raises(es.InputError, match="do not obey the restriction"):
        es.write_problem(tmp_path / "p.json", tied, es.Parameters(W1=[[1]], b1=[2]))
    assert not list(tmp_path.iterdir())
