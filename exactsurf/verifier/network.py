"""Parameters, the forward pass and its one-sided derivative (FORMAT.md, sections 2 and 5)."""

from __future__ import annotations

from dataclasses import dataclass

from .activation import Activation
from .arithmetic.document import Field
from .arithmetic.rational import Rational
from .arithmetic.table import Column, Table, affine


@dataclass(frozen=True)
class Parameters:
    """weights[l − 1] and biases[l − 1] belong to layer l; a layer without bias has None."""

    weights: list[list[list[Rational]]]
    biases: list[list[Rational] | None]


@dataclass(frozen=True)
class Pass:
    """A forward pass: `inputs[l − 1]` is what layer l reads, `positions[l − 1][j]` where its unit j sits."""

    inputs: list[Table]
    positions: list[list[list[int]]]
    predictions: list[Column]


def read_parameters(field: Field, widths: list[int], biases: list[bool]) -> Parameters:
    """A field that is shaped like parameters."""
    names = [f"W{layer}" for layer in range(1, len(widths))]
    bias_names = [f"b{layer}" for layer, has_bias in enumerate(biases, 1) if has_bias]
    found = dict(zip([*names, *bias_names], field.fields(*names, *bias_names), strict=True))
    return Parameters(
        [found[name].matrix(rows, columns) for name, rows, columns in zip(names, widths[1:], widths, strict=False)],
        [found[f"b{n}"].vector(widths[n]) if has_bias else None for n, has_bias in enumerate(biases, 1)],
    )


def vector_of(parameters: Parameters) -> list[Rational]:
    """The coordinates: W1 by rows, b1, W2, …."""
    vector: list[Rational] = []
    for matrix, biases in zip(parameters.weights, parameters.biases, strict=True):
        vector += [value for row in matrix for value in row]
        vector += biases or []
    return vector


def forward(activation: Activation, parameters: Parameters, x: Table) -> Pass:
    """The forward pass over all samples."""
    inputs, positions = [x], []
    *hidden, last = zip(parameters.weights, parameters.biases, strict=True)
    for weights, biases in hidden:
        columns = affine(inputs[-1], weights, biases)
        where = [activation.positions(column) for column in columns]
        values = [activation.apply(column, places) for column, places in zip(columns, where, strict=True)]
        positions.append(where)
        inputs.append(Table.of_columns(values))
    return Pass(inputs, positions, affine(inputs[-1], *last))


def one_sided(activation: Activation, at: Pass, parameters: Parameters, direction: Parameters) -> list[Column]:
    """The one-sided derivative of every prediction along a direction (FORMAT.md, section 5, rule `direction`)."""
    moves: list[Column] = []
    for layer, (weights, biases) in enumerate(zip(direction.weights, direction.biases, strict=True)):
        table = at.inputs[layer]
        if layer:  # after the first layer its inputs move too, by f′ = Ẇ f + W ḟ + ḃ
            derivatives = map(activation.one_sided, at.positions[layer - 1], moves)
            table = table.beside(Table.of_columns(list(derivatives)))
            weights = [[*dot, *row] for dot, row in zip(weights, parameters.weights[layer], strict=True)]
        moves = affine(table, weights, biases)
    return moves
