"""The operators of an ONNX chain: products, what is folded into them, activations, shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from importlib import import_module
from typing import Any

from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.interop.image_chain import ChainLayer
from exactsurf.interop.image_layers import FilterLayer, scaled_filters
from exactsurf.interop.imported_model import float_value, matrix_value
from exactsurf.interop.layer_chain import ActivationLayer, AffineLayer, clipping, leaky
from exactsurf.interop.onnx_shapes import (
    COLUMNS,
    ROWS,
    VECTOR,
    Layout,
    expecting,
    flattened,
    reshaped,
    squeezed,
    unit_values,
    unsqueezed,
)
from exactsurf.model.activation import Activation, absolute_value, relu
from exactsurf.model.smooth_activation import arctan, elu, selu, sigmoid, softplus, tanh

SUPPORTED = (
    "Gemm, MatMul; Add, Sub, Mul, Div, Neg with constants; Relu, LeakyRelu, PRelu, Clip, Max and Min with constants, Abs, "
    "Sigmoid, Tanh, Atan, Softplus, Elu, Selu; Conv, AveragePool, MaxPool, GlobalAveragePool, GlobalMaxPool, Pad, ReduceMean "
    "over all places; Flatten, Reshape, Squeeze, Unsqueeze, Transpose, Identity, Dropout, Constant"
)
_SMOOTH = {"Sigmoid": sigmoid, "Tanh": tanh, "Atan": arctan, "Softplus": softplus}
_SELU_ALPHA, _SELU_SCALE = "1.67326319217681884765625", "1.05070102214813232421875"  # the standard's float32 numbers
_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Node:
    """A node of the chain: which of its inputs is the chain itself, and the constants of the others."""

    kind: str
    place: str
    position: int
    constants: tuple[Any, ...]
    attributes: Mapping[str, Any]

    def number(self, name: str, default: Any) -> Fraction:
        """An attribute that is a number."""
        return float_value(self.attributes.get(name, default), f"{name} of {self.place}")

    def constant(self, position: int) -> Any:
        """The constant at this input, or None where there is none."""
        return self.constants[position] if position < len(self.constants) else None

    def axes(self, name: str, default: list[int]) -> list[int]:
        """An attribute that is a list of integers, one or two for each axis of places."""
        return [int(value) for value in self.attributes.get(name, default)]

    def text(self, name: str, default: str) -> str:
        """An attribute that is a word."""
        value = self.attributes.get(name, default)
        return value.decode() if isinstance(value, bytes) else str(value)

    def integers(self, name: str, position: int) -> list[int] | None:
        """Integers that stand in an attribute (older versions of ONNX) or in a constant, or None where there are none."""
        found = self.attributes.get(name, self.constant(position))
        return None if found is None else list(map(int, import_module("numpy").asarray(found).reshape(-1).tolist()))


@dataclass(frozen=True)
class _Shift:
    """z ↦ scale · z + shift for every unit; vectors of one entry are meant for all units."""

    scale: Vector
    shift: Vector
    place: str


@dataclass
class Walk:
    """What has been read of the chain so far: its layers, how samples stand in the tensor that is reached, what waits to be
    folded into the next product, the bounds of a clipping that may go on, and the first user of every constant."""

    layout: Layout
    tensor: str
    layers: list[ChainLayer] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    waiting: list[_Shift] = field(default_factory=list)
    bounds: tuple[Fraction | None, Fraction | None] | None = None
    owners: dict[str, str] = field(default_factory=dict)


def read_node(walk: Walk, node: Node) -> None:
    """Take one node of the chain into the walk.

    Exactness: floats are read as the binary values that they store; what is folded is computed exactly.
    Raises: `UnsupportedError` naming the node, `ShapeError`. Source: the ONNX operator specification.
    """
    kind, bounds = node.kind, walk.bounds
    walk.bounds = None
    if kind in ("Gemm", "MatMul"):
        walk.layers.append(_product(walk, node))
    elif kind in ("Add", "Sub", "Mul", "Div", "Neg"):
        _shift(walk, node)
    elif kind in ("Max", "Min", "Clip"):
        _clip(walk, node, bounds)
    elif kind in ("Relu", "LeakyRelu", "PRelu", "Abs", *_SMOOTH, "Elu", "Selu"):
        _activate(walk, node)
    elif kind in ("Flatten", "Reshape", "Squeeze", "Unsqueeze"):
        walk.layout = _reshape(walk.layout, node)
    elif kind == "Transpose":
        _transpose(walk, node)
    elif kind == "Dropout":
        if _scalar(node.constant(2)):
            raise UnsupportedError(
                f"{node.place} of the ONNX model drops units at random, in training mode", "export for inference"
            )
        walk.notes.append(f"{node.place} is the identity in evaluation and was left out")
    elif kind != "Identity":
        fix = "; fold it into the layer before it, as an export for inference does" if kind == "BatchNormalization" else ""
        raise UnsupportedError(f"{node.place} of the ONNX model is not supported", f"supported: {SUPPORTED}{fix}")


def _scalar(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _product(walk: Walk, node: Node) -> AffineLayer:
    """Gemm or MatMul: the chain is the left factor (samples in rows) or the right one (samples in columns)."""
    is_left, is_gemm = node.position == 0, node.kind == "Gemm"
    if node.position > 1:
        raise UnsupportedError(f"the input of {node.place} of the ONNX model is a summand, not a factor", "it is no chain")
    if walk.layout.axes is not None and len(walk.layout.axes) != 1:
        what = f"{node.place} takes {walk.tensor} of the ONNX model, which has {walk.layout.rank} axes"
        raise UnsupportedError(what, "samples are vectors: put Flatten, or Reshape to [-1, n], before it")
    given = matrix_value(node.constant(1 if is_left else 0), f"the matrix of {node.place}")
    flips = [bool(is_gemm and node.attributes.get(name, 0)) for name in ("transA", "transB")]
    flip_chain, flip_weight = flips if is_left else reversed(flips)
    layout = expecting(walk.layout, ROWS if is_left != flip_chain else COLUMNS, node.place)
    # x·B has the weight Bᵀ, and A·x the weight A.
    weight: Matrix = tuple(zip(*given, strict=True)) if is_left != flip_weight else given
    side = layout.samples if layout.samples == VECTOR else ROWS if is_left else COLUMNS
    walk.layout = Layout(side, layout.batch if layout.samples in (ROWS, VECTOR) else None, (len(weight),))
    alpha = node.number("alpha", 1) if is_gemm else _ONE
    weight = tuple(tuple(alpha * value for value in row) for row in weight)
    layer = AffineLayer(weight, None, node.place)
    if is_gemm and node.constant(2) is not None:
        beta = node.number("beta", 1)
        summand, walk.layout = unit_values(walk.layout, node.constant(2), f"the summand of {node.place}")
        layer = replace(layer, bias=tuple(beta * value for value in _spread(summand, len(weight), node.place)))
    return _folded_before(walk, layer)


def _folded_before(walk: Walk, layer: AffineLayer) -> AffineLayer:
    """The layer, applied to what the shifts that wait make of its input."""
    if not walk.waiting:
        return layer
    scale, shift = waiting_steps(walk, len(layer.weight[0]), layer.place)
    moved = [sum((w * c for w, c in zip(row, shift, strict=True)), _ZERO) for row in layer.weight]
    weight = tuple(tuple(w * a for w, a in zip(row, scale, strict=True)) for row in layer.weight)
    bias = None if layer.bias is None and not any(shift) else tuple(
        b + c for b, c in zip(layer.bias or [_ZERO] * len(weight), moved, strict=True)
    )  # fmt: skip
    return AffineLayer(weight, bias, layer.place)


def waiting_steps(walk: Walk, units: int, place: str) -> tuple[Vector, Vector]:
    """What the steps that wait make of each unit, a factor and a summand; they wait no longer, and a note says so.

    Parameters: `units` that enter the layer at `place`. Exactness: exact. Raises: `ShapeError`. Source: none.
    """
    scale, shift = [_ONE] * units, [_ZERO] * units
    for step in walk.waiting:
        factors, summands = _spread(step.scale, units, step.place), _spread(step.shift, units, step.place)
        scale = [a * b for a, b in zip(scale, factors, strict=True)]
        shift = [a * b + c for a, b, c in zip(shift, factors, summands, strict=True)]
    walk.notes.append(_folded_note([step.place for step in walk.waiting], place))
    walk.waiting.clear()
    return tuple(scale), tuple(shift)


def _folded_note(places: Sequence[str], into: str) -> str:
    return f"{' and '.join(places)} {'was' if len(places) == 1 else 'were'} folded exactly into the weights and bias of {into}"


def _spread(values: Vector, units: int, place: str) -> Vector:
    if len(values) == 1:
        return values * units
    if len(values) != units:
        raise ShapeError(f"the constant of {place}", (units,), (len(values),))
    return values


def _shift(walk: Walk, node: Node) -> None:
    """Add, Sub, Mul, Div, Neg: folded into the product before, or else kept for the one behind."""
    step = _step(walk, node)
    last = walk.layers[-1] if walk.layers else None
    if isinstance(last, FilterLayer):
        walk.layers[-1] = scaled_filters(last, step.scale, step.shift, node.kind == "Add", node.place)
        _note_folded(walk, node, last.place)
        return
    if not isinstance(last, AffineLayer):
        walk.waiting.append(step)
        return
    units = len(last.weight)
    scale, shift = _spread(step.scale, units, node.place), _spread(step.shift, units, node.place)
    weight = tuple(tuple(a * w for w in row) for a, row in zip(scale, last.weight, strict=True))
    if last.bias is not None or any(shift) or node.kind == "Add":
        before = last.bias or (_ZERO,) * units
        last = replace(last, bias=tuple(a * b + c for a, b, c in zip(scale, before, shift, strict=True)))
    walk.layers[-1] = replace(last, weight=weight)
    _note_folded(walk, node, last.place)


def _note_folded(walk: Walk, node: Node, into: str) -> None:
    if node.kind not in ("Add", "Sub") or node.position == 1 and node.kind == "Sub":
        walk.notes.append(_folded_note([node.place], into))


def _step(walk: Walk, node: Node) -> _Shift:
    if node.kind == "Neg":
        return _Shift((-_ONE,), (_ZERO,), node.place)
    word = {"Add": "summand", "Sub": "summand"}.get(node.kind, "factor")
    values, walk.layout = unit_values(walk.layout, node.constant(1 - node.position), f"the {word} of {node.place}")
    if node.kind == "Add":
        return _Shift((_ONE,), values, node.place)
    if node.kind == "Sub":
        return _Shift((-_ONE,), values, node.place) if node.position else _Shift((_ONE,), tuple(-v for v in values), node.place)
    if node.kind == "Mul":
        return _Shift(values, (_ZERO,), node.place)
    if node.position or not all(values):
        what = "divides a constant by the values of the chain" if node.position else "divides by 0"
        raise UnsupportedError(f"{node.place} of the ONNX model {what}", "only division by constants that are not 0 is affine")
    return _Shift(tuple(1 / v for v in values), (_ZERO,), node.place)


def _activate(walk: Walk, node: Node) -> None:
    activation: Activation
    if node.kind == "Relu":
        activation = relu
    elif node.kind == "Abs":
        activation = absolute_value
    elif node.kind == "LeakyRelu":
        activation = leaky(node.number("alpha", import_module("numpy").float32("0.01")))
    elif node.kind in _SMOOTH:
        activation = _SMOOTH[node.kind]
    elif node.kind == "Elu":
        activation = elu(node.number("alpha", 1))
    elif node.kind == "Selu":
        activation = selu(node.number("gamma", _SELU_SCALE), node.number("alpha", _SELU_ALPHA))
    elif node.position:
        raise UnsupportedError(f"{node.place} of the ONNX model has slopes that depend on the input", "slopes are constants")
    else:
        activation = leaky(_one_for_all(walk, node, "slope", node.constant(1)))
    _append(walk, ActivationLayer(activation, node.place))


def _append(walk: Walk, layer: ActivationLayer) -> None:
    if walk.waiting:
        what = f"{layer.place} of the ONNX model follows {walk.waiting[-1].place} without a product between them"
        raise UnsupportedError(what, "shifts and scales are folded into the product beside them; apply them to the data")
    walk.layers.append(layer)


def _one_for_all(walk: Walk, node: Node, what: str, array: Any) -> Fraction:
    values, walk.layout = unit_values(walk.layout, array, f"the {what} of {node.place}")
    if len(set(values)) > 1:
        raise UnsupportedError(
            f"{node.place} of the ONNX model has {len(set(values))} different values of its {what}",
            "exactsurf has one activation for all units",
        )
    return values[0]


def _clip(walk: Walk, node: Node, before: tuple[Fraction | None, Fraction | None] | None) -> None:
    """Clip, or Max and Min with a constant; in a row they are one clipping."""
    low: Fraction | None
    high: Fraction | None
    if node.kind == "Clip":
        bounds = [node.attributes.get(name, node.constant(position)) for position, name in ((1, "min"), (2, "max"))]
        low, high = (None if bound is None else float_value(_scalar(bound), f"bound of {node.place}") for bound in bounds)
    else:
        others = [value for k, value in enumerate(node.constants) if k != node.position]
        if len(others) != 1:
            raise UnsupportedError(f"{node.place} of the ONNX model has {len(others)} constants", "one is supported")
        bound = _one_for_all(walk, node, "bound", others[0])
        low, high = (bound, None) if node.kind == "Max" else (None, bound)
    if before is not None:
        walk.layers.pop()
        low, high = _composed(before, low, high)
    walk.bounds = low, high
    try:
        _append(walk, ActivationLayer(clipping(low, high), node.place))
    except InputError as error:
        raise UnsupportedError(f"{node.place} of the ONNX model makes constants: {error}") from None


def _composed(
    before: tuple[Fraction | None, Fraction | None], low: Fraction | None, high: Fraction | None
) -> tuple[Fraction | None, Fraction | None]:
    """The bounds of clipping to [low, high] after clipping to `before`."""

    def inside(value: Fraction | None) -> Fraction | None:
        if value is None:
            return None
        value = value if low is None else max(value, low)
        return value if high is None else min(value, high)

    first, last = inside(before[0]), inside(before[1])
    return (low if first is None else first), (high if last is None else last)


def _reshape(layout: Layout, node: Node) -> Layout:
    if node.kind == "Flatten":
        return flattened(layout, int(node.attributes.get("axis", 1)), node.place)
    axes = node.integers("shape" if node.kind == "Reshape" else "axes", 1)
    if node.kind == "Squeeze":
        return squeezed(layout, axes, node.place)
    if axes is None or node.position:
        raise UnsupportedError(f"{node.place} of the ONNX model has no constant shape", "shapes are constants")
    if node.kind == "Reshape":
        return reshaped(layout, axes, bool(node.attributes.get("allowzero", 0)), node.place)
    return unsqueezed(layout, axes, node.place)


def _transpose(walk: Walk, node: Node) -> None:
    order = list(node.attributes.get("perm", (1, 0)))
    if order != [1, 0] or (walk.layout.axes is not None and len(walk.layout.axes) != 1):
        raise UnsupportedError(f"{node.place} of the ONNX model moves axes by {order}", "only rows and columns can change places")
    if walk.layout.samples == VECTOR:
        return
    if walk.layout.samples is None:
        raise UnsupportedError(f"{node.place} of the ONNX model stands before the first layer", "transpose the data")
    walk.layout = replace(walk.layout, samples=COLUMNS if walk.layout.samples == ROWS else ROWS, batch=None)
