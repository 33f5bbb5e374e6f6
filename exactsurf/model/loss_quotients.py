"""The derivative of a loss at a rational prediction as a quotient of sums of exponentials, where it is one."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

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
from exactsurf.model.expression_derivative import Arithmetic
from exactsurf.model.loss import Loss


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


def slope_quotient(loss: Loss, f: Fraction, y: Fraction) -> ExponentialQuotient | None:
    """The derivative at a prediction, without the scale of the loss; None where it is not known to be such a quotient.

    Parameters: `loss`, an expression; `f`; its target `y`. Exactness: exact. Raises: `OverflowError` for too many exponents.
    Source: proofs/FORMAT.md, section 23.

    >>> import exactsurf as es
    >>> slope_quotient(es.loss("exp(f)/(1 + exp(f) + exp(2*f))"), Fraction(0), Fraction(0)).numerator
    {}
    """
    return _QUOTIENTS.dual(loss.without_scale(y), f).slope


def _number(value: ExponentialQuotient) -> Fraction | None:
    below = value.denominator.get(Fraction(0))
    above = value.numerator.get(Fraction(0), Fraction(0))
    if below is None or value.plus(number_quotient(Fraction(1)), -above / below).numerator:
        return None
    return above / below


_QUOTIENTS: Arithmetic[ExponentialQuotient] = Arithmetic(
    number=number_quotient,
    exponential=lambda q: whole({q: Fraction(1)}),
    sigmoid=sigmoid_quotient,
    is_zero=lambda value: not value.numerator,
    rational=_number,
    sum=lambda a, b: a.plus(b, Fraction(1)),
    product=lambda a, b: a.times(b),
    quotient=lambda a, b: a.over(b),
)
