"""Data from arrays (CSV files have their own tests)."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sympy

import exactsurf as es
from exactsurf.errors import ExactsurfError, InexactNumberError, InputError, InputWarning, ShapeError
from exactsurf.model.data import Data, bundled_path

F = Fraction
X, Y = [[0, 1], [2, -3], [4, 5]], [1, 0, -1]


def test_all_kinds_of_arrays_are_the_same_data() -> None:
    data = es.Data.from_arrays(X, Y)
    assert data.x == ((F(0), F(1)), (F(2), F(-3)), (F(4), F(5)))
    assert data.y == ((F(1),), (F(0),), (F(-1),))
    assert len(data) == 3
    others = [
        (np.array(X), np.array(Y)),
        (np.array(X, dtype=np.int8), np.array(Y).reshape(3, 1)),
        (np.array(X, dtype=object), [[1], [0], [-1]]),
        ([tuple(row) for row in X], (Decimal(1), Decimal("0.00"), Decimal("-1e0"))),
        ([["0", "1"], ["2.0", "-6/2"], ["4e0", "0x5"]], ["1", "0", "-1"]),
        ([[sympy.Integer(v) for v in row] for row in X], [sympy.Rational(v, 1) for v in Y]),
        (np.array(X).tolist(), [np.array([v]) for v in Y]),
        ([np.array(row) for row in X], Y),
    ]
    for x, y in others:
        again = es.Data.from_arrays(x, y)
        assert again == data and hash(again) == hash(data)
        assert all(type(v.numerator) is int for row in again.x for v in row)


def test_flat_inputs_are_one_column() -> None:
    assert es.Data.from_arrays([0, 1], ["1/2", 2]) == es.Data.from_arrays([[0], [1]], [["1/2"], [2]])


def test_many_targets() -> None:
    data = es.Data.from_arrays([0, 1], [[1, 2], [3, 4]])
    assert data.targets.columns == 2 and data.target_names == ("y1", "y2") and data.input_names == ("x",)


@pytest.mark.parametrize(
    ("x", "y", "where"),
    [
        ([[0, 0.5], [1, 2]], [1, 2], "x[0][1]: 0.5"),
        ([0, 1], [1, 0.25], "y[1][0]: 0.25"),
        (np.array([[0.0], [1.0]]), [1, 2], "x[0][0]: 0.0"),
        ([0, 1], np.array([1, 2], dtype=np.float32), f"y[0][0]: {np.float32(1)!r}"),
    ],
)
def test_floats_are_refused_with_place_and_both_readings(x: object, y: object, where: str) -> None:
    with pytest.raises(InexactNumberError) as caught:
        es.Data.from_arrays(x, y)
    assert str(caught.value).startswith(where) and "binary value" in str(caught.value)


def test_shape_errors_name_both_shapes() -> None:
    with pytest.raises(ShapeError, match="expected 3 × 1, got 2 × 1"):
        es.Data.from_arrays([0, 1, 2], [0, 1])
    with pytest.raises(ShapeError, match=r"x\[1\] has the wrong shape: expected 2, got 3"):
        es.Data.from_arrays([[0, 1], [1, 2, 3]], [0, 1])
    with pytest.raises(ShapeError, match=r"y\[1\] has the wrong shape: expected 1, got 2"):
        es.Data.from_arrays([0, 1], [0, [1, 2]])


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([], []),
        ([[], []], [0, 1]),
        (3, [1]),
        ("12", [1, 2]),
        ([0, 1], None),
        (["a", "b"], [0, 1]),
        ([0, None], [0, 1]),
        ([True, False], [0, 1]),
        ([[[0]], [[1]]], [0, 1]),
        (np.zeros((2, 1, 1), dtype=int), [0, 1]),
        (np.zeros((0, 2), dtype=int), []),
    ],
    ids=repr,
)
def test_unusable_data_are_refused(x: object, y: object) -> None:
    with pytest.raises((InputError, ShapeError)):
        es.Data.from_arrays(x, y)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.array(5), [1]),
        ({0: 10, 1: 20}, [1, 2]),
        ({30, 10, 20}, [1, 2, 3]),
        (b"ab", [1, 2]),
    ],
    ids=repr,
)
def test_containers_that_are_no_tables_are_refused(x: object, y: object) -> None:
    with pytest.raises(ExactsurfError):
        es.Data.from_arrays(x, y)


class Frame:
    """What a data frame of pandas does: it iterates over the names of its columns."""

    ndim = 2

    def __init__(self, rows: list[list[int]]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.rows[0])))

    def to_numpy(self) -> np.ndarray:
        return np.array(self.rows, dtype=object)


def test_data_frames_are_read_by_rows() -> None:
    square = [[7, 8], [9, 10]]
    assert es.Data.from_arrays(Frame(square), [1, 2]) == es.Data.from_arrays(square, [1, 2])


def test_frozen_hashable_picklable() -> None:
    data = es.Data.from_arrays(X, Y)
    with pytest.raises(AttributeError):
        data.inputs = data.targets  # type: ignore[misc]
    assert data.affine_fit.residuals  # fills the caches, which must not spoil pickling
    again = pickle.loads(pickle.dumps(data))
    assert again == data and hash(again) == hash(data) and again.affine_fit == data.affine_fit
    assert data != es.Data.from_arrays(X, [1, 0, "-1.0000000000000000000001"])


def test_changing_the_source_array_changes_nothing() -> None:
    x = np.array(X)
    data = es.Data.from_arrays(x, Y)
    x[0, 0] = 99
    assert data.x[0][0] == 0


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (es.Data.from_arrays(X, Y), "Data(3 samples, 2 inputs, 1 target)"),
        (es.Data.from_arrays([1], [[1, 2]]), "Data(1 sample, 1 input, 2 targets)"),
        (es.Data.bundled("xor", "y"), "Data(4 samples, 2 inputs, 1 target: y)"),
    ],
)
def test_repr(data: es.Data, text: str) -> None:
    assert repr(data) == text


def test_the_affine_fit_of_example_a() -> None:
    """papers.md, section 1, example A."""
    fit = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]).affine_fit
    assert (fit.slopes, fit.constants) == (((F(1, 2),),), (F(0),))
    assert fit.residuals[0].fractions() == (F(0), F(-1, 2), F(1), F(-1, 2))
    assert not fit.is_perfect and es.Data.from_arrays([0, 1], [3, 5]).affine_fit.is_perfect


def test_one_column_to_drop_needs_no_list():
    path = bundled_path("iris")
    several = es.Data.from_csv(path, "petal_width", drop=["species"])
    assert es.Data.from_csv(path, "petal_width", drop="species") == several == es.Data.from_csv(path, "petal_width", drop=5)
    assert es.Data.bundled("iris", "petal_width", drop="species") == several


def test_the_name_of_a_bundled_data_set_is_no_path():
    with pytest.raises(InputError, match=r"no such file.*Data\.bundled\('xor', target\)"):
        es.Data.from_csv("xor", "y")


ROWS = "0,1,2,3\n1,2,5,1\n2,7,1,1\n"


@pytest.mark.parametrize(
    ("text", "drop"),
    [
        (f",a,b,y\n{ROWS}", "1"),
        (f"Unnamed: 0,a,b,y\n{ROWS}", "1"),
        (f",1,b,y\n{ROWS}", "x1"),
        (",a,y\n1,5,3\n2,7,3\n3,9,4\n", "1"),
        (f'"";"a";"b";"y"\n{ROWS.replace(",", ";")}', "1"),
    ],
)
def test_row_numbers_without_a_name_are_told_and_can_be_left_out(tmp_path: Path, text: str, drop: str):
    (tmp_path / "table.csv").write_text(text)
    with pytest.warns(
        InputWarning, match=rf"^table\.csv: the first column .* used as an input; leave it out with drop=\['{drop}'\]"
    ):
        whole = Data.from_csv(tmp_path / "table.csv", "y")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Data.from_csv(tmp_path / "table.csv", "y", drop=[drop]).x == tuple(row[1:] for row in whole.x)


@pytest.mark.parametrize(
    "text", [f"id,a,b,y\n{ROWS}", f"a,,b,y\n{ROWS}", ",a,y\n0,5,3\n2,7,3\n3,9,4\n", f"x1,a,b,y\n{ROWS}", ROWS, ",y\n0,4\n"]
)
def test_other_columns_are_not_taken_for_row_numbers(tmp_path: Path, text: str):
    (tmp_path / "table.csv").write_text(text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        target = 2 if text == ",y\n0,4\n" else 4 if "b" in text or text == ROWS else 3
        Data.from_csv(tmp_path / "table.csv", target, header=text != ROWS)
