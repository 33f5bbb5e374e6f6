"""Balls: rational midpoints and radii that enclose real numbers. FLINT's arb works inside and never leaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from exactsurf import display
from exactsurf.errors import InputError, UndecidedComparison, UnsupportedError
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import Exact, approximate, decimal_exponent, exact, near, to_text, whole_number

if TYPE_CHECKING:
    from flint import arb, arb_mat

BITS = 128
"""The working precision unless told otherwise."""

PRECISIONS = (64, 128, 256, 512)
"""The bits that are tried one after the other unless told otherwise."""

_MOST_BITS = 1 << 14

_LONGEST = 1 << 16
"""Bits before and behind the point in the numbers of a ball."""
_EXACT = Fraction(0)
_BEYOND, _SMALLER = "the risk is beyond all bounds of ball arithmetic", "use smaller parameters, or a smaller box"

_MOST_DIGITS = 12
_LONG_TEXT = 25


@dataclass(frozen=True, eq=False)
class Ball:
    """A real number that is only known to lie within `radius` of `midpoint`; both are rational.

    Build one with `ball`, which checks its arguments. ``<``, ``<=``, ``>`` and ``>=`` compare the enclosed number with a rational
    number or with that of another ball, and so does ``==`` with a rational number: an answer is proved, and where the ball does
    not tell, `UndecidedComparison` is raised. ``==`` between balls compares the balls: midpoint and radius.
    Exactness: the enclosed number lies in the closed interval. Source: theory.md, section 7.

    >>> import exactsurf as es
    >>> es.Ball(Fraction(1, 2), Fraction(1, 4)).sign, es.Ball(Fraction(0), Fraction(1)).sign
    (1, None)
    >>> es.Ball(Fraction(1, 2), Fraction(1, 4)) < 1, es.Ball(Fraction(1, 2)) == Fraction(1, 2)
    (True, True)
    >>> es.Ball(Fraction(1, 2), Fraction(1, 4)) < Fraction(2, 3)
    Traceback (most recent call last):
        ...
    exactsurf.errors.UndecidedComparison: Ball(0.5 ± 0.25) < 2/3 is not decided: the intervals [1/4, 3/4] and [2/3, 2/3] meet; \
compute with more bits, for example problem.risk(parameters, bits=512)
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

    def not_negative(self) -> Ball:
        """The part of the ball that is not negative, for a number that is known to be none (it must reach over 0)."""
        return self if self.lower >= 0 else Ball(self.upper / 2, self.upper / 2)

    def __lt__(self, other: Number) -> bool:
        ends = _ends(other)
        return NotImplemented if ends is None else _decided(self, "<", ends, self.upper < ends[0], self.lower >= ends[1])

    def __le__(self, other: Number) -> bool:
        ends = _ends(other)
        return NotImplemented if ends is None else _decided(self, "<=", ends, self.upper <= ends[0], self.lower > ends[1])

    def __gt__(self, other: Number) -> bool:
        ends = _ends(other)
        return NotImplemented if ends is None else _decided(self, ">", ends, self.lower > ends[1], self.upper <= ends[0])

    def __ge__(self, other: Number) -> bool:
        ends = _ends(other)
        return NotImplemented if ends is None else _decided(self, ">=", ends, self.lower >= ends[1], self.upper < ends[0])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Ball):
            return (self.midpoint, self.radius) == (other.midpoint, other.radius)
        ends = _ends(other)
        if ends is None:
            return NotImplemented
        return _decided(self, "==", ends, self.is_exact and self.midpoint == other, not self.lower <= ends[0] <= self.upper)

    def __hash__(self) -> int:
        return hash(self.midpoint) if self.is_exact else hash((self.midpoint, self.radius))

    @property
    def text(self) -> str:
        """For display: an exact number as it is; else its midpoint, to as many digits as tell something, and a radius.

        >>> import exactsurf as es
        >>> es.Ball(Fraction(1, 3)).text, es.Ball(Fraction(1, 3), Fraction(1, 1000)).text
        ('1/3', '≈ 0.3333 ± 0.001')
        """
        if self.is_exact:
            exactly = to_text(self.midpoint)
            return exactly if len(exactly) <= _LONG_TEXT else near(self.midpoint, _MOST_DIGITS)
        return f"{near(self.midpoint, self.digits)} ± {approximate(self.shown_radius, 3)}"

    @property
    def digits(self) -> int:
        """How many digits of the midpoint tell something, from 3 to 12."""
        if not self.radius or not self.midpoint:
            return _MOST_DIGITS
        known = decimal_exponent(abs(self.midpoint)) - decimal_exponent(self.radius) + 2
        return min(_MOST_DIGITS, max(3, known))

    @property
    def shown_radius(self) -> Fraction:
        """The radius, rounded up to three digits."""
        if not self.radius:
            return self.radius
        unit = Fraction(10) ** (decimal_exponent(self.radius) - 2)
        return (self.radius / unit).__ceil__() * unit

    def _repr_html_(self) -> str:
        return display.ball_html(self)

    def _repr_latex_(self) -> str:
        return display.ball_latex(self)

    def __repr__(self) -> str:
        return f"Ball({self.text})"


Number: TypeAlias = "Fraction | int | Ball"


def _ends(value: object) -> tuple[Fraction, Fraction] | None:
    if isinstance(value, Ball):
        return value.lower, value.upper
    if isinstance(value, (int, Fraction, float)):
        number = exact(value, "what a ball is compared with")
        return number, number
    return None


def _decided(value: Ball, sign: str, ends: tuple[Fraction, Fraction], holds: bool, fails: bool) -> bool:
    if holds or fails:
        return holds
    raise UndecidedComparison(repr(value), sign, (str(value.lower), str(value.upper)), (str(ends[0]), str(ends[1])))


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
    """A FLINT ball as a ball, a little wider where its numbers would be long; None if it is not finite or beyond 2^65,536.

    FLINT's exponents have no bounds, and a `Fraction` writes them out: e^(10^9) would have a thousand million bits.
    Parameters: `value`, a FLINT ball. Exactness: the ball holds the number. Raises: nothing. Source: none needed.
    """
    midpoint, radius = _dyadic(value.mid()), _dyadic(value.rad())
    if midpoint is None or radius is None:
        return None
    return Ball(midpoint[0], radius[0] + radius[1] + midpoint[1])


def finite(value: arb) -> Ball:
    """A FLINT ball as a ball.

    Parameters: `value`, a FLINT ball. Exactness: as `from_arb`. Raises: `UnsupportedError` if that is None. Source: none needed.
    """
    found = from_arb(value)
    if found is None:
        raise UnsupportedError(_BEYOND, _SMALLER)
    return found


def matrix_to_arb(rows: Sequence[Sequence[Fraction | Ball]]) -> arb_mat:
    """A matrix of rationals or balls as a FLINT matrix."""
    from flint import arb_mat

    return arb_mat([[to_arb(value) for value in row] for row in rows])


def rounded(value: arb, bits: int) -> Fraction:
    """A multiple of 2^−bits near the midpoint of a FLINT ball."""
    midpoint = _dyadic(value.mid())
    if midpoint is None:
        raise UnsupportedError(_BEYOND, _SMALLER)
    scale = 1 << bits
    return Fraction(round(midpoint[0] * scale), scale)


def rounded_matrix(matrix: arb_mat, bits: int) -> Matrix:
    """The midpoints of a FLINT matrix, rounded to multiples of 2^−bits."""
    width = matrix.ncols()
    entries = [rounded(entry, bits) for entry in matrix.entries()]
    return tuple(tuple(entries[i * width : (i + 1) * width]) for i in range(matrix.nrows()))


def _dyadic(value: arb) -> tuple[Fraction, Fraction] | None:
    """A number without radius, to within the second; None if it is not finite, or beyond 2^_LONGEST."""
    if not value.is_finite():
        return None
    mantissa, exponent = (int(part) for part in value.man_exp())
    if exponent + mantissa.bit_length() > _LONGEST:
        return None
    if exponent >= 0:
        return Fraction(mantissa << exponent), _EXACT
    if exponent >= -_LONGEST:
        return Fraction(mantissa, 1 << -exponent), _EXACT
    # A shift by more bits than there are is -1 or 0, however long it is.
    kept = mantissa >> min(-_LONGEST - exponent, mantissa.bit_length())
    return Fraction(kept, 1 << _LONGEST), Fraction(1, 1 << _LONGEST)


def checked_precisions(values: Sequence[int]) -> tuple[int, ...]:
    """The precisions that are to be tried, in bits.

    Parameters: `values`, whole numbers from 2 to 16,384. Exactness: exact. Raises: `InputError`. Source: none; a limit.

    >>> checked_precisions([64, 128])
    (64, 128)
    """
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise InputError("precisions must be a list of numbers of bits", text=repr(values), fix="for example (64, 128)")
    bits = tuple(whole_number(value, "a precision", least=2) for value in values)
    if bits and max(bits) > _MOST_BITS:
        raise InputError(f"a precision has {_MOST_BITS} bits at most", text=str(max(bits)))
    return bits
