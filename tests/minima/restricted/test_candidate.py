"""Values of free parameters from floats: by name, from arrays near the subspace, and bad input."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsurf as es
from exactsurf.minima.restricted.candidate import values_near

PROBLEM = es.RestrictedProblem(es.convolution(4, [2], strides=2, head=[1, 1]), es.Data.from_arrays([[1, 0, 0, 1]], [2]))
HALF = Fraction(1, 2)


def test_names_and_arrays() -> None:
    assert values_near(PROBLEM, None, {"w1_1": 0.5, "w1_0": "1/3"}) == (Fraction(1, 3), HALF)
    assert values_near(PROBLEM, {"w1_0": np.float64(0.5)}, {"w1_1": 2}) == (HALF, 2)
    arrays: dict[str, Any] = {"W1": np.array([[0.5, 1, 0, 0], [0, 0, 0.5, 1]]), "W2": [[1, 1]]}
    assert (
        values_near(PROBLEM, arrays, {})
        == (HALF, 1)
        == values_near(PROBLEM, es.Parameters(W1=[["1/2", 1, 0, 0], [0, 0, "1/2", 1]], W2=[[1, 1]]), {})
    )


def test_the_nearest_point_of_the_subspace() -> None:
    """Means of the entries that are shared; no move in the subspace comes nearer."""
    arrays = {"W1": [[0.5, 1, 0.25, 0], [0, 0, 1, 2]], "W2": [[1, 2]]}
    found = values_near(PROBLEM, arrays, {})
    assert found == (Fraction(3, 4), Fraction(3, 2))


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"w1_0": 1}, "'w1_1' has no value"),
        ({"w1_0": 1, "w1_2": 1}, "called 'w1_2'; did you mean"),
        ({"w1_0": 1, "W2": [[1, 1]]}, "'w1_0' stands beside arrays"),
        ({"W1": [[1, 1, 0, 0], [0, 0, 1, 1]]}, "missing parameters W2"),
        ({"w1_0": float("nan"), "w1_1": 1}, "not a finite number"),
        ({}, "has no value"),
    ],
)
def test_bad_input(named: dict[str, Any], said: str) -> None:
    with pytest.raises(es.InputError, match=said):
        values_near(PROBLEM, None, named)


def test_what_is_no_candidate() -> None:
    with pytest.raises(es.InputError, match="a mapping from the free parameters"):
        values_near(PROBLEM, 3, {})  # type: ignore[arg-type]
    with pytest.raises(es.ShapeError):
        values_near(PROBLEM, {"W1": [[1]], "W2": [[1]]}, {})
