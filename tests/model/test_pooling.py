"""Pooling of restricted networks: what they compute is the mean or the largest entry that the definition says."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from tests.model.pictures import filtered, pooled
from tests.model.test_restrictions import predictions

build: Any = es.convolution
ACTIVATIONS: dict[str, Any] = {
    "relu": (es.relu, lambda z: max(z, Fraction(0))),
    "leaky": (es.leaky_relu("1/3"), lambda z: z if z > 0 else z / 3),
    "falling": (es.leaky_relu("-1/2"), lambda z: z if z > 0 else -z / 2),
    "relu6": (es.relu6, lambda z: min(max(z, Fraction(0)), Fraction(6))),
}


def numbers(source: random.Random, count: int, span: int = 9) -> list[Fraction]:
    return [Fraction(source.randint(-span, span), source.randint(1, 4)) for _ in range(count)]


def pair(value: Any) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value, value)


SHAPES: list[tuple[Any, ...]] = [
    ((2, 5, 5), 2, {"kernel": 2}),
    ((1, 6, 5), (1, 2), {"kernel": (3, 2), "stride": (1, 2)}),
    ((1, 4, 4), 1, {"kernel": 3, "stride": 2, "padding": 1}),
    ((1, 5, 4), 2, {"kernel": (2, 3), "stride": (2, 1), "padding": (1, 0)}),
    ((1, 2, 2), 1, {"kernel": 1}),
]


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("kind", ["average", "average of the places", "max"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_pooled_layer_between_a_convolution_and_a_head(shape: Any, kind: str, activation: str) -> None:
    size, kernel, options = shape
    h, function = ACTIVATIONS[activation]
    source = random.Random(f"{shape}{kind}{activation}")
    word, counts = kind.split()[0], kind == "average"
    pooling = es.Pooling(word, counts_padding=counts, **options)  # type: ignore[arg-type]
    common: dict[str, Any] = {"channels": [2], "activation": h, "pooling": pooling, "floor": True, "biases": True, "dense": [2]}
    network = es.convolution(size, [kernel], **common)
    values = dict(zip(network.names, numbers(source, network.dimension), strict=True))
    flat = numbers(source, int(numpy.prod(size)), 4)
    weight = numpy.zeros((2, size[0], *pair(kernel)), dtype=object)
    for place in numpy.ndindex(*weight.shape):
        weight[place] = values["_".join(map(str, ("w1", *place)))]
    x = numpy.array(flat, dtype=object).reshape(size)
    hidden = filtered(x, weight, [values["b1_0"], values["b1_1"]], (1, 1), (0, 0), (1, 1), 1)
    hidden = numpy.vectorize(function, otypes=[object])(hidden)
    sizes = pair(options["kernel"])
    hidden = pooled(
        hidden, word, sizes, pair(options.get("stride", sizes)), pair(options.get("padding", 0)), counts_padding=counts
    ).flatten()
    number = network.network.layers
    expected = [sum(values[f"W{number}_{o}_{j}"] * v for j, v in enumerate(hidden)) + values[f"b{number}_{o}"] for o in range(2)]
    assert len(hidden) * 2 + weight.size + 2 + 2 == network.dimension
    assert predictions(network, [flat], **values) == [expected]


@given(st.lists(st.fractions(-4, 4, max_denominator=3), min_size=7, max_size=7), st.integers(2, 5))
def test_a_largest_entry_of_any_window_length(inputs: list[Fraction], kernel: int) -> None:
    """⌈log₂ n⌉ hidden layers for windows of n entries, also where windows overlap and are dilated."""
    span, dilation = 7, 2 if kernel < 4 else 1
    pooling = es.Pooling("max", kernel, stride=1, dilation=dilation)
    network = es.convolution(span, [1], pooling=pooling, head=[1] * (span - dilation * (kernel - 1)))
    assert network.network.layers == 2 + (kernel - 1).bit_length() and network.dimension == 1
    x = [max(v, Fraction(0)) for v in inputs]
    expected = pooled(numpy.array([x], dtype=object), "max", (kernel,), (1,), (0,), dilation=(dilation,)).sum()
    assert predictions(network, [inputs], w1_0=Fraction(1)) == [[expected]]


def test_two_poolings_in_a_row_of_convolutions() -> None:
    """max, convolution, mean: each stands behind its own layer, and the mean of the last layer is the output."""
    source = random.Random(4)
    network = es.convolution(
        (1, 6, 6),
        [3, 1],
        channels=[2, 2],
        groups=[1, 2],
        pooling=[es.Pooling("max", 2), es.Pooling("average", 2)],
        biases=[True, False],
    )
    assert network.network.widths == (36, 32, 16 + 16, 4 * 2 + 8, 2)
    values = dict(zip(network.names, numbers(source, network.dimension), strict=True))
    flat = numbers(source, 36, 4)
    first = numpy.array([[[values[f"w1_{o}_0_{i}_{j}"] for j in range(3)] for i in range(3)] for o in range(2)], dtype=object)
    last = numpy.array([[[[values["w4_0_0_0_0"]]]], [[[values["w4_1_0_0_0"]]]]], dtype=object).reshape(2, 1, 1, 1)
    x = numpy.array(flat, dtype=object).reshape(1, 6, 6)
    hidden = filtered(x, first.reshape(2, 1, 3, 3), [values["b1_0"], values["b1_1"]], (1, 1), (0, 0), (1, 1), 1)
    hidden = pooled(numpy.maximum(hidden, 0), "max", (2, 2), (2, 2), (0, 0))
    out = pooled(filtered(hidden, last, None, (1, 1), (0, 0), (1, 1), 2), "average", (2, 2), (2, 2), (0, 0))
    assert predictions(network, [flat], **values) == [list(out.flatten())]


def test_the_risk_of_a_cell_has_the_derivatives_of_the_formula() -> None:
    """½ Σ (v · ¼ Σ max(0, w x_k) − y)², differentiated by SymPy where all w x_k > 0."""
    network = es.convolution((1, 2, 2), [1], pooling=es.Pooling("average", 2), dense=[1])
    data = es.Data.from_arrays([[1, 2, 3, 4], [2, 1, 1, 1]], [3, 5])
    problem = es.RestrictedProblem(network, data)
    theta = problem.parameters(w1_0_0_0_0=2, W2_0_0=3)
    w, v = sympy.symbols("w1_0_0_0_0 W2_0_0")
    risk = sum((v * w * sympy.Rational(total, 4) - y) ** 2 / 2 for total, y in ((10, 3), (5, 5)))
    found = problem.cell(theta).risk.as_expr()
    assert sympy.expand(found - risk) == 0
    for symbol in (w, v):
        assert sympy.expand(sympy.diff(found, symbol) - sympy.diff(risk, symbol)) == 0


def test_a_largest_entry_keeps_one_free_weight_on_each_path() -> None:
    """Maxima have fixed weights, so that a shared filter under a fixed head keeps its exact landscape."""
    network = es.convolution(4, [2], pooling=es.Pooling("max", 3), head=[1])
    data = es.Data.from_arrays([[1, 0, 2, -1], [0, 1, -1, 1], [2, -1, 0, 1]], [2, 1, 1])
    problem = es.RestrictedProblem(network, data)
    land = es.landscape(problem)
    best = es.certify_global_minimum(land)
    assert es.verify(best.encoded).risk == best.risk == land.global_minimum.risk

    def risk(a: Fraction, b: Fraction) -> Fraction:
        rows = [[1, 0, 2, -1], [0, 1, -1, 1], [2, -1, 0, 1]]
        outputs = [max(Fraction(0), *(a * row[k] + b * row[k + 1] for k in range(3))) for row in rows]
        return sum(((f - y) ** 2 / 2 for f, y in zip(outputs, (2, 1, 1), strict=True)), Fraction(0))

    grid = [Fraction(k, 4) for k in range(-8, 9)]
    assert all(risk(a, b) == problem.risk(problem.parameters(w1_0=a, w1_1=b)) for a in grid[::4] for b in grid[::4])
    assert best.risk <= min(risk(a, b) for a in grid for b in grid)
    assert risk(*problem.values(land.global_minimum.parameters)) == best.risk


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: es.Pooling("mean", 2), "a pooling is one of these kinds: average, max"),  # type: ignore[arg-type]
        (lambda: es.Pooling("average", 2, dilation=2), "an average pooling has no dilation"),
        (lambda: es.Pooling("average", 2, counts_padding=1), "counts_padding is True or False"),  # type: ignore[arg-type]
        (lambda: build(4, [1], pooling="max"), "the pooling of layer 1 is a Pooling or None"),
        (lambda: build(4, [1], pooling=[None, None]), "one pooling or None for each layer"),
        (
            lambda: build(4, [1], pooling=es.Pooling("max", 0)),
            "the windows in layer 1 must be an integer, at least 1",
        ),
        (lambda: build(4, [1], pooling=es.Pooling("max", 2, stride=0)), "the stride of the pooling in layer 1 must be"),
        (lambda: build(4, [1], pooling=es.Pooling("max", (2, 2))), "the size of the windows in layer 1 must be an integer"),
        (lambda: build((1, 2, 2), [1], pooling=es.Pooling("max", (2,))), "a pair (height, width)"),
        (
            lambda: build(4, [1], pooling=es.Pooling("max", 5)),
            "a pooling window of length 5 with stride 5 does not fit",
        ),
        (lambda: build(5, [1], pooling=es.Pooling("average", 2), head=[1, 1]), "floor=True leaves out the last ones"),
        (lambda: build(4, [1], pooling=es.Pooling("average", 2, padding=2)), "is more than half of its windows"),
        (lambda: build(4, [1], pooling=es.Pooling("max", 2)), "the pooling of layer 1 stands behind no activation"),
        (
            lambda: build(4, [1], pooling=es.Pooling("max", 2), head=[1, 1], activation="tanh"),
            "is no network with the activation",
        ),
        (lambda: build(4, [1], pooling=es.Pooling("max", 2), head=[1, 1], activation="linear"), "relu, relu6 and those with two"),
        (lambda: build(4, [1], pooling=es.Pooling("max", 2), head=[1, 1], activation="hard_tanh"), "no network with"),
        (lambda: build(4, [1], pooling=es.Pooling("max", 2), head=[1, 1], activation="absolute_value"), "no network with"),
        (lambda: build(4, [1], pooling=es.Pooling("average", 2, 1, 1), dense=[1]), "where windows of a mean overlap"),
        (lambda: build(4, [1], pooling=es.Pooling("max", 2), head=[1]), "row 0 of W3 has the wrong shape: expected 2"),
    ],
)
def test_bad_input_is_named(ask: Any, told: str) -> None:
    with pytest.raises(es.ExactsurfError) as caught:
        ask()
    assert told in str(caught.value), caught.value
