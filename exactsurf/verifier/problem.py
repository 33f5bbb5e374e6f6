"""The training problem of a certificate (FORMAT.md, section 2)."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .activation import Activation, read_activation
from .arithmetic.data_file import read_csv
from .arithmetic.document import Field, Rejected, at
from .arithmetic.rational import Rational, display
from .arithmetic.table import Table
from .loss import Loss, Residuals, read_loss, residuals, risk
from .network import Parameters, Pass, forward, read_parameters


@dataclass(frozen=True)
class Problem:
    """A network architecture, a loss and data."""

    widths: list[int]
    biases: list[bool]
    activation: Activation
    loss: Loss
    x: Table
    y: Table

    @property
    def samples(self) -> int:
        """N."""
        return len(self.x.rows)

    @property
    def hidden_layers(self) -> int:
        """L."""
        return len(self.widths) - 2

    @property
    def architecture(self) -> str:
        """The widths as in the sentence of a claim, e.g. 3-2-1."""
        return "-".join(map(str, self.widths))


@dataclass(frozen=True)
class Point:
    """Parameters with what the forward pass found there."""

    parameters: Parameters
    forward: Pass
    residuals: Residuals
    risk: Rational


def read_problem(field: Field, data_folder: str | os.PathLike[str] | None) -> Problem:
    """The field `problem`."""
    names = ("widths", "biases", "activation", "loss", "data")
    widths_field, biases_field, activation, loss_field, data = field.fields(*names)
    widths, biases = read_architecture(widths_field, biases_field)
    loss = read_loss(loss_field)
    function = read_activation(activation)
    x, y = read_data(data, widths, data_folder)
    if loss.name == "hinge":
        _check_labels(y, data)
    return Problem(widths, biases, function, loss, x, y)


def _check_labels(y: Table, data: Field) -> None:
    """Targets of the hinge loss: 1 and −1 for one output; for several ones a 1 and zeros in every row."""
    several = len(y.denominators) > 1
    for i, row in enumerate(y.rows):
        if several:
            signs = [value == unit for value, unit in zip(row, y.denominators, strict=True)]
            fits = sum(signs) == 1 and not any(value for value, sign in zip(row, signs, strict=True) if not sign)
        else:
            fits = abs(row[0]) == y.denominators[0]
        if not fits:
            place = f"{data.place}.csv.y" if data.has("csv") else f"{data.place}.y[{i}]"
            wanted = "one target 1 and zeros in every row" if several else "targets 1 and -1"
            raise Rejected(place if several else f"{place}[0]", f"the hinge loss needs {wanted}; sample {i} has another")


def read_architecture(widths_field: Field, biases_field: Field) -> tuple[list[int], list[bool]]:
    """The fields `widths` and `biases` of a problem."""
    widths = [width.size(1) for width in widths_field.items()]
    if len(widths) < 2:
        raise widths_field.reject("expected at least two widths")
    return widths, [bias.boolean() for bias in biases_field.items(len(widths) - 1)]


def read_data(data: Field, widths: list[int], data_folder: str | os.PathLike[str] | None) -> tuple[Table, Table]:
    """The field `data` of a problem: inputs and targets, from the certificate or from a file."""
    if data.has("csv"):
        (csv,) = data.fields("csv")
        return read_csv(csv, widths[0], widths[-1], data_folder)
    x_field, y_field = data.fields("x", "y")
    x_rows = x_field.matrix(None, widths[0])
    if not x_rows:
        raise x_field.reject("expected at least one sample")
    y_rows = y_field.matrix(len(x_rows), widths[-1])
    with at(data.place):
        return Table.of_rows(x_rows), Table.of_rows(y_rows)


def read_point(problem: Problem, parameters: Field, stated: Field) -> Point:
    """Parameters and the risk that is stated for them, recomputed."""
    values = read_parameters(parameters, problem.widths, problem.biases)
    claimed = stated.number()
    with at(parameters.place):
        passed = forward(problem.activation, values, problem.x)
        fit = residuals(problem.loss, passed.predictions, problem.y)
        numerator, denominator = risk(fit)
    if numerator * claimed.denominator != claimed.numerator * denominator:
        raise stated.reject(f"the risk recomputed is {display(numerator, denominator)}")
    return Point(values, passed, fit, claimed)
