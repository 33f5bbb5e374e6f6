"""A chain of affine and activation layers, as other libraries have it, made into a network."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import to_text
from exactsurf.interop.imported_model import ImportedModel, rounded_model
from exactsurf.model.activation import Activation, leaky_relu, linear, piecewise_linear
from exactsurf.model.activation_names import NAMED, activation_from
from exactsurf.model.smooth_activation import sigmoid


@dataclass(frozen=True)
class AffineLayer:
    """x ↦ weight · x + bias, and its place in the model, for messages."""

    weight: Matrix
    bias: Vector | None
    place: str


@dataclass(frozen=True)
class ActivationLayer:
    """z ↦ h(z) for every unit, and its place in the model, for messages."""

    activation: Activation
    place: str


Layer = AffineLayer | ActivationLayer


class HasPlace(Protocol):
    """A layer with weights, or an activation, with its place in the model."""

    @property
    def place(self) -> str:
        """Its place, for messages."""


def clipping(low: Fraction | None, high: Fraction | None) -> Activation:
    """z ↦ min(max(z, low), high), where None is no bound; under its own name if it has one.

    Parameters: two bounds. Exactness: exact. Raises: `InputError` if low ≥ high. Source: PyTorch's Hardtanh, ONNX's Clip.

    >>> clipping(Fraction(0), Fraction(6)), clipping(Fraction(0), None), clipping(Fraction(1), Fraction(2))(Fraction(0))
    (relu6, relu, Fraction(1, 1))
    """
    if low is not None and high is not None and low >= high:
        raise InputError(f"a clipping from {to_text(low)} to {to_text(high)} has no middle piece")
    at_0 = max(Fraction(0), low) if low is not None else Fraction(0)
    at_0 = min(at_0, high) if high is not None else at_0
    points = [t for t in (low, high) if t is not None]
    slopes = [0] * (low is not None) + [1] + [0] * (high is not None)
    return _named(piecewise_linear(points, slopes, at_0))


def leaky(slope: Fraction) -> Activation:
    """Leaky ReLU with this slope; the ReLU itself for 0."""
    return _named(leaky_relu(slope))


def _named(activation: Activation) -> Activation:
    return next((known for known in NAMED.values() if known == activation), activation)


def shared_note(first: str, second: str) -> str:
    """The note for layers that share their numbers: as parameters of a network they are independent."""
    return f"{first} and {second} share numbers; here they are parameters of their own, which move independently"


def weight_decay_note(setting: str) -> str:
    """The note for models that were trained with a weight decay: their risk has another minimum."""
    return f"it was trained with a weight decay ({setting}), which the risk here does not have: its minima lie elsewhere"


def model_of_chain(
    source: str,
    layers: Sequence[Layer],
    *,
    activation: Activation | str | dict[str, Any] | None,
    denominator: int | None,
    digits: int | None,
    notes: Sequence[str] = (),
) -> ImportedModel:
    """The network of a chain: affine layers with one and the same activation between them.

    Parameters: `layers` in order; `activation` replaces the one of the chain (for models that do not say, or whose floats
    stand for a decimal); `denominator` and `digits` as in `rounding_of`; `notes` to hand on.
    Exactness: see `rounding_of`. Raises: `UnsupportedError` naming the layer that does not fit, `ShapeError` for widths that
    do not match. Source: theory.md, section 1.
    """
    affine = [layer for layer in layers if isinstance(layer, AffineLayer)]
    if not affine:
        raise UnsupportedError(f"the {source} model has no affine layer", "a network needs at least one")
    for below, above in itertools.pairwise(affine):
        if len(above.weight[0]) != len(below.weight):
            shape = (len(above.weight), len(above.weight[0]))
            raise ShapeError(f"the weight of {above.place}", (len(above.weight), len(below.weight)), shape)
    for layer in affine:
        if layer.bias is not None and len(layer.bias) != len(layer.weight):
            raise ShapeError(f"the bias of {layer.place}", (len(layer.weight),), (len(layer.bias),))
    chosen, told = chosen_activation(source, layers, activation)
    return rounded_model(
        source,
        [layer.weight for layer in affine],
        [layer.bias for layer in affine],
        chosen,
        is_activation_exact=activation is not None,
        denominator=denominator,
        digits=digits,
        notes=[*notes, *told],
    )


def chosen_activation(
    source: str, layers: Sequence[HasPlace], activation: Activation | str | dict[str, Any] | None
) -> tuple[Activation, list[str]]:
    """The one activation between the layers with weights, and a note where another one was asked for.

    Parameters: `layers` in order, activations and layers with weights. Exactness: exact. Raises: `UnsupportedError` naming the
    layer that does not fit. Source: theory.md, section 1.
    """
    found = _common_activation(source, layers)
    chosen = found if activation is None else activation_from(activation)
    is_replaced = activation is not None and any(isinstance(layer, ActivationLayer) for layer in layers) and chosen != found
    return chosen, [f"the activation of the model, {found!r}, was replaced by {chosen!r}"] if is_replaced else []


def _for_classes(activation: Activation) -> str:
    hint = ' (for classes there is loss="logistic", sigmoid and cross-entropy in one: labels 0 and 1, or ±1)'
    return hint if activation == sigmoid else ""


def _common_activation(source: str, layers: Sequence[HasPlace]) -> Activation:
    """The activation between all affine layers; affine layers in a row have the identity between them."""
    if isinstance(layers[0], ActivationLayer):
        raise UnsupportedError(f"{layers[0].place} stands before the first affine layer", "apply it to the data")
    if isinstance(layers[-1], ActivationLayer):
        raise UnsupportedError(
            f"{layers[-1].place} stands behind the last affine layer, and outputs of a network are affine",
            f"leave it out, if the outputs before it are meant{_for_classes(layers[-1].activation)}",
        )
    between: list[tuple[Activation, str]] = []
    for below, above in itertools.pairwise(layers):
        if isinstance(above, ActivationLayer):
            if isinstance(below, ActivationLayer):
                raise UnsupportedError(f"{above.place} follows {below.place}: two activations in a row", "merge them into one")
            between.append((above.activation, above.place))
        elif not isinstance(below, ActivationLayer):
            between.append((linear, f"no activation between {below.place} and {above.place}"))
    for (first, place), (other, other_place) in itertools.pairwise(between):
        if first != other:
            raise UnsupportedError(
                f"the {source} model has different activations: {first!r} ({place}) and {other!r} ({other_place})",
                "exactsurf has one activation for all hidden layers",
            )
    return between[0][0] if between else linear
