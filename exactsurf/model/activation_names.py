"""Activations from their names, or from their descriptions in problem files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from exactsurf.errors import InputError, nearest
from exactsurf.exact.number import exact
from exactsurf.model.activation import (
    Activation,
    absolute_value,
    hard_tanh,
    leaky_relu,
    linear,
    piecewise_linear,
    relu,
    relu6,
    relu_like,
)
from exactsurf.model.smooth_activation import SMOOTH, elu, selu, smooth_activation

NAMED = {a.name: a for a in (relu, absolute_value, relu6, hard_tanh, linear)}
"""The piecewise linear activations that have names."""

_KNOWN = (*NAMED, "leaky_relu:SLOPE", "relu_like:S+,S-", *SMOOTH, "elu:ALPHA")
_BUILD = (
    'es.smooth_activation("z*tanh(z)"), in problem files {"expression": "z*tanh(z)"}, builds others of exp, log, tanh, arctan, '
    "sigmoid and softplus; es.piecewise_linear([-1, 1], [0, 1, 0]) builds those of line segments"
)
_CALLED_HERE = {
    "silu": "swish",
    "hardtanh": "hard_tanh",
    "htanh": "hard_tanh",
    "leakyrelu": "leaky_relu",
    "prelu": "leaky_relu:SLOPE",
    "rrelu": "leaky_relu:SLOPE",
    "identity": "linear",
    "none": "linear",
    "abs": "absolute_value",
    "absolute": "absolute_value",
    "modulus": "absolute_value",
    "logistic": "sigmoid",
    "atan": "arctan",
    "square": "quadratic",
    "squared": "quadratic",
}
_ELSEWHERE = ("celu", "crelu", "glu", "hardshrink", "hardsigmoid", "hardswish", "logsigmoid", "maxout", "sin", "sine", "softmax",
              "softmin", "softshrink", "softsign", "swiglu", "tanhshrink", "threshold")  # fmt: skip
"""Activations of other libraries, which are not misspellings of the ones here."""


def activation_from(value: Activation | str | Mapping[str, Any] | object) -> Activation:
    """An activation from its name or from its description in a problem file.

    Parameters: an `Activation`; a name (``relu``, ``leaky_relu`` (slope 1/100), ``leaky_relu:1/5``, ``absolute_value``,
    ``relu6``, ``hard_tanh``, ``linear``; ``sigmoid``, ``tanh``, ``arctan``, ``softplus``, ``quadratic``, ``elu``,
    ``elu:1/2``, ``selu``, ``swish``, ``mish``, ``gelu_tanh``); or a dict (or its JSON text) ``{"leaky_relu": slope}``,
    ``{"relu_like": [s₊, s₋]}``, ``{"breakpoints": […], "slopes": […], "value_at_0": …}``, ``{"elu": alpha}``,
    ``{"selu": [lambda, alpha]}`` or ``{"expression": "z*exp(-z**2)"}``.
    Exactness: exact. Raises: `InputError` naming the known activations.
    Source: proofs/FORMAT.md, section 2; docs/guide/smooth.md.

    >>> activation_from("leaky_relu:1/5") == activation_from({"leaky_relu": "1/5"})
    True
    >>> activation_from("tanh"), activation_from({"elu": "1/2"})
    (tanh, elu('1/2'))
    """
    if isinstance(value, Activation):
        return value
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, Mapping):
        found = _from_mapping(value)
        if found is not None:
            return found
    raise InputError(
        "not an activation",
        text=repr(value),
        fix='write a name, {"leaky_relu": "1/100"}, {"breakpoints": […], "slopes": […], "value_at_0": "0"} or '
        '{"expression": "z*exp(-z**2)"}',
    )


def _from_text(text: str) -> Activation:
    if text in NAMED:
        return NAMED[text]
    if text in SMOOTH:
        return SMOOTH[text]
    name, argument = _name_and_argument(text)
    if name == "leaky_relu":
        return leaky_relu(argument or "1/100")
    if name == "relu_like" and argument.count(",") == 1:
        return relu_like(*argument.split(","))
    if name == "elu" and argument:
        return elu(argument)
    if text.startswith("{"):
        return activation_from(_described(text))
    raise InputError("unknown activation", text=text, fix=f"{_hint(text)}known: {', '.join(_KNOWN)}; {_BUILD}")


def _hint(text: str) -> str:
    """What a name that is not known may mean; a name that means another function elsewhere is not taken for a misspelling."""
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    if plain == "gelu":
        return "gelu needs the error function, which is not there; gelu_tanh is its customary approximation by tanh; "
    if plain in _CALLED_HERE:
        return f"here it is called {_CALLED_HERE[plain]}; "
    return "" if plain in _ELSEWHERE else nearest(text, [*NAMED, "leaky_relu", "relu_like", *SMOOTH])


def _from_mapping(described: Mapping[str, Any]) -> Activation | None:
    keys = set(described)
    if keys == {"leaky_relu"}:
        return leaky_relu(described["leaky_relu"])
    if keys == {"relu_like"} and isinstance(described["relu_like"], (list, tuple)) and len(described["relu_like"]) == 2:
        return relu_like(*described["relu_like"])
    if {"breakpoints", "slopes"} <= keys <= {"breakpoints", "slopes", "value_at_0"}:
        return piecewise_linear(described["breakpoints"], described["slopes"], described.get("value_at_0", 0))
    if keys == {"elu"}:
        return elu(described["elu"])
    if keys == {"selu"}:
        constants = described["selu"]
        if isinstance(constants, (list, tuple)) and len(constants) == 2:
            return selu(*constants)
        raise InputError("SELU has two constants, λ and α", text=repr(constants), fix='write {"selu": ["1.0507", "1.6733"]}')
    if keys == {"expression"}:
        return smooth_activation(described["expression"])
    return None


def _name_and_argument(text: str) -> tuple[str, str]:
    """``leaky_relu:1/5``, ``leaky_relu=1/5`` and ``leaky_relu(1/5)`` are the same."""
    match = re.fullmatch(r"([a-z_0-9]+)(?:[:=](.*)|\((.*)\))", text)
    return (match[1], match[2] or match[3] or "") if match else (text, "")


def _described(text: str) -> object:
    """A description of an activation as in problem files, given as JSON text."""
    try:
        return json.loads(text, parse_float=exact)
    except json.JSONDecodeError:
        raise InputError("not JSON", text=text) from None
    except RecursionError:
        raise InputError("nested too deeply", text=text) from None
