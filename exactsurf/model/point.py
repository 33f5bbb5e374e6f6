"""One point of parameter space: what everybody who looks at it needs, computed when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.model.forward import ForwardPass
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

Slopes = tuple[tuple[ScaledVector, ScaledVector], ...]
"""For every output, or term of the loss, its left and right derivatives over the samples."""


@dataclass(frozen=True)
class Point:
    """Parameters of a problem's network; two points are equal if their problems and parameters are.

    Attributes: `problem`; `parameters`. Exactness: exact.
    Raises: `ShapeError` for parameters of another network, when something is computed. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [0, 1]), "absolute")
    >>> point = Point(problem, problem.parameters(W1=[[2]], b1=[0]))
    >>> point.risk, point.kink
    (Fraction(1, 1), 0)
    """

    problem: Problem
    parameters: Parameters

    @cached_property
    def forward(self) -> ForwardPass:
        """The forward pass on all samples."""
        return self.problem.forward(self.parameters)

    @cached_property
    def risk(self) -> Fraction:
        """The risk."""
        if self.problem.decay is not None:
            return self.problem.rational_risk(self.parameters)
        return self.problem.risk_of(self.forward.outputs)

    @cached_property
    def undecayed(self) -> Point:
        """The same parameters in the problem without weight decay."""
        return self if self.problem.decay is None else Point(self.problem.without_decay, self.parameters)

    @cached_property
    def subdifferentials(self) -> Slopes:
        """See `Problem.subdifferentials`."""
        return self.problem.subdifferentials(self.forward.outputs)

    @cached_property
    def term_slopes(self) -> Slopes:
        """See `Problem.term_slopes`."""
        several = self.problem.right_outputs is not None
        return self.problem.term_slopes(self.forward.outputs) if several else self.subdifferentials

    @cached_property
    def kink(self) -> int | None:
        """The first sample at which the loss is not differentiable in the predictions, of the first output that has one."""
        for low, high in self.subdifferentials:
            if low is not high:
                for i, (a, b) in enumerate(zip(low.numerators, high.numerators, strict=True)):
                    if a * high.denominator != b * low.denominator:
                        return i
        return None

    def moved(self, direction: Parameters, step: Fraction) -> Point:
        """The point at `step` times `direction` from this one."""
        return Point(self.problem, self.parameters.moved(direction, step))
