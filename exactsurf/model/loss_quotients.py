"""The derivative of a loss at a rational prediction as a quotient of sums of exponentials, where it is one."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from exactsurf.exact.exponential_quotient import (
    ExponentialQuotient,
    Relations,
    number_quotient,
    of_atom,
    relations_between,
    sigmoid_quotient,
    whole,
)
from exactsurf.exact.exponential_sum import Atom
from exactsurf.model.loss import Loss
from exactsurf.model.smooth_expression import Tree

Value = ExponentialQuotient | None
_ZERO, _ONE = number_quotient(Fraction(0)), number_quotient(Fraction(1))


class _Dual(NamedTuple):
    """A value and its derivative; None where it is no such quotient by the rules of proofs/FORMAT.md, section 23."""

    value: Value
    slope: Value


def atom_relations(loss: Loss, atoms: Iterable[Atom]) -> Relations:
    """The relations between these atoms, those of derivatives too.

    Parameters: `loss`, an expression; `atoms` of derivatives, in order; those that are no quotients take no part.
    Exactness: exact. Raises: nothing. Source: proofs/claims/analytic_point.md.

    >>> import exactsurf as es
    >>> loss = es.loss("1/(exp(f) + 1 + exp(-f))")
    >>> atoms = [(3, Fraction(-1), Fraction(0)), (3, Fraction(1), Fraction(0))]
    >>> [relation.terms[0][1] for relation in atom_relations(loss, atoms).found]
    [Fraction(-1, 1)]
    """
    found: dict[Atom, ExponentialQuotient] = {}
    for atom in atoms:
        try:
            quotient = of_atom(atom) if atom[0] != 3 else slope_quotient(loss, atom[1], atom[2])
        except OverflowError:
            quotient = None
        if quotient is not None:
            found[atom] = quotient
    return relations_between(found) if found else Relations()


def slope_quotient(loss: Loss, f: Fraction, y: Fraction) -> Value:
    """The derivative at a prediction, without the scale of the loss; None where it is not known to be such a quotient.

    Parameters: `loss`, an expression; `f`; its target `y`. Exactness: exact. Raises: `OverflowError` for too many exponents.
    Source: proofs/FORMAT.md, section 23.

    >>> import exactsurf as es
    >>> slope_quotient(es.loss("exp(f)/(1 + exp(f) + exp(2*f))"), Fraction(0), Fraction(0)).numerator
    {}
    """
    return _dual(loss.without_scale(y), f).slope


def _dual(tree: Tree, z: Fraction) -> _Dual:
    if isinstance(tree, str):
        return _Dual(number_quotient(z), _ONE)
    if isinstance(tree, Fraction):
        return _Dual(number_quotient(tree), _ZERO)
    operation, a = tree[0], _dual(tree[1], z)
    match operation:
        case "-":
            return _Dual(_times(number_quotient(Fraction(-1)), a.value), _times(number_quotient(Fraction(-1)), a.slope))
        case "+":
            b = _dual(tree[2], z)
            return _Dual(_plus(a.value, b.value), _plus(a.slope, b.slope))
        case "*":
            b = _dual(tree[2], z)
            return _Dual(_times(a.value, b.value), _plus(_times(a.slope, b.value), _times(a.value, b.slope)))
        case "/":
            b = _dual(tree[2], z)
            q = _over(a.value, b.value)
            return _Dual(q, _over(_plus(a.slope, _times(q, b.slope), -1), b.value))
        case "power":
            below: Value = _ONE
            for _ in range(int(tree[2]) - 1):
                below = _times(below, a.value)
            return _Dual(_times(below, a.value), _times(_times(number_quotient(Fraction(int(tree[2]))), below), a.slope))
        case "log":
            return _Dual(_ZERO if _number(a.value) == 1 else None, _over(a.slope, a.value))
    known = _number(a.value)
    if known is None:
        return _Dual(None, None)
    value, slope = _at(operation, known)
    return _Dual(value, _times(slope, a.slope))


def _at(function: str, q: Fraction) -> tuple[Value, ExponentialQuotient]:
    """A function and its derivative at a rational number."""
    s = sigmoid_quotient(q)
    match function:
        case "exp":
            return whole({q: Fraction(1)}), whole({q: Fraction(1)})
        case "sigmoid":
            return s, s.times(_ONE.plus(s, Fraction(-1)))
        case "softplus":
            return None, s
        case "tanh":
            t = number_quotient(Fraction(-1)).plus(sigmoid_quotient(2 * q), Fraction(2))
            return t, _ONE.plus(t.times(t), Fraction(-1))
    return (None if q else _ZERO), number_quotient(1 / (1 + q * q))


def _number(value: Value) -> Fraction | None:
    if value is None:
        return None
    below = value.denominator.get(Fraction(0))
    above = value.numerator.get(Fraction(0), Fraction(0))
    if below is None or value.plus(number_quotient(Fraction(1)), -above / below).numerator:
        return None
    return above / below


def _plus(a: Value, b: Value, factor: int = 1) -> Value:
    return None if a is None or b is None else a.plus(b, Fraction(factor))


def _times(a: Value, b: Value) -> Value:
    if (a is not None and not a.numerator) or (b is not None and not b.numerator):
        return _ZERO  # all values exist: the risk is enclosed, too
    return None if a is None or b is None else a.times(b)


def _over(a: Value, b: Value) -> Value:
    return None if a is None or b is None else a.over(b)
