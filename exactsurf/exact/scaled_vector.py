"""Vectors over the samples: integers over one common denominator.

A forward pass on thousands of samples with long rationals is quick only if no fraction is reduced on the way. So a
quantity that has one value per sample (a pre-activation, a residual) is a `ScaledVector`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from operator import mul

from exactsurf.effort import look


@dataclass(frozen=True)
class ScaledVector:
    """The vector (numerators[i] / denominator)_i, exactly; `denominator` ≥ 1.

    Equality is equality of representations; compare `fractions()` to compare values.
    Exactness: exact. Raises: nothing. Source: theory.md, section 1 (one value per sample).

    >>> v = ScaledVector.from_fractions([Fraction(1, 2), Fraction(1, 3)])
    >>> v, v.sum()
    (ScaledVector(numerators=(3, 2), denominator=6), Fraction(5, 6))
    """

    numerators: tuple[int, ...]
    denominator: int

    @staticmethod
    def from_fractions(values: Sequence[Fraction]) -> ScaledVector:
        """The vector of `values` over their least common denominator."""
        common = lcm(*(value.denominator for value in values))
        return ScaledVector(tuple(v.numerator * (common // v.denominator) for v in values), common)

    def __len__(self) -> int:
        return len(self.numerators)

    def __getitem__(self, index: int) -> Fraction:
        return Fraction(self.numerators[index], self.denominator)

    def fractions(self) -> tuple[Fraction, ...]:
        """The entries as Fractions."""
        return tuple(Fraction(numerator, self.denominator) for numerator in self.numerators)

    def sum(self) -> Fraction:
        """Σ_i v_i."""
        return Fraction(sum(self.numerators), self.denominator)

    def dot(self, other: ScaledVector) -> Fraction:
        """Σ_i v_i w_i."""
        return Fraction(sum(map(mul, self.numerators, other.numerators)), self.denominator * other.denominator)

    def minus(self, other: ScaledVector) -> ScaledVector:
        """(v_i − w_i)_i."""
        p, q = self.denominator, other.denominator
        numerators = tuple(a * q - b * p for a, b in zip(self.numerators, other.numerators, strict=True))
        return ScaledVector(numerators, p * q).reduced()

    def scaled(self, factor: Fraction) -> ScaledVector:
        """(factor · v_i)_i."""
        numerators = tuple(factor.numerator * n for n in self.numerators)
        return ScaledVector(numerators, self.denominator * factor.denominator).reduced()

    def times(self, other: ScaledVector) -> ScaledVector:
        """(v_i w_i)_i."""
        numerators = tuple(map(mul, self.numerators, other.numerators))
        return ScaledVector(numerators, self.denominator * other.denominator).reduced()

    def is_zero(self) -> bool:
        """Whether every entry is zero."""
        return not any(self.numerators)

    def map_pieces(self, piece: Callable[[int], int], lines: Sequence[tuple[Fraction, Fraction]]) -> ScaledVector:
        """(a_k v_i + c_k)_i with k = piece(numerator of v_i) and (a_k, c_k) = lines[k]."""
        common = lcm(*(number.denominator for line in lines for number in line))
        scaled = [(int(a * common), int(c * common) * self.denominator) for a, c in lines]
        values = []
        for numerator in self.numerators:
            slope, intercept = scaled[piece(numerator)]
            values.append(slope * numerator + intercept)
        return ScaledVector(tuple(values), common * self.denominator).reduced()

    def reduced(self) -> ScaledVector:
        """The same vector over its least common denominator."""
        common = self.denominator
        for numerator in self.numerators:
            if common == 1:
                return self
            common = gcd(common, numerator)
        if common == 1:
            return self
        return ScaledVector(tuple(n // common for n in self.numerators), self.denominator // common)


def combine(vectors: Sequence[ScaledVector], weights: Sequence[Fraction], constant: Fraction, size: int) -> ScaledVector:
    """(Σ_k weights[k] · vectors[k][i] + constant)_i for i < `size`.

    Exactness: exact. Raises: nothing for vectors of length `size`. Source: theory.md, section 1 (one layer, one unit).

    >>> combine([ScaledVector((1, 2), 1)], [Fraction(1, 2)], Fraction(3), 2).fractions()
    (Fraction(7, 2), Fraction(4, 1))
    """
    used = [(v, w) for v, w in zip(vectors, weights, strict=True) if w]
    common = lcm(constant.denominator, *(v.denominator * w.denominator for v, w in used))
    start = constant.numerator * (common // constant.denominator)
    factors = [w.numerator * (common // (v.denominator * w.denominator)) for v, w in used]
    if not used:
        return ScaledVector((start,) * size, common)
    look("predictions are computed")
    rows = zip(*(v.numerators for v, _ in used), strict=True)
    return ScaledVector(tuple(sum(map(mul, row, factors), start) for row in rows), common).reduced()
