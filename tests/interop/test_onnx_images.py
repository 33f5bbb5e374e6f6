"""ONNX models of images, against ONNX's own reference evaluator on numbers that floats hold exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsurf as es
from tests.model.pictures import pooled

pytest.importorskip("onnx")
from tests.interop.test_onnx_model import model_of, node, reference

RANDOM = np.random.default_rng(11)


def eighths(*shape: int) -> Any:
    return (RANDOM.integers(-16, 17, shape) / 8).astype(np.float32)


def outputs(read: Any, x: Any) -> list[list[Fraction]]:
    """What the imported network computes of samples that are flattened."""
    flat = [[Fraction(float(v)) for v in sample.reshape(-1)] for sample in x]
    problem = read.problem(es.Data.from_arrays(flat, [[0] * read.network.widths[-1]] * len(flat)))
    return [list(row) for row in getattr(problem, "unrestricted", problem).predictions(read.parameters)]


def assert_same(nodes: list[Any], constants: dict[str, Any], shape: tuple[int, ...], **options: Any) -> Any:
    model = model_of(nodes, constants, ("N", *shape))
    del model.graph.output[0].type.tensor_type.shape.dim[:]
    read = es.from_onnx(model, **options)
    x = RANDOM.integers(-3, 4, (3, *shape)).astype(np.float32)
    expected = reference(model, x).reshape(3, -1)
    assert outputs(read, x) == [[Fraction(float(v)) for v in row] for row in expected]
    assert read.restriction is not None and read.restriction.holds(read.parameters)
    assert read.network == read.restriction.network and read.is_exact
    return read


CONVOLUTIONS: dict[str, tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = {
    "plain": ((1, 4, 4), (2, 1, 3, 3), {}),
    "stride, pads on four sides": ((2, 5, 4), (3, 2, 2, 3), {"strides": [2, 1], "pads": [1, 0, 0, 2]}),
    "dilation": ((1, 6, 5), (2, 1, 2, 2), {"dilations": [3, 2], "pads": [1, 1, 1, 1]}),
    "groups": ((4, 3, 3), (6, 2, 2, 2), {"group": 2}),
    "depthwise in one dimension": ((3, 7), (3, 1, 3), {"group": 3, "strides": [2], "pads": [1, 1]}),
    "same upper": ((1, 5, 4), (1, 1, 2, 3), {"auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    "same lower": ((1, 4, 4), (2, 1, 2, 2), {"auto_pad": "SAME_LOWER"}),
    "valid": ((1, 5, 5), (1, 1, 3, 2), {"auto_pad": "VALID", "strides": [2, 2]}),
    "one pixel": ((2, 1, 1), (2, 2, 3, 3), {"pads": [1, 1, 1, 1]}),
}


@pytest.mark.parametrize("activation", ["Relu", "LeakyRelu"])
@pytest.mark.parametrize("case", CONVOLUTIONS, ids=str)
def test_a_convolution_below_a_linear_layer(case: str, activation: str) -> None:
    shape, filters, attributes = CONVOLUTIONS[case]
    nodes = [
        node("Conv", ["x", "K", "b"], "z", kernel_shape=list(filters[2:]), **attributes),
        node(activation, ["z"], "h", **({"alpha": 0.25} if activation == "LeakyRelu" else {})),
        node("Flatten", ["h"], "f"),
        node("Gemm", ["f", "W", "c"], "y", transB=1),
    ]
    constants = {"K": eighths(*filters), "b": eighths(filters[0]), "W": eighths(1, 1), "c": eighths(2)}
    places = reference(_until(nodes[:1], constants, shape), np.zeros((1, *shape), np.float32)).size
    constants["W"] = eighths(2, places)
    read = assert_same(nodes, constants, shape)
    entries = int(np.prod(filters))
    if case == "one pixel":  # eight of nine entries read zeros of the padding
        assert "read nothing but zeros of the padding" in read.notes[-1] and read.restriction.dimension == 4 + 2 + 2 * 2 + 2
    else:
        assert read.restriction.dimension == entries + filters[0] + 2 * places + 2


def _until(nodes: list[Any], constants: dict[str, Any], shape: tuple[int, ...]) -> Any:
    """The model up to an inner node, to ask the evaluator for its shape."""
    model = model_of([*nodes, node("Identity", [nodes[-1].output[0]], "y")], constants, ("N", *shape))
    del model.graph.output[0].type.tensor_type.shape.dim[:]
    return model


POOLS: dict[str, tuple[str, dict[str, Any]]] = {
    "average": ("AveragePool", {"kernel_shape": [2, 2], "strides": [2, 2]}),
    "average without a stride": ("AveragePool", {"kernel_shape": [1, 2]}),
    "average of the places": ("AveragePool", {"kernel_shape": [2, 2], "strides": [2, 2], "pads": [1, 1, 1, 1]}),
    "average with zeros": (
        "AveragePool",
        {"kernel_shape": [2, 2], "strides": [2, 2], "pads": [1, 0, 1, 0], "count_include_pad": 1},
    ),
    "max": ("MaxPool", {"kernel_shape": [2, 2], "strides": [2, 2]}),
    "max with overlap and padding": ("MaxPool", {"kernel_shape": [3, 2], "strides": [1, 2], "pads": [1, 0, 1, 0]}),
    "max with dilation": ("MaxPool", {"kernel_shape": [2, 2], "strides": [1, 1], "dilations": [2, 1]}),
    "max with ceil": ("MaxPool", {"kernel_shape": [2, 2], "strides": [2, 3], "ceil_mode": 1}),
    "global average": ("GlobalAveragePool", {}),
    "global max": ("GlobalMaxPool", {}),
    "mean": ("ReduceMean", {"axes": [2, 3]}),
    "mean without axes": ("ReduceMean", {"axes": [-1, -2], "keepdims": 0}),
}


PLACES = ("behind the activation", "before it", "at the end", "before the convolution")
# Before the convolution the largest inputs can be taken of the data, and a mean without axes is no image.
BOTH = [
    (case, place) for case in POOLS for place in PLACES if place != PLACES[-1] or not ("max" in case or "without axes" in case)
]


@pytest.mark.parametrize(("case", "place"), BOTH, ids=str)
def test_pooling_at_every_place(case: str, place: str) -> None:
    kind, attributes = POOLS[case]
    size = (1, 5, 5) if place != "before the convolution" else (1, 4, 4)
    pool, conv, relu = (kind, attributes), ("Conv", {}), ("Relu", {})
    order = {
        "behind the activation": [conv, relu, pool],
        "before it": [conv, pool, relu],
        "before the convolution": [pool, conv, relu],
        "at the end": [conv, relu, pool],
    }[place]
    kernel = eighths(2, 1, 2, 2) if place != "before the convolution" else eighths(2, 1, 1, 1)
    constants: dict[str, Any] = {"K": kernel, "b": eighths(2)}
    nodes, current = [], "x"
    for k, (name, options) in enumerate(order):
        nodes.append(node(name, [current, "K", "b"] if name == "Conv" else [current], f"t{k}", **options))
        current = f"t{k}"
    places = reference(_until(nodes, constants, size), np.zeros((1, *size), np.float32)).size
    nodes.append(node("Flatten", [current], "f" if place != "at the end" else "y"))
    if place != "at the end":
        constants["W"] = eighths(1, places)
        nodes.append(node("Gemm", ["f", "W"], "y", transB=1))
    assert_same(nodes, constants, size)


def test_two_convolutions_with_a_normalisation_folded() -> None:
    """Scales and shifts by channel before the first convolution, behind it, and before the next one."""
    nodes = [
        node("Sub", ["x", "mean"], "s"),
        node("Div", ["s", "deviation"], "d"),
        node("Conv", ["d", "K", "b"], "z"),
        node("Mul", ["z", "gamma"], "m"),
        node("Add", ["m", "beta"], "n"),
        node("Relu", ["n"], "h"),
        node("MaxPool", ["h"], "p", kernel_shape=[2, 2], strides=[2, 2]),
        node("Mul", ["p", "half"], "q"),
        node("Conv", ["q", "L"], "w", group=2),
        node("Relu", ["w"], "v"),
        node("GlobalAveragePool", ["v"], "g"),
        node("Flatten", ["g"], "y"),
    ]
    constants = {
        "mean": eighths(2, 1, 1),
        "deviation": np.array([[[2.0]], [[0.5]]], np.float32),
        "K": eighths(2, 2, 2, 2),
        "b": eighths(2),
        "gamma": eighths(1, 2, 1, 1),
        "beta": eighths(1, 2, 1, 1),
        "half": np.float32(0.5),
        "L": eighths(2, 1, 1, 1),
    }
    read = assert_same(nodes, constants, (2, 5, 5))
    assert any("folded exactly" in note for note in read.notes)


@pytest.mark.parametrize("mode", ["constant", "reflect", "edge"])
def test_padding_by_a_node(mode: str) -> None:
    pads = np.array([0, 0, 1, 0, 0, 0, 0, 1], np.int64)
    nodes = [
        node("Pad", ["x", "pads"], "p", mode=mode),
        node("Conv", ["p", "K"], "z"),
        node("Relu", ["z"], "h"),
        node("Flatten", ["h"], "f"),
        node("Gemm", ["f", "W"], "y"),
    ]
    assert_same(nodes, {"pads": pads, "K": eighths(1, 1, 2, 2), "W": eighths(9, 1)}, (1, 3, 3))


def test_means_of_overlapping_windows_leave_a_basis_free() -> None:
    """Nine means of four units: the linear layer has nine numbers, and four of them, or combinations, are free."""
    nodes = [
        node("Conv", ["x", "K"], "z"),
        node("Relu", ["z"], "h"),
        node("AveragePool", ["h"], "p", kernel_shape=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1),
        node("Flatten", ["p"], "f"),
        node("Gemm", ["f", "W"], "y"),
    ]
    read = assert_same(nodes, {"K": eighths(1, 1, 1, 1), "W": eighths(9, 1)}, (1, 2, 2))
    assert read.restriction.dimension == 1 + 4 and "combinations of what others weigh" in read.notes[-1]


def test_a_window_of_three_by_the_definition() -> None:
    """A third is no float: means of three entries against the definition, exactly."""
    constants = {"K": eighths(1, 1, 1, 1), "W": np.ones((3, 1), np.float32)}
    nodes = [
        node("Conv", ["x", "K"], "z"),
        node("Relu", ["z"], "h"),
        node("AveragePool", ["h"], "p", kernel_shape=[1, 3], strides=[1, 1], pads=[0, 1, 0, 1]),
        node("Flatten", ["p"], "f"),
        node("Gemm", ["f", "W"], "y"),
    ]
    read = es.from_onnx(model_of(nodes, constants, ("N", 1, 1, 3)))
    x = np.array([[[[1, -2, 3]]]], np.float32)
    hidden = np.vectorize(lambda v: max(Fraction(float(v)) * Fraction(float(constants["K"][0, 0, 0, 0])), Fraction(0)), [object])
    expected = pooled(hidden(x[0]), "average", (1, 3), (1, 1), (0, 1), counts_padding=False).sum()
    assert outputs(read, x) == [[expected]]


def test_the_shape_of_images_that_the_model_does_not_say() -> None:
    nodes = [
        node("Conv", ["x", "K"], "z"),
        node("Relu", ["z"], "h"),
        node("GlobalAveragePool", ["h"], "g"),
        node("Flatten", ["g"], "y"),
    ]
    model = model_of(nodes, {"K": eighths(2, 1, 2, 2)}, ("N", 1, "H", "B"))
    with pytest.raises(es.InputError, match=r"does not say the shape of the images .* node 0 .*input_shape=\(1, 28, 28\)"):
        es.from_onnx(model)
    assert es.from_onnx(model, input_shape=(1, 3, 4)).network.widths == (12, 2 * 2 * 3, 2)
    with pytest.raises(es.ShapeError, match=r"a sample of the input 'x' has the wrong shape: expected 1 × \? × \?"):
        es.from_onnx(model, input_shape=(2, 3, 4))
    for bad in ((1, 0, 3), (1, 2, 3, 4), "1,2", (1.5, 2, 2)):
        with pytest.raises(es.InputError, match=r"shape of (an input|the inputs)"):
            es.from_onnx(model, input_shape=bad)  # type: ignore[arg-type]


def test_rounding_moves_filters_as_one() -> None:
    nodes = [node("Conv", ["x", "K"], "z"), node("Relu", ["z"], "h"), node("Flatten", ["h"], "f"), node("Gemm", ["f", "W"], "y")]
    constants = {"K": np.array([[[[1 / 3, 2 / 3]]]], np.float32), "W": np.array([[0.5], [1]], np.float32)}
    read = es.from_onnx(model_of(nodes, constants, ("N", 1, 1, 3)), denominator=10)
    assert read.restriction is not None
    assert dict(zip(read.restriction.names, read.restriction.values(read.parameters), strict=True)) == {
        "w1_0_0_0_0": Fraction(1, 3),
        "w1_0_0_0_1": Fraction(2, 3),
        "W2_0_0": Fraction(1, 2),
        "W2_0_1": 1,
    }
    assert read.largest_change == abs(Fraction(float(np.float32(2 / 3))) - Fraction(2, 3))
    assert "Restriction(" in repr(read)


CONV, RELU = node("Conv", ["x", "K"], "z"), node("Relu", ["z"], "h")
REFUSED: dict[str, tuple[list[Any], str]] = {
    "no flatten": ([CONV, RELU, node("MatMul", ["h", "V"], "y")], r"put Flatten"),
    "tanh before the largest": (
        [CONV, node("Tanh", ["z"], "t"), node("GlobalMaxPool", ["t"], "g"), node("Flatten", ["g"], "y")],
        r"node 2 \(GlobalMaxPool .* is no network with the activation tanh",
    ),
    "largest of the inputs": ([node("MaxPool", ["x"], "p", kernel_shape=[2, 2]), node("Conv", ["p", "K"], "y")], "no activation"),
    "largest at the end": ([CONV, node("GlobalMaxPool", ["z"], "y")], r"node 1 .* stands behind no activation"),
    "activation behind the last layer": ([CONV, node("Relu", ["z"], "y")], "node 1 .* behind the last affine layer"),
    "two convolutions in a row": (
        [CONV, node("Conv", ["z", "L"], "w"), node("Relu", ["w"], "h"), node("Conv", ["h", "L"], "y")],
        "different activations",
    ),
    "mean between the largest and the activation": (
        [
            CONV,
            node("MaxPool", ["z"], "p", kernel_shape=[2, 2]),
            node("AveragePool", ["p"], "q", kernel_shape=[2, 2]),
            node("Relu", ["q"], "h"),
            node("GlobalAveragePool", ["h"], "y"),
        ],
        "node 2 .* stands between a max pooling and the activation behind it",
    ),
    "a falling activation behind the largest": (
        [
            CONV,
            node("GlobalMaxPool", ["z"], "p"),
            node("LeakyRelu", ["p"], "h", alpha=-1.0),
            node("Conv", ["h", "L"], "y"),
        ],
        r"node 1 .* stands before the activation .* falls somewhere",
    ),
    "batch normalisation": (
        [CONV, node("BatchNormalization", ["z", "o", "o", "o", "o"], "y")],
        "node 1 .BatchNormalization .* fold it into the layer before it",
    ),
    "channels": ([node("Conv", ["x", "M"], "y")], r"the channels that enter node 0 .* expected 3, got 1"),
    "too small": ([node("Conv", ["x", "H"], "y")], r"node 0 .* windows of 5 × 5, which do not fit on 4 × 4 places"),
    "stride 0": ([node("Conv", ["x", "K"], "y", strides=[0, 1])], "the stride of node 0 .* at least 1"),
    "negative padding": ([node("Conv", ["x", "K"], "y", pads=[-1, 0, 0, 0])], "the padding of node 0 .* at least 0"),
    "shift before zeros": (
        [node("Add", ["x", "s"], "a"), node("Conv", ["a", "K"], "y", pads=[1, 1, 1, 1])],
        "pads with zeros behind a shift",
    ),
    "constants by place": ([CONV, node("Add", ["z", "field"], "y")], "node 1 .* differs from place to place within a channel"),
    "scale before a mean": (
        [node("Mul", ["x", "s"], "a"), node("GlobalAveragePool", ["a"], "g"), node("Conv", ["g", "L"], "y")],
        "node 1 .* follows node 0 .* without a product",
    ),
    "mean over channels": ([CONV, RELU, node("ReduceMean", ["h"], "y", axes=[1])], r"a mean over the axes \[1\]"),
    "padding of samples": (
        [node("Pad", ["x", "wide"], "p"), node("Conv", ["p", "K"], "y")],
        "node 0 .* pads other axes than those of places",
    ),
    "padding with ones": ([node("Pad", ["x", "pads", "one"], "p"), node("Conv", ["p", "K"], "y")], "pads with 1.0"),
    "reflection": (
        [node("Pad", ["x", "large"], "p", mode="reflect"), node("Conv", ["p", "K"], "y")],
        r"the padding \(5, 0\) of node 0 .* does not fit on 4 places",
    ),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_what_is_not_supported_is_named(case: str) -> None:
    nodes, message = REFUSED[case]
    constants: dict[str, Any] = {
        "K": eighths(1, 1, 2, 2),
        "L": eighths(1, 1, 1, 1),
        "M": eighths(1, 3, 1, 1),
        "H": eighths(1, 1, 5, 5),
        "V": eighths(3, 1),
        "o": np.ones(1, np.float32),
        "s": np.array([0.5], np.float32),
        "one": np.float32(1),
        "field": eighths(1, 1, 3, 3),
        "pads": np.array([0, 0, 1, 0, 0, 0, 0, 0], np.int64),
        "wide": np.array([1, 0, 0, 0, 0, 0, 0, 0], np.int64),
        "large": np.array([0, 0, 5, 0, 0, 0, 0, 0], np.int64),
    }
    model = model_of(nodes, constants, ("N", 1, 4, 4))
    with pytest.raises(es.ExactsurfError, match=message):
        es.from_onnx(model)
