"""Models from ONNX files: chains of products, activations, and operators that shift, scale or reshape."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from exactsurf.errors import InputError, MissingExtraError, UnsupportedError
from exactsurf.interop.image_chain import input_shape_of, model_of_any
from exactsurf.interop.image_layers import Shape
from exactsurf.interop.imported_model import ImportedModel
from exactsurf.interop.layer_chain import shared_note
from exactsurf.interop.onnx_images import IMAGE_KINDS, read_image_node
from exactsurf.interop.onnx_nodes import SUPPORTED, Node, Walk, read_node
from exactsurf.interop.onnx_shapes import input_layout, shaped_layout
from exactsurf.model.activation import Activation


def from_onnx(
    model: Any,
    *,
    activation: Activation | str | dict[str, Any] | None = None,
    denominator: int | None = None,
    digits: int | None = None,
    input_shape: int | Sequence[int] | None = None,
) -> ImportedModel:
    """The network and the exact parameters of an ONNX model that is a chain.

    Parameters: `model`, the path of a file, its bytes, or a loaded ModelProto, built of Gemm (with transA, transB, alpha and
    beta), MatMul; Add, Sub, Mul, Div and Neg with constants, which are folded exactly into the product beside them; Relu,
    LeakyRelu, PRelu (one slope), Clip, Max and Min with a constant, Abs, Sigmoid, Tanh, Atan, Softplus, Elu, Selu; Conv,
    AveragePool, MaxPool, GlobalAveragePool, GlobalMaxPool, ReduceMean over all places and Pad, of images of one or two axes;
    Flatten, Reshape, Squeeze and Unsqueeze that keep samples apart, Transpose, Identity, Dropout, Constant; samples may stand in
    rows or in columns; `activation` replaces that of the model (``"leaky_relu:1/100"`` for the float32 nearest to 0.01);
    `denominator` or `digits` to round; `input_shape`, (channels, height, width) or (channels, positions) of a sample, where the
    model does not say it. Returns: an `ImportedModel`; with layers of images its `restriction` shares the filters.
    Exactness: floats are read as the binary values that they store, unless rounding is asked for.
    Raises: `UnsupportedError` naming the node, `InputError` for a file that is no ONNX model, `MissingExtraError` without
    onnx. Source: the ONNX operator specification.
    """
    onnx = _onnx()
    graph = _loaded(onnx, model).graph
    walk = _walk(onnx, graph, input_shape_of(input_shape))
    options: dict[str, Any] = {"activation": activation, "denominator": denominator, "digits": digits}
    return model_of_any("ONNX", walk.layers, notes=walk.notes, **options)


def _onnx() -> Any:
    try:
        return import_module("onnx")
    except ImportError:
        raise MissingExtraError("onnx", "onnx") from None


def _loaded(onnx: Any, model: Any) -> Any:
    if hasattr(model, "graph"):
        return model
    is_path = isinstance(model, (str, os.PathLike))
    if not is_path and not isinstance(model, (bytes, bytearray)):
        raise InputError("not an ONNX model", text=repr(model), fix="pass the path of a file, its bytes or a ModelProto")
    name = os.fspath(model) if is_path else "the ONNX model"
    try:
        loaded = onnx.load(name) if is_path else onnx.load_from_string(bytes(model))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=name) from None
    except Exception as error:  # protobuf has errors of several kinds for bytes that it cannot decode
        raise InputError(f"is no ONNX model: {error}", file=name) from None
    if not loaded.graph.node:
        raise InputError("is no ONNX model, or one without nodes", file=name)
    return loaded


def _walk(onnx: Any, graph: Any, shape: Shape | None) -> Walk:
    constants, nodes = _constants(onnx, graph)
    inputs = [value for value in graph.input if value.name not in constants]
    if len(inputs) != 1 or len(graph.output) != 1:
        what = f"the ONNX model has {len(inputs)} inputs and {len(graph.output)} outputs"
        raise UnsupportedError(what, "a chain has one of each")
    layout = input_layout(inputs[0])
    if shape is not None:
        layout = shaped_layout(layout, shape, inputs[0].name)
    walk = Walk(layout, f"the input {inputs[0].name!r}")
    current, output, visited = inputs[0].name, graph.output[0].name, 0
    while True:
        users = [(k, node) for k, node in nodes if current in node.input]
        if current == output and not users:
            break
        if not users:
            raise UnsupportedError(*_not_used(current, output, constants))
        if len(users) != 1 or current == output or list(users[0][1].input).count(current) != 1:
            raise UnsupportedError(f"the tensor {current!r} of the ONNX model is used {_times(users)}: it is no chain")
        k, node = users[0]
        _note_shared(walk, node, _place(k, node))
        read = read_image_node if node.op_type in IMAGE_KINDS else read_node
        read(walk, _node(onnx, node, k, current, constants))
        current, visited = node.output[0], visited + 1
        walk.tensor = f"the tensor {current!r}"
    if visited != len(nodes):
        k, node = next((k, node) for k, node in nodes if not any(name == node.output[0] for name in _reached(nodes, inputs[0])))
        raise UnsupportedError(f"{_place(k, node)} of the ONNX model does not hang on its input: it is no chain")
    return walk


def _note_shared(walk: Walk, node: Any, place: str) -> None:
    if node.op_type in ("Gemm", "MatMul", "Add", "Conv"):
        walk.notes += [shared_note(walk.owners[name], place) for name in node.input if name in walk.owners]
        walk.owners.update((name, place) for name in node.input if name)


def _not_used(current: str, output: str, constants: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong, and what to do, where the chain ends before the output."""
    if output in constants:
        return f"the output {output!r} of the ONNX model is a constant: {current!r} is not used", "a network depends on its input"
    what = f"the tensor {current!r} of the ONNX model is not used, and is not its output, which is {output!r}"
    return what, "a chain leads from the input to the output"


def _times(users: list[tuple[int, Any]]) -> str:
    places = [_place(k, node) for k, node in users]
    return f"by {len(places)} nodes ({', '.join(places)})" if len(places) > 1 else f"elsewhere too ({', '.join(places)})"


def _reached(nodes: list[tuple[int, Any]], start: Any) -> set[str]:
    reached = {start.name}
    for _, node in nodes:
        if reached & set(node.input):
            reached.update(node.output)
    return reached


def _place(k: int, node: Any) -> str:
    return f"node {k} ({node.op_type}{f' {node.name!r}' if node.name else ''})"


def _constants(onnx: Any, graph: Any) -> tuple[dict[str, Any], list[tuple[int, Any]]]:
    """The constant tensors by name (also through Identity and Transpose), and the other nodes with their positions."""
    arrays = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    nodes = []
    for k, node in enumerate(graph.node):
        attributes = _attributes(onnx, node)
        if node.op_type == "Constant":
            if not {"value", "value_float", "value_floats", "value_int", "value_ints"} & set(attributes):
                raise UnsupportedError(f"{_place(k, node)} of the ONNX model is no tensor of numbers", f"supported: {SUPPORTED}")
            (value,) = attributes.values()
            arrays[node.output[0]] = onnx.numpy_helper.to_array(value) if "value" in attributes else value
        elif node.op_type in ("Identity", "Transpose") and node.input[0] in arrays:
            array = arrays[node.input[0]]
            arrays[node.output[0]] = array if node.op_type == "Identity" else array.transpose(attributes.get("perm"))
        else:
            nodes.append((k, node))
    return arrays, nodes


def _attributes(onnx: Any, node: Any) -> dict[str, Any]:
    return {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}


def _node(onnx: Any, node: Any, k: int, current: str, constants: Mapping[str, Any]) -> Node:
    unknown = [name for name in node.input if name and name != current and name not in constants]
    if unknown:
        what = f"{_place(k, node)} of the ONNX model joins {current!r} with {unknown[0]!r}: it is no chain"
        raise UnsupportedError(what, "skip connections are not supported")
    values = tuple(constants.get(name) for name in node.input)
    return Node(node.op_type, _place(k, node), list(node.input).index(current), values, _attributes(onnx, node))
