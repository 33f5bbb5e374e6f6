"""Convex functions of the gap of a loss with their conjugates, for losses that are expressions and have both in closed form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.exact.balls import to_arb
from exactsurf.model.analytic_losses import exponential, log_cosh, logistic
from exactsurf.model.loss import Loss

if TYPE_CHECKING:
    from flint import arb


class ConjugatePair(ABC):
    """A convex function g of the gap u and its conjugate g*.

    `steepest`, the greatest g″ (that at 0 if there is none); `room`, the closed interval where g* is finite; `vanishing` is 1 if
    g falls to 0 for u → ∞ without reaching it, and 0 if it has a minimum. No g has negative values.
    """

    steepest: Fraction
    room: tuple[Fraction | None, Fraction | None]
    vanishing: int

    @classmethod
    def steepest_below(cls, value: Fraction, slope: Fraction) -> Fraction:
        """A bound of g″ between where g has this slope and wherever g is at most this value."""
        return cls.steepest

    @staticmethod
    @abstractmethod
    def value(u: arb) -> arb:
        """g(u)."""

    @staticmethod
    @abstractmethod
    def slope(u: arb) -> arb:
        """g′(u)."""

    @staticmethod
    @abstractmethod
    def curvature(u: arb) -> arb:
        """g″(u)."""

    @staticmethod
    @abstractmethod
    def conjugate(s: Fraction) -> arb:
        """g*(s), for s in `room`."""


class Logistic(ConjugatePair):
    """log(1 + e^−u); its conjugate is −s ↦ the negative entropy of a coin.

    >>> from flint import arb
    >>> abs(Logistic.value(arb(0)) - arb(2).log()) < 1e-12, Logistic.conjugate(Fraction(-1)) == 0
    (True, True)
    """

    steepest = Fraction(1, 4)
    room = (Fraction(-1), Fraction(0))
    vanishing = 1

    @staticmethod
    def value(u: arb) -> arb:
        """log(1 + e^−u)."""
        return (-u).exp().log1p() if u > 0 else u.exp().log1p() - u

    @staticmethod
    def slope(u: arb) -> arb:
        """−1/(1 + e^u)."""
        return -1 / (1 + u.exp())

    @staticmethod
    def curvature(u: arb) -> arb:
        """σ(u) σ(−u)."""
        return 1 / ((1 + u.exp()) * (1 + (-u).exp()))

    @staticmethod
    def conjugate(s: Fraction) -> arb:
        """p log p + (1 − p) log(1 − p) with p = −s."""
        return times_log(-s) + times_log(1 + s)


class Exponential(ConjugatePair):
    """e^−u, which is its own second derivative.

    >>> from flint import arb
    >>> Exponential.value(arb(0)) == 1, Exponential.conjugate(Fraction(-1)) == -1
    (True, True)
    """

    steepest = Fraction(1)
    room = (None, Fraction(0))
    vanishing = 1

    @classmethod
    def steepest_below(cls, value: Fraction, slope: Fraction) -> Fraction:
        """g″ = g = −g′."""
        return max(value, -slope)

    @staticmethod
    def value(u: arb) -> arb:
        """e^−u."""
        return (-u).exp()

    @staticmethod
    def slope(u: arb) -> arb:
        """−e^−u."""
        return -(-u).exp()

    @staticmethod
    def curvature(u: arb) -> arb:
        """e^−u."""
        return (-u).exp()

    @staticmethod
    def conjugate(s: Fraction) -> arb:
        """p log p − p with p = −s."""
        return times_log(-s) - to_arb(-s)


class LogCosh(ConjugatePair):
    """log cosh u.

    >>> from flint import arb
    >>> LogCosh.value(arb(0)) == 0, LogCosh.conjugate(Fraction(0)) == 0
    (True, True)
    """

    steepest = Fraction(1)
    room = (Fraction(-1), Fraction(1))
    vanishing = 0

    @staticmethod
    def value(u: arb) -> arb:
        """log cosh u."""
        return u.cosh().log()

    @staticmethod
    def slope(u: arb) -> arb:
        """tanh u."""
        return u.tanh()

    @staticmethod
    def curvature(u: arb) -> arb:
        """1 − tanh² u."""
        return 1 / u.cosh() ** 2

    @staticmethod
    def conjugate(s: Fraction) -> arb:
        """½ (1 + s) log(1 + s) + ½ (1 − s) log(1 − s)."""
        return (times_log(1 + s) + times_log(1 - s)) / 2


def times_log(p: Fraction) -> arb:
    """p log p, which is 0 at 0.

    Parameters: p ≥ 0. Exactness: the ball holds it. Raises: nothing. Source: none needed.
    """
    ball = to_arb(p)
    return ball * ball.log() if p else ball


CONJUGATE_PAIRS: dict[tuple[object, object], type[ConjugatePair]] = {
    (logistic.gap, logistic.shape): Logistic,
    (exponential.gap, exponential.shape): Exponential,
    (log_cosh.gap, log_cosh.shape): LogCosh,
}
"""By the gap and the expression of a loss."""


def conjugate_pair(loss: Loss) -> type[ConjugatePair] | None:
    """The closed form of a loss, if there is one."""
    return None if loss.is_piecewise_quadratic else CONJUGATE_PAIRS.get((loss.gap, loss.shape))
