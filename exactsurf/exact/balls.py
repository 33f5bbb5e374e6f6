"""Balls: rational midpoints and radii that enclose real numbers. FLINT's arb works inside and never leaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import Exact, approximate, exact

if TYPE_CHECKING:
    from flint import arb, arb_mat

PRECISIONS = (64, 128, 256, 512)
"""The bits that are tried one after the other unless told otherwise."""


@dataclass(frozen=True)
class Ball:
    """A real number that is only known to lie within `radius` of `midpoint`; both are rational.

    Build one with `ball`, which checks its arguments. Two balls are equal if midpoint and radius are; whether the enclosed
    numbers are equal, a ball of positive radius cannot say.
    Exactness: the enclosed number lies in the closed interval. Source: theory.md, section 7.

    >>> Ball(Fraction(1, 2), Fraction(1, 4)).sign, Ball(Fraction(0), Fraction(1)).sign
    (1, None)
    """

    midpoint: Fraction
    radius: Fraction = Fraction(0)

    @property
    def lower(self) -> Fraction:
        """The left end."""
        return self.midpoint - self.radius

    @property
    def upper(self) -> Fraction:
        """The right end."""
        return self.midpoint + self.radius

    @property
    def is_exact(self) -> bool:
        """Whether the radius is 0."""
        return not self.radius

    @property
    def sign(self) -> int | None:
        """The sign of the enclosed number: 1, −1, 0 (the ball is exactly 0), or None where the ball does not tell."""
        if self.lower > 0 or self.upper < 0:
            return 1 if self.lower > 0 else -1
        return None if self.radius else 0

    def contains(self, value: Exact) -> bool:
        """Whether a rational number lies in the closed ball."""
        return self.lower <= exact(value, "number") <= self.upper

    def __repr__(self) -> str:
        if self.is_exact:
            return f"Ball({approximate(self.midpoint, 12)})"
        return f"Ball({approximate(self.midpoint, 12)} ± {approximate(self.radius, 3)})"


def ball(midpoint: Exact, radius: Exact = 0) -> Ball:
    """The ball with this midpoint and radius.

    Parameters: `midpoint`; `radius` ≥ 0. Exactness: exact. Raises: `InputError` for a negative radius, errors of `exact`.
    Source: theory.md, section 7.

    >>> ball("1/2", "1/4").contains(0)
    False
    """
    size = exact(radius, "radius of a ball")
    if size < 0:
        raise InputError("the radius of a ball is negative", text=str(radius))
    return Ball(exact(midpoint, "midpoint of a ball"), size)


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """FLINT's balls have this precision inside the `with` block, and the former one behind it."""
    from flint import ctx

    former = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = former


def to_arb(value: Fraction | Ball) -> arb:
    """A FLINT ball that holds a rational number or a ball, at the working precision."""
    from flint import arb, fmpq

    if isinstance(value, Ball):
        if value.radius:
            return to_arb(value.lower).union(to_arb(value.upper))
        value = value.midpoint
    return arb(fmpq(value.numerator, value.denominator))


def from_arb(value: arb) -> Ball | None:
    """A FLINT ball as a ball, None if it is not finite (the enclosed number is not known at all)."""
    if not value.is_finite():
        return None
    return Ball(_dyadic(value.mid()), _dyadic(value.rad()))


def matrix_to_arb(rows: Sequence[Sequence[Fraction | Ball]]) -> arb_mat:
    """A matrix of rationals or balls as a FLINT matrix."""
    from flint import arb_mat

    return arb_mat([[to_arb(value) for value in row] for row in rows])


def rounded(value: arb, bits: int) -> Fraction:
    """A multiple of 2^−bits near the midpoint of a FLINT ball."""
    midpoint = _dyadic(value.mid())
    scale = 1 << bits
    return Fraction(round(midpoint * scale), scale)


def rounded_matrix(matrix: arb_mat, bits: int) -> Matrix:
    """The midpoints of a FLINT matrix, rounded to multiples of 2^−bits."""
    width = matrix.ncols()
    entries = [rounded(entry, bits) for entry in matrix.entries()]
    return tuple(tuple(entries[i * width : (i + 1) * width]) for i in range(matrix.nrows()))


def _dyadic(value: arb) -> Fraction:
    mantissa, exponent = (int(part) for part in value.man_exp())
    return Fraction(mantissa << exponent) if exponent >= 0 else Fraction(mantissa, 1 << -exponent)
