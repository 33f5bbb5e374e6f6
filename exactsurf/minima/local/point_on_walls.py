"""What all signed cells at a point share: slopes, boundary pairs, subdifferentials, and sums without the kinks of the loss."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from exactsurf.certificate.rules.boundary_pair import Pair
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class PointOnWalls:
    """A point of a network with one hidden layer and one output, with what all signed cells at it share.

    Attributes: `point`; `effort`, what may be spent. Exactness: exact. Source: theory.md, section 3.
    """

    point: Point
    effort: Effort = UNBOUNDED

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.point.problem

    @cached_property
    def weights(self) -> Vector:
        """The output weights."""
        return self.point.parameters.weights[1][0]

    @cached_property
    def dead(self) -> tuple[int, ...]:
        """The units of output weight 0."""
        return tuple(j for j, weight in enumerate(self.weights) if not weight)

    @cached_property
    def inputs(self) -> tuple[Vector, ...]:
        """The inputs, with 1 behind them if the hidden layer has a bias."""
        bias = (_ONE,) if self.problem.network.biases[0] else ()
        return tuple(tuple(row) + bias for row in self.problem.data.x)

    @cached_property
    def activations(self) -> tuple[Vector, ...]:
        """[unit][sample]: what the hidden units say."""
        return tuple(values.fractions() for values in self.point.forward.activations[0])

    @cached_property
    def slopes(self) -> tuple[tuple[tuple[Fraction, Fraction], ...], ...]:
        """[unit][sample]: the slopes of the activation left and right of the pre-activation."""
        h = self.problem.network.activation
        return tuple(
            tuple((h.slopes[left], h.slopes[right]) for left, right in h.pieces(z)) for z in self.point.forward.pre_activations[0]
        )

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The boundary pairs (proofs/FORMAT.md, section 4.3)."""
        return tuple(
            (1, j, i)
            for j, unit in enumerate(self.slopes)
            for i, (left, right) in enumerate(unit)
            if left != right and any(self.inputs[i])
        )

    @cached_property
    def subgradients(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """The ends of the subdifferential of the loss at every sample."""
        low, high = self.point.term_slopes[0]
        return tuple(zip(low.fractions(), high.fractions(), strict=True))

    @cached_property
    def kinks(self) -> tuple[int, ...]:
        """The samples at which the loss is not differentiable."""
        return tuple(i for i, (low, high) in enumerate(self.subgradients) if low != high)

    @cached_property
    def plain(self) -> tuple[tuple[Vector, ...], tuple[Vector, ...]]:
        """[unit]: Σ r_i h(w_j·x̃_i), and Σ r_i (slope) x̃_i over the samples in no pair with the unit; both without kinks."""
        paired = set(self.pairs)
        fixed = [(i, low) for i, (low, high) in enumerate(self.subgradients) if low and low == high]
        values, gradients = [], []
        for j, unit in enumerate(self.slopes):
            values.append((sum((r * self.activations[j][i] for i, r in fixed), _ZERO),))
            total = [_ZERO] * len(self.inputs[0])
            for i, r in fixed:
                factor = r * unit[i][0]
                if factor and (1, j, i) not in paired:
                    total = [a + factor * b for a, b in zip(total, self.inputs[i], strict=True)]
            gradients.append(tuple(total))
        return tuple(values), tuple(gradients)
