"""The directions in which parameters move under a restriction, and the flows of the network that stay in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from exactsurf.certificate.rules.boundary_pair import Pair
from exactsurf.effort import look
from exactsurf.exact.linear_algebra import Matrix, Vector, combination, dot, from_flint, identity, kernel, to_flint
from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.minima.local.restricted_flows import flows
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.restriction import Restriction
from exactsurf.model.weight_decay import WeightDecay


@dataclass(frozen=True)
class Subspace:
    """The directions Σ u_k basis_k of a restriction at one of its points; u are the coordinates.

    Attributes: `restriction`; `point`, of the problem without the restriction and without weight decay; `decay`, that is added;
    `has_common`, whether nothing changes where all outputs of a sample change alike.
    Exactness: exact. Source: proofs/FORMAT.md, sections 44 and 51.
    """

    restriction: Restriction
    point: Point
    decay: WeightDecay | None = None
    has_common: bool = False

    @property
    def dimension(self) -> int:
        """The number of coordinates."""
        return self.restriction.dimension

    def pulled(self, vector: Vector) -> Vector:
        """A gradient by the coordinates."""
        # A wall moves with few weights.
        used = [(place, value) for place, value in enumerate(vector) if value]
        zero = Fraction(0)
        return tuple(sum((row[place] * value for place, value in used), zero) for row in self.restriction.directions)

    def direction(self, values: Sequence[Fraction]) -> Parameters:
        """The direction with these coordinates."""
        return self.restriction.direction(values)

    def vectors(self, rows: Matrix) -> Matrix:
        """Directions as vectors, given by their coordinates."""
        return from_flint(to_flint(rows) * to_flint(self.restriction.directions))

    @cached_property
    def varying(self) -> frozenset[int]:
        """The places of the entries of parameters that are not fixed."""
        return frozenset(place for direction in self.restriction.directions for place, value in enumerate(direction) if value)

    def moving(self, pairs: Iterable[Pair]) -> tuple[Pair, ...]:
        """The boundary pairs that are not fixed. Exactness: exact. Source: proofs/FORMAT.md, section 44."""
        found = []
        for pair in pairs:
            look("the walls at the point are restricted to the subspace")
            if not self.is_fixed(*pair):
                found.append(pair)
        return tuple(found)

    def is_fixed(self, layer: int, unit: int, sample: int) -> bool:
        """Whether a pre-activation is known to be the same for all u."""
        row = row_positions(self.restriction.network)[layer - 1][unit]
        if layer == 1:
            below = self.point.problem.data.x[sample]
            reads = (*below, Fraction(1)) if self.restriction.network.biases[0] else below
            return all(
                not sum((direction[place] * value for place, value in zip(row, reads, strict=True)), Fraction(0))
                for direction in self.restriction.directions
            )
        weights = self.point.parameters.weights[layer - 1][unit]
        return self.varying.isdisjoint(row) and all(
            self.is_fixed(layer - 1, k, sample) for k, weight in enumerate(weights) if weight
        )

    @cached_property
    def _unpenalised(self) -> frozenset[int]:
        """The places of the entries of parameters that weight decay does not penalise: biases, if they are not."""
        network = self.restriction.network
        if self.decay is None or self.decay.biases:
            return frozenset()
        layers = zip(row_positions(network), network.biases, strict=True)
        return frozenset(row[-1] for rows, biased in layers if biased for row in rows)

    @cached_property
    def degree(self) -> int:
        """A bound on the degree of predictions in u on every cell; see `Restriction.degree`."""
        return self.restriction.degree

    @cached_property
    def tangents(self) -> Matrix:
        """The tangents, in coordinates, of the flows that stay in the subspace. Exactness: exact."""
        moves, directions = flows(self.point, self.has_common), self.restriction.directions
        if self.decay is not None:
            moves = [move for move in moves if move.places <= self._unpenalised]
        if not moves:
            return ()
        here = vector_of(self.point.parameters)
        images = [(move.at(here, shift=True), *(move.at(direction, shift=False) for direction in directions)) for move in moves]
        # Sums of the flows whose images have no part that is orthogonal to all directions.
        rows = [
            tuple(dot(normal, image[part]) for image in images) for normal in kernel(directions) for part in range(len(images[0]))
        ]
        sums = kernel(rows) if rows else list(identity(len(moves)))
        totals = [combination(weights, [image[0] for image in images]) for weights in sums]
        return tuple(step for total in totals if (step := self.restriction.step(total)) is not None and any(step))
