"""Arrays of trained convolutions as exact values: the network that they make computes what the definition says of the floats."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy
import pytest

import exactsurf as es
from tests.model.pictures import filtered, pooled
from tests.model.test_convolutions import convolved
from tests.model.test_restrictions import predictions


def exactly(array: Any) -> Any:
    return numpy.vectorize(lambda value: Fraction(float(value)), otypes=[object])(array)


def trained(shape: tuple[int, ...], seed: int, dtype: Any = numpy.float32) -> Any:
    return numpy.random.default_rng(seed).normal(size=shape).astype(dtype)


STATE = {
    "0.weight": trained((2, 1, 2, 3), 0),
    "0.bias": trained((2,), 1),
    "2.weight": trained((1, 2, 2, 1), 2),
    "2.bias": trained((1,), 3),
    "10.weight": trained((3, 4), 4, numpy.float64),
    "10.bias": trained((3,), 5, numpy.float64),
}
OPTIONS: dict[str, Any] = {"padding": [(0, 1), 0], "strides": [1, (1, 2)], "channels": [2, 1], "biases": True, "floor": True}
build: Any = es.convolution


def test_a_trained_network_on_images_computes_what_the_definition_says() -> None:
    restriction = es.convolution((1, 4, 3), [(2, 3), (2, 1)], **OPTIONS, dense=[3])
    x = exactly(trained((1, 4, 3), 6))
    hidden = numpy.maximum(convolved(x, exactly(STATE["0.weight"]), exactly(STATE["0.bias"]), (1, 1), (0, 1)), 0)
    hidden = numpy.maximum(convolved(hidden, exactly(STATE["2.weight"]), exactly(STATE["2.bias"]), (1, 2), (0, 0)), 0)
    expected = exactly(STATE["10.weight"]) @ hidden.flatten() + exactly(STATE["10.bias"])
    for form in (dict, lambda state: dict(reversed(state.items())), lambda state: {"model_state_dict": state}, listed):
        values = es.convolution_values(restriction, form(STATE))
        assert values.keys() == set(restriction.names)
        assert predictions(restriction, [list(x.flatten())], **values) == [list(expected)]


def listed(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value.tolist() for name, value in state.items()}


@pytest.mark.parametrize("channels", [None, [1]])
def test_lists_and_their_filters(channels: list[int] | None) -> None:
    """Floats are the binary values that they store; a filter of one channel has both kinds of names."""
    restriction = es.convolution(4, [2], strides=2, channels=channels, head=["v", "-2*v"])
    values = es.convolution_values(restriction, {"conv.weight": [[[0.1, 3]]], "out.weight": [["1/3", "-2/3"]]})
    assert list(values.values()) == [Fraction(0.1), 3, Fraction(1, 3)]


def test_names_without_numbers_need_an_order_where_shapes_do_not_tell() -> None:
    restriction = es.convolution(4, [2, 2], channels=[1, 1])
    arrays = {"b.weight": [[[1, 2]]], "a.weight": [[[3, 4]]]}
    with pytest.raises(es.InputError, match="may be first"):
        es.convolution_values(restriction, arrays)
    assert list(es.convolution_values(restriction, arrays, order=["b", "a"]).values()) == [1, 2, 3, 4]


def changed(**parts: Any) -> dict[str, Any]:
    named = {name[1:].replace("_", ".", 1): value for name, value in parts.items()}
    return {name: value for name, value in {**STATE, **named}.items() if value is not None}


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        (
            changed(_0_weight=trained((2, 1, 3, 2), 0)),
            "0.weight (layer 1 of the restriction) has the wrong shape",
        ),
        (changed(_2_weight=trained((1, 1, 2, 1), 0)), "expected 1 × 2 × 2 × 1, got 1 × 1 × 2 × 1"),
        (changed(_0_weight=trained((2, 1, 6), 0)), "got 2 × 1 × 6"),
        (
            changed(_10_weight=trained((3, 5), 0)),
            "wrong shape: expected 3 × 4, got 3 × 5",
        ),
        (changed(_0_bias=trained((3,), 0)), "0.bias has the wrong shape: expected 2, got 3"),
        (changed(_10_bias=trained((1,), 0)), "10.bias has the wrong shape: expected 3, got 1"),
        (changed(_0_bias=None), "0 has no bias, and layer 1 of the restriction has them"),
        (changed(_2_weight=None, _2_bias=None), "the arrays have 2 layers of weights (0, 10), the restriction has 3"),
        (changed(_2_weight=None), "2.bias without 2.weight"),
        (changed(_1_running_mean=[0, 0]), "is not supported"),
        (changed(_2_weight=[1, 1], _2_bias=None), "2.weight has the shape 2"),
        (changed(_0_bias=[float("nan"), 0]), "0.bias[0]"),
        (changed(_0_weight=[[[[1, 1, 1], [1, 1]]]]), "0.weight[0][0] has the wrong shape"),
        ({"0.weight": [[1.0]], "1.weight": [[[1.0]]]}, "'0' is a linear layer before the convolution '1'"),
        ({"0.weight": None}, "0.weight is not an array of numbers"),
        ({}, "empty"),
        ([1], "needs a Mapping"),
    ],
)
def test_arrays_that_do_not_fit_are_named(arrays: Any, told: str) -> None:
    restriction = build((1, 4, 3), [(2, 3), (2, 1)], **OPTIONS, dense=[3])
    with pytest.raises(es.ExactsurfError) as caught:
        es.convolution_values(restriction, arrays)
    assert told in str(caught.value), caught.value


def test_what_the_restriction_fixes_must_be_so_in_the_arrays() -> None:
    fixed = es.convolution(4, [2], strides=2, head=[1, 1])
    assert es.convolution_values(fixed, {"0.weight": [[[3, 4]]], "2.weight": [[1, 1]]}) == {"w1_0": 3, "w1_1": 4}
    with pytest.raises(es.InputError, match="the arrays do not obey the restriction: W2"):
        es.convolution_values(fixed, {"0.weight": [[[3, 4]]], "2.weight": [[1, 2]]})
    with pytest.raises(es.InputError, match="layer 1 of the restriction has none"):
        es.convolution_values(fixed, {"0.weight": [[[3, 4]]], "0.bias": [0], "2.weight": [[1, 1]]})


def test_restrictions_that_are_no_convolutions() -> None:
    with pytest.raises(es.InputError, match="layer 1 of the restriction is none of"):
        es.convolution_values(es.residual(1, 1), {"0.weight": [[[1]]], "2.weight": [[1]]})
    with pytest.raises(es.InputError, match="needs a Restriction"):
        es.convolution_values(es.Network([1, 1]), {})  # type: ignore[arg-type]


def test_filters_in_groups_below_means_and_maxima() -> None:
    """The linear layer reads the means; the layers that find maxima have no arrays."""
    restriction = es.convolution(
        (2, 6, 6),
        [2, 1],
        channels=[4, 2],
        groups=[2, 1],
        dilation=[2, 1],
        biases=True,
        pooling=[es.Pooling("max", 2), es.Pooling("average", 2)],
        dense=[3],
    )
    state = {
        "0.weight": trained((4, 1, 2, 2), 0),
        "0.bias": trained((4,), 1),
        "3.weight": trained((2, 4, 1, 1), 2),
        "3.bias": trained((2,), 3),
        "7.weight": trained((3, 2), 4),
        "7.bias": trained((3,), 5),
    }
    exact = {name: exactly(array) for name, array in state.items()}
    x = exactly(trained((2, 6, 6), 6))
    hidden = numpy.maximum(filtered(x, exact["0.weight"], exact["0.bias"], (1, 1), (0, 0), (2, 2), 2), 0)
    hidden = pooled(hidden, "max", (2, 2), (2, 2), (0, 0))
    hidden = numpy.maximum(filtered(hidden, exact["3.weight"], exact["3.bias"], (1, 1), (0, 0), (1, 1), 1), 0)
    hidden = pooled(hidden, "average", (2, 2), (2, 2), (0, 0))
    expected = exact["7.weight"] @ hidden.flatten() + exact["7.bias"]
    values = es.convolution_values(restriction, state)
    assert values.keys() == set(restriction.names)
    assert predictions(restriction, [list(x.flatten())], **values) == [list(expected)]
    with pytest.raises(es.ShapeError, match="expected 3 × 2, got 3 × 9"):
        es.convolution_values(restriction, {**state, "7.weight": trained((3, 9), 4)})


def test_filters_in_groups_without_numbers_need_an_order() -> None:
    """Two depthwise filters of one shape: widths cannot tell which is first."""
    restriction = es.convolution(3, [1, 1], channels=[2, 2], input_channels=2, groups=2)
    arrays = {"b.weight": [[[1]], [[2]]], "a.weight": [[[3]], [[4]]]}
    with pytest.raises(es.InputError, match="may be first"):
        es.convolution_values(restriction, arrays)
    assert list(es.convolution_values(restriction, arrays, order=["b", "a"]).values()) == [1, 2, 3, 4]


def test_a_fixed_head_behind_maxima_may_be_left_out() -> None:
    restriction = es.convolution(4, [2], pooling=es.Pooling("max", 3), head=[2])
    assert es.convolution_values(restriction, {"0.weight": [[[3, 4]]]}) == {"w1_0": 3, "w1_1": 4}
    assert es.convolution_values(restriction, {"0.weight": [[[3, 4]]], "1.weight": [[2, 2]]}) == {"w1_0": 3, "w1_1": 4}


def test_names_of_a_head_that_look_like_those_of_a_filter() -> None:
    arrays = {"0.weight": [[[3, 4]]], "2.weight": [[5, 6]]}
    named = es.convolution(4, [2], strides=2, head=["w2_0", "w1_2"])
    assert es.convolution_values(named, arrays) == {"w1_0": 3, "w1_1": 4, "w2_0": 5, "w1_2": 6}
    with pytest.raises(es.ShapeError, match="expected 1 × 1 × 2, got 1 × 1 × 3"):
        es.convolution_values(named, {**arrays, "0.weight": [[[3, 4, 6]]]})


def test_a_matrix_in_place_of_a_filter_must_be_the_convolution() -> None:
    restriction = es.convolution(3, [2])
    assert es.convolution_values(restriction, {"0.weight": [[1, 2, 0], [0, 1, 2]]}) == {"w1_0": 1, "w1_1": 2}
    with pytest.raises(es.InputError, match="do not obey"):
        es.convolution_values(restriction, {"0.weight": [[1, 2, 0], [0, 1, 3]]})
