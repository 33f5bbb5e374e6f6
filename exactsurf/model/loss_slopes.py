"""The derivatives of a loss at rational predictions as exact sums of exponentials and sigmoids."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.exact.balls import Ball
from exactsurf.exact.exponential_sum import Atom, ExponentialSum, exponential, number, sigmoid, softmax
from exactsurf.model.expression_derivative import Arithmetic

if TYPE_CHECKING:
    from exactsurf.model.loss import Loss
    from exactsurf.model.problem import Problem


def exact_slopes(problem: Problem, predictions: Sequence[Sequence[Fraction]]) -> tuple[tuple[ExponentialSum, ...], ...]:
    """The derivatives of the risk by every prediction: N rows, one entry an output.

    A derivative that is no sum of exponentials by the rules is an atom (3, f, y) of its own.

    Parameters: `problem` with a loss that is an expression; `predictions`, a row for each sample. Exactness: exact.
    Raises: nothing. Source: proofs/FORMAT.md, section 15.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, -1]), "logistic")
    >>> first, second = exact_slopes(problem, [[Fraction(3)], [Fraction(-3)]])
    >>> (first[0] + second[0]).terms
    ()
    """
    loss, rows = problem.loss, []
    for share, row, targets in zip(problem.shares, predictions, problem.data.y, strict=True):
        if loss.is_of_classes:
            slopes = [p - number(y) for p, y in zip(softmax(row), targets, strict=True)]
        else:
            slopes = [_slope(loss, f, y) for f, y in zip(row, targets, strict=True)]
        rows.append(tuple(slope.times(loss.scale * share) for slope in slopes))
    return tuple(rows)


def atom_ball(problem: Problem, atom: Atom, bits: int) -> Ball:
    """An enclosure of an atom (3, f, y), the derivative of the loss without its scale at a prediction and a target."""
    _, f, y = atom
    found = problem.loss.jet(f, y, bits)
    assert found is not None, "the risk was enclosed before"
    return Ball(found[1].midpoint / problem.loss.scale, found[1].radius / problem.loss.scale)


def _slope(loss: Loss, f: Fraction, y: Fraction) -> ExponentialSum:
    slope = _SUMS.dual(loss.without_scale(y), f).slope
    return ExponentialSum((((3, f, y), Fraction(1)),)) if slope is None else slope


_SUMS: Arithmetic[ExponentialSum] = Arithmetic(
    number=number,
    exponential=exponential,
    sigmoid=sigmoid,
    is_zero=lambda value: not value.terms,
    rational=lambda value: value.rational,
    sum=lambda a, b: a + b,
    product=lambda a, b: a * b,
    quotient=lambda a, b: a.over(b),
)
