"""A chain with convolutions, pooling and padding, as other libraries have it, made into a restricted network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.exact.number import whole_number
from exactsurf.interop.image_layers import FilterLayer, ImageLayer, PadLayer, PoolLayer, Shape
from exactsurf.interop.imported_model import ImportedModel, rounded_activation, rounding_of
from exactsurf.interop.layer_chain import ActivationLayer, AffineLayer, HasPlace, Layer, chosen_activation, model_of_chain
from exactsurf.model.activation import Activation, PiecewiseLinear
from exactsurf.model.filters import affine
from exactsurf.model.layer_stack import Stack, activated, forms_of, redundant_names, stack_of
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.model.restrictions import is_list, of_forms

ChainLayer = Layer | ImageLayer


def model_of_any(source: str, layers: Sequence[ChainLayer], **options: Any) -> ImportedModel:
    """The model of a chain, a restricted one if it has filters, pooling or padding; see `model_of_images`, `model_of_chain`."""
    plain = [layer for layer in layers if isinstance(layer, (AffineLayer, ActivationLayer))]
    if len(plain) < len(layers):
        return model_of_images(source, layers, **options)
    return model_of_chain(source, plain, **options)


def input_shape_of(given: Any) -> Shape | None:
    """The shape of one sample as the user says it: (channels, positions), (channels, height, width), or a number of inputs.

    Exactness: nothing is computed. Raises: `InputError`. Source: none.

    >>> input_shape_of((1, 8, 8)), input_shape_of(3), input_shape_of(None)
    ((1, 8, 8), (3,), None)
    """
    if given is None:
        return None
    entries = list(given) if is_list(given) else [given]
    if len(entries) not in (1, 2, 3):
        fix = "give (channels, positions) or (channels, height, width), without the number of samples"
        raise InputError("the shape of an input has one to three entries", text=repr(given), fix=fix)
    return tuple(whole_number(entry, f"entry {k} of the shape of the inputs") for k, entry in enumerate(entries))


def model_of_images(
    source: str,
    layers: Sequence[ChainLayer],
    *,
    activation: Activation | str | dict[str, Any] | None,
    denominator: int | None,
    digits: int | None,
    notes: Sequence[str] = (),
) -> ImportedModel:
    """The restricted network of a chain with convolutions, at its parameters.

    Filters and fully connected layers have free weights, named as by `convolution`; means and padding are fixed weights of the
    layer beside them, and largest values layers of fixed weights. Where the weights of some entries are combinations of those of
    others (means of overlapping windows), a basis of them is free.
    Parameters: `layers` in order; the others as for `model_of_chain`. Exactness: see `rounding_of`. Raises: `UnsupportedError`
    naming the layer that does not fit, `ShapeError` for widths that do not match. Source: docs/guide/models.md.
    """
    chosen, told = chosen_activation(source, list(_with_weights(source, layers)), activation)
    round_value, words = rounding_of(denominator, digits)
    h, pairs = rounded_activation(chosen, None if activation is not None else round_value)
    stack, values = _stacked(source, layers, h)
    network, forms = forms_of(stack, h)
    used = {name for _, factors in forms for name in factors}
    if idle := [name for name in values if name not in used]:
        told.append(f"{_listed(idle)}: such entries of filters read nothing but zeros of the padding and were left out")
    if excess := set(redundant_names(forms)):
        told.append(f"{_listed(sorted(excess))}: what these weigh are combinations of what others weigh, so they are not free")
    rounded = {name: round_value(values[name]) for name in used}
    theta = parameters_of(
        network, [constant + sum((f * rounded[n] for n, f in factors.items()), Fraction(0)) for constant, factors in forms]
    )
    kept = [(constant, {n: f for n, f in factors.items() if n not in excess}) for constant, factors in forms]
    change = max((abs(a - b) for a, b in [*((values[n], rounded[n]) for n in used), *pairs]), default=Fraction(0))
    return ImportedModel(network, theta, source, words, change, (*notes, *told), of_forms(network, kept))


def _listed(names: Sequence[str]) -> str:
    return ", ".join([*names[:3], *["…"] * (len(names) > 3)])


def _with_weights(source: str, layers: Sequence[ChainLayer]) -> Iterator[HasPlace]:
    """Layers with weights and activations; means of hidden units that are the outputs are a layer with fixed weights."""
    if not any(isinstance(layer, (AffineLayer, FilterLayer)) for layer in layers):
        raise UnsupportedError(f"the {source} model has no layer with weights", "a network needs at least one")
    yield from (layer for layer in layers if not isinstance(layer, (PoolLayer, PadLayer)))
    last = next(k for k in reversed(range(len(layers))) if not isinstance(layers[k], (PoolLayer, PadLayer)))
    if isinstance(layers[last], ActivationLayer) and last + 1 < len(layers):
        yield layers[-1]


def _stacked(source: str, layers: Sequence[ChainLayer], h: Activation) -> tuple[Stack, dict[str, Fraction]]:
    """The layers on one another, and the values of the names in them."""
    first = layers[0]
    width = _width(first) if not isinstance(first, ActivationLayer) else 0
    stack, values = stack_of(width), dict[str, Fraction]()
    is_early = False
    for k, layer in enumerate(layers):
        if isinstance(layer, ActivationLayer):
            stack = stack if is_early else activated(stack, h)
            is_early = False
            continue
        if _width(layer) != len(stack.values):
            raise ShapeError(f"what enters {layer.place}", (_width(layer),), (len(stack.values),))
        if isinstance(layer, (FilterLayer, AffineLayer)):
            if stack.is_weighted:
                stack = activated(stack, h)  # of a chain without activations, which is linear
            values.update(_named(layer, stack.number))
            stack = _weighted(layer, stack)
        elif isinstance(layer, PadLayer):
            _check_early(source, is_early, layer.place)
            stack = layer.on(stack)
        else:
            if layer.kind == "max" and stack.is_weighted and _is_next(layers[k + 1 :]):
                _check_rising(h, layer.place)
                stack, is_early = activated(stack, h), True
            elif layer.kind == "average":
                _check_early(source, is_early, layer.place)
            stack = layer.on(stack, h)
    return stack, values


def _width(layer: ChainLayer) -> int:
    """How many entries enter a layer."""
    if isinstance(layer, AffineLayer):
        return len(layer.weight[0])
    if isinstance(layer, ActivationLayer):
        return 0
    size = layer.size if isinstance(layer, PadLayer) else layer.windows.size
    return (layer.filters.read if isinstance(layer, FilterLayer) else layer.channels) * prod(size)


def _weighted(layer: FilterLayer | AffineLayer, stack: Stack) -> Stack:
    if isinstance(layer, FilterLayer):
        return layer.filters.on(stack, True, layer.bias is not None)
    return affine(stack, [[None] * len(stack.values)] * len(layer.weight), layer.bias is not None)


def _named(layer: FilterLayer | AffineLayer, number: int) -> Mapping[str, Fraction]:
    """The numbers of a layer by the names of its free parameters."""
    biases = {f"b{number}_{out}": value for out, value in enumerate(layer.bias or ())}
    if isinstance(layer, AffineLayer):
        return {f"W{number}_{i}_{j}": v for i, row in enumerate(layer.weight) for j, v in enumerate(row)} | biases
    places = product(*map(range, layer.shape))
    names = ("_".join(map(str, (f"w{number}", *place))) for place in places)
    return dict(zip(names, layer.entries, strict=True)) | biases


def _is_next(layers: Sequence[ChainLayer]) -> bool:
    """Whether an activation comes before the next layer with weights."""
    return isinstance(next((one for one in layers if not isinstance(one, (PoolLayer, PadLayer))), None), ActivationLayer)


def _check_rising(h: Activation, place: str) -> None:
    """Largest values may be taken behind an activation that does not fall: h(max z) = max h(z)."""
    if not isinstance(h, PiecewiseLinear) or min(h.slopes) < 0:
        what = f"{place} stands before the activation {h!r}, which {'falls somewhere' if not h.is_smooth else 'is smooth'}"
        raise UnsupportedError(what, "put the pooling behind the activation, or take an average pooling")


def _check_early(source: str, is_early: bool, place: str) -> None:
    if is_early:
        what = f"{place} of the {source} model stands between a max pooling and the activation behind it"
        raise UnsupportedError(what, "put the activation right behind the layer with weights")
