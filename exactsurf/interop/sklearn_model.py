"""Models from scikit-learn: fitted `MLPRegressor` and `MLPClassifier`. The library itself is not loaded."""

from __future__ import annotations

from typing import Any

from exactsurf.errors import InputError, UnsupportedError
from exactsurf.interop.imported_model import ImportedModel, matrix_value, vector_value
from exactsurf.interop.layer_chain import ActivationLayer, AffineLayer, Layer, model_of_chain, weight_decay_note
from exactsurf.model.activation import linear, relu

_ACTIVATIONS = {"relu": relu, "identity": linear}
_OUTPUTS = {"MLPRegressor": ("identity",), "MLPClassifier": ("logistic", "softmax")}


def from_sklearn(model: Any, *, denominator: int | None = None, digits: int | None = None) -> ImportedModel:
    """The network and the exact parameters of a fitted `MLPRegressor` or `MLPClassifier`.

    Parameters: `model` with the activation ``relu`` or ``identity``; `denominator` or `digits` to round. The outputs of a
    classifier are those before its logistic function or softmax, which is noted, as is the weight decay `alpha`.
    Returns: an `ImportedModel`. Exactness: floats are read as the binary values that they store, unless rounding is asked for.
    Raises: `UnsupportedError` naming the activation, `InputError` for a model that is not fitted or of another class.
    Source: scikit-learn, "Neural network models (supervised)".
    """
    name = next((base.__name__ for base in type(model).__mro__ if base.__name__ in _OUTPUTS), "")
    if not name:
        raise InputError(f"a {type(model).__name__} is not supported", fix=f"supported: {', '.join(_OUTPUTS)}")
    if not hasattr(model, "coefs_"):
        raise InputError(f"the {name} is not fitted", fix="call fit first")
    if model.activation not in _ACTIVATIONS:
        raise UnsupportedError(
            f"the activation {model.activation!r} of the {name} is not piecewise linear", f"supported: {', '.join(_ACTIVATIONS)}"
        )
    if model.out_activation_ not in _OUTPUTS[name]:
        raise UnsupportedError(f"the output function {model.out_activation_!r} of the {name} is not supported")
    notes = [] if name == "MLPRegressor" else [f"the outputs are those before the {model.out_activation_} function"]
    if getattr(model, "alpha", 0):
        by_default = ", scikit-learn's default" if repr(model.alpha) == "0.0001" else ""
        notes.append(weight_decay_note(f"alpha={model.alpha}{by_default}"))
    layers: list[Layer] = []
    for k, (coefficients, intercepts) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
        if layers:
            layers.append(ActivationLayer(_ACTIVATIONS[model.activation], f"the activation before coefs_[{k}]"))
        weight = tuple(zip(*matrix_value(coefficients, f"coefs_[{k}]"), strict=True))
        layers.append(AffineLayer(weight, vector_value(intercepts, f"intercepts_[{k}]"), f"coefs_[{k}]"))
    return model_of_chain("scikit-learn", layers, activation=None, denominator=denominator, digits=digits, notes=notes)
