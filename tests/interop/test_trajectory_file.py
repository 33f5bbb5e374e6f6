"""Trajectories from files: three formats give the same exact points; what is wrong is named with its place."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsurf as es
from exactsurf.cells.coordinates import weight_names
from exactsurf.model.parameter_vector import vector_of

NETWORK = es.Network([2, 2, 1], biases=[True, False])
RANDOM = np.random.default_rng(5)
POINTS = [{"W1": RANDOM.normal(size=(2, 2)), "b1": RANDOM.normal(size=2), "W2": RANDOM.normal(size=(1, 2))} for _ in range(3)]
TORCH = {"W1": "0.weight", "b1": "0.bias", "W2": "2.weight"}


def stacked(names: dict[str, str]) -> dict[str, np.ndarray]:
    return {names.get(name, name): np.stack([point[name] for point in POINTS]) for name in POINTS[0]}


def expected() -> list[tuple[Fraction, ...]]:
    return [tuple(Fraction(float(v)) for name in ("W1", "b1", "W2") for v in point[name].flatten()) for point in POINTS]


@pytest.mark.parametrize("names", [{}, TORCH], ids=["W1", "state dict"])
def test_archives_hold_their_doubles(tmp_path: Path, names: dict[str, str]):
    path = tmp_path / "run.npz"
    np.savez(path, **stacked(names))
    assert list(map(vector_of, es.read_trajectory(path, NETWORK))) == expected()


@pytest.mark.parametrize("names", [{}, TORCH], ids=["W1", "state dict"])
def test_json_lines_hold_their_doubles(tmp_path: Path, names: dict[str, str]):
    path = tmp_path / "run.jsonl"
    lines = [json.dumps({names.get(name, name): value.tolist() for name, value in point.items()}) for point in POINTS]
    path.write_text("\n\n".join(lines), encoding="utf-8")
    assert list(map(vector_of, es.read_trajectory(path, NETWORK))) == expected()


def test_tables_are_decimals_as_they_stand(tmp_path: Path):
    path, names = tmp_path / "run.csv", weight_names(NETWORK)
    rows = [",".join(["step", *names]), ",".join(["0", "0.1", *["1/3"] * (len(names) - 1)]), "", ",".join("7" * (len(names) + 1))]
    path.write_text("\n".join(rows), encoding="utf-8")
    one, two = es.read_trajectory(path, NETWORK)
    assert vector_of(one)[0] == Fraction(1, 10) and set(vector_of(one)[1:]) == {Fraction(1, 3)}
    assert set(vector_of(two)) == {Fraction(7)}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("run.txt", "", r"ends in \.npz, \.jsonl or \.csv"),
        ("run.csv", "", "not the parameters"),
        ("run.csv", "W1_0_0\n1\n", "not the parameters of the network"),
        ("run.csv", ",".join(weight_names(NETWORK)) + "\n", "holds no points"),
        ("run.csv", ",".join(weight_names(NETWORK)) + "\n1,2\n", "2 cells, and the header has 8"),
        ("run.csv", ",".join(weight_names(NETWORK)) + "\n" + ",".join(["1"] * 7 + ["x"]) + "\n", "line 2, W2_0_1"),
        ("run.jsonl", "", "holds no points"),
        ("run.jsonl", "[1]\n", "a point is an object"),
        ("run.jsonl", "{\n", "is not JSON"),
        ("run.jsonl", '{"V": [[1]]}\n', "line 1"),
        ("run.jsonl", '{"W1": [[1, 2], [3]], "b1": [0, 0], "W2": [[1, 1]]}', "run.jsonl: line 1: W1"),
        ("run.jsonl", '{"W1": [[' + "9" * 5000 + "]]}", "hexadecimal"),
        ("run.jsonl", "[" * 100_000, "nested"),
        ("run.npz", "nothing", r"no \.npz file of plain arrays; np\.savez"),
    ],
)
def test_bad_files(tmp_path: Path, name: str, text: str, words: str):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(es.InputError, match=words):
        es.read_trajectory(path, NETWORK)


def test_steps_are_not_read_in_any_format(tmp_path: Path):
    np.savez(tmp_path / "run.npz", step=np.arange(3), **stacked({}))
    np.savez(tmp_path / "plain.npz", **stacked({}))
    with_steps, plain = (es.read_trajectory(tmp_path / name, NETWORK) for name in ("run.npz", "plain.npz"))
    assert with_steps == plain


def test_missing_and_foreign(tmp_path: Path):
    with pytest.raises(es.InputError, match="cannot be read"):
        es.read_trajectory(tmp_path / "none.csv", NETWORK)
    path = tmp_path / "run.npz"
    np.savez(path, **stacked({}))
    with pytest.raises(es.ShapeError, match="2-2-1, biases in layers 1"):
        es.read_trajectory(path, es.Network([2, 2, 1]))
    np.savez(path, W1=np.zeros((3, 2, 2)), b1=np.zeros((2, 2)), W2=np.zeros((3, 1, 2)))
    with pytest.raises(es.InputError, match="one first axis"):
        es.read_trajectory(path, NETWORK)
    poisoned = dict(stacked({}))
    poisoned["W1"] = poisoned["W1"].copy()
    poisoned["W1"][1, 0, 0] = np.nan
    np.savez(path, **poisoned)
    with pytest.raises(es.InputError, match="point 1"):
        es.read_trajectory(path, NETWORK)
