"""Points of parameter space: what they accept, and what they refuse."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.errors import InexactNumberError, InputError, ShapeError
from exactsurf.model.parameters import parameters_from

F = Fraction
NETWORK = es.Network([2, 2, 1])
PLAIN = {"W1": [[1, -2], [0, 3]], "b1": [1, 0], "W2": [[2, 5]], "b2": [7]}


def test_all_kinds_of_arrays_are_one_point() -> None:
    theta = parameters_from(NETWORK, **PLAIN)
    assert theta.weights == (((F(1), F(-2)), (F(0), F(3))), ((F(2), F(5)),))
    assert theta.biases == ((F(1), F(0)), (F(7),))
    others = [
        {name: np.array(value) for name, value in PLAIN.items()},
        {name: np.array(value, dtype=object) for name, value in PLAIN.items()},
        {
            "W1": [(Decimal("1.0"), "-2"), ("0x0", F(3))],
            "b1": ("1e0", "0/5"),
            "W2": [[sympy.Integer(2), 5]],
            "b2": [np.int8(7)],
        },
        {"W1": [np.array([1, -2]), [0, 3]], "b1": [1, 0], "W2": np.array([[2, 5]], dtype=np.uint16), "b2": [7]},
    ]
    for other in others:
        again = parameters_from(NETWORK, **other)
        assert again == theta and hash(again) == hash(theta)
        assert all(type(v.numerator) is int for row in again["W1"] for v in row)  # type: ignore[union-attr]


def test_access() -> None:
    theta = parameters_from(es.Network([1, 1, 1], biases=[False, True]), W1=[[2]], W2=[[3]], b2=["1/2"])
    assert dict(theta.items()) == {"W1": ((F(2),),), "W2": ((F(3),),), "b2": (F(1, 2),)}
    assert theta["b2"] == (F(1, 2),) and theta.biases[0] is None
    with pytest.raises(KeyError):
        theta["b1"]


def test_moved() -> None:
    network = es.Network([1, 1, 1], biases=[False, True])
    theta = parameters_from(network, W1=[[2]], W2=[[3]], b2=["1/2"])
    way = parameters_from(network, W1=[[1]], W2=[[-1]], b2=[4])
    expected = parameters_from(network, W1=[["5/2"]], W2=[["5/2"]], b2=["5/2"])
    assert theta.moved(way, F(1, 2)) == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"W1": [[1], [2]]}, "W1 has the wrong shape: expected 2 × 2, got 2 × 1"),
        ({"W1": [[1, 2]]}, "W1 has the wrong shape: expected 2 × 2, got 1 × 2"),
        ({"W1": [1, 2]}, "W1 has the wrong shape: expected 2 × 2, got 2"),
        ({"W1": 1}, "W1 has the wrong shape: expected 2 × 2, got a single number"),
        ({"W1": [[1, 2], [3]]}, "W1 has the wrong shape: expected 2 × 2, got rows of different lengths"),
        ({"W1": [[1, 2], 3]}, "W1 has the wrong shape: expected 2 × 2, got rows of different lengths"),
        ({"b1": [[1], [2]]}, "b1 has the wrong shape: expected 2, got 2 × 1"),
        ({"b1": []}, "b1 has the wrong shape: expected 2, got 0"),
        ({"b2": np.zeros((1, 1), dtype=int)}, "b2 has the wrong shape: expected 1, got 1 × 1"),
        ({"b2": "7"}, "b2 has the wrong shape: expected 1, got text"),
        ({"b2": {0: 1}}, "b2 has the wrong shape"),
    ],
)
def test_shape_errors_name_both_shapes(change: dict[str, object], message: str) -> None:
    with pytest.raises(ShapeError) as caught:
        parameters_from(NETWORK, **{**PLAIN, **change})
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("change", "where", "decimal"),
    [
        ({"W1": [[1, 0.5], [0, 3]]}, "W1[0][1]: ", "'0.5'"),
        ({"b2": [0.1]}, "b2[0]: ", "'0.1'"),
        ({"W1": np.array([[1.0, 2.0], [0.0, 3.0]])}, "W1[0][0]: ", "'1.0'"),
        ({"b1": np.array([0.1, 1], dtype=np.float32)}, "b1[0]: ", "'0.1'"),
    ],
)
def test_floats_are_refused_with_place_and_both_readings(change: dict[str, object], where: str, decimal: str) -> None:
    with pytest.raises(InexactNumberError) as caught:
        parameters_from(NETWORK, **{**PLAIN, **change})
    message = str(caught.value)
    assert message.startswith(where) and decimal in message and "binary value" in message


def test_names() -> None:
    with pytest.raises(InputError, match=r"unknown parameter 'w1'.*has W1, b1, W2, b2"):
        parameters_from(NETWORK, **PLAIN, w1=[[1]])
    with pytest.raises(InputError, match="unknown parameter 'W3'"):
        parameters_from(NETWORK, **PLAIN, W3=[[1]])
    with pytest.raises(InputError, match="unknown parameter 'b1'"):
        parameters_from(es.Network([2, 2, 1], biases=False), **PLAIN)
    with pytest.raises(InputError, match="missing parameters b1, b2"):
        parameters_from(NETWORK, W1=PLAIN["W1"], W2=PLAIN["W2"])
    with pytest.raises(InputError, match="not a number"):
        parameters_from(NETWORK, **{**PLAIN, "b2": ["x"]})


def test_frozen_hashable_picklable() -> None:
    theta = parameters_from(NETWORK, **PLAIN)
    with pytest.raises(AttributeError):
        theta.weights = ()  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(theta)) == theta
    assert {theta: 1}[parameters_from(NETWORK, **PLAIN)] == 1
    assert theta != parameters_from(NETWORK, **{**PLAIN, "b2": ["7/1000000000000000000000"]})


def test_repr_is_one_short_line() -> None:
    theta = parameters_from(NETWORK, **PLAIN)
    assert repr(theta) == "Parameters(W1=[[1, -2], [0, 3]], b1=[1, 0], W2=[[2, 5]], b2=[7])"
    wide = es.Network([100, 100, 1])
    big = parameters_from(wide, W1=[[1] * 100] * 100, b1=[0] * 100, W2=[[1] * 100], b2=["0x" + "f" * 9_000])
    assert "\n" not in repr(big) and len(repr(big)) < 200
    assert "W1=<100 × 100>" in repr(big)
    digits = parameters_from(es.Network([1, 1]), W1=[["1" * 3_000]], b1=["-0x" + "f" * 9_000 + "/3"])
    assert "\n" not in repr(digits) and len(repr(digits)) < 200


@given(st.lists(st.tuples(st.integers(1, 3), st.booleans()), min_size=2, max_size=4), st.data())
def test_repr_can_be_pasted_back(layers: list[tuple[int, bool]], data: st.DataObject) -> None:
    numbers = st.fractions(max_denominator=10**20) | st.integers(-(10**40), 10**40)
    named = {}
    for layer, ((inputs, _), (width, has_bias)) in enumerate(pairwise(layers), start=1):
        named[f"W{layer}"] = [[data.draw(numbers) for _ in range(inputs)] for _ in range(width)]
        if has_bias:
            named[f"b{layer}"] = [data.draw(numbers) for _ in range(width)]
    theta = es.Parameters(**named)
    again = eval(repr(theta), {"Parameters": es.Parameters})
    assert again == theta and hash(again) == hash(theta)
    network = es.Network([width for width, _ in layers], biases=[has_bias for _, has_bias in layers[1:]])
    assert theta == parameters_from(network, **named)


@pytest.mark.parametrize("named", [{"W1": [[1]], "W3": [[1]]}, {"W1": [[1]], "W2": [[1, 2]]}, {"W1": [1]}, {"b1": [1]}])
def test_names_and_shapes_that_are_no_layers(named: dict) -> None:
    with pytest.raises((es.InputError, es.ShapeError)):
        es.Parameters(**named)


def test_sympy_matrices_and_what_is_no_matrix():
    half = sympy.Rational(1, 2)
    values = {**PLAIN, "W1": sympy.Matrix([[1, half], [0, 3]])}
    assert parameters_from(NETWORK, **values)["W1"] == ((1, Fraction(1, 2)), (0, 3))
    for value, words in (("12", "got text"), ({1: 2}, "got a mapping"), (3, "got a single number")):
        with pytest.raises(es.ShapeError, match=words):
            parameters_from(NETWORK, **{**PLAIN, "W1": value})


def test_the_way_to_an_entry_is_named():
    theta = parameters_from(NETWORK, **PLAIN)
    with pytest.raises(AttributeError, match=r"write parameters\['W1'\]"):
        _ = theta.W1
    with pytest.raises(KeyError, match="did you mean 'b2'"):
        theta["B2"]
    assert copy.deepcopy(theta) == pickle.loads(pickle.dumps(theta)) == theta


def test_lists_of_weights_and_biases_are_read_as_names_are():
    named = es.Parameters(W1=[[1], ["1/2"]], W2=[[2, 3]], b2=[0])
    assert es.Parameters([[[1], ["1/2"]], [[2, 3]]], [None, [0]]) == named
    assert es.Parameters((((1,), ("1/2",)), ((2, 3),)), (None, (0,))) == named
    network = es.Network([1, 2, 1], biases=[False, True])
    data = es.Data.from_arrays([0, 1], [0, 1])
    assert es.Problem(network, data).risk(es.Parameters([[[1], [2]], [[1, 0]]], [None, [0]])) == 0


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (([[[1]], [[2]]], [[0]]), es.ShapeError, "biases, layer by layer"),
        (([[[1]], [[2.5]]], [[0], [1]]), es.InexactNumberError, "W2"),
        (([[1], [[2]]], [[0], [1]]), es.ShapeError, "W1"),
        ((3, None), es.InputError, "no list of layers"),
        (("ab", "cd"), es.InputError, "no list of layers"),
    ],
)
def test_what_is_no_list_of_layers_is_refused(given, error, words):
    with pytest.raises(error, match=words):
        es.Parameters(*given)
