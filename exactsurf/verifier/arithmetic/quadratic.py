"""Polynomials up to second order in the parameters, and quadratic forms on subspaces: what rule `second order` computes with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm

from .effort import price, spend
from .rational import Rational
from .table import MAX_PRODUCTS


@dataclass
class Quadratic:
    """value + Σ linear[p]·d_p + Σ square[p, q]·d_p·d_q (p ≤ q), cut off behind second order."""

    value: Rational = 0
    linear: dict[int, Rational] = field(default_factory=dict)
    square: dict[tuple[int, int], Rational] = field(default_factory=dict)

    def add(self, other: Quadratic, factor: Rational) -> None:
        """Add factor · other."""
        if not factor:
            return
        spend(2 + (len(other.linear) + len(other.square)) * _cost(factor, other.linear))
        self.value += factor * other.value
        for p, a in other.linear.items():
            self.linear[p] = self.linear.get(p, 0) + factor * a
        for pair, a in other.square.items():
            self.square[pair] = self.square.get(pair, 0) + factor * a

    def add_times_variable(self, other: Quadratic, p: int) -> None:
        """Add d_p · other."""
        spend(2 + len(other.linear))
        if other.value:
            self.linear[p] = self.linear.get(p, 0) + other.value
        for q, a in other.linear.items():
            pair = (p, q) if p <= q else (q, p)
            self.square[pair] = self.square.get(pair, 0) + a

    def add_linear_product(self, first: Mapping[int, Rational], second: Mapping[int, Rational], factor: Rational) -> None:
        """Add factor · (first·d)(second·d)."""
        spend(2 + len(first) * len(second) * _cost(factor, first, second))
        for p, a in first.items():
            scaled = factor * a
            for q, b in second.items():
                pair = (p, q) if p <= q else (q, p)
                self.square[pair] = self.square.get(pair, 0) + scaled * b

    def copy(self) -> Quadratic:
        """An independent copy."""
        return Quadratic(self.value, dict(self.linear), dict(self.square))


def _cost(factor: Rational, *entries: Mapping[int, Rational]) -> int:
    """The steps of a product and a sum, judged by the first numbers: fractions need greatest common divisors."""
    numbers = [factor, *(next(iter(each.values()), 0) for each in entries)]
    bits = max(value.numerator.bit_length() + value.denominator.bit_length() for value in numbers)
    return (2 if all(isinstance(value, int) for value in numbers) else 5) * price(bits)


def constant(value: Rational) -> Quadratic:
    """A number as a polynomial."""
    return Quadratic(value)


def whole_vector(entries: Mapping[int, Rational], size: int) -> list[int]:
    """A positive multiple of a vector, in integers without common factor."""
    common = lcm(*(value.denominator for value in entries.values()))
    vector = [0] * size
    for p, value in entries.items():
        vector[p] = value.numerator * (common // value.denominator)
    divisor = gcd(*vector) or 1
    return [value // divisor for value in vector]


def reduced_rows(rows: Sequence[Sequence[int]], size: int) -> tuple[list[int], list[list[int]]]:
    """Rows with the same span, each 0 where another one has its first entry that is not 0; and the places of those entries."""
    _check_work(len(rows) * size * size)
    reduced: list[list[int]] = []
    pivots: list[int] = []
    for row in rows:
        rest = list(row)
        for pivot, known in zip(pivots, reduced, strict=True):
            if rest[pivot]:
                rest = _eliminated(rest, known, pivot)
        lead = next((p for p, value in enumerate(rest) if value), None)
        if lead is None:
            continue
        reduced = [_eliminated(known, rest, lead) if known[lead] else known for known in reduced]
        reduced.append(rest)
        pivots.append(lead)
    return pivots, reduced


def null_space(rows: Sequence[Sequence[int]], size: int) -> list[list[int]]:
    """A basis of the vectors that are orthogonal to all rows, in integers."""
    pivots, reduced = reduced_rows(rows, size)
    basis = []
    for free in range(size):
        if free not in pivots:
            entries: dict[int, Rational] = {free: 1}
            for pivot, known in zip(pivots, reduced, strict=True):
                entries[pivot] = Fraction(-known[free], known[pivot])
            basis.append(whole_vector(entries, size))
    return basis


def _eliminated(row: Sequence[int], known: Sequence[int], pivot: int) -> list[int]:
    a, b = known[pivot], row[pivot]
    spend(1 + (len(row) * price(a.bit_length(), b.bit_length()) >> 1))
    combined = [a * x - b * y for x, y in zip(row, known, strict=True)]
    divisor = gcd(*combined) or 1
    long = max(map(int.bit_length, combined))
    # A divisor that stays long is sought, and taken off, in every entry.
    spend((long >> 9) * ((long >> 10) + (len(row) * divisor.bit_length() >> 9)) >> 1)
    return [value // divisor for value in combined]


def is_positive_on(form: Quadratic, basis: Sequence[Sequence[int]]) -> bool:
    """Whether the second-order part is > 0 on the span of `basis` but at 0 (fraction-free elimination)."""
    if not basis:
        return True
    size = len(basis[0])
    _check_work(len(basis) * size * (size + len(basis)))
    spend(len(basis) * size * (size + len(basis)) >> 3)
    common = lcm(*(value.denominator for value in form.square.values()))
    rows = [[0] * size for _ in range(size)]
    for (p, q), value in form.square.items():
        entry = value.numerator * (common // value.denominator)
        rows[p][q] += entry
        rows[q][p] += entry
    images = [[sum(a * b for a, b in zip(row, vector, strict=True) if a and b) for row in rows] for vector in basis]
    gram = [[sum(a * b for a, b in zip(image, vector, strict=True) if a and b) for vector in basis] for image in images]
    previous = 1
    for k in range(len(gram)):
        spend((len(gram) - k) ** 2 * price(previous.bit_length()))
        pivot = gram[k][k]  # the leading minor of order k + 1 (Bareiss)
        if pivot <= 0:
            return False
        for i in range(k + 1, len(gram)):
            gram[i] = [0] * (k + 1) + [
                (pivot * gram[i][j] - gram[i][k] * gram[k][j]) // previous for j in range(k + 1, len(gram))
            ]
        previous = pivot
    return True


def _check_work(products: int) -> None:
    if products > MAX_PRODUCTS:
        raise OverflowError(f"more than {MAX_PRODUCTS} products are beyond the limits of this verifier")
