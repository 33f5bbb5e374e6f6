"""The fan of tangent cones at a point: sign choices for the boundary pre-activations, layer by layer, at any depth.

On one cone every one-sided derivative of a pre-activation is linear, because the choices below it are made; so is the
derivative of a risk that is differentiable in its predictions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.arrangement.least_count import count_up_to
from exactsurf.certificate.rules.boundary_pair import Pair
from exactsurf.effort import RAISE_FAN, UNBOUNDED, Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.local.second_order_form import Pieces, PointForms, SampleForm
from exactsurf.minima.local.still_layers import still_samples
from exactsurf.minima.local.subspace import Subspace
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from flint import fmpq

Signs: TypeAlias = Mapping[Pair, int]


@dataclass(frozen=True)
class TangentCone:
    """A closed cone {d : wall·d ≥ 0 for all walls} of directions in which the risk has the piecewise linear derivative.

    Attributes: `signs` of the boundary pairs; `walls`, (pair, sign · gradient of its pre-activation on the cells of the
    cone), as vectors of `vector_of`. Exactness: exact. Source: theory.md, section 6.
    """

    signs: tuple[tuple[Pair, int], ...]
    walls: tuple[tuple[Pair, Vector], ...]


@dataclass(frozen=True)
class TangentFan:
    """All cones at one point; build it once per point.

    Attributes: `point`; `subspace`, the directions that are looked at, where the parameters are restricted: vectors of first
    order are then written in its coordinates (see `pulled`).
    Exactness: exact. Source: theory.md, section 6; proofs/rules/second_order.md.
    """

    point: Point
    subspace: Subspace | None = None

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.point.problem

    def pulled(self, vector: Vector) -> Vector:
        """A gradient in the coordinates of the directions that are looked at."""
        return vector if self.subspace is None else self.subspace.pulled(vector)

    def pushed(self, values: Sequence[Fraction]) -> Parameters:
        """The direction with these coordinates."""
        return parameters_of(self.problem.network, values) if self.subspace is None else self.subspace.direction(values)

    @property
    def size(self) -> int:
        """The number of coordinates."""
        return self.forms.size if self.subspace is None else self.subspace.dimension

    @cached_property
    def forms(self) -> PointForms:
        """First and second order of every sample."""
        return PointForms(self.point)

    @cached_property
    def sides(self) -> tuple[tuple[tuple[tuple[int, int], ...], ...], ...]:
        """[layer][unit][sample]: the pieces left and right of the pre-activation."""
        h = self.problem.network.activation
        return tuple(tuple(tuple(h.pieces(z)) for z in layer) for layer in self.point.forward.pre_activations)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The boundary pairs: pre-activations at a breakpoint, by layer (from 1), unit and sample.

        They do not count where the pre-activation is 0 for all parameters near the point (see `still_samples`), or fixed.
        Exactness: exact. Source: proofs/FORMAT.md, section 4.3.
        """
        slopes, still = self.problem.network.activation.slopes, still_samples(self.point)
        pairs = (
            (layer, j, i)
            for layer, units in enumerate(self.sides, start=1)
            for j, unit in enumerate(units)
            for i, (left, right) in enumerate(unit)
            if slopes[left] != slopes[right] and i not in still[layer - 1]
        )
        return tuple(pairs) if self.subspace is None else self.subspace.moving(pairs)

    def pieces(self, sample: int, signs: Signs) -> Pieces:
        """The pieces on one sample; boundary pairs without a sign get the left one."""
        return tuple(
            tuple(unit[sample][signs.get((layer, j, sample), -1) > 0] for j, unit in enumerate(units))
            for layer, units in enumerate(self.sides, start=1)
        )

    def sample_form(self, sample: int, signs: Signs) -> SampleForm:
        """First and second order of one sample on the cells with these signs."""
        return self.forms.sample(sample, self.pieces(sample, signs))

    def wall(self, pair: Pair, signs: Signs) -> dict[int, fmpq]:
        """The gradient of a boundary pair's pre-activation, given the signs of the pairs below it; non-zero entries."""
        layer, unit, sample = pair
        return self.sample_form(sample, signs).gradient(layer, unit)

    def wall_vector(self, pair: Pair, signs: Signs) -> Vector:
        """sign · gradient of the pre-activation of a pair that has a sign."""
        entries = [Fraction(0)] * self.forms.size
        for position, value in self.wall(pair, signs).items():
            entries[position] = signs[pair] * Fraction(int(value.p), int(value.q))
        return self.pulled(tuple(entries))

    def count_cells(self, pairs: Sequence[Pair], effort: Effort = UNBOUNDED) -> int:
        """How many sign choices for these boundary pairs are to be examined: those that no wall of layer 1 rules out.

        Parameters: some of the `pairs`; `effort`, whose time is bounded: of more than its `fan` a lower bound is enough.
        Exactness: exact, without listing them: units of layer 1 have as many as their local arrangements have cells, and
        above every pair has two. Raises: `OutOfTime`. Source: theory.md, section 2.

        >>> import exactsurf as es
        >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1, 2, 2], [0, 1, 1]))
        >>> theta = problem.parameters(W1=[[0]], b1=[0], W2=[[1]], b2=[0])
        >>> fan = TangentFan(Point(problem, theta))
        >>> len(fan.pairs), fan.count_cells(fan.pairs)
        (3, 4)
        """
        if self.subspace is not None:
            own_walls = []
            for pair in pairs:
                if pair[0] == 1:
                    effort.check("the walls at the point are restricted to the subspace")
                    own_walls.append(self.wall_vector(pair, {pair: 1}))
            return (count_up_to(own_walls, effort.fan, effort) if own_walls else 1) << (len(pairs) - len(own_walls))
        samples: dict[int, list[int]] = {}
        for layer, unit, sample in pairs:
            if layer == 1:
                samples.setdefault(unit, []).append(sample)
        above = sum(layer > 1 for layer, _, _ in pairs)
        bias = (Fraction(1),) if self.problem.network.biases[0] else ()
        below = 1
        # Where all weights are 0 every unit is on the walls of the same samples.
        for own, units in Counter(map(tuple, samples.values())).items():
            effort.check("the cells at the point are counted")
            normals = [self.problem.data.inputs.row(sample) + bias for sample in own]
            below *= count_up_to(normals, effort.fan, effort) ** units
        return below << above

    def cones(self, *, effort: Effort = UNBOUNDED) -> Iterator[TangentCone]:
        """All cones with inner points; their union is the whole space of directions.

        Parameters: `effort`, whose `fan` bounds the cones to give. Exactness: exact; cones without inner points are found by
        Gordan's lemma. Raises: `UnsupportedError` when there are more cones. Source: theory.md, section 6.

        >>> import exactsurf as es
        >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1, 1], [0, 1]))
        >>> theta = problem.parameters(W1=[[0]], b1=[0], W2=[[1]], b2=[0])
        >>> [[sign for _, sign in cone.signs] for cone in TangentFan(Point(problem, theta)).cones()]
        [[1, 1], [-1, -1]]
        """
        pending: list[dict[Pair, int]] = [{}]
        given = 0
        while pending:
            effort.check()
            signs = pending.pop()
            walls = [(pair, self.wall_vector(pair, signs)) for pair in signs]
            # Where a pre-activation does not move to first order, both of its sides are the same cone.
            if any(not any(vector) and signs[pair] < 0 for pair, vector in walls):
                continue
            moving = [vector for _, vector in walls if any(vector)]
            if len(moving) > 1 and flat_cone(moving) is not None:
                continue
            if len(signs) < len(self.pairs):
                pair = self.pairs[len(signs)]
                pending += [{**signs, pair: -1}, {**signs, pair: 1}]
                continue
            given += 1
            if given > effort.fan:
                raise UnsupportedError(f"{len(self.pairs)} boundary pairs make more than {effort.fan} tangent cones", RAISE_FAN)
            yield TangentCone(tuple(signs.items()), tuple(walls))


def flat_cone(walls: Sequence[Vector]) -> Vector | None:
    """λ ≥ 0, Σ λ = 1 with Σ λ_p wall_p = 0 if {d : wall·d ≥ 0} has no inner point (Gordan), else None.

    Parameters: at least one vector, none zero. Exactness: exact. Raises: nothing. Source: Gordan's lemma.

    >>> flat_cone([(Fraction(1),), (Fraction(-1),)])
    (Fraction(1, 2), Fraction(1, 2))
    """
    # Only coordinates that some wall uses can make an equation.
    used = [p for p in range(len(walls[0])) if any(wall[p] for wall in walls)]
    vectors = [(*(wall[p] for p in used), Fraction(1)) for wall in walls]
    target = (*(Fraction(0),) * len(used), Fraction(1))
    answer = solve_bounded_system(vectors, target, [Fraction(0)] * len(walls), [None] * len(walls))
    return None if isinstance(answer, FarkasVector) else answer.values
