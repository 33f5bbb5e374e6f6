"""Labels as the losses that are expressions take them: 0 and 1, indices of classes, one-hot rows, soft labels."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import to_text
from exactsurf.exact.rational_table import RationalTable
from exactsurf.model.analytic_losses import logistic
from exactsurf.model.data import Data
from exactsurf.model.loss import Loss


def fitted_to_labels(loss: Loss, outputs: int, data: Data) -> tuple[Loss, Data]:
    """The loss and the data with the targets that the loss is a function of; losses by pieces take targets as they are.

    For labels of one output 0 becomes −1 (PyTorch's BCEWithLogitsLoss has 0 and 1), and `cross_entropy` becomes `logistic`. For
    several outputs the index of a class, counted from 0, becomes a one-hot row (PyTorch's CrossEntropyLoss takes both).

    Parameters: `loss`; `outputs` of the network; `data`. Exactness: exact. Raises: `InputError` naming the first sample whose
    labels are none, `UnsupportedError` for a loss of one output with several. Source: PyTorch's documentation.

    >>> import exactsurf as es
    >>> loss, data = fitted_to_labels(es.losses.cross_entropy, 1, es.Data.from_arrays([5, 6], [0, 1]))
    >>> loss, data.y
    (logistic, ((Fraction(-1, 1),), (Fraction(1, 1),)))
    >>> fitted_to_labels(es.losses.cross_entropy, 3, es.Data.from_arrays([5], [2]))[1].y
    ((Fraction(0, 1), Fraction(0, 1), Fraction(1, 1)),)
    """
    if loss.is_piecewise_quadratic or not loss.is_of_labels:
        return loss, data
    if loss.is_of_classes and outputs == 1:
        loss = replace(logistic, scale=loss.scale, averaged=loss.averaged)
    if not loss.is_of_classes:
        if outputs > 1:
            raise UnsupportedError(f"the {loss.title} loss is one of one output", "for several classes take cross_entropy")
        return loss, _signs(loss, data)
    if data.targets.columns == 1:
        return loss, _one_hot(outputs, data)
    for sample, row in enumerate(data.targets):
        if min(row) < 0 or sum(row) != 1:
            raise InputError(
                f"targets of the {loss.title} loss are not negative and add up to 1; those of sample {sample} do not",
                text=", ".join(map(to_text, row)),
                fix="write class 2 of 3 as 0, 1, 0, or give the index of every sample's class, counted from 0, as its one target",
            )
    return loss, data


def _signs(loss: Loss, data: Data) -> Data:
    if data.targets.columns != 1:
        return data
    labels = [row[0] for row in data.targets]
    has_zero = 0 in labels
    known = (0, 1) if has_zero else (-1, 1)
    for sample, label in enumerate(labels):
        if label not in known:
            raise InputError(
                f"the {loss.title} loss needs labels −1 and 1, or 0 and 1; sample {sample} has another",
                text=to_text(label),
                fix="for several classes take one output for each, and cross_entropy",
            )
    return _with_targets(data, [[2 * label - 1] for label in labels]) if has_zero else data


def _one_hot(outputs: int, data: Data) -> Data:
    rows = []
    for sample, (label,) in enumerate(data.targets):
        if label.denominator != 1 or not 0 <= label < outputs:
            raise InputError(
                f"the index of a class is an integer from 0 to {outputs - 1}, as there are {outputs} outputs; that of sample "
                f"{sample} is not",
                text=to_text(label),
                fix="give one target a class: 1 where it is the class and 0 elsewhere",
            )
        rows.append([Fraction(int(label == k)) for k in range(outputs)])
    return _with_targets(data, rows)


def _with_targets(data: Data, rows: list[list[Fraction]]) -> Data:
    name, columns = data.target_names[0], len(rows[0])
    names = data.target_names if columns == 1 else tuple(f"{name} = {k}" for k in range(columns))
    # The targets are no longer those of a file.
    return replace(data, targets=RationalTable.from_rows(rows), target_names=names, source=None)
