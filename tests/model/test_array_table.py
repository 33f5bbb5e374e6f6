"""Floats in bulk: which reading is meant is said once, and every number is that one."""

from __future__ import annotations

import pickle
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.errors import InputError

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(finite, min_size=1, max_size=5))
def test_the_three_readings_of_doubles(values: list[float]) -> None:
    y = range(len(values))
    for x in (values, np.array(values), np.array(values).reshape(-1, 1)):
        exact, decimal = (es.Data.from_arrays(x, list(y), floats=way).x for way in ("exact", "decimal"))
        assert [row[0] for row in exact] == [Fraction(value) for value in values]
        assert [row[0] for row in decimal] == [Fraction(repr(value)) for value in values]
        rounded = es.Data.from_arrays(x, list(y), digits=2).x
        assert [row[0] for row in rounded] == [round(Fraction(value), 2) for value in values]


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_single_precision_keeps_its_own_decimals(value: float) -> None:
    x = np.array([value], dtype=np.float32)
    assert es.Data.from_arrays(x, [0], floats="exact").x[0][0] == Fraction(value)
    assert es.Data.from_arrays(x, [0], floats="decimal").x[0][0] == Fraction(str(x[0]))


def test_exact_numbers_are_not_rounded() -> None:
    assert es.Data.from_arrays(["1/3", Decimal("0.125"), 7], [0, 1, 2], digits=1).x == (
        (Fraction(1, 3),),
        (Fraction(1, 8),),
        (7,),
    )


class Frame:
    """A data frame, as far as it matters."""

    def __init__(self, columns: list[str], values: np.ndarray) -> None:
        self.columns, self.values = columns, values

    def to_numpy(self) -> np.ndarray:
        return self.values


class Tensor:
    """A tensor of PyTorch, as far as it matters."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values

    def detach(self) -> Tensor:
        return self

    def cpu(self) -> Tensor:
        return self

    def numpy(self) -> np.ndarray:
        return self.values


def test_frames_keep_their_names_and_tensors_their_values() -> None:
    table = np.array([[0.5, 2.0], [0.25, 3.0]])
    framed = es.Data.from_arrays(Frame(["width", "height"], table), Frame(["price"], table[:, :1]), floats="exact")
    assert (framed.input_names, framed.target_names) == (("width", "height"), ("price",))
    assert es.Data.from_arrays(Tensor(table), Tensor(table[:, 0]), floats="exact").x == framed.x


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float32("nan")])
@pytest.mark.parametrize("options", [{"floats": "exact"}, {"floats": "decimal"}, {"digits": 3}])
def test_what_is_not_finite_is_refused_at_its_place(value: Any, options: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"x\[1\]\[0\].*finite"):
        es.Data.from_arrays([[1], [value]], [0, 1], **options)


@pytest.mark.parametrize("options", [{"floats": "exact", "digits": 2}, {"floats": "binary"}, {"digits": -1}, {"digits": True}])
def test_options_that_say_nothing(options: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"floats=|digits="):
        es.Data.from_arrays([0.5], [1], **options)


def test_a_table_of_floats_is_told_how_all_are_read():
    """Every reading that the message names is accepted, and means what it says."""
    with pytest.raises(es.InexactNumberError, match=r"x\[1\]\[0\].*for all floats at once") as refused:
        es.Data.from_arrays([[1], [0.1]], [0, 1])
    readings = re.findall(r'floats="\w+"|digits=', str(refused.value))
    assert readings == ['floats="exact"', 'floats="decimal"', "digits="]
    found = [es.Data.from_arrays([[1], [0.1]], [0, 1], **options).x[1][0] for options in _options(readings)]
    assert found == [Fraction(0.1), Fraction(1, 10), Fraction(1, 10)]
    assert pickle.loads(pickle.dumps(refused.value)).fields == refused.value.fields


def _options(readings: list[str]) -> list[dict[str, object]]:
    return [{"digits": 3} if text == "digits=" else {"floats": text.split('"')[1]} for text in readings]
