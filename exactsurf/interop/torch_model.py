"""Models from PyTorch and back: `nn.Sequential`, plain state dicts. PyTorch is loaded only to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from math import prod
from typing import Any

from exactsurf.errors import InputError, MissingExtraError, ShapeError, UnsupportedError
from exactsurf.interop.image_chain import ChainLayer, input_shape_of, model_of_any
from exactsurf.interop.image_layers import Shape
from exactsurf.interop.imported_model import ImportedModel, float_value, matrix_value, vector_value
from exactsurf.interop.layer_chain import (
    ActivationLayer,
    AffineLayer,
    clipping,
    leaky,
    shared_note,
    weight_decay_note,
)
from exactsurf.interop.layer_order import ordered_names
from exactsurf.interop.torch_images import KINDS, image_layers, needed_shape
from exactsurf.model.activation import Activation, relu, relu6
from exactsurf.model.parameters import Parameters

_ACTIVATIONS: dict[str, Callable[[Any], Activation]] = {
    "ReLU": lambda layer: relu,
    "ReLU6": lambda layer: relu6,
    "LeakyReLU": lambda layer: leaky(float_value(layer.negative_slope, "negative_slope")),
    "Hardtanh": lambda layer: clipping(float_value(layer.min_val, "min_val"), float_value(layer.max_val, "max_val")),
}
_STATES, _OPTIMISERS = ("model_state_dict", "state_dict"), ("optimizer_state_dict", "optimizer", "optimizer_states")
_DROPOUT = ("Dropout", "Dropout1d", "Dropout2d")
_SUPPORTED = ", ".join(["Sequential", "Linear", *_ACTIVATIONS, "Identity", "Dropout", "Flatten", "Unflatten", *KINDS])
_OTHERS = "for other modules pass the state dict of a chain, or export with torch.onnx.export and take es.from_onnx"


def from_torch(
    model: Any,
    *,
    activation: Activation | str | dict[str, Any] | None = None,
    denominator: int | None = None,
    digits: int | None = None,
    order: Sequence[str] | None = None,
    input_shape: int | Sequence[int] | None = None,
) -> ImportedModel:
    """The network and the exact parameters of a PyTorch model.

    Parameters: `model`, an `nn.Sequential` (also nested) of Linear, ReLU, ReLU6, LeakyReLU, Hardtanh, Identity, Flatten and
    Dropout (the identity in evaluation), of Conv1d and Conv2d (with stride, padding, dilation, groups and every padding mode),
    AvgPool, MaxPool, AdaptiveAvgPool, AdaptiveMaxPool and padding layers of one and two dimensions, or a state dict with
    ``….weight`` and ``….bias`` (of tensors or arrays), also within
    a checkpoint (``model_state_dict``); `activation`, needed for a state dict, replaces that of a module
    (``"leaky_relu:1/100"`` for the binary value of 0.01); `denominator` or `digits` to round; `order`, the names of a state
    dict's layers in order, where their numbers and widths do not tell; `input_shape`, (channels, height, width) or (channels,
    positions) of a sample, needed where the first layer is one of images. Returns: an `ImportedModel`; with layers of images its
    `restriction` shares the filters, and samples are flattened as PyTorch does; its notes name the order that was found, and the
    weight decay of a checkpoint's optimiser.
    Exactness: floats are read as the binary values that they store (a float32 as the float32), unless rounding is asked for;
    the result says what was rounded and by how much.
    Raises: `UnsupportedError` naming the layer and its position, `ShapeError`, `InputError` for values that are not finite.
    Source: docs/guide/models.md.

    >>> import exactsurf as es
    >>> es.from_torch({"0.weight": [[1 / 2]], "0.bias": [1], "2.weight": [[3]]}, activation="relu").parameters
    Parameters(W1=[['1/2']], b1=[1], W2=[[3]])
    """
    notes: list[str] = []
    shape = input_shape_of(input_shape)
    layers: list[ChainLayer]
    if isinstance(model, Mapping):
        if shape is not None:
            fix = "take es.convolution_values for convolutions; a module says strides, padding and pooling itself"
            raise InputError("input_shape belongs to modules, not to state dicts", fix=fix)
        layers = _layers_of_state(state_of(model, notes), activation, order, notes)
    elif order is not None:
        raise InputError("order belongs to state dicts", fix="a module says in which order its layers come; leave it out")
    else:
        layers = _layers_of_module(model, shape, notes)
    options: dict[str, Any] = {"activation": activation, "denominator": denominator, "digits": digits, "notes": notes}
    return model_of_any("PyTorch", layers, **options)


def _kind(module: Any) -> str:
    """The class of PyTorch whose forward pass this module has, or nothing."""
    for base in type(module).__mro__:
        if base.__module__.startswith("torch.nn.modules") and getattr(base, "forward", None) is type(module).forward:
            return base.__name__
    return ""


def _layers_of_module(model: Any, shape: Shape | None, notes: list[str]) -> list[ChainLayer]:
    if not hasattr(model, "named_children") or not hasattr(type(model), "forward"):
        raise InputError("not a PyTorch module or a state dict", text=repr(model), fix="pass an nn.Sequential or a state dict")
    layers: list[ChainLayer] = []
    tensors: dict[int, str] = {}
    for position, module in _leaves(model, ""):
        kind = _kind(module)
        place = f"position {position} ({type(module).__name__})"
        for tensor in (getattr(module, "weight", None), getattr(module, "bias", None)):
            if tensor is not None and id(tensor) in tensors:
                notes.append(shared_note(tensors[id(tensor)], place))
            tensors[id(tensor)] = place
        if kind == "Linear":
            bias = None if module.bias is None else vector_value(module.bias, f"bias of {place}")
            layer = AffineLayer(matrix_value(module.weight, f"weight of {place}"), bias, place)
            if shape is not None and shape != (len(layer.weight[0]),):
                is_image = len(shape) > 1 and prod(shape) == len(layer.weight[0])
                raise ShapeError(f"what enters {place}{', which lacks a Flatten' * is_image}", (len(layer.weight[0]),), shape)
            layers.append(layer)
            shape = (len(layer.weight),)
        elif kind in KINDS:
            found = image_layers(kind, module, needed_shape(shape, place), place)
            layers += found
            shape = found[-1].out
        elif kind in _ACTIVATIONS:
            layers.append(ActivationLayer(_ACTIVATIONS[kind](module), place))
        elif kind in _DROPOUT:
            notes.append(f"{place} is the identity in evaluation and was left out")
        elif kind == "Flatten" and (module.start_dim, module.end_dim) == (1, -1):
            shape = None if shape is None else (prod(shape),)
        elif kind == "Unflatten" and module.dim == 1:
            made = tuple(map(int, module.unflattened_size))
            if shape is not None and prod(made) != prod(shape):
                raise ShapeError(f"what enters {place}", made, shape)
            shape = made
        elif kind != "Identity":
            what = f"the layer at {place} is not supported"
            is_norm = type(module).__name__.startswith("BatchNorm")
            fix = "fold it into the layer before it: torch.nn.utils.fusion.fuse_conv_bn_eval" if is_norm else _OTHERS
            raise UnsupportedError(what, f"supported: {_SUPPORTED}; {fix}")
    if not layers:
        raise UnsupportedError("the PyTorch model has no layers", f"supported: {_SUPPORTED}")
    return layers


def _leaves(module: Any, position: str) -> Iterator[tuple[str, Any]]:
    """The layers of nested Sequentials with their positions, as PyTorch writes them: 0, 1.0, 1.1, …"""
    if _kind(module) != "Sequential":
        yield position or "0", module
        return
    # Not named_children(), which leaves out a layer that stands in the chain a second time.
    for index, child in enumerate(module):
        yield from _leaves(child, f"{position}.{index}" if position else f"{index}")


def state_of(model: Mapping[str, Any], notes: list[str]) -> Mapping[str, Any]:
    """The state dict, also where it stands in a checkpoint beside that of an optimiser, whose weight decay is noted."""
    state: Mapping[str, Any] | None = next((model[key] for key in _STATES if isinstance(model.get(key), Mapping)), None)
    if state is None:
        return model
    kept = [model[key] for key in _OPTIMISERS if key in model]
    optimisers = [one for entry in kept for one in (entry if isinstance(entry, (list, tuple)) else [entry])]
    groups = [group for one in optimisers if isinstance(one, Mapping) for group in one.get("param_groups", ())]
    for decay in dict.fromkeys(group.get("weight_decay", 0) for group in groups):
        if decay:
            notes.append(weight_decay_note(f"weight_decay={decay}"))
    return state


def state_parts(state: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The layers of a state dict by name, each with its ``weight`` and, where it has one, its ``bias``.

    Parameters: `state`. Exactness: entries as they are. Raises: `UnsupportedError` for another part (those of a normalisation),
    `InputError` for no layers and for a bias without a weight. Source: none.

    >>> state_parts({"0.weight": [[1]], "0.bias": [2]})
    {'0': {'weight': [[1]], 'bias': [2]}}
    """
    found: dict[str, dict[str, Any]] = {}
    for key, value in state.items():
        prefix, _, part = str(key).rpartition(".")
        if part not in ("weight", "bias"):
            raise UnsupportedError(f"the entry {key!r} of the state dict is not supported", "supported: ….weight and ….bias")
        found.setdefault(prefix, {})[part] = value
    if not found:
        raise InputError("the state dict is empty", fix="pass the state_dict() of a model with linear layers")
    for prefix, parts in found.items():
        if "weight" not in parts:
            raise InputError(f"the state dict has {prefix}.bias without {prefix}.weight")
    return found


def _layers_of_state(
    state: Mapping[str, Any], activation: object, order: Sequence[str] | None, notes: list[str]
) -> list[ChainLayer]:
    found = state_parts(state)
    if activation is None and len(found) > 1:
        raise InputError("a state dict does not say which activation stands between its layers", fix='add activation="relu"')
    layers: dict[str, AffineLayer] = {}
    for prefix, parts in found.items():
        weight, bias = parts["weight"], parts.get("bias")
        if len(getattr(weight, "shape", (0, 0))) != 2:
            shape = " × ".join(map(str, weight.shape))
            raise UnsupportedError(
                f"{prefix}.weight of the state dict has the shape {shape} and is no layer of nn.Linear",
                "normalisation is not supported; of convolutions take es.convolution_values",
            )
        read = None if bias is None else vector_value(bias, f"{prefix}.bias")
        layers[prefix] = AffineLayer(matrix_value(weight, f"{prefix}.weight"), read, f"layer {prefix!r}")
    names = ordered_names({name: (len(layer.weight), len(layer.weight[0])) for name, layer in layers.items()}, order)
    if len(names) > 1 and not all(name.isdigit() for name in names):
        notes.append(f"the order of the layers: {', '.join(names)}")
    return [layers[name] for name in names]


@dataclass(frozen=True)
class ExportedArrays:
    """Parameters as arrays or tensors by name, and how far they are from the exact ones.

    Attributes: `arrays`; `largest_change`, the largest distance between an exact number and the float it became.
    Exactness: `largest_change` is exact; it is 0 if every number is representable. Source: IEEE 754.
    """

    arrays: dict[str, Any]
    largest_change: Fraction

    @property
    def is_exact(self) -> bool:
        """Whether nothing was rounded."""
        return self.largest_change == 0


def to_torch_state_dict(parameters: Parameters, *, dtype: Any = None) -> ExportedArrays:
    """Parameters as the state dict of ``nn.Sequential(Linear, activation, Linear, …)``.

    Parameters: `parameters`; `dtype`, a PyTorch type of floats (default float64). Returns: `arrays` for
    ``load_state_dict`` (``0.weight``, ``0.bias``, ``2.weight``, …; no bias where the network has none), and what was rounded.
    Exactness: exact where the numbers are representable; otherwise rounded, and `largest_change` says by how much.
    Raises: `MissingExtraError` without PyTorch, `InputError` for numbers beyond the range of the type.
    Source: docs/guide/models.md.
    """
    try:
        torch = import_module("torch")
    except ImportError:
        raise MissingExtraError("torch", "torch") from None
    kind = torch.float64 if dtype is None else dtype
    layers = range(1, len(parameters.weights) + 1)
    parts = (("W", "weight"), ("b", "bias"))
    names = {f"{letter}{layer}": f"{2 * (layer - 1)}.{part}" for letter, part in parts for layer in layers}
    return exported(parameters, names, lambda values: torch.tensor(values, dtype=kind))


def exported(parameters: Parameters, names: Mapping[str, str], build: Callable[[Any], Any]) -> ExportedArrays:
    """The arrays that `build` makes of the parameters' nearest doubles, compared with the exact values.

    Parameters: `names` of W1, b1, … in the result; `build` takes nested lists of floats. Exactness: see `ExportedArrays`.
    Raises: `InputError` for numbers out of range. Source: IEEE 754.
    """
    arrays: dict[str, Any] = {}
    change = Fraction(0)
    for name, value in parameters.items():
        is_matrix = isinstance(value[0], tuple)
        exact_rows: Any = value if is_matrix else (value,)
        floats = [[_nearest(v, name) for v in row] for row in exact_rows]
        array = arrays[names[name]] = build(floats if is_matrix else floats[0])
        stored = matrix_value(array, name) if is_matrix else (vector_value(array, name),)
        for row, exact_row in zip(stored, exact_rows, strict=True):
            change = max([change, *map(_distance, row, exact_row)])
    return ExportedArrays(arrays, change)


def _distance(a: Fraction, b: Fraction) -> Fraction:
    return abs(a - b)


def _nearest(value: Fraction, name: str) -> Any:
    """The nearest double, to leave the package with."""
    try:
        return value.numerator / value.denominator
    except OverflowError:
        raise InputError(f"a number in {name} is beyond the range of floats", text=str(value)) from None
