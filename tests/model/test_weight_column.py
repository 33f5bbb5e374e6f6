"""A column of sample weights: the same as the weights given beside arrays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.errors import InputError
from exactsurf.interop.problem_file import read_problem

TEXT = "a,w,b,kind,y\n1,1/2,2,red,3\n2,3,2,blue,5\n4,0.25,1,red,1\n5,1,5,green,4\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "t.csv").write_text(TEXT)
    return tmp_path / "t.csv"


def test_a_column_of_weights(file: Path) -> None:
    expected = es.Data.from_arrays([[1, 2], [2, 2], [4, 1], [5, 5]], [3, 5, 1, 4], weights=["1/2", 3, "1/4", 1])
    for options in ({"drop": "kind"}, {"inputs": ["a", "b"]}):
        data = es.Data.from_csv(file, "y", weight="w", **options)
        assert (data.x, data.y, data.weights) == (expected.x, expected.y, expected.weights)
        assert data.input_names == ("a", "b") and data.target_names == ("y",)
        assert data.report is not None and "column w holds the weights of the samples" in data.report.notes
        assert data.report.targets == ("y",)
    classes = es.Data.from_csv(file, "kind", inputs=["b", "a"], weight="w", classes=True)
    assert classes.weights == expected.weights and classes.classes == ("blue", "green", "red")
    assert classes.x == tuple((b, a) for a, b in expected.x)


def test_in_a_problem_file(file: Path) -> None:
    data = {"csv": "t.csv", "target": "y", "inputs": ["a", "b"], "weight": "w"}
    problem = {"format": "exactsurf-problem/1", "widths": [2, 2, 1], "activation": "relu", "data": data}
    (file.parent / "p.json").write_text(json.dumps(problem))
    assert read_problem(file.parent / "p.json")[0].data == es.Data.from_csv(file, "y", inputs=["a", "b"], weight="w")


def test_weights_that_are_none(file: Path) -> None:
    with pytest.raises(InputError, match="also an input, a target or dropped"):
        es.Data.from_csv(file, "y", weight="y", drop="kind")
    with pytest.raises(InputError, match="line 2, column 'kind': not a number"):
        es.Data.from_csv(file, "y", weight="kind")
    file.write_text(TEXT.replace("0.25", "0"))
    with pytest.raises(InputError, match="weight of sample 2 is not positive"):
        es.Data.from_csv(file, "y", weight="w", drop="kind")
