"""Layers of images: constants beside a filter are folded so that the layer computes the same, and shapes are checked."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.interop.image_layers import (
    FilterLayer,
    by_channel,
    filter_layer,
    on_scaled_channels,
    pad_layer,
    scaled_filters,
    tiling_pool,
    windows_on,
)
from exactsurf.model.layer_stack import forms_of, stack_of
from exactsurf.model.restrictions import of_forms
from tests.model.pictures import filtered
from tests.model.test_restrictions import predictions

small = st.fractions(-3, 3, max_denominator=4)


def computed(layer: FilterLayer, x: Any) -> Any:
    weight = numpy.array(layer.entries, dtype=object).reshape(layer.shape)
    windows = layer.windows
    assert windows.before == windows.after
    return filtered(x, weight, layer.bias, windows.stride, windows.before, windows.dilation, layer.groups)


def layer_of(values: list[Fraction], padding: int = 0) -> FilterLayer:
    """Four channels in two groups of one of two channels, on two rows of three places."""
    windows = windows_on((2, 2, 3), (1, 2), (1, 1), (0, padding), (0, padding), (1, 1), "here")
    return filter_layer(((4, 1, 1, 2), values), None, 2, windows, 2, "here")


@given(*(st.lists(small, min_size=n, max_size=n) for n in (8, 12, 4, 4)))
def test_what_is_folded_behind_a_filter(values: list[Fraction], x: Any, scale: list[Fraction], shift: list[Fraction]) -> None:
    layer = layer_of(values, padding=1)
    area = layer.out[1] * layer.out[2]
    every = [tuple(v for v in vector for _ in range(area)) for vector in (scale, shift)]
    image = numpy.array(x, dtype=object).reshape(2, 2, 3)
    expected = computed(layer, image) * numpy.array(scale).reshape(4, 1, 1) + numpy.array(shift).reshape(4, 1, 1)
    assert (computed(scaled_filters(layer, *every, True, "there"), image) == expected).all()
    assert scaled_filters(layer, (Fraction(2),), (Fraction(0),), False, "there").bias is None


@given(*(st.lists(small, min_size=n, max_size=n) for n in (8, 12, 2, 2)))
def test_what_is_folded_before_a_filter(values: list[Fraction], x: Any, scale: list[Fraction], shift: list[Fraction]) -> None:
    image = numpy.array(x, dtype=object).reshape(2, 2, 3)
    moved = image * numpy.array(scale).reshape(2, 1, 1) + numpy.array(shift).reshape(2, 1, 1)
    factors, summands = (tuple(v for v in vector for _ in range(6)) for vector in (scale, shift))
    layer = layer_of(values)
    assert (computed(on_scaled_channels(layer, factors, summands, "there"), image) == computed(layer, moved)).all()
    padded = layer_of(values, padding=1)
    scaled = image * numpy.array(scale).reshape(2, 1, 1)
    assert (computed(on_scaled_channels(padded, factors, (Fraction(0),), "there"), image) == computed(padded, scaled)).all()


def test_padding_of_every_mode_is_that_of_numpy() -> None:
    words: dict[str, Any] = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    x = numpy.arange(1, 13).reshape(1, 3, 4)
    for mode, word in words.items():
        layer = pad_layer((1, 3, 4), (1, 2), (2, 0), mode, "here")
        network, forms = forms_of(layer.on(stack_of(12)), es.relu)
        matrix = numpy.array([constant for constant, _ in forms], dtype=object).reshape(network.widths[::-1])
        expected = numpy.pad(x, [(0, 0), (1, 2), (2, 0)], mode=word)
        assert layer.out == expected.shape and list(matrix @ x.flatten()) == list(expected.flatten())
    cut = pad_layer((1, 3, 4), (-1, 0), (0, -2), "zeros", "here")
    assert cut.out == (1, 2, 2)
    network, forms = forms_of(cut.on(stack_of(12)), es.relu)
    matrix = numpy.array([constant for constant, _ in forms], dtype=object).reshape(network.widths[::-1])
    assert list(matrix @ x.flatten()) == list(x[:, 1:, :2].flatten())


def test_windows_that_tile_an_image() -> None:
    pool = tiling_pool("average", (2, 4, 6), (2, 3), "here")
    assert pool.out == (2, 2, 2) and tiling_pool("max", (2, 4, 6), (4, 6), "here").out == (2, 1, 1)
    layer = filter_layer(((1, 1, 1, 1), [Fraction(1)]), None, 1, windows_on((1, 2, 2), (1, 1), *_ONES, "here"), 1, "here")
    stack = tiling_pool("average", (1, 2, 2), (2, 2), "here").on(layer.filters.on(stack_of(4), True, False), es.relu)
    network, forms = forms_of(stack, es.relu)
    assert predictions(of_forms(network, forms), [[Fraction(v) for v in (1, 2, 3, 6)]], w1_0_0_0_0=Fraction(1)) == [[3]]


_ONES = ((1, 1), (0, 0), (0, 0), (1, 1))


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: windows_on((1, 2), (1, 1), *_ONES, "here"), "what enters here has the wrong shape"),
        (lambda: windows_on((1, 2, 2), (3, 1), *_ONES, "here"), "windows of 3 × 1, which do not fit on 2 × 2 places"),
        (lambda: windows_on((1, 2, 2), (0, 1), *_ONES, "here"), "the size of here must be an integer, at least 1"),
        (lambda: pad_layer((1, 2, 2), (0, 0), (0, 0), "mirror", "here"), "the padding of here is 'mirror'"),
        (lambda: pad_layer((1, 2), (0, 0), (0, 0), "zeros", "here"), "what enters here has the wrong shape"),
        (lambda: pad_layer((1, 2), (2,), (0,), "reflect", "here"), "the padding (2, 0) of here does not fit on 2 places"),
        (lambda: pad_layer((1, 2), (-1,), (-1,), "zeros", "here"), "the padding (-1, -1) of here does not fit"),
        (lambda: by_channel((Fraction(1), Fraction(2)), (1, 2), "here"), "differs from place to place within a channel"),
        (lambda: by_channel((Fraction(1),) * 3, (1, 2), "here"), "differs from place to place"),
    ],
)
def test_bad_layers_are_named(ask: Any, told: str) -> None:
    with pytest.raises(es.ExactsurfError) as caught:
        ask()
    assert told in str(caught.value), caught.value
