"""Architectures as restrictions: what they compute is what their formulas say."""

from __future__ import annotations

import random
from fractions import Fraction
from math import prod
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es

small = st.fractions(-3, 3, max_denominator=5)


def predictions(restriction: es.Restriction, inputs: list[list[Fraction]], **named: Fraction) -> list[list[Fraction]]:
    data = es.Data.from_arrays(inputs, [[0] * restriction.network.widths[-1] for _ in inputs])
    problem = es.RestrictedProblem(restriction, data)
    return [list(row) for row in problem.unrestricted.predictions(problem.parameters(**named))]


@given(st.lists(small, min_size=6, max_size=6), st.lists(small, min_size=5, max_size=5))
def test_linear_convolutions_multiply_polynomials(inputs: list[Fraction], weights: list[Fraction]) -> None:
    """Kohn, Merkh, Montúfar and Trager 2022: stride 1 is the product of polynomials, here with NumPy on exact objects."""
    chain = es.convolution(6, [3, 2], activation="linear")
    named = dict(zip(chain.names, weights, strict=True))
    (found,) = predictions(chain, [inputs], **named)
    filter_ = numpy.convolve(numpy.array(weights[:3], dtype=object), numpy.array(weights[3:], dtype=object))
    assert found == [sum(f * x for f, x in zip(filter_, inputs[p : p + 4], strict=True)) for p in range(3)]


@given(st.lists(small, min_size=6, max_size=6), small, small)
def test_one_filter_without_overlap(inputs: list[Fraction], a: Fraction, b: Fraction) -> None:
    """Du et al. 2018: Σ_p v_p max(0, w·x_p)."""
    one = es.convolution(6, [2], strides=2, head=[1, "1/2", -1])
    (found,) = predictions(one, [inputs], w1_0=a, w1_1=b)
    parts = [max(Fraction(0), a * inputs[2 * p] + b * inputs[2 * p + 1]) for p in range(3)]
    assert found == [parts[0] + parts[1] / 2 - parts[2]]


@given(st.lists(small, min_size=2, max_size=2), st.lists(small, min_size=6, max_size=6))
def test_diagonal_networks_multiply_weights(inputs: list[Fraction], weights: list[Fraction]) -> None:
    free, shared = es.diagonal(2, 3), es.diagonal(2, 3, shared=True)
    named = dict(zip(free.names, weights, strict=True))
    expected = [sum(x * prod(named[f"w{layer}_{j}"] for layer in (1, 2, 3)) for j, x in enumerate(inputs))]
    assert predictions(free, [inputs], **named) == [expected]
    a, b = weights[:2]
    assert predictions(shared, [inputs], w_0=a, w_1=b) == [[a**3 * inputs[0] + b**3 * inputs[1]]]


@pytest.mark.parametrize("slope", ["0", "1/2", "3"])
@given(st.lists(small, min_size=2, max_size=2), st.lists(small, min_size=9, max_size=9))
def test_residual_blocks_add_their_input(slope: str, inputs: list[Fraction], weights: list[Fraction]) -> None:
    def h(z: Fraction) -> Fraction:
        return z if z > 0 else Fraction(slope) * z

    network = es.residual(2, 1, blocks=2, activation=es.leaky_relu(slope), head=[1, "v"])
    named = dict(zip(network.names, weights, strict=True))
    x = inputs
    for b in (1, 2):
        unit = h(sum(named[f"W{b}_0_{k}"] * x[k] for k in range(2)))
        x = [x[k] + named[f"V{b}_{k}_0"] * unit for k in range(2)]
    assert predictions(network, [inputs], **named) == [[x[0] + named["v"] * x[1]]]
    (plain,) = predictions(es.residual(2, 1, activation=es.leaky_relu(slope)), [inputs], **dict(list(named.items())[:4]))
    unit = h(sum(named[f"W1_0_{k}"] * inputs[k] for k in range(2)))
    assert plain == [inputs[k] + named[f"V1_{k}_0"] * unit for k in range(2)]


def test_linear_residual_blocks_are_near_the_identity() -> None:
    network = es.residual(2, 1, blocks=2, activation="linear")
    zero = {name: Fraction(0) for name in network.names}
    assert predictions(network, [[Fraction(3), Fraction(5)]], **zero) == [[3, 5]]
    assert predictions(network, [[Fraction(3), Fraction(5)]], **{**zero, "A1_0_1": Fraction(2)}) == [[13, 5]]
    assert es.residual(2, 1, blocks=1, activation="linear", head=[1, None]).network.widths == (2, 2, 1)


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: es.convolution(4, [3], strides=2), "does not fit on 4 entries"),
        (lambda: es.convolution(4, [2, 2], strides=[1]), "one stride for each layer"),
        (lambda: es.convolution(4, []), "one length of a filter"),
        (lambda: es.convolution(4.0, [2]), "the number of inputs must be an integer"),
        (lambda: es.convolution(4, 2), "the lengths of the filters must be a list"),
        (lambda: es.convolution(4, [2.0]), "the length of the filter of layer 1 must be an integer"),
        (lambda: es.convolution(4, [2], strides="a"), "the stride of layer 1 must be an integer"),
        (lambda: es.convolution(4, [2], head=5), "the head must be a list"),
        (lambda: es.diagonal(2, 1), "at least two layers"),
        (lambda: es.diagonal("a"), "the number of inputs must be an integer"),
        (lambda: es.residual(1, 0), "the number of hidden units must be an integer, at least 1"),
        (lambda: es.residual(1, 1, blocks=0), "the number of blocks"),
        (lambda: es.residual(1, 1, head=[1, 2]), "the head of a residual network has the wrong shape"),
        (lambda: es.residual(2, 1, head=[1]), "the head of a residual network has the wrong shape"),
        (lambda: es.residual(2, 1, activation="hard_tanh"), "no skip connection"),
        (lambda: es.residual(2, 1, activation="tanh"), "no skip connection"),
        (lambda: es.residual(2, 1, activation="absolute_value"), "no skip connection"),
    ],
)
def test_bad_input_is_named(build: object, told: str) -> None:
    with pytest.raises(es.ExactsurfError) as caught:
        build()  # type: ignore[operator]
    assert told in str(caught.value), caught.value


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
