"""Fully connected networks: widths, activation, biases. No weights; those are `Parameters`."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from exactsurf.errors import InputError, ShapeError
from exactsurf.model.activation import Activation, linear, relu
from exactsurf.model.activation_names import activation_from


@dataclass(frozen=True, init=False)
class Network:
    """A fully connected network x ↦ W_{L+1} h(… h(W_1 x + b_1) …) + b_{L+1}.

    Parameters: `widths` n_0, …, n_{L+1} (inputs, hidden layers, outputs); `activation` of the hidden layers (an
    `Activation`, piecewise linear or smooth, or what `activation_from` takes: a name, or a description as in problem files);
    `biases`, one bool for all layers or one per layer. Without a hidden layer no activation is applied: the network is a
    linear model, and its `activation` is `linear` whichever was given.
    Exactness: exact. Raises: `InputError` for widths below 1 or fewer than two, and for an unknown activation, `ShapeError`
    for a wrong number of biases. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> es.Network([7, 2, 1]), es.Network([1, 2, 1], "tanh") == es.Network([1, 2, 1], es.tanh), es.Network([1, 1], "sigmoid")
    (Network(7-2-1, relu), True, Network(1-1, linear model))
    """

    widths: tuple[int, ...]
    activation: Activation
    biases: tuple[bool, ...] = field(default=())

    def __init__(
        self,
        widths: Sequence[int],
        activation: Activation | str | dict[str, Any] = relu,
        *,
        biases: bool | Sequence[bool] = True,
    ) -> None:
        if isinstance(widths, (str, bytes)) or not _has_entries(widths):
            raise InputError("the widths of a network are a list of integers", text=repr(widths), fix="for example [7, 2, 1]")
        sizes = tuple(_width(width, layer) for layer, width in enumerate(widths))
        if len(sizes) < 2:
            raise InputError("a network needs at least two widths (inputs and outputs)", text=str(list(widths)))
        if not isinstance(biases, bool) and not _has_entries(biases):
            raise InputError("biases are one truth value, or a list of them", text=repr(biases))
        flags = (biases,) * (len(sizes) - 1) if isinstance(biases, bool) else tuple(biases)
        if len(flags) != len(sizes) - 1:
            raise ShapeError("biases (one truth value per layer of weights)", (len(sizes) - 1,), (len(flags),))
        if not all(isinstance(flag, bool) for flag in flags):
            raise InputError("biases are truth values, one per layer of weights", text=str(list(flags)))
        object.__setattr__(self, "widths", sizes)
        chosen = activation_from(activation)
        object.__setattr__(self, "activation", chosen if len(sizes) > 2 else linear)
        object.__setattr__(self, "biases", flags)

    @property
    def is_piecewise_linear(self) -> bool:
        """Whether outputs are piecewise polynomial in the parameters, and rational at rational points; else it is smooth."""
        return not self.activation.is_smooth

    @property
    def layers(self) -> int:
        """L + 1, the number of layers of weights."""
        return len(self.widths) - 1

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter: ``W1`` is n_1 × n_0, ``b1`` has n_1 entries, and so on."""
        shapes: dict[str, tuple[int, ...]] = {}
        for layer in range(1, self.layers + 1):
            shapes[f"W{layer}"] = (self.widths[layer], self.widths[layer - 1])
            if self.biases[layer - 1]:
                shapes[f"b{layer}"] = (self.widths[layer],)
        return shapes

    def __repr__(self) -> str:
        biases = "" if all(self.biases) else f", biases={list(self.biases) if any(self.biases) else False}"
        applied = repr(self.activation) if self.layers > 1 else "linear model"
        return f"Network({'-'.join(map(str, self.widths))}, {applied}{biases})"


def _has_entries(value: object) -> bool:
    """Whether a value can be read entry by entry; an array of one number has the method of lists, and no entries."""
    return hasattr(value, "__iter__") and getattr(value, "ndim", 1) != 0


def _width(width: Any, layer: int) -> int:
    try:
        value = None if isinstance(width, bool) else operator.index(width)
    except TypeError:  # no integer, or an array that is none
        value = None
    if value is None:
        raise InputError(f"width {layer} of the network is not an integer", text=repr(width))
    if value < 1:
        raise InputError(f"width {layer} of the network is {value}", fix="every layer needs at least one unit")
    return value
