"""Losses given by an expression: values on intervals, and derivatives as sums of exponentials (FORMAT.md, section 15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ..arithmetic.document import Field, Rejected, one_of
from ..arithmetic.effort import price, spend
from ..arithmetic.interval import Interval, enclose, exponential, increasing, logarithm
from ..arithmetic.rational import Rational
from ..arithmetic.table import Table
from ..expression_derivative import Arithmetic
from ..smooth_activation import SmoothActivation, named_value
from ..smooth_expression import Tree, exact_value, read_tree, tree_value
from .form import (
    Form,
    combined,
    exponential_of,
    known,
    product,
    quotient,
    rational,
    sigmoid_of,
    softmax_of,
)

VARIABLES = {"difference": ("u",), "margin": ("u",), "prediction": ("f", "y"), "classes": ("u",)}


@dataclass(frozen=True)
class AnalyticLoss:
    """`scale` times an expression of the gap."""

    gap: str
    tree: Tree
    parts: int
    scale: Rational

    def at_target(self, y: Fraction) -> Tree:
        """The expression, without the scale, as one in the prediction z."""
        gap: Tree = "z"
        if self.gap == "difference":
            gap = ("+", "z", -y)
        elif self.gap == "margin":
            gap = "z" if y > 0 else ("-", "z")
        return _bound(self.tree, {"u": gap, "f": "z", "y": y})

    def jet(self, f: Fraction, y: Fraction, bits: int) -> tuple[Interval, Interval, Interval]:
        """The value at a prediction and two derivatives, without the scale; ValueError where there may be none."""
        known = self._jets.get((f, y, bits))
        if known is not None:
            return known
        tree = self.at_target(y)
        value, slope, curvature = SmoothActivation("expression", tree=tree, parts=3 * self.parts).jet(enclose(f, bits))
        self._jets[f, y, bits] = value, slope, curvature
        return value, slope, curvature

    @cached_property
    def _jets(self) -> dict[tuple[Fraction, Fraction, int], tuple[Interval, Interval, Interval]]:
        return {}

    def slopes(self, predictions: Sequence[Fraction], targets: Sequence[Fraction]) -> list[Form]:
        """The derivatives by the predictions of a sample, without the scale."""
        if self.gap == "classes":
            found = softmax_of(list(predictions))
            return [combined(p, rational(y), -1) for p, y in zip(found, targets, strict=True)]
        forms = []
        for f, y in zip(predictions, targets, strict=True):
            spend(20 * self.parts)
            _, slope = _FORMS.value_and_slope(self.at_target(y), f)
            forms.append({(3, f, y): Fraction(1)} if slope is None else slope)
        return forms

    def value(self, predictions: Sequence[Fraction], targets: Sequence[Fraction], bits: int) -> Interval:
        """The loss of a sample, without the scale."""
        if self.gap != "classes":
            total = Interval(0, 0, bits)
            for f, y in zip(predictions, targets, strict=True):
                tree = self.at_target(y)
                spend(self.parts * (120 + (bits * price(bits) >> 3)))
                exactly = exact_value(tree, f)
                if exactly is None:
                    total = total + tree_value(tree, enclose(f, bits), named_value)
                else:
                    total = total + enclose(exactly, bits)
            return total
        spend(len(predictions) * (60 + (bits * price(bits) >> 3)))
        top = max(predictions)
        norm, linear = Interval(0, 0, bits), Fraction(0)
        for f, y in zip(predictions, targets, strict=True):
            norm = norm + increasing(exponential, enclose(f - top, bits))
            linear += y * (f - top)
        return increasing(logarithm, norm) - enclose(linear, bits)


def read_analytic_loss(field: Field, outputs: int) -> AnalyticLoss:
    """The field `loss` with a tree."""
    gap_field, tree_field, scale_field = field.fields("gap", "tree", "scale")
    gap = one_of(gap_field, tuple(VARIABLES))
    if (gap == "classes") != (outputs > 1) and gap in ("classes", "margin"):
        raise gap_field.reject(f"the gap {gap} needs {'at least two outputs' if gap == 'classes' else 'one output'}")
    tree, parts = read_tree(tree_field, VARIABLES[gap])
    if gap == "classes" and tree != "u":
        raise tree_field.reject('expected "u"')
    return AnalyticLoss(gap, tree, parts, scale_field.positive())


def check_targets(loss: AnalyticLoss, y: Table, data: Field) -> None:
    """Targets are 1 and −1 for the gap `margin`; for `classes` not negative, and their sum is 1."""
    for i, row in enumerate(y.rows):
        values = [Fraction(value, d) for value, d in zip(row, y.denominators, strict=True)]
        wrong = (loss.gap == "margin" and any(abs(value) != 1 for value in values)) or (
            loss.gap == "classes" and (min(values) < 0 or sum(values) != 1)
        )
        if wrong:
            place = f"{data.place}.csv.y" if data.has("csv") else f"{data.place}.y[{i}]"
            raise Rejected(place, f"this loss cannot have the targets of sample {i}")


def _bound(tree: Tree, values: dict[str, Tree]) -> Tree:
    if isinstance(tree, tuple):
        if tree[0] == "power":
            return "power", _bound(tree[1], values), tree[2]
        return tree[0], *(_bound(part, values) for part in tree[1:])
    return values[tree] if isinstance(tree, str) else tree


_FORMS: Arithmetic[Form] = Arithmetic(
    rational=rational,
    exponential=exponential_of,
    sigmoid=sigmoid_of,
    is_zero=lambda form: not form,
    known=known,
    scaled=lambda form, factor: combined({}, form, factor),
    sum=combined,
    product=product,
    quotient=quotient,
)
