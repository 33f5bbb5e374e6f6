"""Relations between derivatives: identities of quotients of sums of exponentials (FORMAT.md, section 23)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.effort import spend
from ..arithmetic.rational import Rational
from ..expression_derivative import Arithmetic
from .form import RATIONAL, Atom, Form, combined
from .loss import AnalyticLoss

Sum = dict[Fraction, Fraction]
"""Coefficients, none of them 0, by exponent."""
Quotient = tuple[Sum, Sum]
MAX_TERMS = 2000


def related(forms: Sequence[Sequence[Form]], loss: AnalyticLoss, field: Field | None) -> list[list[Form]]:
    """The forms with the relations of the field put in; each is checked."""
    if field is None:
        return [list(row) for row in forms]
    atoms = sorted({atom for row in forms for form in row for atom in form if atom != RATIONAL})
    known: dict[int, Form] = {}
    entries = [(entry, *entry.fields("atom", "constant", "terms")) for entry in field.items()]
    bound = [atom_field.index(len(atoms)) for _, atom_field, _, _ in entries]
    for (entry, atom_field, constant_field, terms_field), index in zip(entries, bound, strict=True):
        if index in known:
            raise atom_field.reject("named before")
        total: Form = {}
        constant = Fraction(constant_field.number())
        if constant:
            total[RATIONAL] = constant
        for term in terms_field.items():
            other_field, factor_field = term.items(2)
            other, factor = other_field.index(len(atoms)), Fraction(factor_field.number())
            if other in bound:
                raise other_field.reject("this atom is said by another relation")
            total = combined(total, {atoms[other]: factor}) if factor else total
        with at(entry.place):
            if not _holds(atoms[index], total, loss):
                raise entry.reject("this is no identity")
        known[index] = total
    values = {atoms[index]: form for index, form in known.items()}
    return [[_put_in(form, values) for form in row] for row in forms]


def _put_in(form: Form, values: dict[Atom, Form]) -> Form:
    total: Form = {atom: value for atom, value in form.items() if atom not in values}
    for atom, value in form.items():
        if atom in values:
            total = combined(total, values[atom], value)
    return total


def _holds(atom: Atom, form: Form, loss: AnalyticLoss) -> bool:
    """atom − form is 0: its numerator, as a sum of e^q for different q, has no term."""
    above, below = _of_atom(atom, loss)
    for other, factor in form.items():
        numerator, denominator = _of_atom(other, loss)
        above = _add(_multiply(above, denominator), _multiply(numerator, below), -factor)
        below = _multiply(below, denominator)
    return not above


def _of_atom(atom: Atom, loss: AnalyticLoss) -> Quotient:
    zero, one = Fraction(0), Fraction(1)
    if atom == RATIONAL:
        return {zero: one}, {zero: one}
    if atom[0] == 0:
        return {atom[1]: one}, {zero: one}
    if atom[0] == 1:
        found: Quotient = {zero: one}, {zero: one}
        for _ in range(atom[2]):
            found = _product(found, _sigmoid(atom[1]))
        return found
    if atom[0] == 2:
        total: Sum = {}
        for lead in atom[1]:
            total = _add(total, {lead: one}, one)
        return {atom[2]: one}, total
    spend(20 * loss.parts)
    _, slope = _QUOTIENTS.value_and_slope(loss.at_target(atom[2]), atom[1])
    if slope is None:
        raise ValueError("a derivative is no quotient of sums of exponentials by these rules")
    return slope


def _sigmoid(q: Fraction) -> Quotient:
    return ({q: Fraction(1)}, _add({Fraction(0): Fraction(1)}, {q: Fraction(1)}, Fraction(1)))


def _rational(value: Rational) -> Quotient:
    return ({Fraction(0): Fraction(value)} if value else {}), {Fraction(0): Fraction(1)}


def _known(value: Quotient) -> Fraction | None:
    """The number, if the quotient is a rational one."""
    above, below = value
    if not above:
        return Fraction(0)
    exponent = next(iter(below))
    number = Fraction(above.get(exponent, Fraction(0)), below[exponent])
    return None if _add(above, below, -number) else number


def _sum(first: Quotient, second: Quotient) -> Quotient:
    one = Fraction(1)
    return _add(_multiply(first[0], second[1]), _multiply(second[0], first[1]), one), _multiply(first[1], second[1])


def _divide(first: Quotient, second: Quotient) -> Quotient | None:
    return (_multiply(first[0], second[1]), _multiply(first[1], second[0])) if second[0] else None


def _product(first: Quotient, second: Quotient) -> Quotient:
    return _multiply(first[0], second[0]), _multiply(first[1], second[1])


def _add(first: Sum, second: Sum, factor: Fraction) -> Sum:
    spend(2 + len(first) + 4 * len(second))
    total = dict(first)
    for q, c in second.items():
        new = total.pop(q, Fraction(0)) + factor * c
        if new:
            total[q] = new
    return _bounded(total)


def _multiply(first: Sum, second: Sum) -> Sum:
    if len(first) * len(second) > 20 * MAX_TERMS:
        raise OverflowError(f"sums of more than {MAX_TERMS} exponentials are beyond the limits of this verifier")
    spend(8 * len(first) * len(second))
    total: Sum = {}
    for p, a in first.items():
        for q, b in second.items():
            total[p + q] = total.get(p + q, Fraction(0)) + a * b
    return _bounded({q: c for q, c in total.items() if c})


def _bounded(terms: Sum) -> Sum:
    if len(terms) > MAX_TERMS:
        raise OverflowError(f"sums of more than {MAX_TERMS} exponentials are beyond the limits of this verifier")
    return terms


_QUOTIENTS: Arithmetic[Quotient] = Arithmetic(
    rational=_rational,
    exponential=lambda q: ({Fraction(q): Fraction(1)}, {Fraction(0): Fraction(1)}),
    sigmoid=lambda q: _sigmoid(Fraction(q)),
    is_zero=lambda value: not value[0],
    known=_known,
    scaled=lambda value, factor: ({q: factor * c for q, c in value[0].items()}, value[1]),
    sum=_sum,
    product=_product,
    quotient=_divide,
)
