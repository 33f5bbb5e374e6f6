"""Training problems with a smooth activation, or any loss and weight decay (FORMAT.md, sections 10, 13, 23 and 32)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from .analytic.loss import AnalyticLoss, check_targets, read_analytic_loss
from .arithmetic.document import Field
from .arithmetic.interval import Interval, enclose
from .arithmetic.rational import Rational
from .arithmetic.table import Table
from .loss import Loss, read_loss
from .problem import check_labels, read_architecture, read_data, read_weights, weights_name
from .smooth_activation import SmoothActivation, read_smooth_activation
from .smooth_loss import WeightedLoss
from .weight_decay import WeightDecay, read_weight_decay


@dataclass(frozen=True)
class SmoothProblem:
    """A network architecture with its activation, data, a loss with the weights of the samples, and what is added to the risk."""

    widths: list[int]
    biases: list[bool]
    activation: SmoothActivation
    loss: WeightedLoss
    x: Table
    y: Table
    expression: AnalyticLoss | None = None
    """The loss, in the place of `loss`, if it is given by an expression."""
    decay: WeightDecay | None = None

    @property
    def samples(self) -> int:
        """N."""
        return len(self.x.rows)

    @property
    def architecture(self) -> str:
        """The widths as in the sentence of a claim, e.g. 3-2-1."""
        return "-".join(map(str, self.widths))

    @property
    def places(self) -> list[list[list[int]]]:
        """[layer − 1][unit]: the numbers of the coordinates of a row of weights and, behind them, of its bias."""
        found, start = [], 0
        for below, above, bias in zip(self.widths, self.widths[1:], self.biases, strict=False):
            shift = start + above * below
            rows = [range(start + j * below, start + (j + 1) * below) for j in range(above)]
            found.append([[*row, *([shift + j] if bias else [])] for j, row in enumerate(rows)])
            start = shift + above * bias
        return found

    @property
    def penalised(self) -> list[int]:
        """The coordinates that weight decay penalises."""
        if self.decay is None:
            return []
        rows = zip(self.places, self.biases, strict=True)
        return [p for layer, bias in rows for row in layer for p in (row if self.decay.biases or not bias else row[:-1])]

    @property
    def common(self) -> list[int]:
        """The coordinates of the last output, in the last layer, that can be changed in all outputs alike without any effect."""
        relative = self.expression.gap == "classes" if self.expression is not None else self.loss.loss.gap == "lead"
        penalised = {*self.penalised}
        return [p for p in self.places[-1][-1] if p not in penalised] if relative else []

    def has_free_biases(self, layer: int) -> bool:
        """Whether a layer has biases, and weight decay does not penalise them."""
        return self.biases[layer - 1] and (self.decay is None or not self.decay.biases)

    @property
    def risk_name(self) -> str:
        """The risk in the words of sentences."""
        if self.decay is not None:
            return self.decay.phrase
        return "risk" if self.expression is not None else self.loss.loss.risk

    @property
    def inputs(self) -> list[tuple[Rational, ...]]:
        """The inputs as numbers, sample by sample."""
        return _numbers(self.x)

    @cached_property
    def targets(self) -> list[tuple[Rational, ...]]:
        """The targets as numbers, sample by sample."""
        return _numbers(self.y)

    def share(self, index: int, bits: int) -> Interval:
        """The weight of a sample times the scale of a loss that is given by an expression."""
        return enclose(self.weight(index) * (1 if self.expression is None else self.expression.scale), bits)

    def weight(self, index: int) -> Fraction:
        """The weight of a sample."""
        return Fraction(self.loss.weights.numerators[index], self.loss.weights.denominator)

    def sample(self, index: int, bits: int) -> tuple[list[Interval], list[Interval]]:
        """Inputs and targets of a sample."""
        x, y = (
            [enclose(Fraction(value, d), bits) for value, d in zip(table.rows[index], table.denominators, strict=True)]
            for table in (self.x, self.y)
        )
        return x, y


def _numbers(table: Table) -> list[tuple[Rational, ...]]:
    return [tuple(Fraction(value, d) for value, d in zip(row, table.denominators, strict=True)) for row in table.rows]


def read_smooth_problem(
    document: Field,
    data_folder: str | os.PathLike[str] | None,
    piecewise: bool = False,
    version: int = 1,
    every_loss: bool = False,
    beside: Sequence[str] = (),
) -> SmoothProblem:
    """The field `problem` of a claim about a smooth activation, or one that may be piecewise linear.

    With `every_loss`, in format 2, the loss may be given by an expression, and there may be weight decay.
    `beside` are further fields that it has, which the claim reads itself.
    """
    names = ["widths", "biases", "activation", "loss", "data"]
    decays = ["weight_decay"] if every_loss and version > 1 and document.has("weight_decay") else []
    optional = [*weights_name(document, version), *decays]
    widths_field, biases_field, activation, loss_field, data, *others = document.fields(*names, *optional, *beside)
    others = others[: len(others) - len(beside)]
    weights = others[: len(others) - len(decays)]
    widths, biases = read_architecture(widths_field, biases_field)
    function = read_smooth_activation(activation, piecewise)
    expression = None
    if every_loss and version > 1 and loss_field.has("tree"):
        expression = read_analytic_loss(loss_field, widths[-1])
        loss = Loss("difference", [], [(0, 0, 0)])
    else:
        loss = read_loss(loss_field, version, widths[-1])
    if version == 1 and (loss.gap != "difference" or len(loss.pieces) > 1):
        raise loss_field.child("name").reject("claims about smooth activations need the loss squared")
    x, y = read_data(data, widths, data_folder)
    if expression is None:
        check_labels(loss, y, data)
    else:
        check_targets(expression, y, data)
    weighted = WeightedLoss(loss, y, read_weights(weights, len(x.rows)))
    decay = read_weight_decay(others[-1]) if decays else None
    return SmoothProblem(widths, biases, function, weighted, x, y, expression, decay)
