"""Real numbers that are known to many digits as polynomials in one algebraic number: guessed by lattices, to be proved."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.claims.algebraic_point import AlgebraicNumber
from exactsurf.effort import Effort
from exactsurf.exact.integer_relation import find_integer_relation, find_polynomial
from exactsurf.exact.linear_algebra import Vector, to_fraction
from exactsurf.exact.real_roots import RealRoot, real_roots
from exactsurf.minima.not_proved import NotProved

_LEFT_OUT = 4


def in_one_field(
    values: Sequence[Fraction], bits: int, degree: int, effort: Effort
) -> tuple[AlgebraicNumber, tuple[Vector, ...]] | NotProved:
    """A number α, and all values as polynomials in it: α is one of them, or a sum of some.

    Parameters: `values`, each within 2^−`bits` of the number that is meant; `degree`, the largest of α; `effort`, its clock
    running. Returns: α, and for every value the coefficients of a polynomial of lower degree, from the constant upwards; or why
    there is none. Exactness: a guess; whoever uses it checks it. Raises: `OutOfTime`. Source: Lenstra, Lenstra and Lovász 1982.

    >>> from math import isqrt
    >>> two, eight = (Fraction(isqrt(n << 400), 1 << 200) for n in (2, 8))
    >>> alpha, images = in_one_field([two, eight, Fraction(1, 3)], 190, 4, Effort.of(None).started())
    >>> alpha.polynomial, [[str(c) for c in image] for image in images]
    ((-2, 0, 1), [['0', '1'], ['0', '2'], ['1/3', '0']])
    """
    effort.check("lattice reduction")
    field = _Field(Fraction(0), (0, 1), bits)
    images: list[Vector] = []
    for value in values:
        effort.check("lattice reduction")
        image = field.image(value)
        if image is not None:
            images.append(image)
            continue
        for share in (1, -1, 2, 3):
            effort.check("lattice reduction")
            tried = value + share * field.alpha if len(field.polynomial) > 2 else value
            found = find_polynomial(tried, bits, degree)
            if found is None:
                return NotProved(f"no polynomial of degree {degree} or less was found for the numbers")
            larger = _Field(tried, found, bits)
            earlier = [larger.image(other) for other in [*values[: len(images)], value]]
            if all(one is not None for one in earlier):
                field, images = larger, [one for one in earlier if one is not None]
                break
        else:
            return NotProved("the numbers were not found to be polynomials in one of them")
    return nearest_root(field.polynomial, field.alpha), tuple(images)


class _Field:
    """A number near α, and its polynomial w."""

    def __init__(self, alpha: Fraction, polynomial: tuple[int, ...], bits: int) -> None:
        from flint import fmpq_poly

        self.alpha, self.polynomial, self.bits = alpha, polynomial, bits
        self.degree = len(polynomial) - 1
        self.powers = [Fraction(1)]
        for _ in range(self.degree):
            self.powers.append(_rounded(self.powers[-1] * alpha, bits))
        self.slope = sum(
            (k * c * power for k, (c, power) in enumerate(zip(polynomial[1:], self.powers, strict=False), 1)), Fraction(0)
        )
        self.whole = fmpq_poly(list(polynomial))
        one, self.inverse, _ = self.whole.derivative().xgcd(self.whole)
        self.is_simple = one.degree() == 0

    def image(self, value: Fraction) -> Vector | None:
        """A value as a polynomial in α: w′(α) times it is one with short coefficients."""
        if value.denominator.bit_length() < self.bits // 8:
            return (value, *(Fraction(0),) * (self.degree - 1))
        scaled = _rounded(value * self.slope, self.bits)
        large = max(abs(scaled), abs(self.powers[-1]), Fraction(1))
        known = self.bits - _LEFT_OUT * self.degree - large.numerator.bit_length() + large.denominator.bit_length()
        relation = find_integer_relation([*self.powers[: self.degree], scaled], known)
        if relation is None or not relation[-1] or not self.is_simple:
            return None
        from flint import fmpq, fmpq_poly

        image = fmpq_poly([fmpq(-c, relation[-1]) for c in relation[:-1]]) * self.inverse % self.whole
        return tuple(to_fraction(image[k]) for k in range(self.degree))


def _rounded(value: Fraction, bits: int) -> Fraction:
    return Fraction((value.numerator << bits) // value.denominator, 1 << bits)


def nearest_root(polynomial: Sequence[int], value: Fraction) -> AlgebraicNumber:
    """The root of a polynomial that is nearest to a number, in an interval so short that the polynomial is monotone there.

    Parameters: `polynomial`, integers from the constant upwards. Exactness: exact. Raises: nothing. Source: Sturm's theorem.

    >>> nearest_root([-2, 0, 1], Fraction(7, 5)).polynomial
    (-2, 0, 1)
    """
    root = min((one.narrowed(Fraction(1, 1 << 64)) for one in real_roots(polynomial)), key=lambda one: _distance(one, value))
    if root.low == root.high:
        return AlgebraicNumber(root.polynomial, root.low - 1, root.high + 1)
    return AlgebraicNumber(root.polynomial, root.low, root.high)


def _distance(root: RealRoot, value: Fraction) -> Fraction:
    return abs((root.low + root.high) / 2 - value)
