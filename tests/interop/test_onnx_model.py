"""ONNX models, against ONNX's own reference evaluator on numbers that floats hold exactly."""

from __future__ import annotations

import importlib
import itertools
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsurf as es
from exactsurf.interop.onnx_model import from_onnx

onnx = pytest.importorskip("onnx")
helper, TensorProto = onnx.helper, onnx.TensorProto

X = np.array([[-2, 1], [0, 3], [1, -1], [4, 2]], dtype=np.float32)
RANDOM = np.random.default_rng(0)


def eighths(*shape: int):
    return (RANDOM.integers(-24, 25, shape) / 8).astype(np.float32)


def node(kind: str, inputs: list[str], output: str, **attributes):
    return helper.make_node(kind, inputs, [output], name=f"{kind}_{output}", **attributes)


def model_of(nodes, constants, shape=("N", 2)):
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["R", "C"][: len(shape)])],
        [onnx.numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    onnx.checker.check_model(model)
    return model


def reference(model, x):
    return importlib.import_module("onnx.reference").ReferenceEvaluator(model).run(None, {"x": x})[0]


def assert_same(model, *, columns_in=False, columns_out=False, **options):
    """The imported network and the reference evaluator agree exactly on X."""
    read = from_onnx(model, **options)
    problem = read.problem(es.Data.from_arrays(X.astype(int).tolist(), [[0] * read.network.widths[-1]] * len(X)))
    expected = reference(model, X.T.copy() if columns_in else X)
    exact = [f.fractions() for f in problem.forward(read.parameters).outputs]
    assert [[Fraction(float(v)) for v in row] for row in (expected if columns_out else expected.T)] == [list(f) for f in exact]
    return read


@pytest.mark.parametrize(("trans_a", "trans_b", "left"), list(itertools.product([0, 1], [0, 1], [True, False])))
def test_gemm_on_both_sides_with_its_four_attributes(trans_a: int, trans_b: int, left: bool):
    """x·B or A·x, each with both transpositions; alpha and beta; then a MatMul on the same side, where samples fit."""
    columns_in = trans_a == 1 if left else trans_b == 0
    shape = (2, "N") if columns_in else ("N", 2)
    if left:
        weight, bias, inputs = eighths(*((3, 2) if trans_b else (2, 3))), eighths(3), ["x", "W", "c"]
        second, follow = eighths(3, 1), ["h", "V"]
    else:
        weight, bias, inputs = eighths(*((2, 3) if trans_a else (3, 2))), eighths(3, 1), ["W", "x", "c"]
        second, follow = eighths(1, 3), ["V", "h"]
    nodes = [
        node("Gemm", inputs, "z", transA=trans_a, transB=trans_b, alpha=0.5, beta=-2.0),
        node("Relu", ["z"], "h"),
        node("MatMul", follow, "y"),
    ]
    read = assert_same(model_of(nodes, {"W": weight, "c": bias, "V": second}, shape), columns_in=columns_in, columns_out=not left)
    assert read.network == es.Network([2, 3, 1], es.relu, biases=[True, False])


BIASES = {"n": (3,), "1 × n": (1, 3), "1": (1,), "scalar": (), "1 × 1": (1, 1)}


@pytest.mark.parametrize("shape", BIASES, ids=str)
@pytest.mark.parametrize("kind", ["Gemm", "Add"])
def test_biases_are_broadcast(kind: str, shape: str):
    constants = {"W": eighths(2, 3), "c": eighths(*BIASES[shape])}
    nodes = (
        [node("Gemm", ["x", "W", "c"], "y")]
        if kind == "Gemm"
        else [node("MatMul", ["x", "W"], "m"), node("Add", ["c", "m"], "y")]
    )
    assert_same(model_of(nodes, constants))


ACTIVATIONS = {
    "Relu": (("Relu", {}), es.relu),
    "LeakyRelu": (("LeakyRelu", {"alpha": 0.25}), es.leaky_relu("1/4")),
    "Abs": (("Abs", {}), es.absolute_value),
}


@pytest.mark.parametrize("name", ACTIVATIONS, ids=str)
def test_activations(name: str):
    (kind, attributes), expected = ACTIVATIONS[name]
    constants = {"W": eighths(3, 2), "b": eighths(3), "V": eighths(1, 3), "c": eighths(1)}
    nodes = [
        node("Flatten", ["x"], "f"),
        node("Gemm", ["f", "W", "b"], "z", transB=1),
        node("Identity", ["z"], "i"),
        node(kind, ["i"], "h", **attributes),
        node("Dropout", ["h"], "d"),
        node("Gemm", ["d", "V", "c"], "y", transB=1),
    ]
    read = assert_same(model_of(nodes, constants))
    assert read.network.activation == expected
    assert "Dropout_d" in read.notes[0]


@pytest.mark.parametrize(("low", "high"), [(0, 6), (-1, 1), (0, None), (1, 2), (None, 3)])
def test_clip(low: int | None, high: int | None):
    bounds = {name: np.float32(v) for name, v in (("lo", low), ("hi", high)) if v is not None}
    inputs = ["z", "lo" if low is not None else "", "hi" if high is not None else ""]
    nodes = [node("Gemm", ["x", "W"], "z"), node("Clip", inputs, "h"), node("MatMul", ["h", "V"], "y")]
    read = assert_same(model_of(nodes, {"W": eighths(2, 3), "V": eighths(3, 2), **bounds}))
    names = {(0, 6): "relu6", (-1, 1): "hard_tanh", (0, None): "relu"}
    assert (low, high) not in names or repr(read.network.activation) == names[low, high]


def test_the_default_slope_is_a_float32():
    nodes = [node("Gemm", ["x", "W"], "z"), node("LeakyRelu", ["z"], "h"), node("MatMul", ["h", "V"], "y")]
    model = model_of(nodes, {"W": eighths(2, 3), "V": eighths(3, 1)})
    assert from_onnx(model).network.activation.slopes[0] == Fraction(float(np.float32(0.01)))
    assert from_onnx(model, activation="leaky_relu").network.activation == es.leaky_relu("1/100")


def test_constants_from_nodes_and_chains_of_transpositions():
    constant = helper.make_node("Constant", [], ["W"], value=onnx.numpy_helper.from_array(eighths(3, 2)))
    nodes = [
        constant,
        node("Transpose", ["W"], "Wt", perm=[1, 0]),
        node("MatMul", ["x", "Wt"], "z"),
        node("Transpose", ["z"], "zt"),
        node("Relu", ["zt"], "h"),
        node("MatMul", ["V", "h"], "y"),
    ]
    assert_same(model_of(nodes, {"V": eighths(2, 3)}), columns_out=True)


def test_a_weight_that_is_used_twice():
    nodes = [node("MatMul", ["x", "W"], "z"), node("Relu", ["z"], "h"), node("MatMul", ["h", "W"], "y")]
    read = assert_same(model_of(nodes, {"W": eighths(2, 2)}))
    assert "node 0 (MatMul 'MatMul_z') and node 2 (MatMul 'MatMul_y') share numbers" in read.notes[0]


def test_one_sample_as_a_vector():
    nodes = [
        node("MatMul", ["W", "x"], "m"),
        node("Add", ["m", "b"], "z"),
        node("Relu", ["z"], "h"),
        node("MatMul", ["h", "V"], "y"),
    ]
    constants = {"W": eighths(3, 2), "b": eighths(3), "V": eighths(3, 1)}
    model = model_of(nodes, constants, (2,))
    read = from_onnx(model)
    problem = read.problem(es.Data.from_arrays([[-2, 1]], [[0]]))
    assert problem.forward(read.parameters).outputs[0].fractions() == tuple(
        Fraction(float(v)) for v in reference(model, np.array([-2, 1], dtype=np.float32))
    )


def test_paths_bytes_and_files_that_are_none(tmp_path: Path):
    model = model_of([node("Gemm", ["x", "W"], "y")], {"W": eighths(2, 1)})
    onnx.save(model, tmp_path / "m.onnx")
    assert from_onnx(tmp_path / "m.onnx") == from_onnx(model.SerializeToString()) == from_onnx(model)
    (tmp_path / "bad.onnx").write_bytes(b"\xff\xfenonsense")
    for bad in (tmp_path / "bad.onnx", tmp_path / "none.onnx", b"", 7):
        with pytest.raises(es.InputError, match=r"ONNX model|cannot be read"):
            from_onnx(bad)


W = {"W": eighths(2, 2), "V": eighths(2, 2)}
REFUSED = {
    "sigmoid behind": ([node("Gemm", ["x", "W"], "z"), node("Sigmoid", ["z"], "y")], r"node 1 \(Sigmoid 'Sigmoid_y'\)"),
    "softmax": ([node("Gemm", ["x", "W"], "z"), node("Softmax", ["z"], "y")], r"node 1 \(Softmax 'Softmax_y'\)"),
    "skip connection": (
        [node("Gemm", ["x", "W"], "z"), node("Relu", ["z"], "h"), node("Add", ["h", "z"], "y")],
        r"'z' of the ONNX model is used by 2 nodes \(node 1 .*node 2",
    ),
    "square": ([node("Mul", ["x", "x"], "y")], "no chain"),
    "output inside": ([node("Gemm", ["x", "W"], "y"), node("Relu", ["y"], "z")], "'y' .* used elsewhere too"),
    "columns taken as rows": (
        [node("MatMul", ["W", "x"], "z"), node("Relu", ["z"], "h"), node("MatMul", ["h", "V"], "y")],
        r"node 2 .* takes samples as the rows of its input, where they are the columns",
    ),
    "bias over samples": ([node("MatMul", ["x", "W"], "m"), node("Add", ["m", "t"], "y")], "expected 2 or 1 × 2, got 2 × 1"),
    "flatten from axis 0": ([node("Flatten", ["x"], "f", axis=0), node("MatMul", ["f", "W"], "y")], "node 0 .Flatten"),
    "dropout in training": (
        [node("Gemm", ["x", "W"], "z"), node("Dropout", ["z", "", "train"], "d"), node("MatMul", ["d", "V"], "y")],
        "node 1 .Dropout",
    ),
    "dead branch": ([node("Gemm", ["x", "W"], "y"), node("MatMul", ["W", "V"], "z")], "node 1 .* does not hang on its input"),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_what_is_not_supported_is_named(case: str):
    nodes, message = REFUSED[case]
    with pytest.raises((es.UnsupportedError, es.ShapeError), match=message):
        from_onnx(model_of(nodes, {**W, "s": eighths(2), "t": eighths(2, 1), "train": np.array(True)}))


def test_inputs_with_more_axes_need_flatten():
    nodes = [node("MatMul", ["x", "W"], "y")]
    with pytest.raises(es.UnsupportedError, match=r"'x' .* 3 axes; .*Flatten"):
        from_onnx(model_of(nodes, W, ("N", 1, 2)))
    flat = [node("Flatten", ["x"], "f"), node("MatMul", ["f", "W"], "y")]
    assert from_onnx(model_of(flat, W, ("N", 1, 2))).network == es.Network([2, 2], "linear", biases=False)
