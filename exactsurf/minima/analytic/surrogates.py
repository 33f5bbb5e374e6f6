"""Squared losses in the place of one that is an expression: below it, or above it, near a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from exactsurf.exact.balls import Ball
from exactsurf.exact.exponential_sum import ONE, Atom, ExponentialSum
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.rational_table import RationalTable
from exactsurf.minima.analytic.analytic_point import AnalyticPosition
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.analytic_risk import SampleLoss
from exactsurf.model.losses import squared
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class Surrogates:
    """The squared losses Σ q_i |f_i − f_i(θ) + r_i/q_i|²/2 with r at the vertices of a simplex that holds the derivatives.

    Attributes: `position`; `lower` and `widths` of the simplex, by atom; `curvatures` q, 0 for samples that are left out: below
    all second derivatives of the loss, or above them. Exactness: exact. Raises: nothing. Source: proofs/claims/analytic_point.md.
    """

    position: AnalyticPosition
    lower: Vector
    widths: Vector
    curvatures: Vector

    @cached_property
    def kept(self) -> tuple[int, ...]:
        """The samples that are not left out."""
        return tuple(i for i, q in enumerate(self.curvatures) if q)

    @property
    def size(self) -> int:
        """The number of vertices; 0 if all samples are left out."""
        return 1 + len(self.lower) if self.kept else 0

    def point(self, vertex: int) -> Point:
        """The point in the problem with the squared loss of a vertex; 0 is the corner."""
        here = self.position
        values: dict[Atom, Fraction] = dict(zip(here.atoms, self.lower, strict=True))
        if vertex:
            values[here.atoms[vertex - 1]] += self.widths[vertex - 1]
        values[ONE] = Fraction(1)
        rows = [
            [f - _value(r, values) / self.curvatures[i] for f, r in zip(here.predictions[i], here.slopes[i], strict=True)]
            for i in self.kept
        ]
        data, x = here.problem.data, here.problem.data.x
        inputs = data.inputs if len(rows) == len(data) else RationalTable.from_rows([x[i] for i in self.kept])
        weights = tuple(self.curvatures[i] for i in self.kept)
        squares = replace(data, inputs=inputs, targets=RationalTable.from_rows(rows), source=None, weights=weights)
        penalised = Problem(here.problem.network, squares, squared).with_decay(here.problem.decay)
        return Point(penalised, here.parameters)


def surrogates_below(position: AnalyticPosition, bits: int, sharp: bool) -> Surrogates | NotProved:
    """Squared losses below the loss near a point.

    Parameters: `position`; `bits` of the numbers that stand for atoms; `sharp`, whether curvatures are close to the second
    derivatives of the loss, or only powers of two below them. Exactness: proved by balls. Raises: nothing.
    Source: proofs/claims/analytic_point.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, -1]), "logistic")
    >>> found = surrogates_below(AnalyticPosition(problem, problem.parameters(W1=[[0]], b1=[0])), 32, False)
    >>> found.curvatures, found.point(0).problem.data.y
    ((Fraction(1, 8), Fraction(1, 8)), ((Fraction(4, 1),), (Fraction(-4, 1),)))
    """
    curvatures = []
    for i, found in enumerate(losses_for(position, bits)):
        q = _curvature_below(position, i, found, sharp)
        if isinstance(q, NotProved):
            return q
        curvatures.append(q)
    return Surrogates(position, *simplex_around(position, bits), tuple(curvatures))


def surrogates_above(position: AnalyticPosition, bits: int, sharp: bool) -> Surrogates:
    """Squared losses above the loss near a point.

    Parameters: as `surrogates_below`. Exactness: proved by balls. Raises: nothing. Source: proofs/claims/analytic_point.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, -1]), "logistic")
    >>> surrogates_above(AnalyticPosition(problem, problem.parameters(W1=[[0]], b1=[0])), 32, False).curvatures
    (Fraction(1, 2), Fraction(1, 2))
    """
    losses = enumerate(losses_for(position, bits))
    curvatures = tuple(_curvature_above(position, i, found, sharp) for i, found in losses)
    return Surrogates(position, *simplex_around(position, bits), curvatures)


def losses_for(position: AnalyticPosition, bits: int) -> Sequence[SampleLoss]:
    """The sample losses, as sharp as numbers of so many bits ask for. Exactness: enclosed. Raises: as `sample_losses`."""
    return position.sample_losses(max(128, 4 * bits))


def _value(slope: ExponentialSum, values: dict[Atom, Fraction]) -> Fraction:
    return sum((factor * values[atom] for atom, factor in slope.terms), Fraction(0))


def simplex_around(position: AnalyticPosition, bits: int) -> tuple[Vector, Vector]:
    """Numbers of about so many bits below the atoms, and edges long enough that the simplex holds them.

    Exactness: proved by balls. Raises: nothing. Source: proofs/claims/analytic_point.md.
    """
    lower, widths = [], []
    stretch = 2 << len(position.atoms).bit_length()
    for atom in position.atoms:
        ball = position.enclosed(ExponentialSum(((atom, Fraction(1)),)), 4 * bits)
        unit = _power_of_two(abs(ball.midpoint) or Fraction(1), True) / (1 << bits)
        lower.append((ball.lower / unit).__floor__() * unit)
        widths.append(stretch * unit)
    return tuple(lower), tuple(widths)


def _curvature_below(position: AnalyticPosition, sample: int, found: SampleLoss, sharp: bool) -> Fraction | NotProved:
    loss = position.problem.loss
    if loss.is_of_classes:
        return _power_of_two(_bound_of_classes(position, sample), True)
    least = min(ball.lower for ball in _seconds(found))
    if least > 0:
        return _rounded(least, sharp, True)
    if any(slope.terms for slope in position.slopes[sample]):
        return NotProved(f"the loss is not seen to be curved upwards at the prediction of sample {sample}")
    return Fraction(0) if loss.is_convex else NotProved(f"the loss is not convex, and flat at the prediction of sample {sample}")


def _curvature_above(position: AnalyticPosition, sample: int, found: SampleLoss, sharp: bool) -> Fraction:
    if position.problem.loss.is_of_classes:
        return _power_of_two(_bound_of_classes(position, sample), False)
    return _rounded(max(Fraction(1, 1 << 64), *(ball.upper for ball in _seconds(found))), sharp, False)


def _bound_of_classes(position: AnalyticPosition, sample: int) -> Fraction:
    return position.problem.loss.scale * position.problem.without_decay.shares[sample]


def _seconds(found: SampleLoss) -> list[Ball]:
    return [found.hessian[k][k] for k in range(len(found.gradient))]


def _rounded(value: Fraction, sharp: bool, down: bool) -> Fraction:
    """A short number strictly below a positive one, or strictly above it."""
    unit = _power_of_two(value, True) / (1 << (20 if sharp else 0))
    whole = value / unit
    return ((whole.__ceil__() - 1) * unit or unit / 2) if down else (whole.__floor__() + 1) * unit


def _power_of_two(value: Fraction, below: bool) -> Fraction:
    """The largest power of two that is not above, or the least that is above a positive number."""
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    power = Fraction(2) ** exponent
    while power > value:
        power /= 2
    while power * 2 <= value:
        power *= 2
    return power if below else 2 * power
