"""Real roots of rational polynomials in one variable: rational numbers, or exact enclosures that can be narrowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import common_denominator
from exactsurf.exact.number import brief, to_text

if TYPE_CHECKING:
    from flint import fmpq_poly

_TRIED = "isolating the real roots of a polynomial"


@dataclass(frozen=True)
class RealRoot:
    """A real algebraic number: root number `index` (from the least, from 0) of an irreducible polynomial.

    Attributes: `polynomial`, its coprime integer coefficients from the constant upwards, the leading one positive;
    `low` ≤ root ≤ `high`, an enclosure with no other root of it, equal ends exactly for a rational number. Numbers are
    ordered, and equal if they are the same, however narrow their enclosures. Build them with `real_roots` and
    `RealRoot.rational`. Exactness: exact. Raises: nothing. Source: Sturm's theorem.

    >>> minus, plus = real_roots([-2, 0, 1])
    >>> plus.narrowed(Fraction(1, 100)), minus < RealRoot.rational(Fraction(-7, 5)) < plus
    (RealRoot(723/512 < x < 363/256, coefficients (-2, 0, 1)), True)
    """

    polynomial: tuple[int, ...]
    index: int
    low: Fraction = field(compare=False)
    high: Fraction = field(compare=False)

    @staticmethod
    def rational(value: Fraction) -> RealRoot:
        """A rational number as the root that it is."""
        return RealRoot((-value.numerator, value.denominator), 0, value, value)

    @property
    def value(self) -> Fraction | None:
        """The number itself if it is rational, else None."""
        return self.low if len(self.polynomial) == 2 else None

    def narrowed(self, width: Fraction) -> RealRoot:
        """The same number with an enclosure of at most this width.

        Parameters: `width` > 0. Exactness: exact, by bisection. Raises: `InputError` for a width that is not positive.
        Source: the intermediate value theorem.
        """
        if width <= 0:
            raise InputError("the width of an enclosure is positive", text=to_text(width))
        low, high = self.low, self.high
        rises = _sign_at(self.polynomial, high)
        while high - low > width:
            middle = (low + high) / 2
            if _sign_at(self.polynomial, middle) == rises:
                high = middle
            else:
                low = middle
        return RealRoot(self.polynomial, self.index, low, high)

    def __lt__(self, other: RealRoot) -> bool:
        if self.polynomial == other.polynomial:
            return self.index < other.index
        one, two = _apart(self, other)
        return one.high < two.low

    def __gt__(self, other: RealRoot) -> bool:
        return other < self

    def __le__(self, other: RealRoot) -> bool:
        return self == other or self < other

    def __ge__(self, other: RealRoot) -> bool:
        return other <= self

    def __repr__(self) -> str:
        if self.value is not None:
            return f"RealRoot({brief(self.value)})"
        coefficients = ", ".join(brief(Fraction(value)) for value in self.polynomial)
        return f"RealRoot({brief(self.low)} < x < {brief(self.high)}, coefficients ({coefficients}))"


def real_roots(coefficients: Sequence[Fraction | int], effort: Effort = UNBOUNDED) -> tuple[RealRoot, ...]:
    """The different real roots of a polynomial, from the least.

    Parameters: `coefficients` from the constant upwards, not all 0; `effort`, its clock running. Exactness: exact: factored over
    the rationals, and roots are isolated by Sturm's theorem. Raises: `InputError` for the zero polynomial, `OutOfTime`.
    Source: Sturm 1829.

    >>> real_roots([0, -2, 0, 1])
    (RealRoot(-3 < x < 0, coefficients (-2, 0, 1)), RealRoot(0), RealRoot(0 < x < 3, coefficients (-2, 0, 1)))
    """
    from flint import fmpz_poly

    values = [Fraction(value) for value in coefficients]
    if not any(values):
        raise InputError("every number is a root of the zero polynomial")
    common = common_denominator(values)
    _, factors = fmpz_poly([int(value * common) for value in values]).factor()
    isolated = _known if effort is UNBOUNDED else partial(_isolated, effort=effort)
    found = [root for factor, _ in factors for root in isolated(tuple(map(int, factor.coeffs())))]
    return tuple(sorted(found))


def rational_between(left: RealRoot, right: RealRoot) -> Fraction:
    """A rational number strictly between two different roots.

    Parameters: `left` < `right`. Exactness: exact. Raises: `InputError` unless `left` < `right`. Source: standard.

    >>> rational_between(*real_roots([-2, 0, 1]))
    Fraction(0, 1)
    """
    if not left < right:
        raise InputError("there is nothing between the two roots", text=f"{left!r}, {right!r}")
    one, two = _apart(left, right)
    return (one.high + two.low) / 2


def _apart(one: RealRoot, two: RealRoot) -> tuple[RealRoot, RealRoot]:
    """Two different numbers with enclosures that have no point in common."""
    while one.low <= two.high and two.low <= one.high:
        width = max(one.high - one.low, two.high - two.low) / 2
        one, two = one.narrowed(width), two.narrowed(width)
    return one, two


def _sign_at(coefficients: Sequence[int], point: Fraction) -> int:
    total = Fraction(0)
    for value in reversed(coefficients):
        total = total * point + value
    return (total > 0) - (total < 0)


@lru_cache(maxsize=4096)
def _known(coefficients: tuple[int, ...]) -> tuple[RealRoot, ...]:
    return _isolated(coefficients, UNBOUNDED)


def _isolated(coefficients: tuple[int, ...], effort: Effort) -> tuple[RealRoot, ...]:
    """The real roots of an irreducible polynomial of degree ≥ 1. From degree 2 on, none of them is rational."""
    if len(coefficients) == 2:
        return (RealRoot.rational(Fraction(-coefficients[0], coefficients[1])),)
    chain = _sturm_chain(coefficients, effort)
    bound = Fraction(1 + -(-max(map(abs, coefficients[:-1])) // abs(coefficients[-1])))  # Cauchy's bound
    found: list[tuple[Fraction, Fraction]] = []
    waiting = [(-bound, bound, _variations(chain, -bound), _variations(chain, bound))]
    while waiting:
        effort.check(_TRIED)
        low, high, below, above = waiting.pop()
        if below - above == 1:
            found.append((low, high))
        elif below - above > 1:
            middle = (low + high) / 2
            between = _variations(chain, middle)
            waiting += [(low, middle, below, between), (middle, high, between, above)]
    return tuple(RealRoot(coefficients, index, low, high) for index, (low, high) in enumerate(sorted(found)))


def _sturm_chain(coefficients: Sequence[int], effort: Effort) -> list[fmpq_poly]:
    from flint import fmpq_poly

    chain = [fmpq_poly(list(coefficients))]
    chain.append(chain[0].derivative())
    while chain[-1].degree() > 0:
        effort.check(_TRIED)
        chain.append(-(chain[-2] % chain[-1]))
    return chain


def _variations(chain: Sequence[fmpq_poly], point: Fraction) -> int:
    from flint import fmpq

    values = [polynomial(fmpq(point.numerator, point.denominator)) for polynomial in chain]
    signs = [value > 0 for value in values if value != 0]
    return sum(a != b for a, b in pairwise(signs))
