"""Filters in groups, with dilation: what they compute is the sum that defines them; one that covers all is a dense layer."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy
import pytest

import exactsurf as es
from tests.model.pictures import filtered
from tests.model.test_convolutions import build
from tests.model.test_restrictions import predictions

SHAPES: list[tuple[Any, ...]] = [
    ((4, 5, 5), (2, 3), (1, 1), (0, 0), (2, 1), 6, 2),
    ((3, 4, 6), (2, 2), (2, 1), (1, 0), (1, 3), 3, 3),
    ((2, 3, 3), (3, 3), (1, 2), (2, 2), (2, 2), 2, 1),
    ((6, 1, 7), (1, 3), (1, 2), (0, 1), (1, 2), 4, 2),
]


@pytest.mark.parametrize("is_line", [False, True])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_groups_and_dilation_by_the_definition(shape: Any, is_line: bool) -> None:
    size, kernel, stride, padding, dilation, made, groups = shape
    if is_line:
        size, kernel, stride, padding, dilation = ((size[0], size[2]), *((v[1],) for v in (kernel, stride, padding, dilation)))
    source = random.Random(str(shape))
    inputs: Any = size if not is_line else size[1]
    network = es.convolution(
        inputs,
        [kernel],
        strides=[stride],
        padding=[padding],
        dilation=[dilation],
        channels=[made],
        input_channels=size[0] if is_line else 1,
        groups=groups,
        biases=True,
        floor=True,
    )
    values = {name: Fraction(source.randint(-9, 9), source.randint(1, 4)) for name in network.names}
    weight = numpy.zeros((made, size[0] // groups, *kernel), dtype=object)
    for place in numpy.ndindex(*weight.shape):
        weight[place] = values["_".join(map(str, ("w1", *place)))]
    flat = [Fraction(source.randint(-9, 9), 2) for _ in range(int(numpy.prod(size)))]
    x = numpy.array(flat, dtype=object).reshape(size)
    expected = filtered(x, weight, [values[f"b1_{o}"] for o in range(made)], stride, padding, dilation, groups)
    assert network.dimension == weight.size + made
    assert predictions(network, [flat], **values) == [list(expected.flatten())]


def test_a_filter_that_covers_the_image_has_the_verdicts_of_a_dense_layer() -> None:
    """The same free weights under other names: every point has the same verdict, as a restricted problem and without."""
    data = es.Data.from_arrays([[1, 0, 0, 1], [0, 1, 2, 0], [1, -1, 1, 0]], [1, 2, -1])
    covering = es.RestrictedProblem(es.convolution((1, 2, 2), [2], channels=[2], biases=True, dense=[1]), data)
    dense = es.Problem(es.Network([4, 2, 1]), data)
    statuses = set()
    # the rows of a filter, as Conv2d.weight has them, are the columns of W1
    for w1, b1, w2, b2 in (
        ([[0, 0, 0, 0], [0, 0, 0, 0]], [-1, -1], [0, 0], "2/3"),
        ([[0, 0, 0, 0], [0, 0, 0, 0]], [-1, -1], [1, 2], "2/3"),
        ([[1, 0, 0, 1], [0, 1, -1, 0]], [0, 1], [1, -1], 0),
        ([[0, 1, 1, 0], [0, 0, 0, 0]], [0, -1], ["1/3", 0], 1),
    ):
        named = {f"w1_{o}_0_{i}_{j}": w1[o][2 * i + j] for o in range(2) for i in range(2) for j in range(2)}
        theta = covering.parameters(**named, b1_0=b1[0], b1_1=b1[1], W2_0_0=w2[0], W2_0_1=w2[1], b2_0=b2)
        free = dense.parameters(W1=w1, b1=b1, W2=[w2], b2=[b2])
        assert theta == free
        ours, theirs = es.decide(covering, theta), es.decide(dense, free)
        assert ours.status is theirs.status and ours.risk == theirs.risk
        statuses.add(ours.status)
    assert {es.Status.PROVED, es.Status.REFUTED} <= statuses


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: build(4, [2], input_channels=numpy.array([2])), "the number of input channels must be an integer"),
        (lambda: build((1, 3, 3), [1], dilation=numpy.array(1.0)), "the dilation of layer 1 must be an integer"),
        (lambda: build(numpy.array(2.0), [1]), "the number of inputs must be an integer"),
        (lambda: build(4, numpy.array(2)), "the lengths of the filters must be a list"),
        (lambda: build(4, [1], biases=numpy.array(2)), "biases are one truth value, or a list of them"),
        (lambda: build(4, [2], groups=2), "layer 1 reads 1 channel, which do not fall into 2 groups"),
        (lambda: build(4, [2], channels=[3], input_channels=4, groups=2), "layer 1 makes 3 channels, which do not fall into 2"),
        (lambda: build(4, [2], groups=0), "the number of groups of layer 1 must be an integer, at least 1"),
        (lambda: build(4, [2], groups=[1, 1]), "one number of groups for each layer"),
        (lambda: build(4, [2], dilation=0), "the dilation of layer 1 must be an integer, at least 1"),
        (lambda: build(4, [2], dilation=[1, 1]), "one dilation for each layer"),
        (lambda: build(4, [2], dilation=4), "length 2 with stride 1 and dilation 4 does not fit on 4 entries"),
        (lambda: build(4, [2], dilation=2, strides=4, padding=1), "its span plus a multiple of the stride"),
        (lambda: build(4, [2], strides=0), "the stride of layer 1 must be an integer, at least 1"),
        (lambda: build((1, 1, 1), [3], padding=1), "its entry 0 reads nothing but zeros"),
        (lambda: build(10**9, [10**9]), "is too large"),
        (lambda: build(10**9, [1]), "is too large"),
        (lambda: build(4, [1], channels=[10**12]), "is too large"),
        (lambda: build(4, [1], dense=[10**9]), "is too large"),
        (lambda: build(10**4, [3], padding=10**9), "is too large"),
    ],
)
def test_bad_input_is_named(ask: Any, told: str) -> None:
    with pytest.raises(es.ExactsurfError) as caught:
        ask()
    assert told in str(caught.value), caught.value
