"""Curves that floats propose, a power of t by parameter: their exact series decides, and what they do not need is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.effort import Effort
from exactsurf.minima.local.risk_series import descend_along, leading_order, risk_series
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.model.point import Point

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

_POWERS = 4

Curve = list[list[Fraction]]
"""The coefficients of t, t², … as vectors."""


@dataclass(frozen=True)
class DrawnCurves:
    """Curves θ + a t^p + b t^(p+1), by entry: arrays `power` p, `first` a and `second` b of shape (curves, parameters).

    Exactness: floats propose them. Raises: nothing. Source: proofs/rules/curve.md.

    >>> import numpy as np
    >>> curves = DrawnCurves(np.array([[1, 2]]), np.array([[1.0, -0.5]]), np.array([[0.0, 0.0]]))
    >>> curves.at(0.5).tolist(), curves.coefficients(0)[1]
    ([[0.5, -0.125]], [Fraction(0, 1), Fraction(-1, 2)])
    """

    power: Array
    first: Array
    second: Array

    def at(self, step: float) -> Array:
        """The displacements at t = `step`."""
        powers: Array = step**self.power
        return (self.first + self.second * step) * powers

    @property
    def size(self) -> Array:
        """The sum of all powers of t, by curve: few and low ones make short certificates."""
        sizes: Array = (self.power * (self.first != 0) + (self.power + 1) * (self.second != 0)).sum(axis=1)
        return sizes

    def coefficients(self, row: int) -> Curve:
        """c_1, c_2, … of one curve, as vectors."""
        found = [[Fraction(0)] * self.power.shape[1] for _ in range(_POWERS)]
        for place, (power, first, second) in enumerate(zip(self.power[row], self.first[row], self.second[row], strict=True)):
            found[power - 1][place] += Fraction(float(first))
            found[power][place] += Fraction(float(second))
        return found


def goes_down(point: Point, curve: Sequence[Sequence[Fraction]]) -> bool:
    """Whether the first coefficient of the risk along the curve that is not zero is negative.

    Exactness: exact. Raises: nothing. Source: proofs/rules/curve.md.
    """
    tangents = [parameters_of(point.problem.network, vector) for vector in curve]
    series = risk_series(point, tangents, _order(point))
    order = leading_order(series)
    return order is not None and series[order] < 0


def evidence_along(point: Point, curve: Curve, effort: Effort) -> DescentCurve | None:
    """The evidence of a curve that goes down, without the entries that it does not need; None if no step along it is lower.

    Exactness: exact. Raises: `OutOfTime`. Source: proofs/rules/curve.md.
    """
    for power, place in entries_of(curve):
        effort.check()
        shorter = [list(vector) for vector in curve]
        shorter[power][place] = Fraction(0)
        if goes_down(point, shorter):
            curve = shorter
    while not any(curve[-1]):
        curve = curve[:-1]
    return descend_along(point, [parameters_of(point.problem.network, vector) for vector in curve], _order(point))


def _order(point: Point) -> int:
    """Behind the order at which curves with first powers up to 3 move the output of one path."""
    return 4 * point.problem.network.layers + 2


def entries_of(curve: Sequence[Sequence[Fraction]]) -> Iterator[tuple[int, int]]:
    """Where a curve is not 0, as pairs of power − 1 and place, the highest powers first. Exactness: exact. Raises: nothing.

    >>> list(entries_of([[Fraction(1), Fraction(0)], [Fraction(0), Fraction(2)]]))
    [(1, 1), (0, 0)]
    """
    for power in reversed(range(len(curve))):
        yield from ((power, place) for place, value in enumerate(curve[power]) if value)
