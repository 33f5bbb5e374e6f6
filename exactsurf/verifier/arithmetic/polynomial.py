"""Polynomials in the changes of some parameters: a monomial is the sorted tuple of the numbers of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from .document import Field
from .effort import price, spend
from .rational import Rational

Monomial = tuple[int, ...]
Polynomial = dict[Monomial, Rational]

MAX_TERMS = 20_000
MAX_DEGREE = 100
MAX_BITS = 1 << 21
MAX_WORK = 10**9  # pairs of terms times the bits of their longest coefficients


def add(total: Polynomial, other: Mapping[Monomial, Rational], factor: Rational = 1) -> None:
    """Add factor · other to `total`."""
    spend(4 * len(other))
    for name, value in other.items():
        if entry := total.get(name, 0) + factor * value:
            _check(_length(entry) <= MAX_BITS)
            total[name] = entry
        else:
            total.pop(name, None)


def product(first: Mapping[Monomial, Rational], second: Mapping[Monomial, Rational]) -> Polynomial:
    """first · second."""
    bits = max(map(_length, first.values()), default=0) + max(map(_length, second.values()), default=0)
    pairs, length = len(first) * len(second), max(map(len, first), default=0) + max(map(len, second), default=0)
    spend(4 * pairs * price(bits) + (pairs * length >> 4))  # a monomial is sorted, and looked up
    _check(len(first) * len(second) * (bits + 64) <= MAX_WORK)
    found: Polynomial = {}
    for name, a in first.items():
        add(found, {tuple(sorted((*name, *other))): a * b for other, b in second.items()})
    _check(len(found) <= MAX_TERMS)
    return found


def read_polynomial(field: Field, variables: frozenset[int]) -> Polynomial:
    """A list of [number, [parameter, …]], the parameters in order, each monomial once and with a number that is not 0."""
    found: Polynomial = {}
    for term in field.items():
        number, names = term.items(2)
        places = names.items()
        if len(places) > MAX_DEGREE:
            raise names.refuse(f"degrees above {MAX_DEGREE} are beyond the limits of this verifier")
        for place in places:
            if place.size() not in variables:
                raise place.reject("not a free parameter")
        name = tuple(place.size() for place in places)
        if list(name) != sorted(name):
            raise names.reject("not in order")
        if name in found:
            raise names.reject("occurs twice in this list")
        value = number.number()
        if not value:
            raise number.reject("is 0")
        found[name] = value
    return found


def at_zero(polynomial: Mapping[Monomial, Rational]) -> Rational:
    """The constant term."""
    return polynomial.get((), 0)


def _length(value: Rational) -> int:
    whole = Fraction(value)
    return whole.numerator.bit_length() + whole.denominator.bit_length()


def _check(holds: bool) -> None:
    if not holds:
        raise OverflowError("polynomials of this size are beyond the limits of this verifier")
