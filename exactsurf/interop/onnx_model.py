"""Models from ONNX files: chains of Gemm, MatMul, Add, piecewise linear activations and shape operators."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from importlib import import_module
from typing import Any

from exactsurf.errors import InputError, MissingExtraError, ShapeError, UnsupportedError
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.interop.imported_model import ImportedModel, float_value, matrix_value
from exactsurf.interop.layer_chain import ActivationLayer, AffineLayer, Layer, clipping, leaky, model_of_chain, shared_note
from exactsurf.model.activation import Activation, absolute_value, relu

_SUPPORTED = "Gemm, MatMul, Add, Relu, LeakyRelu, Clip, Abs, Identity, Flatten, Transpose, Dropout, Constant"
_ROWS, _COLUMNS, _VECTOR = "the rows", "the columns", "a single vector"


def from_onnx(
    model: Any,
    *,
    activation: Activation | str | dict[str, Any] | None = None,
    denominator: int | None = None,
    digits: int | None = None,
) -> ImportedModel:
    """The network and the exact parameters of an ONNX model that is a chain.

    Parameters: `model`, the path of a file, its bytes, or a loaded ModelProto, built of Gemm (with transA, transB, alpha and
    beta), MatMul, Add, Relu, LeakyRelu, Clip, Abs, Identity, Flatten, Transpose, Dropout and Constant; samples may stand in
    rows or in columns; `activation` replaces that of the model (``"leaky_relu:1/100"`` for the float32 nearest to 0.01);
    `denominator` or `digits` to round. Returns: an `ImportedModel`.
    Exactness: floats are read as the binary values that they store, unless rounding is asked for.
    Raises: `UnsupportedError` naming the node, `InputError` for a file that is no ONNX model, `MissingExtraError` without
    onnx. Source: the ONNX operator specification.
    """
    onnx = _onnx()
    graph = _loaded(onnx, model).graph
    walk = _walk(onnx, graph)
    options: dict[str, Any] = {"activation": activation, "denominator": denominator, "digits": digits}
    return model_of_chain("ONNX", walk.layers, notes=walk.notes, **options)


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


@dataclass
class _Walk:
    """What has been read of the chain so far: its layers, how samples stand in the tensor that is reached, and the first
    user of every constant."""

    layers: list[Layer] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    samples: str | None = None
    owners: dict[str, str] = field(default_factory=dict)

    def expect(self, samples: str, place: str) -> None:
        """Samples stand like this at a node, from its shape; anything else contradicts the nodes before."""
        if self.samples not in (None, _VECTOR, samples):
            raise UnsupportedError(
                f"{place} takes samples as {samples} of its input, where they are {self.samples}", "transpose one of them"
            )
        if self.samples is None:
            self.samples = samples


@dataclass(frozen=True)
class _Node:
    """A node of the chain: which of its inputs is the chain itself, and the constants of the others."""

    kind: str
    place: str
    position: int
    constants: tuple[Any, ...]
    attributes: Mapping[str, Any]

    def number(self, name: str, default: Any) -> Fraction:
        return float_value(self.attributes.get(name, default), f"{name} of {self.place}")

    def constant(self, position: int) -> Any:
        return self.constants[position] if position < len(self.constants) else None


def _walk(onnx: Any, graph: Any) -> _Walk:
    constants, nodes = _constants(onnx, graph)
    inputs = [value for value in graph.input if value.name not in constants]
    if len(inputs) != 1 or len(graph.output) != 1:
        what = f"the ONNX model has {len(inputs)} inputs and {len(graph.output)} outputs"
        raise UnsupportedError(what, "a chain has one of each")
    walk = _Walk(samples=_samples_of_input(inputs[0], nodes))
    current, output, visited = inputs[0].name, graph.output[0].name, 0
    while True:
        users = [(k, node) for k, node in nodes if current in node.input]
        if current == output and not users:
            break
        if len(users) != 1 or current == output or list(users[0][1].input).count(current) != 1:
            raise UnsupportedError(f"the tensor {current!r} of the ONNX model is used {_times(users)}: it is no chain")
        k, node = users[0]
        _note_shared(walk, node, _place(k, node))
        _read(walk, _node(onnx, node, k, current, constants))
        current, visited = node.output[0], visited + 1
    if visited != len(nodes):
        k, node = next((k, node) for k, node in nodes if not any(name == node.output[0] for name in _reached(nodes, inputs[0])))
        raise UnsupportedError(f"{_place(k, node)} of the ONNX model does not hang on its input: it is no chain")
    return walk


def _note_shared(walk: _Walk, node: Any, place: str) -> None:
    if node.op_type in ("Gemm", "MatMul", "Add"):
        walk.notes += [shared_note(walk.owners[name], place) for name in node.input if name in walk.owners]
        walk.owners.update((name, place) for name in node.input if name)


def _times(users: list[tuple[int, Any]]) -> str:
    places = [_place(k, node) for k, node in users]
    return (
        f"by {len(places)} nodes ({', '.join(places)})"
        if len(places) > 1
        else f"elsewhere too ({', '.join(places) or 'nowhere'})"
    )


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
            if not {"value", "value_float", "value_floats"} & set(attributes):
                raise UnsupportedError(f"{_place(k, node)} of the ONNX model is no tensor of numbers", f"supported: {_SUPPORTED}")
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


def _node(onnx: Any, node: Any, k: int, current: str, constants: Mapping[str, Any]) -> _Node:
    unknown = [name for name in node.input if name and name != current and name not in constants]
    if unknown:
        what = f"{_place(k, node)} of the ONNX model joins {current!r} with {unknown[0]!r}: it is no chain"
        raise UnsupportedError(what, "skip connections are not supported")
    values = tuple(constants.get(name) for name in node.input)
    return _Node(node.op_type, _place(k, node), list(node.input).index(current), values, _attributes(onnx, node))


def _samples_of_input(value: Any, nodes: list[tuple[int, Any]]) -> str | None:
    shape = value.type.tensor_type.shape
    rank = len(shape.dim) if value.type.tensor_type.HasField("shape") else None
    if rank == 1:
        return _VECTOR
    flattened = any(node.op_type == "Flatten" and value.name in node.input for _, node in nodes)
    if rank is not None and rank != 2 and not flattened:
        raise UnsupportedError(
            f"the input {value.name!r} of the ONNX model has {rank} axes", "samples are vectors: begin with Flatten"
        )
    return None


def _read(walk: _Walk, node: _Node) -> None:
    kind = node.kind
    if kind in ("Gemm", "MatMul"):
        walk.layers.append(_product(walk, node))
    elif kind == "Add":
        _add(walk, node)
    elif kind == "Relu":
        walk.layers.append(ActivationLayer(relu, node.place))
    elif kind == "LeakyRelu":
        default = import_module("numpy").float32("0.01")
        walk.layers.append(ActivationLayer(leaky(node.number("alpha", default)), node.place))
    elif kind == "Clip":
        bounds = [node.attributes.get(name, node.constant(position)) for position, name in ((1, "min"), (2, "max"))]
        low, high = (None if bound is None else float_value(_scalar(bound), f"bound of {node.place}") for bound in bounds)
        walk.layers.append(ActivationLayer(clipping(low, high), node.place))
    elif kind == "Abs":
        walk.layers.append(ActivationLayer(absolute_value, node.place))
    elif kind == "Flatten" and node.attributes.get("axis", 1) == 1 and walk.samples != _VECTOR:
        walk.expect(_ROWS, node.place)
    elif kind == "Transpose" and list(node.attributes.get("perm", (1, 0))) == [1, 0]:
        walk.samples = {_ROWS: _COLUMNS, _COLUMNS: _ROWS}.get(walk.samples or "", walk.samples)
        if walk.samples is None:
            raise UnsupportedError(f"{node.place} of the ONNX model stands before the first layer", "transpose the data")
    elif kind == "Dropout" and not _scalar(node.constant(2)):
        walk.notes.append(f"{node.place} is the identity in evaluation and was left out")
    elif kind != "Identity":
        raise UnsupportedError(f"{node.place} of the ONNX model is not supported", f"supported: {_SUPPORTED}")


def _scalar(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _product(walk: _Walk, node: _Node) -> AffineLayer:
    """Gemm or MatMul: the chain is the left factor (samples in rows) or the right one (samples in columns)."""
    is_left, is_gemm = node.position == 0, node.kind == "Gemm"
    if node.position > 1:
        raise UnsupportedError(f"the input of {node.place} of the ONNX model is a summand, not a factor", "it is no chain")
    given = matrix_value(node.constant(1 if is_left else 0), f"the matrix of {node.place}")
    flips = [bool(is_gemm and node.attributes.get(name, 0)) for name in ("transA", "transB")]
    flip_chain, flip_weight = flips if is_left else reversed(flips)
    walk.expect(_ROWS if is_left != flip_chain else _COLUMNS, node.place)
    # x·B has the weight Bᵀ, and A·x the weight A.
    weight: Matrix = tuple(zip(*given, strict=True)) if is_left != flip_weight else given
    if walk.samples != _VECTOR:
        walk.samples = _ROWS if is_left else _COLUMNS
    alpha = node.number("alpha", 1) if is_gemm else Fraction(1)
    weight = tuple(tuple(alpha * value for value in row) for row in weight)
    layer = AffineLayer(weight, None, node.place)
    if is_gemm and node.constant(2) is not None:
        beta = node.number("beta", 1)
        return replace(layer, bias=tuple(beta * value for value in _summand(walk, node, node.constant(2), len(weight))))
    return layer


def _add(walk: _Walk, node: _Node) -> None:
    if not walk.layers or not isinstance(walk.layers[-1], AffineLayer):
        raise UnsupportedError(f"{node.place} of the ONNX model does not follow a product", "only biases can be added")
    layer = walk.layers[-1]
    summand = _summand(walk, node, node.constant(1 - node.position), len(layer.weight))
    total = summand if layer.bias is None else tuple(a + b for a, b in zip(layer.bias, summand, strict=True))
    walk.layers[-1] = replace(layer, bias=total)


def _summand(walk: _Walk, node: _Node, array: Any, units: int) -> Vector:
    """A bias of `units` numbers from a constant that is broadcast over the samples."""
    numpy = import_module("numpy")
    values = numpy.asarray(array)
    shape = tuple(map(int, values.shape))
    fitting: tuple[tuple[int, ...], ...] = ((units, 1),) if walk.samples == _COLUMNS else ((units,), (1, units))
    flat = [float_value(value, f"the summand of {node.place}") for value in values.reshape(-1).tolist()]
    if len(flat) == 1 and len(shape) <= 2:
        return tuple(flat * units)
    if shape not in fitting:
        raise ShapeError(f"the summand of {node.place}", " or ".join(" × ".join(map(str, fit)) for fit in fitting), shape)
    return tuple(flat)
