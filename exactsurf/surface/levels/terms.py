"""What every sample adds to the risk: value, slope, curvature and conjugate, for enclosed levels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from exactsurf.exact.balls import finite, to_arb, working_precision
from exactsurf.exact.convex_pieces import ConvexPieces
from exactsurf.surface.levels.conjugate_pairs import ConjugatePair

if TYPE_CHECKING:
    from flint import arb

_ZERO = Fraction(0)
BOUND_BITS = 256
"""Bits of the balls that bound."""


class Term(ABC):
    """A convex, differentiable function of one prediction whose slope rises nowhere faster than `steepest`.

    `slope` and `curvature` propose and may be rounded; `value` is an upper bound of the value and `conjugate` one of
    sup_f (r f − ψ(f)), None where that is infinite; `room` are the least and the greatest slope, None for no end. `vanishing`
    is the direction of f, 1 or −1, in which ψ falls to 0 without reaching it; 0 if there is none; `least`, a lower bound of ψ.
    """

    steepest: Fraction
    room: tuple[Fraction | None, Fraction | None]
    vanishing: int = 0

    @property
    def least(self) -> Fraction:
        """Losses are not negative, but for counts."""
        return _ZERO

    def steepest_below(self, value: Fraction, slope: Fraction) -> Fraction:
        """A bound of ψ″ between where ψ has this slope and wherever it is at most this value."""
        return self.steepest

    @abstractmethod
    def slope(self, f: arb) -> arb:
        """ψ′(f), about."""

    @abstractmethod
    def curvature(self, f: arb) -> arb:
        """ψ″(f), about."""

    @abstractmethod
    def about(self, f: arb) -> arb:
        """ψ(f), about."""

    @abstractmethod
    def value(self, f: Fraction) -> Fraction:
        """An upper bound of ψ(f)."""

    @abstractmethod
    def conjugate(self, r: Fraction) -> Fraction | None:
        """An upper bound of ψ*(r)."""


@dataclass(frozen=True)
class PieceTerm(Term):
    """A term by pieces; everything about it is rational."""

    function: ConvexPieces

    @property
    def steepest(self) -> Fraction:  # type: ignore[override]
        """The greatest curvature."""
        return max(2 * a for a, _, _ in self.function.pieces)

    @property
    def room(self) -> tuple[Fraction | None, Fraction | None]:  # type: ignore[override]
        """The ends of the slopes."""
        return self.function.slope_range

    @cached_property
    def _table(self) -> tuple[list[arb], list[tuple[arb, arb, arb]]]:
        points = [to_arb(t) for t in self.function.breakpoints]
        return points, [(to_arb(a), to_arb(b), to_arb(c)) for a, b, c in self.function.pieces]

    def _piece(self, f: arb) -> tuple[arb, arb, arb]:
        points, pieces = self._table
        return pieces[sum(1 for t in points if f > t)]

    def slope(self, f: arb) -> arb:
        """2 a f + b."""
        a, b, _ = self._piece(f)
        return 2 * a * f + b

    def curvature(self, f: arb) -> arb:
        """2 a."""
        return 2 * self._piece(f)[0]

    def about(self, f: arb) -> arb:
        """(a f + b) f + c."""
        a, b, c = self._piece(f)
        return (a * f + b) * f + c

    def value(self, f: Fraction) -> Fraction:
        """Exact."""
        return self.function.value(f)

    def conjugate(self, r: Fraction) -> Fraction | None:
        """Exact."""
        return self.function.conjugate(r)


@dataclass(frozen=True)
class NoTerm(Term):
    """The function 0: a sample whose loss falls to nothing."""

    steepest = _ZERO
    room = (_ZERO, _ZERO)

    def slope(self, f: arb) -> arb:
        """0."""
        return 0 * f

    def curvature(self, f: arb) -> arb:
        """0."""
        return 0 * f

    def about(self, f: arb) -> arb:
        """0."""
        return 0 * f

    def value(self, f: Fraction) -> Fraction:
        """0."""
        return _ZERO

    def conjugate(self, r: Fraction) -> Fraction | None:
        """0 at 0."""
        return None if r else _ZERO


class SpanTerm(Term):
    """A strictly convex term of analytic functions: equal `weight`, `sign` and `shift` make it the same function of sign·f.

    Within one problem, that is: other losses have other functions.
    """

    weight: Fraction
    sign: int
    shift: Fraction

    @abstractmethod
    def slopes_within(self, f: Fraction, reach: Fraction) -> tuple[Fraction, Fraction]:
        """Bounds of ψ′ at f − reach from above, and at f + reach from below."""


@dataclass(frozen=True)
class PairTerm(SpanTerm):
    """`weight` times g(sign·f − shift)."""

    pair: type[ConjugatePair]
    weight: Fraction
    sign: int
    shift: Fraction

    @property
    def steepest(self) -> Fraction:  # type: ignore[override]
        """The greatest curvature, or that at the gap 0."""
        return self.weight * self.pair.steepest

    def steepest_below(self, value: Fraction, slope: Fraction) -> Fraction:
        """A bound of ψ″ between where ψ has this slope and wherever it is at most this value."""
        return self.weight * self.pair.steepest_below(value / self.weight, self.sign * slope / self.weight)

    @property
    def room(self) -> tuple[Fraction | None, Fraction | None]:  # type: ignore[override]
        """The ends of the slopes."""
        low, high = (None if end is None else self.sign * self.weight * end for end in self.pair.room)
        return (low, high) if self.sign > 0 else (high, low)

    @property
    def vanishing(self) -> int:  # type: ignore[override]
        """The direction of f in which the term falls to 0."""
        return self.sign * self.pair.vanishing

    def slope(self, f: arb) -> arb:
        """ψ′(f), about."""
        return to_arb(self.sign * self.weight) * self.pair.slope(self._gap(f))

    def curvature(self, f: arb) -> arb:
        """ψ″(f), about."""
        return to_arb(self.weight) * self.pair.curvature(self._gap(f))

    def about(self, f: arb) -> arb:
        """ψ(f), about."""
        return to_arb(self.weight) * self.pair.value(self._gap(f))

    def value(self, f: Fraction) -> Fraction:
        """An upper bound of ψ(f), from a ball."""
        with working_precision(BOUND_BITS):
            return upper_bound(to_arb(self.weight) * self.pair.value(to_arb(self.sign * f - self.shift)))

    def conjugate(self, r: Fraction) -> Fraction | None:
        """An upper bound of ψ*(r), from a ball."""
        s, (low, high) = self.sign * r / self.weight, self.pair.room
        if (low is not None and s < low) or (high is not None and s > high):
            return None
        with working_precision(BOUND_BITS):
            return upper_bound(to_arb(self.weight) * self.pair.conjugate(s)) + s * self.weight * self.shift

    def slopes_within(self, f: Fraction, reach: Fraction) -> tuple[Fraction, Fraction]:
        """Bounds of ψ′ at f − reach from above, and at f + reach from below."""
        with working_precision(BOUND_BITS):
            low, high = (finite(self.slope(to_arb(f + side * reach))) for side in (-1, 1))
        return low.upper, high.lower

    def _gap(self, f: arb) -> arb:
        return self.sign * f - to_arb(self.shift)


def dual_value(terms: Sequence[Term], gradient: Sequence[Fraction]) -> Fraction | None:
    """A lower bound of −Σ ψ_i*(r_i), None where that is −∞."""
    total = _ZERO
    for term, r in zip(terms, gradient, strict=True):
        value = term.conjugate(r)
        if value is None:
            return None
        total -= value
    return total


def upper_bound(value: arb) -> Fraction:
    """The upper end of a ball.

    Exactness: proved. Raises: `ArithmeticError` for balls without an end. Source: none needed.
    """
    from flint import arb

    # e^−u has more than u bits behind the point: nobody needs them.
    if abs(value) < arb(2) ** (-2 * BOUND_BITS) and not value.is_zero():
        return Fraction(1, 1 << 2 * BOUND_BITS)
    return finite(value).upper
