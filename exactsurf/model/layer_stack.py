"""Layers put on one another with fixed linear maps between them: what the network that computes this has for weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

from exactsurf.errors import UnsupportedError
from exactsurf.exact.sparse_rows import peeled_rows
from exactsurf.model.activation import Activation, PiecewiseLinear
from exactsurf.model.network import Network

_MOST = 100_000_000
"""Most entries of all directions of parameter space together, which a restriction keeps one by one."""

_ZERO, _ONE = Fraction(0), Fraction(1)

Form = Mapping[str, Fraction]
"""An affine form in the free parameters: factors by name, and the constant under the name "" ."""

AffineForm = tuple[Fraction, Mapping[str, Fraction]]
"""The constant of an affine form, and its factors by name."""

Combination = Mapping[int, Fraction]
"""Factors by the place of what is combined."""


@dataclass(frozen=True)
class Value:
    """Σ_j form_j · unit_j + bias, over the units of the last layer; all units have their place."""

    row: Mapping[int, Form]
    bias: Form


@dataclass(frozen=True)
class Stack:
    """The layers so far, and what is computed of the units of the last one.

    Attributes: `width` of the inputs; `layers`, the values whose activation each layer's units are, and whether it has biases;
    `values`, what stands on top; `is_weighted`, whether they have free weights, so that an activation comes before the next;
    `has_bias`; `reach`, where the units are in [0, c], r with all values in [0, r·c], or None where some may be negative.
    Exactness: exact. Source: docs/guide/models.md.
    """

    width: int
    layers: tuple[tuple[tuple[Value, ...], bool], ...]
    values: tuple[Value, ...]
    is_weighted: bool = False
    has_bias: bool = False
    reach: Fraction | None = None

    @property
    def number(self) -> int:
        """The number of the layer of weights that comes next."""
        return len(self.layers) + 1


def stack_of(width: int) -> Stack:
    """The inputs alone. Exactness: exact. Raises: nothing. Source: `convolution`."""
    return Stack(width, (), _units(width))


def weighted(stack: Stack, rows: Sequence[Mapping[int, Form]], biases: Sequence[Form] | None) -> Stack:
    """Affine layers with free weights on top; what is below must have none, or products of free weights arise.

    Parameters: `rows`, one for each new value: forms by the place of the value below. Exactness: exact.
    Raises: nothing. Source: `convolution`.
    """
    plain = [_constants(value) for value in stack.values]
    found = []
    for j, row in enumerate(rows):
        new: dict[int, dict[str, Fraction]] = {}
        for place, form in row.items():
            for unit, factor in plain[place].items():
                _add(new.setdefault(unit, {}), form, factor)
        found.append(Value(new, {} if biases is None else biases[j]))
    return replace(stack, values=tuple(found), is_weighted=True, has_bias=biases is not None, reach=None)


def combined(stack: Stack, rows: Sequence[Combination]) -> Stack:
    """A fixed linear map of the values: a mean, a choice, zeros put between.

    Parameters: `rows`, factors by the place of the value below. Exactness: exact. Raises: nothing. Source: `convolution`.
    """
    found = []
    for row in rows:
        new: dict[int, dict[str, Fraction]] = {}
        bias: dict[str, Fraction] = {}
        for place, factor in row.items():
            for unit, form in stack.values[place].row.items():
                _add(new.setdefault(unit, {}), form, factor)
            _add(bias, stack.values[place].bias, factor)
        found.append(Value(new, bias))
    is_positive = all(factor >= 0 for row in rows for factor in row.values())
    most = max((sum(row.values(), _ZERO) for row in rows), default=_ZERO)
    reach = None if stack.reach is None or not is_positive else stack.reach * most
    return replace(stack, values=tuple(found), reach=reach)


def activated(stack: Stack, activation: Activation) -> Stack:
    """The activation of the values, which become the units of a layer.

    Exactness: exact. Raises: nothing. Source: `convolution`.
    """
    layers = (*stack.layers, (stack.values, stack.has_bias))
    reach = _ONE if _is_relu_to(activation) else None
    return Stack(stack.width, layers, _units(len(stack.values)), reach=reach)


def largest(stack: Stack, windows: Sequence[Sequence[int]], activation: Activation, place: str) -> Stack:
    """The largest value in each window, by layers with fixed weights.

    For the ReLU max(a, b) = h(b − a) + h(a) where a ≥ 0, and so for one that is cut off at c, where a and b are in [0, c]. For an
    h of slopes s₊ and s₋ on both sides of 0, z = (h(z) − h(−z))/(s₊ + s₋) and |z| = (h(z) + h(−z))/(s₊ − s₋), and
    max(a, b) = ½(a + b) + ½|a − b|. Windows of n values take ⌈log₂ n⌉ layers.

    Parameters: `windows`, the places of the values in each, one at least; `place` of the pooling, for messages.
    Exactness: exact. Raises: `UnsupportedError` for other activations, and where no activation stands before. Source: Arora et
    al. 2018.
    """
    if all(len(window) == 1 for window in windows):
        return combined(stack, [{window[0]: _ONE} for window in windows])
    if stack.is_weighted or not stack.layers:
        what = f"{place} stands behind no activation, and only one of hidden units is a network with this activation"
        raise UnsupportedError(what, "put an activation, and a layer behind, or take an average pooling")
    two = activation.two_slopes
    is_cut = _is_relu_to(activation) and stack.reach is not None and (two is not None or stack.reach <= 1)
    if not is_cut and (two is None or two[0] == two[1] or sum(two) == 0):
        raise UnsupportedError(
            f"{place} is no network with the activation {activation!r}",
            "relu, relu6 and those with two slopes at 0 (leaky_relu:1/100) have max pooling; others have average pooling",
        )
    current: list[Combination] = [_constants(value) for value in stack.values]
    groups = [list(window) for window in windows]
    layers, reach = list(stack.layers), stack.reach
    while any(len(group) > 1 for group in groups):
        pairs = [[tuple(group[k : k + 2]) for k in range(0, len(group), 2)] for group in groups]
        nodes = list(dict.fromkeys(pair for row in pairs for pair in row))
        units: dict[tuple[tuple[int, Fraction], ...], int] = {}
        made = [_maximum([current[k] for k in node], units, None if is_cut else two) for node in nodes]
        layers.append((tuple(Value({j: {"": f} for j, f in unit}, {}) for unit in units), False))
        current, at = made, {node: k for k, node in enumerate(nodes)}
        groups = [[at[pair] for pair in row] for row in pairs]
    values = tuple(Value({j: {"": f} for j, f in current[group[0]].items()}, {}) for group in groups)
    return Stack(stack.width, tuple(layers), values, reach=reach)


def _maximum(
    values: Sequence[Combination],
    units: dict[tuple[tuple[int, Fraction], ...], int],
    slopes: tuple[Fraction, Fraction] | None,
) -> Combination:
    """max(a, b), or a alone, of the units of the next layer, which are noted in `units`."""
    found: dict[int, Fraction] = {}

    def take(terms: Sequence[tuple[Combination, int]], factor: Fraction) -> None:
        row: dict[int, Fraction] = {}
        for values, sign in terms:
            for unit, size in values.items():
                row[unit] = row.get(unit, _ZERO) + sign * size
        key = tuple(sorted((unit, size) for unit, size in row.items() if size))
        if key:
            unit = units.setdefault(key, len(units))
            found[unit] = found.get(unit, _ZERO) + factor

    a, b = values[0], values[-1]
    is_pair = len(values) > 1
    if slopes is None:
        take([(a, 1)], _ONE)
        if is_pair:
            take([(b, 1), (a, -1)], _ONE)
        return found
    for sign in (1, -1):
        take([(a, sign), *([(b, sign)] if is_pair else [])], sign * Fraction(1, 2 if is_pair else 1) / sum(slopes))
        if is_pair:
            take([(a, sign), (b, -sign)], Fraction(1, 2) / (slopes[0] - slopes[1]))
    return found


def check_size(network: Network, free: int) -> None:
    """Refuse what would not fit into memory: a restriction has an entry for each pair of a free parameter and a parameter.

    Exactness: exact. Raises: `UnsupportedError`. Source: `convolution`.
    """
    total = sum(map(prod, network.shapes.values()))
    if free * total > _MOST:
        what = f"a restriction with about {free} free parameters of a network with {total} parameters is too large"
        raise UnsupportedError(what, "take smaller inputs or fewer channels")


def forms_of(stack: Stack, activation: Activation) -> tuple[Network, list[AffineForm]]:
    """The network that has these layers and the values on top as outputs, and each of its parameters as an affine form.

    Exactness: exact. Raises: `UnsupportedError` for one that is too large. Source: `convolution`.
    """
    layers = [*stack.layers, (stack.values, stack.has_bias)]
    widths = [stack.width, *(len(values) for values, _ in layers)]
    network = Network(widths, activation, biases=[has_bias for _, has_bias in layers])
    parts = [form for values, _ in layers for value in values for form in (*value.row.values(), value.bias)]
    check_size(network, len({name for form in parts for name in form if name}))
    forms: list[AffineForm] = []
    for (values, has_bias), below in zip(layers, widths[:-1], strict=True):
        forms += [_split(value.row.get(j, {})) for value in values for j in range(below)]
        forms += [_split(value.bias) for value in values] if has_bias else []
    return network, forms


def redundant_names(forms: Sequence[AffineForm]) -> list[str]:
    """Names of free parameters whose directions are combinations of those of the others, in the order of the forms.

    Exactness: exact. Raises: nothing. Source: standard.

    >>> redundant_names([(Fraction(0), {"a": Fraction(1), "b": Fraction(2)})])
    ['b']
    """
    rows: dict[str, dict[int, Fraction]] = {}
    for place, (_, factors) in enumerate(forms):
        for name, factor in factors.items():
            rows.setdefault(name, {})[place] = factor
    names = list(rows)
    return [names[k] for k in peeled_rows(list(rows.values())).dependent()]


def _units(width: int) -> tuple[Value, ...]:
    return tuple(Value({j: {"": _ONE}}, {}) for j in range(width))


def _constants(value: Value) -> Combination:
    return {unit: form.get("", _ZERO) for unit, form in value.row.items()}


def _add(to: dict[str, Fraction], form: Form, factor: Fraction) -> None:
    for name, size in form.items():
        to[name] = to.get(name, _ZERO) + factor * size


def _split(form: Form) -> AffineForm:
    return form.get("", _ZERO), {name: size for name, size in form.items() if name and size}


def _is_relu_to(activation: Activation) -> bool:
    """Whether h is the ReLU, or min(ReLU, c)."""
    if not isinstance(activation, PiecewiseLinear) or activation.value_at_0 != 0:
        return False
    return activation.breakpoints[:1] == (_ZERO,) and list(activation.slopes) in ([0, 1], [0, 1, 0])
