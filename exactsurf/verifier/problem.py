"""The training problem of a certificate (FORMAT.md, section 2)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

from .activation import Activation, read_activation
from .arithmetic.data_file import read_csv
from .arithmetic.document import Field, Rejected, at
from .arithmetic.rational import Rational, display
from .arithmetic.table import Column, Table, common_denominator, numerators
from .loss import Loss, read_loss
from .network import Parameters, Pass, forward, read_parameters
from .residuals import Residuals, residuals
from .weight_decay import WeightDecay, read_weight_decay


@dataclass(frozen=True)
class Problem:
    """A network architecture, a loss, data, the weights of its samples, and what is added to the risk."""

    widths: list[int]
    biases: list[bool]
    activation: Activation
    loss: Loss
    x: Table
    y: Table
    weights: Column
    decay: WeightDecay | None = None

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


class Stop(Protocol):
    """A point of a path, with a number that its risk does not exceed."""

    @property
    def parameters(self) -> Parameters:
        """Where it is."""

    @property
    def forward(self) -> Pass:
        """The forward pass there."""

    @property
    def risk(self) -> Rational:
        """Not below the risk."""


def read_problem(
    field: Field,
    data_folder: str | os.PathLike[str] | None,
    version: int = 1,
    *,
    may_decay: bool = False,
    beside: Sequence[str] = (),
) -> Problem:
    """The field `problem`, in a version of the format; with weight decay only for claims that know it.

    `beside` are further fields that it has, which the claim reads itself.
    """
    names = ["widths", "biases", "activation", "loss", "data"]
    decays = ["weight_decay"] if may_decay and version > 1 and field.has("weight_decay") else []
    optional = [*weights_name(field, version), *decays]
    widths_field, biases_field, activation, loss_field, data, *others = field.fields(*names, *optional, *beside)
    others = others[: len(others) - len(beside)]
    weights = others[: len(others) - len(decays)]
    widths, biases = read_architecture(widths_field, biases_field)
    loss = read_loss(loss_field, version, widths[-1])
    function = read_activation(activation)
    x, y = read_data(data, widths, data_folder)
    check_labels(loss, y, data)
    decay = read_weight_decay(others[-1]) if decays else None
    loss = loss if decay is None else replace(loss, risk=decay.phrase)
    return Problem(widths, biases, function, loss, x, y, read_weights(weights, len(x.rows)), decay)


def weights_name(problem: Field, version: int) -> list[str]:
    """The name of the field of weights, if the format and this problem have one."""
    return ["weights"] if version > 1 and problem.has("weights") else []


def read_weights(fields: Sequence[Field], samples: int) -> Column:
    """The weights of the samples, all 1 if there is no such field."""
    for field in fields:
        values = field.vector(samples)
        for item, value in zip(field.items(), values, strict=True):
            if value <= 0:
                raise item.reject("expected a positive number")
        with at(field.place):
            common = common_denominator(values, samples)
            return Column(numerators(values, common), common)
    return Column([1] * samples, 1)


def check_labels(loss: Loss, y: Table, data: Field) -> None:
    """Targets are 1 and −1 for the gap `margin`, and a 1 and zeros in every row for `lead`."""
    if loss.gap == "difference":
        return
    lead = loss.gap == "lead"
    for i, row in enumerate(y.rows):
        place = f"{data.place}.csv.y" if data.has("csv") else f"{data.place}.y[{i}]"
        if lead:
            ones = [value == unit for value, unit in zip(row, y.denominators, strict=True)]
            if sum(ones) != 1 or any(value for value, one in zip(row, ones, strict=True) if not one):
                raise Rejected(place, f"this loss needs one target 1 and zeros in every row; sample {i} has another")
            continue
        for k, (value, unit) in enumerate(zip(row, y.denominators, strict=True)):
            if abs(value) != unit:
                raise Rejected(f"{place}[{k}]", f"this loss needs targets 1 and -1; sample {i} has another")


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


def evaluated(problem: Problem, parameters: Parameters) -> tuple[Pass, Residuals]:
    """The forward pass, and the loss at its predictions."""
    passed = forward(problem.activation, parameters, problem.x)
    return passed, residuals(problem.loss, problem.weights, passed.predictions, problem.y)


def read_point(problem: Problem, parameters: Field, stated: Field) -> Point:
    """Parameters and the risk that is stated for them, recomputed."""
    return point_at(problem, read_parameters(parameters, problem.widths, problem.biases), parameters, stated)


def point_at(problem: Problem, values: Parameters, parameters: Field, stated: Field) -> Point:
    """A point that stands in the field `parameters`, and the risk that is stated for it, recomputed."""
    claimed = stated.number()
    found = point_with_risk(problem, values, parameters)
    if found.risk != claimed:
        raise stated.reject(f"the risk recomputed is {display(found.risk.numerator, found.risk.denominator)}")
    return replace(found, risk=claimed)


def point_with_risk(problem: Problem, values: Parameters, parameters: Field) -> Point:
    """A point that stands in the field `parameters`, and its risk."""
    with at(parameters.place):
        passed, fit = evaluated(problem, values)
        risk = Fraction(*fit.risk())
        if problem.decay is not None:
            risk += Fraction(problem.decay.product(values, values), 2)
        return Point(values, passed, fit, risk)


def read_lower_point(problem: Problem, point: Point, field: Field) -> Point:
    """A point with a stated and recomputed risk below that of the claim (FORMAT.md, sections 3 and 5)."""
    parameters, stated = field.fields("parameters", "risk")
    lower = read_point(problem, parameters, stated)
    if lower.risk >= point.risk:
        raise stated.reject("not below the risk of the claim")
    return lower
