"""Networks as functions of their inputs, on one region of these (FORMAT.md, section 34).

A form [a₁, …, a_n, c] stands for the affine function a·x + c; where no input is left free it is [c].
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from .activation import Activation, read_activation
from .arithmetic.document import Field
from .arithmetic.effort import price, spend
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import bits_of
from .network import Parameters, read_parameters
from .problem import read_architecture

Form = list[Rational]


@dataclass(frozen=True)
class InputNetwork:
    """An architecture; no data and no loss."""

    widths: list[int]
    biases: list[bool]
    activation: Activation

    @property
    def architecture(self) -> str:
        """The widths as in the sentence of a claim, e.g. 3-2-1."""
        return "-".join(map(str, self.widths))

    @property
    def size(self) -> int:
        """The number of all weights and biases."""
        pairs = zip(self.widths, self.widths[1:], self.biases, strict=False)
        return sum((below + has_bias) * width for below, width, has_bias in pairs)

    def parameters(self, field: Field) -> Parameters:
        """A field that is shaped like parameters."""
        return read_parameters(field, self.widths, self.biases)


def read_input_network(field: Field, *further: str) -> tuple[InputNetwork, list[Field]]:
    """The field `problem` of a claim about inputs, and its further fields."""
    widths_field, biases_field, activation, *others = field.fields("widths", "biases", "activation", *further)
    widths, biases = read_architecture(widths_field, biases_field)
    return InputNetwork(widths, biases, read_activation(activation)), others


def read_inputs(field: Field, network: InputNetwork) -> list[list[Rational]]:
    """Rows of n₀ numbers."""
    return field.matrix(None, network.widths[0])


def coordinates(count: int) -> list[Form]:
    """x_1, …, x_n as forms."""
    return [[int(i == j) for j in range(count + 1)] for i in range(count)]


def combined(weights: Sequence[Rational], forms: Sequence[Form], constant: Rational, length: int) -> Form:
    """Σ weights[k]·forms[k] + constant."""
    spend(1 + (len(weights) * length >> 1) * price(bits_of([*weights, constant]), *map(bits_of, forms)))
    total: Form = [0] * length
    total[-1] = constant
    for weight, form in zip(weights, forms, strict=True):
        if weight:
            places = [place for place, value in enumerate(form) if value]
            for place in places:
                total[place] += weight * form[place]
            # Sums of numbers with different denominators are longer than these.
            spend(len(places) * price(bits_of([total[place] for place in places])))
    return total


def layer_forms(parameters: Parameters, layer: int, below: Sequence[Form], length: int) -> list[Form]:
    """The pre-activations of a layer (from 0)."""
    rows, biases = parameters.weights[layer], parameters.biases[layer]
    return [combined(row, below, 0 if biases is None else biases[j], length) for j, row in enumerate(rows)]


def activated(h: Activation, form: Form, piece: int) -> Form:
    """h of a form on a piece."""
    spend(len(form) * price(bits_of(form)))
    image = [h.slopes[piece] * value for value in form]
    image[-1] += h.intercepts[piece]
    return image


def place_of(h: Activation, value: Rational) -> tuple[int, bool]:
    """The piece on which a number lies, the left one at a breakpoint, and whether the slope changes there."""
    piece = bisect_left(h.breakpoints, value)
    at_breakpoint = piece < len(h.breakpoints) and h.breakpoints[piece] == value
    return piece, at_breakpoint and h.slopes[piece] != h.slopes[piece + 1]


def pieces_at(network: InputNetwork, parameters: Parameters, x: Sequence[Rational]) -> tuple[list[list[int]], bool]:
    """The pieces of all hidden units at an input, and whether one of them is at a kink."""
    below: list[Form] = [[value] for value in x]
    found, kink = [], False
    for layer in range(len(network.widths) - 2):
        forms = layer_forms(parameters, layer, below, 1)
        places = [place_of(network.activation, form[0]) for form in forms]
        kink = kink or any(at_kink for _, at_kink in places)
        found.append([piece for piece, _ in places])
        below = [activated(network.activation, form, piece) for form, (piece, _) in zip(forms, places, strict=True)]
    return found, kink


def outputs_on(network: InputNetwork, parameters: Parameters, pieces: Sequence[Sequence[int]], inputs: list[Form]) -> list[Form]:
    """The outputs as forms."""
    length, below = len(inputs[0]), inputs
    for layer, chosen in enumerate(pieces):
        forms = layer_forms(parameters, layer, below, length)
        below = [activated(network.activation, form, piece) for form, piece in zip(forms, chosen, strict=True)]
    return layer_forms(parameters, len(pieces), below, length)


def derivative_on(
    network: InputNetwork, parameters: Parameters, pieces: Sequence[Sequence[int]], inputs: list[Form], direction: Parameters
) -> list[Form]:
    """The derivative of every output along a direction of the parameters, as a form."""
    length, below = len(inputs[0]), inputs
    moves: list[Form] = [[0] * length for _ in inputs]
    for layer in range(len(network.widths) - 1):
        both = [*below, *moves]
        rows, biases = parameters.weights[layer], direction.biases[layer]
        dots = direction.weights[layer]
        moved = [combined([*dots[j], *rows[j]], both, 0 if biases is None else biases[j], length) for j in range(len(rows))]
        if layer == len(pieces):
            return moved
        forms = layer_forms(parameters, layer, below, length)
        below = [activated(network.activation, form, piece) for form, piece in zip(forms, pieces[layer], strict=True)]
        slopes = network.activation.slopes
        moves = [[slopes[piece] * value for value in move] for move, piece in zip(moved, pieces[layer], strict=True)]
    raise AssertionError("a network has an output layer")
