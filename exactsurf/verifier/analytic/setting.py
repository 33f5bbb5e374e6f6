"""A problem with a loss given by an expression, and a point of it: derivatives as sums of atoms (FORMAT.md, section 15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ..activation import Activation, read_activation
from ..arithmetic.document import Field
from ..arithmetic.effort import spend
from ..arithmetic.interval import Interval, enclose
from ..arithmetic.table import Column, Table
from ..network import Parameters, Pass
from ..problem import read_architecture, read_data, read_weights, weights_name
from ..submission import Submission
from ..weight_decay import WeightDecay, read_weight_decay
from .convexity import is_convex
from .form import RATIONAL, Atom, Form, atom_value, form_value
from .loss import AnalyticLoss, check_targets, read_analytic_loss


@dataclass(frozen=True)
class Setting:
    """A problem with a loss given by an expression; all results leave out the scale of the loss."""

    widths: list[int]
    biases: list[bool]
    activation: Activation
    loss: AnalyticLoss
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

    @cached_property
    def targets(self) -> list[list[Fraction]]:
        """The targets, sample by sample."""
        return [[Fraction(v, d) for v, d in zip(row, self.y.denominators, strict=True)] for row in self.y.rows]

    def factor(self, sample: int) -> Fraction:
        """The weight of a sample times the scale of the loss."""
        return Fraction(self.weights.numerators[sample], self.weights.denominator) * self.loss.scale

    @property
    def risk_name(self) -> str:
        """The risk in the words of sentences."""
        return "risk" if self.decay is None else self.decay.phrase

    @property
    def architecture(self) -> str:
        """The widths as in the sentence of a claim."""
        return "-".join(map(str, self.widths))

    def whole_risk(self, predictions: Sequence[Sequence[Fraction]], parameters: Parameters, bits: int) -> Interval:
        """An interval with the risk at parameters with these predictions, weight decay included."""
        found = self.risk(predictions, bits)
        return found if self.decay is None else found + enclose(Fraction(self.decay.product(parameters, parameters), 2), bits)

    def risk(self, predictions: Sequence[Sequence[Fraction]], bits: int) -> Interval:
        """An interval with the risk, without weight decay."""
        total = Interval(0, 0, bits)
        for i, (row, targets) in enumerate(zip(predictions, self.targets, strict=True)):
            total = total + enclose(self.factor(i), bits) * self.loss.value(row, targets, bits)
        return total


def prediction_rows(passed: Pass) -> list[list[Fraction]]:
    """The predictions, sample by sample."""
    columns = [[Fraction(v, column.denominator) for v in column.numerators] for column in passed.predictions]
    return [list(row) for row in zip(*columns, strict=True)]


def read_setting(field: Field, submission: Submission, *, may_decay: bool = False, beside: Sequence[str] = ()) -> Setting:
    """The field `problem` of a claim about a loss given by an expression; with weight decay only for claims that know it.

    `beside` are further fields that it has, which the claim reads itself.
    """
    names = ["widths", "biases", "activation", "loss", "data"]
    decays = ["weight_decay"] if may_decay and field.has("weight_decay") else []
    optional = [*weights_name(field, submission.version), *decays]
    widths_field, biases_field, activation, loss_field, data, *others = field.fields(*names, *optional, *beside)
    others = others[: len(others) - len(beside)]
    weights = others[: len(others) - len(decays)]
    widths, biases = read_architecture(widths_field, biases_field)
    loss = read_analytic_loss(loss_field, widths[-1])
    function = read_activation(activation)
    x, y = read_data(data, widths, submission.data_folder)
    check_targets(loss, y, data)
    decay = read_weight_decay(others[-1]) if decays else None
    return Setting(widths, biases, function, loss, x, y, read_weights(weights, len(x.rows)), decay)


@dataclass(frozen=True)
class Here:
    """The point: its forward pass, and the derivatives r_ik of the risk by the predictions as sums of atoms."""

    setting: Setting
    parameters: Parameters
    passed: Pass
    predictions: list[list[Fraction]]
    forms: list[list[Form]]
    bits: int

    @cached_property
    def atoms(self) -> list[Atom]:
        """The atoms that are no rational numbers, in their order."""
        return sorted({atom for row in self.forms for form in row for atom in form if atom != RATIONAL})

    @cached_property
    def values(self) -> dict[Atom, Interval]:
        """Intervals with the atoms."""
        loss, bits = self.setting.loss, self.bits
        return {atom: loss.jet(atom[1], atom[2], bits)[1] if atom[0] == 3 else atom_value(atom, bits) for atom in self.atoms}

    def dot(self, moves: Sequence[Column], outputs: Sequence[int]) -> Interval:
        """Σ r_ik moves_ik over some outputs."""
        total: Form = {}
        for column, k in zip(moves, outputs, strict=True):
            for i, value in enumerate(column.numerators):
                factor = Fraction(value, column.denominator)
                for atom, coefficient in self.forms[i][k].items() if value else ():
                    total[atom] = total.get(atom, Fraction(0)) + factor * coefficient
        spend(sum(map(len, self.forms[0])) * len(self.forms))
        return form_value(total, self.values, self.bits)


def is_convex_loss(loss: AnalyticLoss) -> bool:
    """Whether the loss is convex in the predictions by the rules."""
    return loss.gap == "classes" or is_convex(loss.tree, "f" if loss.gap == "prediction" else "u")
