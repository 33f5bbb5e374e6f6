"""The cells at a point as small nonlinear programs: what all of them share, and what each sample adds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.exact.linear_algebra import Matrix
from exactsurf.minima.curvature import curvatures
from exactsurf.minima.invariance import invariance_tangents
from exactsurf.minima.second_order_form import Accumulator, SampleForm
from exactsurf.minima.tangent_fan import TangentFan
from exactsurf.model.forward import ForwardPass
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from flint import fmpq

Output: TypeAlias = tuple[int, int]
"""(sample, output)."""


@dataclass(frozen=True)
class CellPrograms:
    """The small nonlinear programs of the cells at a point: minimise the risk's polynomial where the pieces are the cell's.

    Attributes: a point with its `forward` pass and `risk`. What does not depend on the cell is computed once.
    Exactness: exact. Source: theory.md, section 6.
    """

    problem: Problem
    parameters: Parameters
    forward: ForwardPass
    risk: Fraction

    @cached_property
    def fan(self) -> TangentFan:
        """The fan of tangent cones."""
        return TangentFan(self.problem, self.parameters, self.forward)

    @cached_property
    def slopes(self) -> tuple[tuple[tuple[Fraction, Fraction], ...], ...]:
        """[output][sample]: the subdifferential of the loss."""
        return tuple(
            tuple(zip(low.fractions(), high.fractions(), strict=True))
            for low, high in self.problem.subdifferentials(self.forward.outputs)
        )

    @cached_property
    def curvatures(self) -> tuple[tuple[Fraction, ...], ...]:
        """[output][sample]: second derivatives of the loss."""
        return curvatures(self.problem, self.forward.outputs)

    @cached_property
    def slack_samples(self) -> frozenset[int]:
        """Samples at which every output minimises its loss."""
        samples = range(len(self.problem.data))
        return frozenset(i for i in samples if all(low <= 0 <= high for low, high in (column[i] for column in self.slopes)))

    @cached_property
    def is_convex(self) -> bool:
        """Whether every cell's problem is convex in product variables, which are coordinates near the point."""
        network = self.problem.network
        return network.layers == 2 and network.widths[-1] == 1 and all(self.parameters.weights[1][0])

    @cached_property
    def tangents(self) -> Matrix:
        """Tangents of the invariances."""
        return invariance_tangents(self.problem, self.parameters, self.forward)

    @cached_property
    def inner_samples(self) -> tuple[int, ...]:
        """Samples without a boundary pair."""
        bounded = {sample for _, _, sample in self.fan.pairs}
        return tuple(i for i in range(len(self.problem.data)) if i not in bounded)

    @cached_property
    def inner(self) -> tuple[Accumulator, dict[Output, dict[int, fmpq]]]:
        """First and second order of the inner samples, without the kinks of the loss; and the gradients at those."""
        total, kinks = Accumulator(self.fan.forms.size), {}
        for i in self.inner_samples:
            kinks.update(self.add_sample(total, i, self.fan.sample_form(i, {})))
        return total, kinks

    def add_sample(self, total: Accumulator, i: int, form: SampleForm) -> dict[Output, dict[int, fmpq]]:
        """Add first and second order of a sample's loss, but for outputs at a kink, whose gradients are given back."""
        from flint import fmpq

        depth, kinks, weights = self.problem.network.layers, {}, {}
        for k, column in enumerate(self.slopes):
            low, high = column[i]
            gradient = form.gradient(depth, k)
            if low != high:
                kinks[i, k] = gradient
                continue
            weights[depth, k] = fmpq(low.numerator, low.denominator)
            total.add_gradient(gradient, weights[depth, k])
            if curvature := self.curvatures[k][i]:
                total.add_square(gradient, fmpq(curvature.numerator, curvature.denominator))
        form.add_hessian(total, weights)
        return kinks
