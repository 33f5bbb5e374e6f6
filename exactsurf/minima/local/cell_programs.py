"""The cells at a point as small nonlinear programs: what all of them share, and what each sample adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.certificate.rules.boundary_pair import Pair
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.minima.local.critical_cone import restricted
from exactsurf.minima.local.curvature import GivenSquares, curvatures
from exactsurf.minima.local.decay_descent import add_decay, descend_along_with_decay, descend_with_decay
from exactsurf.minima.local.decay_invariance import tangents_with_decay
from exactsurf.minima.local.directional import descend
from exactsurf.minima.local.invariance import invariance_tangents
from exactsurf.minima.local.risk_series import descend_along, leading_order
from exactsurf.minima.local.second_order_form import Accumulator, SampleForm
from exactsurf.minima.local.subspace import Subspace
from exactsurf.minima.local.tangent_fan import Signs, TangentFan
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.model.weight_decay import WeightDecay

if TYPE_CHECKING:
    from flint import fmpq, fmpq_mat

Output: TypeAlias = tuple[int, int]
"""(sample, term of the loss); a term is an output, or the lead of a wrong class over the right one."""


@dataclass(frozen=True)
class CellPrograms:
    """The small nonlinear programs of the cells at a point: minimise the risk's polynomial where the pieces are the cell's.

    Attributes: a `point`; `seeks_strict`, whether it is known to be a minimum, and only to be proved strict modulo
    invariances, for which convexity alone says too little; `effort`, what may be spent; `decay`, weight decay that is added to
    the risk of the point's problem, which has none itself; `given`, squares in the place of second derivatives;
    `subspace`, the directions that are looked at, where the parameters are restricted: vectors of first order are then written
    in its coordinates (see `pulled`); `is_frozen`, whether second derivatives of the loss are left out. What all cells share is
    computed once.
    Exactness: exact. Source: theory.md, section 6.
    """

    point: Point
    seeks_strict: bool = False
    effort: Effort = UNBOUNDED
    decay: WeightDecay | None = None
    given: GivenSquares | None = None
    subspace: Subspace | None = None
    is_frozen: bool = False

    def pulled(self, vector: Vector) -> Vector:
        """A gradient in the coordinates of the directions that are looked at."""
        return self.fan.pulled(vector)

    def pushed(self, values: Sequence[Fraction]) -> Parameters:
        """The direction with these coordinates."""
        return self.fan.pushed(values)

    def form_on(self, form: fmpq_mat, basis: Matrix) -> Matrix:
        """A quadratic form on the span of directions, given by their coordinates."""
        return restricted(form, basis if self.subspace is None else self.subspace.vectors(basis)) if basis else ()

    @property
    def size(self) -> int:
        """The number of coordinates."""
        return self.fan.size

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The boundary pairs whose pre-activation moves."""
        return self.fan.pairs

    def wall_vector(self, pair: Pair, signs: Signs) -> Vector:
        """sign · gradient of the pre-activation of a pair that has a sign."""
        return self.fan.wall_vector(pair, signs)

    def count_cells(self, pairs: Sequence[Pair]) -> int:
        """How many sign choices for these boundary pairs are to be examined; see `TangentFan.count_cells`."""
        return self.fan.count_cells(pairs, self.effort)

    @cached_property
    def frozen(self) -> CellPrograms:
        """The same with the losses replaced by their tangents."""
        return replace(self, is_frozen=True, given=None)

    @cached_property
    def decayed(self) -> Point:
        """The point in the problem with the weight decay."""
        return Point(self.point.problem.with_decay(self.decay), self.point.parameters)

    def descent(self, direction: Parameters) -> DescentDirection | None:
        """Evidence from a direction, if the risk falls along it to first order."""
        if self.decay is None:
            return descend(self.point, direction, self.effort)
        return descend_with_decay(self.decayed, direction, self.effort)

    def descent_along(self, curve: Sequence[Parameters], order: int) -> DescentCurve | None:
        """Evidence from a curve, if the risk falls along it to some order."""
        if self.given is not None:
            return self._along_squares(self.given, curve, order)
        if self.decay is not None:
            return descend_along_with_decay(self.decayed, curve, order)
        return descend_along(self.point, curve, order)

    def _along_squares(self, given: GivenSquares, curve: Sequence[Parameters], order: int) -> DescentCurve | None:
        """A curve along which the sums in the place of the risk fall; its lower point is only a place."""
        series = list(given.series(self.point, curve, order))
        if self.decay is not None:
            series = [a + b for a, b in zip(series, self.decay.changes([self.point.parameters, *curve], order), strict=True)]
        leading = leading_order(series)
        if leading is None or series[leading] > 0:
            return None
        return DescentCurve(tuple(curve), leading, series[leading], LowerPoint(self.point.parameters, Fraction(0)))

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.point.problem

    @cached_property
    def fan(self) -> TangentFan:
        """The fan of tangent cones."""
        return TangentFan(self.point, self.subspace)

    @cached_property
    def slopes(self) -> tuple[tuple[tuple[Fraction, Fraction], ...], ...]:
        """[term][sample]: the subdifferential of a term of the loss (see `Problem.loss_terms`)."""
        return tuple(tuple(zip(low.fractions(), high.fractions(), strict=True)) for low, high in self.point.term_slopes)

    @cached_property
    def curvatures(self) -> tuple[tuple[Fraction, ...], ...]:
        """[term][sample]: second derivatives of the loss; 0 if it is frozen."""
        found = curvatures(self.point)
        return tuple(tuple(Fraction(0) for _ in column) for column in found) if self.is_frozen else found

    @cached_property
    def slack_samples(self) -> frozenset[int]:
        """Samples at which every term of the loss is at its minimum."""
        samples = range(len(self.problem.data)) if self.given is None else self.given.bounded
        return frozenset(i for i in samples if all(low <= 0 <= high for low, high in (column[i] for column in self.slopes)))

    @cached_property
    def is_convex(self) -> bool:
        """Whether it is enough that every cell's problem is convex in product variables, coordinates near the point."""
        network = self.problem.network
        if self.subspace is not None:
            return False
        alone = network.layers == 2 and network.widths[-1] == 1 and all(self.point.parameters.weights[1][0])
        return alone and not self.seeks_strict and self.decay is None and self.given is None

    @cached_property
    def tangents(self) -> Matrix:
        """Tangents of the invariances; weight decay ends most of them."""
        if self.subspace is not None:
            return self.subspace.tangents
        has_common = self.given is not None and self.given.has_common
        if self.decay is not None:
            return tangents_with_decay(self.point, self.decay, has_common)
        return invariance_tangents(self.point, has_common)

    @cached_property
    def inner_samples(self) -> tuple[int, ...]:
        """Samples without a boundary pair."""
        bounded = {sample for _, _, sample in self.pairs}
        return tuple(i for i in range(len(self.problem.data)) if i not in bounded)

    @cached_property
    def inner(self) -> tuple[Accumulator, dict[Output, dict[int, fmpq]]]:
        """First and second order of the inner samples, without the kinks of the loss; and the gradients at those."""
        total, kinks = Accumulator(self.fan.forms.size, self.effort), {}
        for i in self.inner_samples:
            self.effort.check()
            kinks.update(self.add_sample(total, i, self.fan.sample_form(i, {})))
        if self.decay is not None:
            add_decay(total, self.point, self.decay)
        return total, kinks

    def add_sample(self, total: Accumulator, i: int, form: SampleForm) -> dict[Output, dict[int, fmpq]]:
        """Add first and second order of a sample's loss, but for terms at a kink, whose gradients are given back."""
        from flint import fmpq

        depth, kinks = self.problem.network.layers, {}
        weights: dict[tuple[int, int], fmpq] = {}
        squares: list[tuple[tuple[tuple[int, int], ...], Fraction]] = []
        for k, column in enumerate(self.slopes):
            low, high = column[i]
            outputs = self.problem.term_outputs(i, k)
            gradient = form.gradient(depth, k) if outputs == ((k, 1),) else form.sum_gradient(depth, outputs)
            if low != high:
                kinks[i, k] = gradient
                continue
            slope = fmpq(low.numerator, low.denominator)
            for output, sign in outputs:
                weights[depth, output] = weights.get((depth, output), fmpq(0)) + sign * slope
            total.add_gradient(gradient, slope)
            if self.given is None and (curvature := self.curvatures[k][i]):
                squares.append((outputs, curvature))
        total.later(partial(_add_second_order, form, weights, squares if self.given is None else self.given.rows[i]))
        return kinks


def _add_second_order(
    form: SampleForm,
    weights: Mapping[tuple[int, int], fmpq],
    squares: Iterable[tuple[Sequence[tuple[int, int]], Fraction]],
    total: Accumulator,
) -> None:
    """Add the curvature of a sample's loss, and its slopes times the second derivatives of the outputs."""
    from flint import fmpq

    for outputs, curvature in squares:
        gradient = form.sum_gradient(len(form.weights), outputs)
        total.add_square(gradient, fmpq(curvature.numerator, curvature.denominator))
    form.add_hessian(total, weights)
