"""The derivatives of a loss at rational predictions as exact sums of exponentials and sigmoids."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from exactsurf.exact.balls import Ball
from exactsurf.exact.exponential_sum import Atom, ExponentialSum, exponential, number, sigmoid, softmax
from exactsurf.model.smooth_expression import Tree

if TYPE_CHECKING:
    from exactsurf.model.loss import Loss
    from exactsurf.model.problem import Problem

Sum = ExponentialSum | None
_NOTHING, _WHOLE = number(0), number(1)


class _Dual(NamedTuple):
    """A value and its derivative; None where it is no sum of exponentials by the rules of proofs/FORMAT.md, section 15."""

    value: Sum
    slope: Sum


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
    slope = _dual(loss.without_scale(y), f).slope
    return ExponentialSum((((3, f, y), Fraction(1)),)) if slope is None else slope


def _dual(tree: Tree, z: Fraction) -> _Dual:
    if isinstance(tree, str):
        return _Dual(number(z), _WHOLE)
    if isinstance(tree, Fraction):
        return _Dual(number(tree), _NOTHING)
    operation = tree[0]
    a = _dual(tree[1], z)
    match operation:
        case "-":
            return _Dual(_times(number(-1), a.value), _times(number(-1), a.slope))
        case "+":
            b = _dual(tree[2], z)
            return _Dual(_plus(a.value, b.value), _plus(a.slope, b.slope))
        case "*":
            b = _dual(tree[2], z)
            return _Dual(_times(a.value, b.value), _plus(_times(a.slope, b.value), _times(a.value, b.slope)))
        case "/":
            b = _dual(tree[2], z)
            q = _over(a.value, b.value)
            return _Dual(q, _over(_plus(a.slope, _times(number(-1), _times(q, b.slope))), b.value))
        case "power":
            below: Sum = _WHOLE
            for _ in range(int(tree[2]) - 1):
                below = _times(below, a.value)
            return _Dual(_times(below, a.value), _times(_times(number(int(tree[2])), below), a.slope))
        case "log" if isinstance(tree[1], tuple) and tree[1][0] == "sigmoid":
            inner = _dual(tree[1][1], z)
            at = None if inner.value is None else inner.value.rational
            return _Dual(None, _times(None if at is None else sigmoid(-at), inner.slope))
        case "log":
            rational = None if a.value is None else a.value.rational
            return _Dual(_NOTHING if rational == 1 else None, _over(a.slope, a.value))
    outer = _at_number(operation, None if a.value is None else a.value.rational)
    return _Dual(outer.value, _times(outer.slope, a.slope))


def _at_number(function: str, q: Fraction | None) -> _Dual:
    """A function and its derivative at a rational number."""
    if q is None:
        return _Dual(None, None)
    s = sigmoid(q)
    match function:
        case "exp":
            return _Dual(exponential(q), exponential(q))
        case "sigmoid":
            return _Dual(s, s * (_WHOLE - s))
        case "softplus":
            return _Dual(None, s)
        case "tanh":
            t = sigmoid(2 * q).times(Fraction(2)) - _WHOLE
            square = t * t
            return _Dual(t, None if square is None else _WHOLE - square)
        case _:  # arctan
            return _Dual(None if q else _NOTHING, number(1 / (1 + q * q)))


def _plus(a: Sum, b: Sum) -> Sum:
    return None if a is None or b is None else a + b


def _times(a: Sum, b: Sum) -> Sum:
    if a == _NOTHING or b == _NOTHING:
        return _NOTHING  # all values exist: the risk is enclosed, too
    return None if a is None or b is None else a * b


def _over(a: Sum, b: Sum) -> Sum:
    return None if a is None or b is None else a.over(b)
