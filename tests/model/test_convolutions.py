"""Convolutions as restrictions: what they compute is the sum over filters, channels and padded places that defines them."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import chain, product
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from tests.model.test_restrictions import predictions

small = st.fractions(-3, 3, max_denominator=5)


@given(st.lists(small, min_size=6, max_size=6), st.lists(small, min_size=5, max_size=5))
def test_linear_convolutions_multiply_polynomials(inputs: list[Fraction], weights: list[Fraction]) -> None:
    """Kohn, Merkh, Montúfar and Trager 2022: stride 1 is the product of polynomials, here with NumPy on exact objects."""
    network = es.convolution(6, [3, 2], activation="linear")
    named = dict(zip(network.names, weights, strict=True))
    (found,) = predictions(network, [inputs], **named)
    filter_ = numpy.convolve(numpy.array(weights[:3], dtype=object), numpy.array(weights[3:], dtype=object))
    assert found == [sum(f * x for f, x in zip(filter_, inputs[p : p + 4], strict=True)) for p in range(3)]


@given(st.lists(small, min_size=6, max_size=6), small, small)
def test_one_filter_without_overlap(inputs: list[Fraction], a: Fraction, b: Fraction) -> None:
    """Du et al. 2018: Σ_p v_p max(0, w·x_p)."""
    one = es.convolution(6, [2], strides=2, head=[1, "1/2", -1])
    (found,) = predictions(one, [inputs], w1_0=a, w1_1=b)
    parts = [max(Fraction(0), a * inputs[2 * p] + b * inputs[2 * p + 1]) for p in range(3)]
    assert found == [parts[0] + parts[1] / 2 - parts[2]]


def test_channels_are_those_of_a_convolution_by_its_formula() -> None:
    """out[o][p] = Σ_c Σ_k w[o][c][k] x[c][stride p + k], entries by channel and then by position; ReLU between two layers."""
    source = random.Random(8)
    restriction = es.convolution(7, [3, 2], strides=[2, 1], channels=[2, 3], input_channels=2)
    assert restriction.network.widths == (14, 6, 6) and restriction.dimension == 2 * 2 * 3 + 3 * 2 * 2
    values = {name: source.randint(-3, 3) for name in restriction.names}
    x = [[source.randint(-3, 3) for _ in range(7)] for _ in range(2)]

    def layer(number: int, made: int, kernel: int, stride: int, below: list[list[int]]) -> list[list[int]]:
        length = (len(below[0]) - kernel) // stride + 1
        return [
            [
                sum(values[f"w{number}_{o}_{c}_{k}"] * row[stride * p + k] for c, row in enumerate(below) for k in range(kernel))
                for p in range(length)
            ]
            for o in range(made)
        ]

    hidden = [[max(0, z) for z in row] for row in layer(1, 2, 3, 2, x)]
    expected = [z for row in layer(2, 3, 2, 1, hidden) for z in row]
    flat = [v for row in x for v in row]
    problem = es.RestrictedProblem(restriction, es.Data.from_arrays([flat], [[0] * 6]))
    assert list(problem.unrestricted.predictions(problem.parameters(**values))[0]) == expected


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"channels": [1, 2]}, "one number of channels for each layer"),
        ({"channels": [0]}, "channels of layer 1"),
        ({"channels": 2}, "the channels"),
        ({"input_channels": 0}, "input channels"),
    ],
)
def test_channels_that_are_none(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(es.InputError, match=said):
        es.convolution(4, [2], **asked)


build: Any = es.convolution


def convolved(x: Any, weight: Any, bias: Any, stride: tuple[int, ...], padding: tuple[int, ...]) -> Any:
    """out[o, p] = b[o] + Σ_c Σ_k w[o, c, k] x̂[c, stride·p + k] for x̂ = x between zeros: the definition, in one or two axes."""
    wide = numpy.zeros((len(x), *(n + 2 * p for n, p in zip(x.shape[1:], padding, strict=True))), dtype=object)
    wide[(slice(None), *(slice(p, p + n) for n, p in zip(x.shape[1:], padding, strict=True)))] = x
    kernel = weight.shape[2:]
    places = [(n - k) // s + 1 for n, k, s in zip(wide.shape[1:], kernel, stride, strict=True)]
    out = numpy.zeros((len(weight), *places), dtype=object)
    for o, at in product(range(len(weight)), product(*map(range, places))):
        window = wide[(slice(None), *(slice(s * a, s * a + k) for a, s, k in zip(at, stride, kernel, strict=True)))]
        out[(o, *at)] = bias[o] + (weight[o] * window).sum()
    return out


SHAPES = [
    ((1, 3, 4), [(2, 2)], [1], [0], [1]),
    ((2, 3, 3), [(3, 2), 2], [1, 1], [(1, 0), 0], [2, 3]),
    ((1, 4, 3), [2, (1, 2)], [(2, 1), 1], [0, (0, 1)], [2, 1]),
    ((2, 5, 4), [(3, 2)], [(2, 2)], [(1, 0)], [2]),
    (5, [3, 2], [2, 1], [1, 1], [2, 2]),
    (4, [2], [3], [1], [3]),
]


@pytest.mark.parametrize("biases", [False, True])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_padding_strides_channels_and_biases_by_the_definition(shape: Any, biases: bool) -> None:
    inputs, kernels, strides, padding, channels = shape
    source = random.Random(str(shape))
    network = es.convolution(inputs, kernels, strides=strides, padding=padding, channels=channels, biases=biases, floor=True)
    values = {name: Fraction(source.randint(-9, 9), source.randint(1, 4)) for name in network.names}
    size = (1, inputs) if isinstance(inputs, int) else inputs
    axes = len(size) - 1
    flat = [Fraction(source.randint(-9, 9), 2) for _ in range(numpy.prod(size))]
    x, read = numpy.array(flat, dtype=object).reshape(size), size[0]

    def pair(value: Any) -> tuple[int, ...]:
        return value if isinstance(value, tuple) else (value,) * axes

    used = 0
    for layer, (kernel, stride, zero, made) in enumerate(zip(kernels, strides, padding, channels, strict=True), start=1):
        weight = numpy.zeros((made, read, *pair(kernel)), dtype=object)
        for place in product(*map(range, weight.shape)):
            weight[place] = values["_".join([f"w{layer}", *map(str, place)])]
        bias = [values[f"b{layer}_{o}"] if biases else 0 for o in range(made)]
        used += weight.size + made * biases
        x = convolved(x, weight, bias, pair(stride), pair(zero))
        x = x if layer == len(kernels) else numpy.maximum(x, 0)
        read = made
    assert used == network.dimension
    assert predictions(network, [flat], **values) == [list(x.flatten())]


def test_padding_is_the_same_as_zeros_in_the_data() -> None:
    padded, plain = es.convolution((1, 2, 3), [(2, 3)], padding=[(1, 2)]), es.convolution((1, 4, 7), [(2, 3)])
    values = {name: Fraction(k * k - 5) for k, name in enumerate(plain.names)}
    x: list[list[Any]] = [[1, -2, 3], [5, 7, -4]]
    wide: list[list[Any]] = [[0] * 7, *([0, 0, *row, 0, 0] for row in x), [0] * 7]
    assert predictions(padded, [list(chain(*x))], **values) == predictions(plain, [list(chain(*wide))], **values)


def test_images_of_one_row_are_the_convolutions_of_lists() -> None:
    line = es.convolution(6, [3, 2], channels=[2, 1], padding=[1, 0], head=["v"] * 5)
    image = es.convolution((1, 1, 6), [(1, 3), (1, 2)], channels=[2, 1], padding=[(0, 1), 0], head=["v"] * 5)
    assert (line.offset, line.basis) == (image.offset, image.basis)


def test_layers_behind_and_several_outputs() -> None:
    network = es.convolution(4, [2], strides=2, dense=[3], head=[[1, 0, "a"], [0, None, "-a"]], biases=[True, False, True])
    assert network.network == es.Network([4, 2, 3, 2], biases=[True, False, True])
    told = network.expressions()
    assert told["b1"] == ["b1_0", "b1_0"] and told["W2"][2] == ["W2_2_0", "W2_2_1"]
    assert told["W3"] == [["1", "0", "a"], ["0", "W3_1_1", "-a"]] and told["b3"] == ["b3_0", "b3_1"]


def test_a_long_fixed_head_is_no_free_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exactsurf.model.layer_stack._MOST", 15 * 215)
    assert es.convolution(20, [2], strides=2, head=[1] * 10).dimension == 2
    assert es.convolution(20, [2], strides=2, head=[None] * 10, biases=True).dimension == 14
    assert es.convolution(20, [2], strides=2, head=["v", "-v"] * 5).dimension == 3
    with pytest.raises(es.UnsupportedError, match="about 29 free parameters of a network with 241 parameters"):
        es.convolution(20, [2], strides=2, dense=[1], head=[[1], [None]] * 5, biases=True)


def test_a_critical_point_of_an_image_is_decided_as_that_of_its_own_formula() -> None:
    """With w > 0 the predictions are 2w and 3w, so that ½(2w − 1)² + ½(3w − 2)² has its minimum at 8/13, and none at 1."""
    data = es.Data.from_arrays([[1, 0, 0, 1], [0, 1, 2, 0]], [1, 2])
    problem = es.RestrictedProblem(es.convolution((1, 2, 2), [1], head=[1, 1, 1, 1]), data)
    verdict = es.decide(problem, problem.parameters(w1_0_0_0_0=Fraction(8, 13)))
    assert verdict.status is es.Status.PROVED and verdict.certificate is not None
    assert es.decide(problem, problem.parameters(w1_0_0_0_0=1)).status is es.Status.REFUTED


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: build(4, [3], strides=2), "does not fit on 4 entries"),
        (lambda: build(4, [2, 2], strides=[1]), "one stride for each layer"),
        (lambda: build(4, []), "one length of a filter"),
        (lambda: build(4.0, [2]), "the number of inputs must be an integer"),
        (lambda: build(4, 2), "the lengths of the filters must be a list"),
        (lambda: build(4, [2.0]), "the length of the filter of layer 1 must be an integer"),
        (lambda: build(4, [2], strides="a"), "the stride of layer 1 must be an integer"),
        (lambda: build(4, [2], head=5), "the head must be a list"),
        (lambda: build((2, 2), [1]), "(channels, height, width)"),
        (lambda: build((1, 2, 0), [1]), "entry 2 of the shape of the inputs must be an integer"),
        (lambda: build((2, 2, 2), [1], input_channels=3), "leave out input_channels="),
        (lambda: build((1, 2, 2), [(1, 1, 1)]), "a pair (height, width)"),
        (lambda: build((1, 2, 2), [1], strides=(1, 2)), "one stride for each layer"),
        (lambda: build((1, 2, 2), [(3, 1)]), "filter of length 3 with stride 1 does not fit on 2 entries"),
        (lambda: build(4, [2], padding=-1), "the padding of layer 1 must be an integer, at least 0"),
        (lambda: build(4, [2], padding=[1, 1]), "one padding for each layer"),
        (lambda: build(4, [2], strides=3, padding=1, floor=1), "floor is True or False"),
        (lambda: build(3, [2], strides=2), "floor=True leaves out the last ones"),
        (lambda: build(1, [3], padding=1), "its entry 0 reads nothing but zeros"),
        (lambda: build(4, [2], dense=[0]), "a width in dense must be an integer, at least 1"),
        (lambda: build(4, [2], biases=[True, True]), "biases"),
        (lambda: build(4, [2], head=[[1, 1, 1], [1, 1]]), "row 1 of W2 has the wrong shape"),
        (lambda: build((3, 224, 224), [3], channels=[64]), "is too large"),
    ],
)
def test_bad_input_is_named(ask: Callable[[], object], told: str) -> None:
    with pytest.raises(es.ExactsurfError) as caught:
        ask()
    assert told in str(caught.value), caught.value
