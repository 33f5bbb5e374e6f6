"""Guesses of integer relations between real numbers that are known to many digits, by lattice reduction.

A guess proves nothing: whoever uses it checks it exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

_ROOM = 8


def find_integer_relation(values: Sequence[Fraction], bits: int) -> tuple[int, ...] | None:
    """Integers, not all 0, with Σ c_k v_k near 0, much smaller than chance would have them; None if there are none.

    Parameters: `values`, each within 2^−`bits` of the number that is meant. Exactness: a proposal; nothing is proved.
    Raises: nothing. Source: Lenstra, Lenstra and Lovász 1982.

    >>> from math import isqrt
    >>> root = Fraction(isqrt(2 << 400), 1 << 200)
    >>> find_integer_relation([Fraction(1), root, root * root], 190)
    (2, 0, -1)
    """
    from flint import fmpz_mat

    size, scale = len(values), 1 << bits
    rows = [
        [int(i == j) for j in range(size)] + [(value.numerator * scale) // value.denominator] for i, value in enumerate(values)
    ]
    short = [int(entry) for entry in fmpz_mat(rows).lll().tolist()[0]]
    *relation, rest = short
    largest = max(abs(value) for value in relation)
    # By chance a vector of about bits/size bits is the shortest.
    if not any(relation) or _ROOM + largest.bit_length() + abs(rest).bit_length() > bits // (2 * size):
        return None
    sign = next(value for value in relation if value)
    return tuple(value if sign > 0 else -value for value in relation)


def find_polynomial(value: Fraction, bits: int, degree: int) -> tuple[int, ...] | None:
    """An integer polynomial of at most this degree that has a root near `value`, from the constant upwards; None if none shows.

    Parameters: `value`, within 2^−`bits` of the number that is meant. Exactness: a proposal; nothing is proved.
    Raises: nothing. Source: as `find_integer_relation`.

    >>> from math import isqrt
    >>> find_polynomial((1 + Fraction(isqrt(5 << 400), 1 << 200)) / 2, 190, 4)
    (-1, -1, 1)
    """
    from flint import fmpz_poly

    for size in range(1, degree + 1):
        powers = [value**k for k in range(size + 1)]
        room = bits - size * max(0, max(abs(value).numerator // abs(value).denominator, 1).bit_length())
        found = find_integer_relation(powers, room)
        if found is None:
            continue
        _, factors = fmpz_poly(list(found)).factor()
        polynomials = [tuple(int(c) for c in factor.coeffs()) for factor, _ in factors]
        return min(polynomials, key=lambda coefficients: _size_at(coefficients, value))
    return None


def _size_at(coefficients: Sequence[int], value: Fraction) -> Fraction:
    return abs(sum((c * value**k for k, c in enumerate(coefficients)), Fraction(0)))
