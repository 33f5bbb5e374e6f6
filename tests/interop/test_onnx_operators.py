"""ONNX operators beside products: folded exactly, reshaped without mixing samples, or refused with what is in the way."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsurf as es

onnx = pytest.importorskip("onnx")
helper = onnx.helper

W1, B1 = [[1.0, -0.5], [0.25, 2.0], [-1.0, 1.0]], [0.5, 0.0, -0.25]
W2, B2 = [[1.0, -2.0, 0.5]], [0.125]
SAMPLES = [[-2, 1], [0, 3], [1, -1], [4, 2]]


def node(kind: str, inputs: str, output: str, **attributes: Any) -> Any:
    return helper.make_node(kind, inputs.split(), [output], **attributes)


def first(x: str) -> Any:
    return node("Gemm", f"{x} W1 b1", "z", transB=1)


def last(output: str) -> Any:
    return node("Gemm", "a W2 b2", output, transB=1)


RELU = node("Relu", "z", "a")


def model_of(nodes: Sequence[Any], constants: dict[str, Any], shape: Sequence[Any], *, out: Sequence[Any] = ("N", 1)) -> Any:
    known = {"W1": W1, "b1": B1, "W2": W2, "b2": B2}
    tensors = [onnx.numpy_helper.from_array(np.asarray(v, np.float32), name) for name, v in known.items()]
    tensors += [onnx.numpy_helper.from_array(np.asarray(v), name) for name, v in constants.items()]
    ends = [helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, s) for n, s in (("x", shape), ("y", out))]
    graph = helper.make_graph(list(nodes), "g", ends[:1], ends[1:], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    onnx.checker.check_model(model)
    return model


def predictions(model: Any, read: Any, shape: Sequence[Any]) -> tuple[list[Fraction], list[Fraction]]:
    """What the reference evaluator says of every sample, and what the network that was read computes."""
    run = importlib.import_module("onnx.reference").ReferenceEvaluator(model).run
    rows = [np.array(sample, np.float32).reshape([1 if isinstance(n, str) else n for n in shape]) for sample in SAMPLES]
    expected = [Fraction(float(np.asarray(run(None, {"x": row})[0]).reshape(-1)[0])) for row in rows]
    data = es.Data.from_arrays(SAMPLES, [0] * len(SAMPLES))
    (outputs,) = read.problem(data).forward(read.parameters).outputs
    return expected, list(outputs.fractions())


def f32(values: Any) -> np.ndarray[Any, Any]:
    return np.array(values, np.float32)


def i64(values: Any) -> np.ndarray[Any, Any]:
    return np.array(values, np.int64)


TAIL = [RELU, last("y")]
READ: dict[str, tuple[list[Any], dict[str, Any], list[Any], list[Any]]] = {
    "01 reshape view": ([node("Reshape", "x s", "r"), first("r"), *TAIL], {"s": i64([-1, 2])}, ["N", 1, 1, 2], ["N", 1]),
    "02 reshape rank 2": ([node("Reshape", "x s", "r"), first("r"), *TAIL], {"s": i64([-1, 2])}, ["N", 2], ["N", 1]),
    "reshape keeps the batch": ([node("Reshape", "x s", "r"), first("r"), *TAIL], {"s": i64([0, -1])}, ["N", 1, 2], ["N", 1]),
    "reshape of one sample": ([node("Reshape", "x s", "r"), first("r"), *TAIL], {"s": i64([1, -1])}, [1, 2, 1], [1, 1]),
    "03 normalisation": (
        [node("Sub", "x m", "c"), node("Div", "c d", "r"), first("r"), *TAIL],
        {"m": f32([1, 2]), "d": f32([2, 4])},
        ["N", 2],
        ["N", 1],
    ),
    "04 shifted, then flattened": (
        [node("Sub", "x m", "c"), node("Flatten", "c", "r", axis=1), first("r"), *TAIL],
        {"m": f32([[[[1, -0.5]]]])},
        [1, 1, 1, 2],
        [1, 1],
    ),
    "05 flatten from axis 0 of one sample": ([node("Flatten", "x", "r", axis=0), first("r"), *TAIL], {}, [1, 2], [1, 1]),
    "12 squeeze behind": ([first("x"), RELU, last("w"), node("Squeeze", "w ax", "y")], {"ax": i64([1])}, ["N", 2], ["N"]),
    "squeezed and scaled": (
        [first("x"), RELU, last("w"), node("Squeeze", "w ax", "q"), node("Mul", "q k", "y")],
        {"ax": i64([-1]), "k": f32(-3)},
        ["N", 2],
        ["N"],
    ),
    "13 output scaled": (
        [first("x"), RELU, last("w"), node("Mul", "w sc", "t"), node("Add", "t of", "y")],
        {"sc": f32(2), "of": f32(1)},
        ["N", 2],
        ["N", 1],
    ),
    "output turned round": ([first("x"), RELU, last("w"), node("Sub", "of w", "y")], {"of": f32([5])}, ["N", 2], ["N", 1]),
    "hidden units scaled": (
        [first("x"), node("Mul", "z k", "s"), node("Neg", "s", "n"), node("Relu", "n", "a"), last("y")],
        {"k": f32([2, -1, 0.5])},
        ["N", 2],
        ["N", 1],
    ),
    "scaled behind the activation": (
        [first("x"), node("Relu", "z", "h"), node("Div", "h k", "s"), node("Add", "s k", "a"), last("y")],
        {"k": f32([[2, -1, 0.5]])},
        ["N", 2],
        ["N", 1],
    ),
    "17 PRelu with one slope": ([first("x"), node("PRelu", "z sl", "a"), last("y")], {"sl": f32([0.25])}, ["N", 2], ["N", 1]),
    "PRelu with equal slopes": ([first("x"), node("PRelu", "z sl", "a"), last("y")], {"sl": f32([0.5] * 3)}, ["N", 2], ["N", 1]),
    "18 max with 0": ([first("x"), node("Max", "z zero", "a"), last("y")], {"zero": f32(0)}, ["N", 2], ["N", 1]),
    "min and max are a clipping": (
        [first("x"), node("Min", "six z", "m"), node("Max", "m zero", "a"), last("y")],
        {"zero": f32(0), "six": f32([6])},
        ["N", 2],
        ["N", 1],
    ),
    "unsqueezed and back": (
        [node("Unsqueeze", "x ax", "u"), node("Squeeze", "u ax", "s"), first("s"), *TAIL],
        {"ax": i64([1])},
        ["N", 2],
        ["N", 1],
    ),
}


@pytest.mark.parametrize("case", READ, ids=str)
def test_the_network_predicts_what_the_model_predicts(case: str) -> None:
    nodes, constants, shape, out = READ[case]
    model = model_of(nodes, constants, shape, out=out)
    read = es.from_onnx(model)
    expected, found = predictions(model, read, shape)
    assert found == expected and len(set(found)) > 1


def test_what_was_folded_is_said() -> None:
    nodes, constants, shape, _ = READ["03 normalisation"]
    read = es.from_onnx(model_of(nodes, constants, shape))
    assert read.notes == ("node 0 (Sub) and node 1 (Div) were folded exactly into the weights and bias of node 2 (Gemm)",)
    nodes, constants, shape, _ = READ["13 output scaled"]
    assert es.from_onnx(model_of(nodes, constants, shape)).notes == (
        "node 3 (Mul) was folded exactly into the weights and bias of node 2 (Gemm)",
    )
    assert repr(es.from_onnx(model_of(*READ["min and max are a clipping"][:3])).network.activation) == "relu6"


def test_division_is_exact() -> None:
    nodes = [node("Div", "x d", "r"), first("r"), *TAIL]
    read = es.from_onnx(model_of(nodes, {"d": f32([3, 7])}, ["N", 2]))
    assert read.parameters["W1"][0] == (Fraction(1, 3), Fraction(-1, 14))


SMOOTH: dict[str, tuple[dict[str, float], es.Activation | None]] = {
    "Sigmoid": ({}, es.sigmoid),
    "Tanh": ({}, es.tanh),
    "Atan": ({}, es.arctan),
    "Softplus": ({}, es.softplus),
    "Elu": ({"alpha": 0.5}, es.elu("1/2")),
    "Selu": ({}, None),
}


@pytest.mark.parametrize("kind", SMOOTH, ids=str)
def test_smooth_hidden_units(kind: str) -> None:
    """The enclosed risk of the network that was read agrees with the reference evaluator as far as its float32 numbers go."""
    attributes, activation = SMOOTH[kind]
    model = model_of([first("x"), node(kind, "z", "a", **attributes), last("y")], {}, ["N", 2])
    read = es.from_onnx(model)
    assert activation is None or read.network.activation == activation
    run = importlib.import_module("onnx.reference").ReferenceEvaluator(model).run
    for sample in SAMPLES:
        expected = Fraction(float(run(None, {"x": np.array([sample], np.float32)})[0][0, 0]))
        risk = read.problem(es.Data.from_arrays([sample], [0])).risk(read.parameters)  # half the square of the output
        middle = risk if isinstance(risk, Fraction) else risk.midpoint
        assert abs(2 * middle - expected**2) < Fraction(1, 10**4) * (1 + expected**2)


def test_a_smooth_model_is_rounded_without_its_activation() -> None:
    read = es.from_onnx(model_of([first("x"), node("Tanh", "z", "a"), last("y")], {}, ["N", 2]), digits=1)
    assert read.network.activation is es.tanh and read.largest_change == Fraction(1, 20)


REFUSED: dict[str, tuple[list[Any], dict[str, Any], list[Any], list[Any], str]] = {
    "10 output relu": (
        [first("x"), RELU, last("w"), node("Relu", "w", "y")],
        {},
        ["N", 2],
        ["N", 1],
        r"node 3 \(Relu\) stands behind the last affine layer.*leave it out",
    ),
    "11 output sigmoid": (
        [first("x"), RELU, last("w"), node("Sigmoid", "w", "y")],
        {},
        ["N", 2],
        ["N", 1],
        r"node 3 \(Sigmoid\) stands behind the last affine layer.*leave it out.*logistic",
    ),
    "15 input not used": (
        [helper.make_node("Constant", [], ["y"], value_floats=[1.0])],
        {},
        [1, 2],
        [1],
        "the output 'y' of the ONNX model is a constant: 'x' is not used",
    ),
    "flatten joins samples": (
        [node("Flatten", "x", "r", axis=0), first("r"), *TAIL],
        {},
        ["N", 2],
        [1, 1],
        "join or cut.*axis 1",
    ),
    "reshape cuts samples": (
        [node("Reshape", "x s", "r"), first("r"), *TAIL],
        {"s": i64([-1, 2])},
        ["N", 4],
        ["N", 1],
        r"node 0 \(Reshape\) of the ONNX model reshapes to \[-1, 2\], which may join or cut samples",
    ),
    "reshape joins samples": (
        [node("Reshape", "x s", "r"), first("r"), *TAIL],
        {"s": i64([1, -1])},
        ["N", 2],
        [1, 1],
        r"to \[1, -1\], which may join",
    ),
    "different slopes": (
        [first("x"), node("PRelu", "z sl", "a"), last("y")],
        {"sl": f32([0, 1, 2])},
        ["N", 2],
        ["N", 1],
        "3 different values of its slope; exactsurf has one activation",
    ),
    "different bounds": (
        [first("x"), node("Max", "z m", "a"), last("y")],
        {"m": f32([0, 1, 2])},
        ["N", 2],
        ["N", 1],
        "3 different values of its bound",
    ),
    "constant over the chain": (
        [node("Div", "one x", "r"), first("r"), *TAIL],
        {"one": f32(1)},
        ["N", 2],
        ["N", 1],
        "divides a constant",
    ),
    "division by 0": ([node("Div", "x d", "r"), first("r"), *TAIL], {"d": f32([1, 0])}, ["N", 2], ["N", 1], "divides by 0"),
    "shift before an activation": (
        [node("Sub", "x m", "c"), node("Relu", "c", "r"), first("r"), *TAIL],
        {"m": f32(1)},
        ["N", 2],
        ["N", 1],
        r"node 1 \(Relu\) of the ONNX model follows node 0 \(Sub\) without a product",
    ),
    "one shift a sample": (
        [first("x"), node("Add", "z m", "s"), node("Relu", "s", "a"), last("y")],
        {"m": f32([[1], [2]])},
        [2, 2],
        [2, 1],
        "the summand of node 1",
    ),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_refusals_agree_with_the_model(case: str) -> None:
    nodes, constants, shape, out, message = REFUSED[case]
    with pytest.raises((es.UnsupportedError, es.ShapeError), match=message):
        es.from_onnx(model_of(nodes, constants, shape, out=out))


def test_no_refusal_lists_its_own_operator_as_supported() -> None:
    """Whatever is refused, the message does not say in the same breath that it is supported."""
    for nodes, constants, shape, out, _ in REFUSED.values():
        with pytest.raises(es.ExactsurfError) as raised:
            es.from_onnx(model_of(nodes, constants, shape, out=out))
        assert "supported:" not in str(raised.value)
