"""Polynomials in an algebraic number α, exactly and enclosed (FORMAT.md, section 35).

An element Σ c_k α^k + ε Σ e_k α^k, ε² = 0, is a pair of lists of rationals of the length of the degree of α.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic.document import Field
from .arithmetic.effort import price, spend
from .arithmetic.interval import Interval, enclose
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import bits_of

MAX_DEGREE = 40
Coefficients = list[Rational]
Element = tuple[Coefficients, Coefficients]


@dataclass(frozen=True)
class Root:
    """The one root of a polynomial (from the constant upwards) between two numbers."""

    polynomial: list[Rational]
    low: Rational
    high: Rational

    @property
    def degree(self) -> int:
        """The degree of the polynomial."""
        return len(self.polynomial) - 1

    def enclosed(self, bits: int) -> Interval:
        """An interval with the root, narrowed by bisection to 2^−bits."""
        low, high = Fraction(self.low), Fraction(self.high)
        longest = max(value.numerator.bit_length() for value in self.polynomial)
        rises = value_at(self.polynomial, high) > 0
        while (high - low) * (1 << bits) > 1:
            middle = (low + high) * Fraction(1, 2)
            value = value_at(self.polynomial, middle)
            spend(self.degree * price(self.degree * middle.denominator.bit_length(), longest))
            if (value > 0) == rises and value:
                high = middle
            else:
                low = middle
                if not value:
                    high = middle
        below, above = enclose(low, bits), enclose(high, bits)
        return Interval(below.low, above.high, bits)


def value_at(polynomial: Sequence[Rational], x: Rational) -> Rational:
    """By Horner."""
    total: Rational = 0
    for coefficient in reversed(polynomial):
        total = total * x + coefficient
    return total


def read_root(field: Field) -> Root:
    """An algebraic number: the polynomial changes its sign on the interval, and its derivative has none there."""
    polynomial_field, interval_field = field.fields("polynomial", "interval")
    polynomial = polynomial_field.vector()
    if not 2 <= len(polynomial) <= MAX_DEGREE + 1:
        raise polynomial_field.reject(f"expected a polynomial of a degree from 1 to {MAX_DEGREE}")
    if any(value.denominator != 1 for value in polynomial) or not polynomial[-1]:
        raise polynomial_field.reject("expected integers, the last one not 0")
    low, high = interval_field.vector(2)
    lengths = [max(v.numerator.bit_length(), v.denominator.bit_length()) for v in (low, high, *polynomial)]
    spend(len(polynomial) ** 2 * price(*lengths))
    if low >= high:
        raise interval_field.reject("expected two numbers that rise")
    if value_at(polynomial, low) * value_at(polynomial, high) >= 0:
        raise interval_field.reject("the polynomial does not change its sign between these numbers")
    slope = [k * value for k, value in enumerate(polynomial)][1:]
    least, most = _range(slope, low, high)
    if least <= 0 <= most:
        raise interval_field.reject("the interval is too long to see that there is one root")
    return Root(polynomial, low, high)


def _range(polynomial: Sequence[Rational], low: Rational, high: Rational) -> tuple[Rational, Rational]:
    """Bounds of a polynomial between two numbers, by Horner."""
    least: Rational = 0
    most: Rational = 0
    for coefficient in reversed(polynomial):
        products = [a * b for a in (least, most) for b in (low, high)]
        least, most = min(products) + coefficient, max(products) + coefficient
    return least, most


@dataclass(frozen=True)
class Ring:
    """Arithmetic modulo the polynomial of a root."""

    root: Root

    def constant(self, value: Rational) -> Element:
        """A rational number."""
        zero: Coefficients = [0] * self.root.degree
        return [value, *zero[1:]], zero

    def add(self, left: Element, right: Element) -> Element:
        """The sum."""
        return _plus(left[0], right[0]), _plus(left[1], right[1])

    def times(self, left: Element, right: Element) -> Element:
        """The product; ε² = 0."""
        value = self._product(left[0], right[0])
        if not any(left[1]) and not any(right[1]):
            return value, [0] * self.root.degree
        return value, _plus(self._product(left[0], right[1]), self._product(left[1], right[0]))

    def scaled(self, left: Element, factor: Rational) -> Element:
        """A rational multiple."""
        scaled = [factor * value for value in left[0]], [factor * value for value in left[1]]
        for part in scaled:
            spend(2 + len(part) * price(bits_of(part)))
        return scaled

    def _product(self, left: Coefficients, right: Coefficients) -> Coefficients:
        degree, top = self.root.degree, self.root.polynomial[-1]
        spend(8 + degree * degree * price(bits_of(left), bits_of(right)))
        product: Coefficients = [0] * (2 * degree - 1)
        for i, a in enumerate(left):
            if a:
                for j, b in enumerate(right):
                    product[i + j] += a * b
                # Sums of numbers with different denominators are longer than these.
                spend(4 * degree * (price(bits_of(product)) - 1))
        while len(product) > degree:
            factor = product.pop() * Fraction(1, top)
            if factor:
                for k, value in enumerate(self.root.polynomial[:-1]):
                    product[len(product) - degree + k] -= factor * value
                spend(4 * degree * (price(bits_of(product)) - 1))
        return product


def _plus(left: Coefficients, right: Coefficients) -> Coefficients:
    total = [a + b for a, b in zip(left, right, strict=True)]
    spend(2 + len(total) * price(bits_of(total)))
    return total


def enclosed(coefficients: Sequence[Rational], alpha: Interval) -> Interval:
    """The value at α, enclosed."""
    total = Interval(0, 0, alpha.bits)
    spend(len(coefficients) * price(alpha.bits))
    for coefficient in reversed(coefficients):
        total = total * alpha + enclose(coefficient, alpha.bits)
    return total
