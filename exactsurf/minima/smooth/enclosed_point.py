"""One rational point of a smooth risk: what its rules need, computed when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.balls import PRECISIONS, Ball, to_arb, working_precision
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.minima.smooth.smooth_derivatives import flint_derivatives
from exactsurf.model.enclosed_risk import known_predictions, known_risk, risk_ball
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from flint import arb, arb_mat


@dataclass(frozen=True)
class EnclosedPoint:
    """Rational parameters of a network with a smooth activation, seen at a working precision.

    Attributes: `problem`; `parameters`; `bits`, the working precision of its balls; `effort`, the time for its derivatives.
    Exactness: what is rational is exact; balls hold the true values.
    Raises: `ShapeError` for parameters of another network, `UnsupportedError` for values beyond all bounds, when something is
    computed. Source: theory.md, section 7.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], "tanh"), es.Data.from_arrays([0, 0], [1, 3]))
    >>> point = EnclosedPoint(problem, problem.parameters(W1=[[0]], b1=[5], W2=[[0]], b2=[2]))
    >>> point.residuals, point.risk.contains(1)
    (((Fraction(1, 1),), (Fraction(-1, 1),)), True)
    """

    problem: Problem
    parameters: Parameters
    bits: int = PRECISIONS[0]
    effort: Effort = field(default=UNBOUNDED, compare=False)

    @cached_property
    def predictions(self) -> tuple[Vector, ...] | None:
        """The predictions, sample by sample; None unless all are known to be rational."""
        return known_predictions(self.problem, self.parameters)

    @cached_property
    def residuals(self) -> tuple[Vector, ...] | None:
        """The derivatives of the loss by the predictions, sample by sample; None unless all of these are known to be rational."""
        base = self.problem.without_decay
        if self.predictions is None or not base.loss.is_piecewise_quadratic:
            return None
        columns = [ScaledVector.from_fractions(column) for column in zip(*self.predictions, strict=True)]
        slopes = [(low.fractions(), high.fractions()) for low, high in base.subdifferentials(tuple(columns))]
        if any(low != high for low, high in slopes):
            return None
        return tuple(zip(*(low for low, _ in slopes), strict=True))

    @cached_property
    def known_risk(self) -> Fraction | None:
        """The risk, if it is known to be rational."""
        return known_risk(self.problem, self.parameters)

    @cached_property
    def risk(self) -> Ball:
        """A ball with the risk."""
        return risk_ball(self.problem, self.parameters, self.bits)

    @cached_property
    def shown_risk(self) -> Fraction | Ball:
        """The risk if it is known to be rational, else a ball with it at the least precision."""
        return risk_ball(self.problem, self.parameters) if self.known_risk is None else self.known_risk

    @cached_property
    def arbs(self) -> list[arb]:
        """The parameters as FLINT balls, in the order of `vector_of`."""
        with working_precision(self.bits):
            return [to_arb(value) for value in vector_of(self.parameters)]

    @cached_property
    def derivatives(self) -> tuple[arb, list[arb], arb_mat] | None:
        """Risk, gradient and Hessian as FLINT balls; None where a unit may have no second derivative. May raise `OutOfTime`."""
        with working_precision(self.bits):
            return flint_derivatives(self.problem, self.arbs, self.effort)

    @cached_property
    def positions(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """Where the weights of every unit stand in the vector; see `row_positions`."""
        return row_positions(self.problem.network)

    def moved(self, direction: Parameters, step: Fraction) -> EnclosedPoint:
        """The point at `step` times `direction` from this one, at the same precision."""
        return EnclosedPoint(self.problem, self.parameters.moved(direction, step), self.bits)
