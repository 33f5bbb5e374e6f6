"""Relations between derivatives: identities of quotients of sums of exponentials (FORMAT.md, section 23)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .analytic_form import RATIONAL, Atom, Form, combined
from .analytic_loss import AnalyticLoss
from .arithmetic.document import Field, at
from .arithmetic.effort import spend
from .arithmetic.rational import Rational
from .smooth_expression import Tree

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
    slope = _dual(loss.at_target(atom[2]), atom[1])[1]
    if slope is None:
        raise ValueError("a derivative is no quotient of sums of exponentials by these rules")
    return slope


def _sigmoid(q: Fraction) -> Quotient:
    return ({q: Fraction(1)}, _add({Fraction(0): Fraction(1)}, {q: Fraction(1)}, Fraction(1)))


def _rational(value: Rational) -> Quotient:
    return ({Fraction(0): Fraction(value)} if value else {}), {Fraction(0): Fraction(1)}


def _dual(tree: Tree, z: Fraction) -> tuple[Quotient | None, Quotient | None]:
    """Value and derivative at z."""
    spend(20)
    if not isinstance(tree, tuple):
        return (_rational(z), _rational(1)) if isinstance(tree, str) else (_rational(tree), _rational(0))
    operation = tree[0]
    a, da = _dual(tree[1], z)
    if operation == "-":
        return _scale(a, -1), _scale(da, -1)
    if operation in ("+", "*", "/"):
        b, db = _dual(tree[2], z)
        if operation == "+":
            return _sum(a, b), _sum(da, db)
        if operation == "*":
            return _maybe(a, b), _sum(_maybe(da, b), _maybe(a, db))
        q = _divide(a, b)
        return q, _divide(_sum(da, _scale(_maybe(q, db), -1)), b)
    if operation == "power":
        below: Quotient | None = _rational(1)
        for _ in range(int(tree[2]) - 1):
            below = _maybe(below, a)
        return _maybe(below, a), _maybe(_scale(below, tree[2]), da)
    if operation == "log":
        return (_rational(0) if _known(a) == 1 else None), _divide(da, a)
    q_value = _known(a)
    if q_value is None:
        return None, None
    value, slope = _outer(operation, q_value)
    return value, _maybe(slope, da)


def _outer(operation: str, q: Fraction) -> tuple[Quotient | None, Quotient | None]:
    s = _sigmoid(q)
    if operation == "exp":
        power: Quotient = ({q: Fraction(1)}, {Fraction(0): Fraction(1)})
        return power, power
    if operation == "sigmoid":
        return s, _maybe(s, _sum(_rational(1), _scale(s, -1)))
    if operation == "softplus":
        return None, s
    if operation == "tanh":
        t = _sum(_rational(-1), _scale(_sigmoid(2 * q), 2))
        return t, _sum(_rational(1), _scale(_maybe(t, t), -1))
    return (None if q else _rational(0)), _rational(Fraction(1, 1 + q * q))


def _known(value: Quotient | None) -> Fraction | None:
    """The number, if the quotient is a rational one."""
    if value is None:
        return None
    above, below = value
    if not above:
        return Fraction(0)
    exponent = next(iter(below))
    number = Fraction(above.get(exponent, Fraction(0)), below[exponent])
    return None if _add(above, below, -number) else number


def _scale(value: Quotient | None, factor: Rational) -> Quotient | None:
    return None if value is None else ({q: factor * c for q, c in value[0].items()}, value[1])


def _sum(first: Quotient | None, second: Quotient | None) -> Quotient | None:
    if first is None or second is None:
        return None
    one = Fraction(1)
    return _add(_multiply(first[0], second[1]), _multiply(second[0], first[1]), one), _multiply(first[1], second[1])


def _maybe(first: Quotient | None, second: Quotient | None) -> Quotient | None:
    if (first is not None and not first[0]) or (second is not None and not second[0]):
        return _rational(0)  # all values exist: enclosures of them are asked for, too
    return None if first is None or second is None else _product(first, second)


def _divide(first: Quotient | None, second: Quotient | None) -> Quotient | None:
    if first is None or second is None or not second[0]:
        return None
    return _multiply(first[0], second[1]), _multiply(first[1], second[0])


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
