"""What every sample adds to the risk: value, slope, curvature and conjugate, for enclosed levels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from exactsurf.errors import UnsupportedError
from exactsurf.exact.balls import to_arb
from exactsurf.exact.convex_pieces import ConvexPieces
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from flint import arb

_ZERO = Fraction(0)


class Term(ABC):
    """A convex, differentiable function of one prediction whose slope rises nowhere faster than `steepest`.

    `slope` and `curvature` propose and may be rounded; `value` is an upper bound of the value and `conjugate` one of
    sup_f (r f − ψ(f)), None where that is infinite; `room` are the least and the greatest slope, None for no end, and `is_open`
    tells whether these ends are left out.
    """

    steepest: Fraction
    room: tuple[Fraction | None, Fraction | None]
    is_open: bool = False

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


def loss_terms(problem: Problem) -> tuple[Term, ...]:
    """The terms of a problem with one output.

    Parameters: a problem. Exactness: bounds are proved. Raises: `UnsupportedError` for losses whose slope jumps, or rises faster
    than any bound. Source: proofs/enclosed_levels.md.

    >>> import exactsurf as es
    >>> term = loss_terms(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1])))[1]
    >>> term.value(Fraction(3)), term.conjugate(Fraction(2)), term.steepest
    (Fraction(2, 1), Fraction(4, 1), Fraction(1, 1))
    """
    plain, loss = problem.without_decay, problem.loss
    if loss.is_piecewise_quadratic and loss.is_smooth:
        return tuple(PieceTerm(plain.term_function(i, 0)) for i in range(len(plain.data)))
    raise UnsupportedError(
        f"levels are enclosed for losses whose slope rises with a bound, not for the {loss.title} loss",
        "take for example squared, huber or squared_hinge",
    )


def dual_value(terms: Sequence[Term], gradient: Sequence[Fraction]) -> Fraction | None:
    """A lower bound of −Σ ψ_i*(r_i), None where that is −∞."""
    total = _ZERO
    for term, r in zip(terms, gradient, strict=True):
        value = term.conjugate(r)
        if value is None:
            return None
        total -= value
    return total
