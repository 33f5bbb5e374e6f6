"""Parameters from arrays and back. NumPy is loaded only to write."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

from exactsurf.errors import InputError, ShapeError, check_kind
from exactsurf.interop.imported_model import ImportedModel, matrix_value, vector_value
from exactsurf.interop.layer_chain import AffineLayer, model_of_chain
from exactsurf.interop.torch_model import ExportedArrays, exported, from_torch
from exactsurf.model.activation import Activation
from exactsurf.model.parameters import Parameters


def from_arrays(
    weights: Sequence[Any] | Mapping[str, Any],
    biases: Sequence[Any] | None = None,
    *,
    activation: Activation | str | dict[str, Any] = "relu",
    transposed: bool = False,
    denominator: int | None = None,
    digits: int | None = None,
    order: Sequence[str] | None = None,
) -> ImportedModel:
    """The network and the exact parameters of given arrays (NumPy, JAX, nested lists of floats).

    Parameters: `weights`, the matrices W_1, W_2, … (W_l is width_l × width_{l−1}; with `transposed` width_{l−1} × width_l, as
    Keras and scikit-learn have them), and `biases`, a vector or None for each (None: no biases at all); or one mapping with
    the names W1, b1, W2, … or ``0.weight``, ``0.bias``, …; `activation`; `denominator` or `digits` to round; `order`, the names
    of the layers of a state dict in order, where their numbers and widths do not tell.
    Returns: an `ImportedModel`. Exactness: floats are read as the binary values that they store, unless rounding is asked for.
    Raises: `ShapeError`, and `InputError` naming the entry that is not finite or no number. Source: docs/guide/models.md.

    >>> import exactsurf as es
    >>> es.from_arrays([[[1 / 4], [1 / 3]], [[1, 1]]], [[0, 1], [2]], digits=3).parameters
    Parameters(W1=[['1/4'], ['333/1000']], b1=[0, 1], W2=[[1, 1]], b2=[2])
    """
    check_kind(weights, Iterable, "from_arrays", "give the matrices W1, W2, …, or the arrays by name")
    if isinstance(weights, Mapping):
        if biases is not None:
            raise InputError("arrays by name hold the biases too", fix="leave out biases=")
        if any(str(name).endswith(".weight") or isinstance(value, Mapping) for name, value in weights.items()):
            if transposed:
                raise InputError("a state dict has its matrices as width_l × width_{l−1}", fix="leave out transposed=")
            return from_torch(weights, activation=activation, denominator=denominator, digits=digits, order=order)
        weights, biases = _by_layer(weights)
    if order is not None:
        raise InputError("order belongs to state dicts", fix="W1, W2, … are in order; leave it out")
    given = list(biases) if biases is not None else [None] * len(weights)
    if len(given) != len(weights):
        raise ShapeError("the list of biases (one a matrix, or None)", (len(weights),), (len(given),))
    layers = []
    for layer, (matrix, bias) in enumerate(zip(weights, given, strict=True), start=1):
        rows = matrix_value(matrix, f"W{layer}")
        if transposed:
            rows = tuple(zip(*rows, strict=True))
        read = None if bias is None else vector_value(bias, f"b{layer}")
        layers.append(AffineLayer(rows, read, f"layer {layer}"))
    return model_of_chain("arrays", layers, activation=activation, denominator=denominator, digits=digits)


def _by_layer(named: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    count = sum(str(name).startswith("W") for name in named)
    known = {f"{letter}{layer}" for letter in "Wb" for layer in range(1, count + 1)}
    strange = [name for name in named if name not in known] + [f"W{k}" for k in range(1, count + 1) if f"W{k}" not in named]
    if strange or not count:
        raise InputError(
            "the names of the arrays do not say which layers they are",
            text=", ".join(map(str, named)),
            fix="name them W1, b1, W2, b2, … (or 0.weight, 0.bias, …)",
        )
    layers = range(1, count + 1)
    return [named[f"W{k}"] for k in layers], [named.get(f"b{k}") for k in layers]


def read_npz(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The named arrays of an ``.npz`` file, in its order; pickled objects are refused.

    Parameters: `path`. Returns: arrays by name, for `from_arrays`. Exactness: exact.
    Raises: `InputError` naming the file if it cannot be read. Source: NumPy's file format.
    """
    numpy = import_module("numpy")
    try:
        with numpy.load(Path(path), allow_pickle=False) as file:
            if not hasattr(file, "files"):
                raise ValueError("one array without a name")
            return {name: file[name] for name in file.files}
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=str(path)) from None
    except Exception:  # zip, header and pickle errors alike, whose texts advise to unpickle the file
        fix = "np.savez(path, W1=…, b1=…, …) writes one"
        raise InputError("is no .npz file of plain arrays", file=str(path), fix=fix) from None


def to_numpy(parameters: Parameters, *, dtype: Any = "float64") -> ExportedArrays:
    """Parameters as NumPy arrays W1, b1, W2, …

    Parameters: `parameters`; `dtype`, a type of floats, or ``object`` for arrays of Fractions. Returns: the arrays, and what
    was rounded. Exactness: exact for ``object`` and where the numbers are representable; `largest_change` says.
    Raises: `InputError` for numbers beyond the range of the type. Source: docs/guide/models.md.

    >>> import exactsurf as es
    >>> from exactsurf.model.parameters import parameters_from
    >>> theta = parameters_from(es.Network([1, 1]), W1=[["1/2"]], b1=["1/3"])
    >>> es.to_numpy(theta).arrays["W1"], es.to_numpy(theta).is_exact, es.to_numpy(theta, dtype=object).is_exact
    (array([[0.5]]), False, True)
    """
    check_kind(parameters, Parameters, "to_numpy", "build them with problem.parameters(W1=…, …)")
    numpy = import_module("numpy")
    if numpy.dtype(dtype).hasobject:
        return ExportedArrays({name: numpy.array(value, dtype=object) for name, value in parameters.items()}, Fraction(0))
    names = {name: name for name, _ in parameters.items()}
    return exported(parameters, names, lambda values: numpy.array(values, dtype=dtype))
