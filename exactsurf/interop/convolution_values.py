"""Values of the free parameters of a convolution from the arrays of a trained model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import prod
from typing import Any

from exactsurf.errors import InputError, ShapeError, UnsupportedError, check_kind
from exactsurf.interop.imported_model import array_value, vector_value
from exactsurf.interop.layer_order import comes_before, ordered_names
from exactsurf.interop.torch_model import state_of, state_parts
from exactsurf.model.parameters import Parameters
from exactsurf.model.restriction import Restriction

_Array = tuple[tuple[int, ...], list[Fraction]]


def convolution_values(
    restriction: Restriction, arrays: Mapping[str, Any], *, order: Sequence[str] | None = None
) -> dict[str, Fraction]:
    """The values of free parameters at which a restriction by `convolution` is a trained model of Conv1d or Conv2d, then Linear.

    Parameters: `restriction`, made by `convolution`; `arrays` by name, the state dict of the model (``0.weight``, ``0.bias``, …;
    tensors, NumPy arrays or nested lists), also within a checkpoint; `order`, the names of the layers in order, where numbers
    and shapes do not tell. Returns: the value of each free parameter by its name, as `restriction.parameters` takes them.
    A state dict does not tell strides, padding, pooling and activations: they are those of `restriction`.
    Exactness: floats are read as the binary values that they store (a float32 as the float32).
    Raises: `ShapeError` for an array that does not fit; `InputError` for other layers or biases than those of the restriction,
    for weights that it fixes or ties to others, and for values that are not finite; `UnsupportedError` for other parts of a state
    dict, such as those of a normalisation. Source: docs/guide/models.md.

    >>> import exactsurf as es
    >>> filters = es.convolution(4, [2], strides=2, biases=True, dense=[1])
    >>> state = {"0.weight": [[[0.5, -1.0]]], "0.bias": [0.25], "3.weight": [[1.0, 2.0]], "3.bias": [0.0]}
    >>> filters.parameters(**es.convolution_values(filters, state))
    Parameters(W1=[['1/2', -1, 0, 0], [0, 0, '1/2', -1]], b1=['1/4', '1/4'], W2=[[1, 2]], b2=[0])
    """
    check_kind(restriction, Restriction, "convolution_values", "take what es.convolution(…) returns")
    check_kind(arrays, Mapping, "convolution_values", "give the arrays by name, as state_dict() does")
    parts = state_parts(state_of(arrays, []))
    weights: dict[str, _Array] = {name: array_value(part["weight"], f"{name}.weight") for name, part in parts.items()}
    names = _ordered({name: shape for name, (shape, _) in weights.items()}, order)
    network = restriction.network
    numbers = _filled(restriction, len(names))
    if len(names) != len(numbers):
        what = f"the arrays have {len(names)} layers of weights ({', '.join(names)}), the restriction has {network.layers}"
        raise InputError(what, fix="build it with one kernel for each convolution, and dense= or head= for the linear layers")
    values: dict[str, Fraction] = {}
    linear: dict[int, _Array] = {}
    for layer, name in zip(numbers, names, strict=True):
        shape, entries = weights[name]
        is_folded = len(shape) == 2 and shape != network.shapes[f"W{layer}"]
        filter_ = _names(restriction, layer, "W" if is_folded else "w") if is_folded or len(shape) > 2 else []
        if len(shape) > 2 and not filter_:
            raise InputError(f"{name}.weight is a filter, but layer {layer} of the restriction is none of es.convolution")
        expected = _shape(filter_[-1]) if filter_ else network.shapes[f"W{layer}"]
        if shape != expected:
            raise ShapeError(f"{name}.weight (layer {layer} of the restriction)", expected, shape)
        if filter_:
            values.update(zip(filter_, entries, strict=True))
        else:
            linear[layer] = shape, entries
    biases: dict[int, tuple[Fraction, ...]] = {}
    for layer, name in zip(numbers, names, strict=True):
        given = parts[name].get("bias")
        if (given is not None) != network.biases[layer - 1]:
            has, other = ("no bias", "has them") if given is None else ("a bias", "has none")
            raise InputError(
                f"{name} has {has}, and layer {layer} of the restriction {other}", fix="build it with the biases= of the model"
            )
        if given is None:
            continue
        bias, channels = vector_value(given, f"{name}.bias"), weights[name][0][0]
        if len(bias) != channels:
            raise ShapeError(f"{name}.bias", (channels,), (len(bias),))
        if layer in linear:
            biases[layer] = bias
        else:
            values.update({f"b{layer}_{out}": value for out, value in enumerate(bias)})
    return _solved(restriction, values, linear, biases)


def _ordered(shapes: Mapping[str, tuple[int, ...]], order: Sequence[str] | None) -> list[str]:
    """Convolutions and then linear layers, each in the order that numbers and widths allow, or as the user says."""
    if odd := next((name for name, shape in shapes.items() if len(shape) not in (2, 3, 4)), None):
        what = f"{odd}.weight has the shape {' × '.join(map(str, shapes[odd]))}, which is no layer of Conv1d, Conv2d or Linear"
        raise UnsupportedError(what, "fold normalisations into the layers beside them")
    if order is not None:
        return ordered_names({name: (shape[0], shape[1]) for name, shape in shapes.items()}, order)
    kinds = [[name for name in shapes if (len(shapes[name]) > 2) is is_filter] for is_filter in (True, False)]
    for early, late in ((early, late) for early in kinds[0] for late in kinds[1]):
        if comes_before(late, early):
            raise InputError(f"{late!r} is a linear layer before the convolution {early!r}", fix="if not, give order=[…]")
    found = []
    for kind in kinds:
        names = ordered_names({name: (shapes[name][0], shapes[name][1]) for name in kind})
        if any(shapes[below][0] != shapes[above][1] for below, above in pairwise(names)):
            # Arrays of filters in groups do not tell how many channels they read.
            names = ordered_names(dict.fromkeys(kind, (1, 1)))
        found += names
    return found


def _filled(restriction: Restriction, count: int) -> list[int]:
    """The layers that arrays fill: all of them, or (of `count` arrays) those without the fixed ones, or with
    the last of them, where a pooling has put in layers."""
    every = list(range(1, restriction.network.layers + 1))
    fixed = [layer for layer in every if not any(_moves(basis, layer) for basis in restriction.basis)]
    without = [layer for layer in every if layer not in fixed]
    choices = [every, without, [*without, *fixed[-1:]]]
    return next((choice for choice in choices if len(choice) == count and choice == sorted(choice)), every)


def _moves(direction: Parameters, layer: int) -> bool:
    return any(map(any, direction.weights[layer - 1])) or any(direction.biases[layer - 1] or ())


def _names(restriction: Restriction, layer: int, letter: str) -> list[str]:
    """The names of the entries of an array in its order: of a filter (w), or of a linear layer behind a mean (W); none if the
    layer is no such layer by `convolution`."""
    pattern = re.compile(rf"{letter}{layer}(?:_\d+)+")
    inside = zip(restriction.names, restriction.basis, strict=True)
    found = (name for name, basis in inside if pattern.fullmatch(name) and any(map(any, basis.weights[layer - 1])))
    names = sorted(found, key=_place)
    axes = (1, 3, 4) if letter == "w" else (2,)
    is_whole = names and len(_place(names[-1])) in axes and len(names) == prod(_shape(names[-1]))
    return names if is_whole else []


def _place(name: str) -> tuple[int, ...]:
    return tuple(map(int, name.split("_")[1:]))


def _shape(last: str) -> tuple[int, ...]:
    """The shape of the array whose last entry has this name; w1_k is the filter of one channel."""
    place = tuple(k + 1 for k in _place(last))
    return (1, 1, *place) if len(place) == 1 else place


def _solved(
    restriction: Restriction,
    values: Mapping[str, Fraction],
    linear: Mapping[int, _Array],
    biases: Mapping[int, tuple[Fraction, ...]],
) -> dict[str, Fraction]:
    """The values of all free parameters, those of the filters and those at which linear layers are these arrays."""
    start = restriction.at([values.get(name, 0) for name in restriction.names])
    weights, vectors = list(start.weights), list(start.biases)
    for layer, ((rows, columns), entries) in linear.items():
        weights[layer - 1] = tuple(tuple(entries[row * columns : (row + 1) * columns]) for row in range(rows))
        vectors[layer - 1] = biases.get(layer)
    try:
        found = restriction.values(Parameters(tuple(weights), tuple(vectors)))
    except InputError as error:
        what = error.problem.replace("these parameters", "the arrays")
        raise InputError(
            what, fix="leave the weights that it fixes or ties free, for example by dense= in place of head="
        ) from None
    return dict(zip(restriction.names, found, strict=True))
