"""Chains with layers of images: names and values of free parameters, what has no effect, what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import exactsurf as es
from exactsurf.interop.image_chain import ChainLayer, input_shape_of, model_of_any
from exactsurf.interop.image_layers import FilterLayer, PoolLayer, filter_layer, tiling_pool, windows_on
from exactsurf.interop.layer_chain import ActivationLayer, AffineLayer

NOTHING: dict[str, Any] = {"activation": None, "denominator": None, "digits": None}
RELU = ActivationLayer(es.relu, "the activation")


def line(values: list[int], size: int, padding: int = 0) -> FilterLayer:
    windows = windows_on((1, size), (len(values),), (1,), (padding,), (padding,), (1,), "the filter")
    return filter_layer(((1, 1, len(values)), [Fraction(v) for v in values]), (Fraction(7),), 1, windows, 1, "the filter")


def dense(*rows: list[int]) -> AffineLayer:
    return AffineLayer(tuple(tuple(map(Fraction, row)) for row in rows), None, "the head")


def test_names_and_values_are_those_of_convolution() -> None:
    read = model_of_any("test", [line([2, 3], 3), RELU, dense([5, 11])], **NOTHING)
    same = es.convolution(3, [2], channels=[1], biases=[True, False], dense=[1])
    assert read.restriction == same and read.restriction is not None and read.restriction.names == same.names
    assert same.parameters(w1_0_0_0=2, w1_0_0_1=3, b1_0=7, W2_0_0=5, W2_0_1=11) == read.parameters
    assert read.is_exact and not read.notes


def test_entries_that_read_zeros_alone_are_left_out_and_told() -> None:
    read = model_of_any("test", [line([2, 3, 4], 1, padding=1), RELU, dense([5])], **NOTHING)
    assert read.restriction is not None and read.restriction.names == ("w1_0_0_1", "b1_0", "W2_0_0")
    assert "w1_0_0_0, w1_0_0_2: such entries" in read.notes[0]
    assert read.parameters == es.Parameters(W1=[[3]], b1=[7], W2=[[5]])


def test_a_chain_without_images_is_no_restriction() -> None:
    assert model_of_any("test", [dense([1, 2]), RELU, dense([3])], **NOTHING).restriction is None


def test_a_linear_chain_of_filters() -> None:
    read = model_of_any("test", [line([2, 3], 3), line([1, 1], 2)], **NOTHING)
    assert read.network == es.Network([3, 2, 1], "linear") and read.restriction is not None
    assert read.restriction.degree == 2


def test_shared_filters_are_rounded_once() -> None:
    read = model_of_any("test", [line([2, 3], 3), RELU, dense([5, 11])], activation="leaky_relu:1/3", denominator=1, digits=None)
    assert read.network.activation == es.leaky_relu("1/3") and "was replaced" in read.notes[0]
    assert read.largest_change == 0


def pool(kind: str, channels: int, size: int) -> PoolLayer:
    return tiling_pool(kind, (channels, size), (size,), f"the {kind} pooling")


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        ([pool("average", 1, 3)], "the test model has no layer with weights"),
        ([line([1, 1], 3), RELU, dense([1, 2, 3])], "what enters the head has the wrong shape: expected 3, got 2"),
        ([RELU, line([1], 2)], "the activation stands before the first affine layer"),
        ([pool("average", 1, 3), RELU, line([1], 1)], "the activation stands before the first affine layer"),
        ([line([1], 2), RELU], "the activation stands behind the last affine layer"),
        ([pool("max", 1, 3), line([1], 1)], "the max pooling stands behind no activation"),
        ([line([1], 3), pool("max", 1, 3), dense([1])], "the max pooling stands behind no activation"),
    ],
)
def test_bad_chains_are_named(layers: list[ChainLayer], told: str) -> None:
    with pytest.raises(es.ExactsurfError) as caught:
        model_of_any("test", layers, **NOTHING)
    assert told in str(caught.value), caught.value


@pytest.mark.parametrize("bad", [(), (1, 2, 3, 4), (0, 1), (1, "2"), "1,2", 1.5, True], ids=str)
def test_shapes_that_are_none(bad: Any) -> None:
    with pytest.raises(es.InputError, match=r"the shape of (an input|the inputs)"):
        input_shape_of(bad)
