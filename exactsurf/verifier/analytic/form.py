"""Sums of rational multiples of exponentials and sigmoids at rational numbers (FORMAT.md, section 15)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..arithmetic.effort import price, spend
from ..arithmetic.interval import Interval, enclose, exponential, increasing
from ..arithmetic.rational import Rational

Atom = tuple[Any, ...]
Form = dict[Atom, Fraction]
"""Coefficients by atom: RATIONAL is 1, (0, q) is e^q, (1, q, k) is the k-th power of the sigmoid of q > 0, (2, leads, v) is
e^v/Σ e^lead, and (3, f, y) the derivative of the loss at f and y; only coefficients that are not 0."""

RATIONAL: Atom = ()
MAX_ATOMS, MAX_BITS = 2000, 20_000


def rational(value: Rational) -> Form:
    """A number."""
    return {RATIONAL: Fraction(value)} if value else {}


def known(form: Form | None) -> Fraction | None:
    """The number, if the form is one."""
    if form is None or form.keys() - {RATIONAL}:
        return None
    return form.get(RATIONAL, Fraction(0))


def combined(first: Form, second: Form, factor: Rational = 1) -> Form:
    """first + factor·second."""
    total = dict(first)
    for atom, value in second.items():
        new = total.get(atom, Fraction(0)) + factor * value
        if new:
            total[atom] = new
        else:
            total.pop(atom, None)
    _check(total)
    return total


def product(first: Form, second: Form) -> Form | None:
    """The product, None where it is no such sum by these rules."""
    total: Form = {}
    for a, x in first.items():
        for b, y in second.items():
            part = _atoms(a, b)
            if part is None:
                return None
            total = combined(total, part, x * y)
    return total


def quotient(first: Form, second: Form) -> Form | None:
    """The quotient by a number, by a multiple of an exponential, or by a multiple of a sum of two exponentials."""
    number = known(second)
    if number is not None:
        return combined({}, first, Fraction(1, number)) if number else None
    exponents = sorted(Fraction(0) if atom == RATIONAL else atom[1] for atom in second if atom == RATIONAL or atom[0] == 0)
    if len(exponents) < len(second) or len(second) > 2 or len({*second.values()}) > 1:
        return None
    coefficient = next(iter(second.values()))
    inverse = exponential_of(-exponents[-1])
    if len(exponents) == 2:
        # 1/(e^p + e^q) = e^−q σ(q − p)
        tail = product(inverse, sigmoid_of(exponents[1] - exponents[0]))
        if tail is None:
            # first/(e^p + e^q) may still be one, as for tanh.
            whole = product(first, inverse)
            divided = None if whole is None else product(whole, sigmoid_of(exponents[1] - exponents[0]))
            return None if divided is None else combined({}, divided, Fraction(1, coefficient))
        inverse = tail
    found = product(first, inverse)
    return None if found is None else combined({}, found, Fraction(1, coefficient))


def exponential_of(q: Rational) -> Form:
    """e^q."""
    return {(0, Fraction(q)): Fraction(1)} if q else rational(1)


def sigmoid_of(q: Rational) -> Form:
    """1/(1 + e^−q)."""
    if not q:
        return rational(Fraction(1, 2))
    positive: Form = {(1, abs(Fraction(q)), 1): Fraction(1)}
    return positive if q > 0 else combined(rational(1), positive, -1)


def softmax_of(predictions: list[Fraction]) -> list[Form]:
    """e^{f_k}/Σ e^{f_l} for every k."""
    top = max(predictions)
    leads = tuple(sorted((f - top for f in predictions), reverse=True))
    counts = {v: leads.count(v) for v in leads}
    others: dict[Fraction, Form] = {}
    rest = rational(1)
    for v, count in counts.items():
        if v:
            if len(counts) == 2 and count == counts[Fraction(0)]:
                others[v] = combined({}, sigmoid_of(v), Fraction(1, count))
            else:
                others[v] = {(2, leads, v): Fraction(1)}
            rest = combined(rest, others[v], -count)
    others[Fraction(0)] = combined({}, rest, Fraction(1, counts[Fraction(0)]))
    return [others[f - top] for f in predictions]


def atom_value(atom: Atom, bits: int) -> Interval:
    """An interval with the value of an atom that is no derivative."""
    spend(60 + (bits * price(bits) >> 3))
    one = Interval(1 << bits, 1 << bits, bits)
    if atom[0] == 0:
        return _power(atom[1], bits)
    if atom[0] == 1:
        value = one.divided_by(one + _power(-atom[1], bits))
        return value if atom[2] == 1 else value.power(atom[2])
    spend(len(atom[1]) * (60 + (bits * price(bits) >> 3)))
    total = Interval(0, 0, bits)
    for lead in atom[1]:
        total = total + _power(lead, bits)
    return _power(atom[2], bits).divided_by(total)


def form_value(form: Form, values: Mapping[Atom, Interval], bits: int) -> Interval:
    """An interval with the value of a form."""
    total = enclose(form.get(RATIONAL, Fraction(0)), bits)
    for atom, coefficient in form.items():
        if atom != RATIONAL:
            total = total + enclose(coefficient, bits) * values[atom]
    return total


def _power(q: Fraction, bits: int) -> Interval:
    return increasing(exponential, enclose(q, bits))


def _atoms(a: Atom, b: Atom) -> Form | None:
    """The product of two atoms."""
    if RATIONAL in (a, b):
        return {a or b: Fraction(1)}
    a, b = sorted((a, b))
    if (a[0], b[0]) == (0, 0):
        return exponential_of(a[1] + b[1])
    if (a[0], b[0]) == (1, 1) and a[1] == b[1]:
        return {(1, a[1], a[2] + b[2]): Fraction(1)}
    if (a[0], b[0]) == (0, 1) and b[2] == 1 and Fraction(a[1], b[1]).denominator == 1:
        return _shifted(b[1], int(Fraction(a[1], b[1])))
    return None


def _shifted(q: Fraction, n: int) -> Form | None:
    """e^{nq} σ(q): e^{−q} σ(q) is 1 − σ(q), and e^{q} σ(q) is e^q − σ(q)."""
    if abs(n) > 64:
        return None
    form: Form = sigmoid_of(q)
    for _ in range(abs(n)):
        form_next: Form = {}
        for atom, value in form.items():
            if atom and atom[0] == 1:
                part = combined(exponential_of(q), sigmoid_of(q), -1) if n > 0 else combined(rational(1), sigmoid_of(q), -1)
            else:
                part = exponential_of((atom[1] if atom else 0) + (q if n > 0 else -q))
            form_next = combined(form_next, part, value)
        form = form_next
    return form


def _check(form: Form) -> None:
    spend(1 + len(form))
    if len(form) > MAX_ATOMS:
        raise OverflowError(f"sums of more than {MAX_ATOMS} exponentials are beyond the limits of this verifier")
    for value in form.values():
        if value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
            raise OverflowError(f"coefficients of more than {MAX_BITS} bits are beyond the limits of this verifier")
