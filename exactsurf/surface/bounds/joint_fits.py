"""Lower bounds where the output weights of all units are joined: a dual vector for each corner, and between them their means."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache, cached_property
from math import comb
from typing import NamedTuple

from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.floats.loss_values import LossValues
from exactsurf.model.problem import Problem
from exactsurf.surface.bounds.curved_fits import add_row, nearest, short_below
from exactsurf.surface.bounds.floats.joint_proposal import Piece, propose_duals
from exactsurf.surface.bounds.output_terms import OutputTerms
from exactsurf.surface.bounds.regions import NetworkRegions, Split
from exactsurf.surface.bounds.unit_rays import UnitRays

_ZERO, _ROUND = Fraction(0), 1 << 30

_SIZE = 160
"""Numbers in the dual vectors of all corners at most."""

_CHAINS = 24
"""Chains of generators at most."""


class JointColumn(NamedTuple):
    """What unit `unit` can add along generator `generator` of its cells, where two corners (perhaps one twice) meet."""

    corners: tuple[int, int]
    unit: int
    generator: int


class JointFit(NamedTuple):
    """A proved lower bound, the dual vectors of the corners, and about the amounts of the columns of the relaxed problem."""

    value: Fraction
    duals: tuple[Vector, ...]
    amounts: dict[JointColumn, Fraction]


class JointFits:
    """Bounds of the risk without weight decay over joined regions of one hidden layer.

    Parameters: a problem with one hidden layer, and its `rays`. Exactness: bounds are proved.
    Raises: `UnsupportedError` for losses without a known conjugate. Source: proofs/claims/global_minimum.md, section 15.

    >>> import exactsurf as es
    >>> from exactsurf.surface.bounds.regions import all_parameters
    >>> problem = es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([0, 1], [[0, 0], [2, 1]]))
    >>> region = all_parameters(problem.network)
    >>> for _ in range(2):
    ...     region = region._replace(cones=(region.cones[0][1:],))
    >>> joined, = region.parted(Split("chains", ()))
    >>> JointFits(problem, UnitRays(problem)).minimum(joined).value
    Fraction(1, 1)
    """

    def __init__(self, problem: Problem, rays: UnitRays) -> None:
        self.problem, self.rays, self.outputs = problem.without_decay, rays, problem.network.widths[-1]
        self.terms = OutputTerms(self.problem)

    @cached_property
    def _values(self) -> LossValues | None:
        """The loss in floats; None where its numbers are beyond doubles."""
        try:
            return LossValues(self.problem, smooths=True)
        except OverflowError:
            return None

    def may_join(self, regions: NetworkRegions) -> bool:
        """Whether the output weights of these regions may be joined: few chains, short dual vectors, and a loss within doubles.

        Exactness: exact. Raises: nothing. Source: none.
        """
        if regions.is_joint or len(regions.walls) > 1 or self.outputs == 1:
            return False
        corners, count = 1, 1
        for cone in regions.cones:
            steps = max(0, sum(map(any, cone)) - 1)
            corners += steps
            count *= comb(corners - 1, steps)
        short = count <= _CHAINS and corners * self.outputs * len(self.problem.data) <= _SIZE
        return short and self._values is not None

    def minimum(self, regions: NetworkRegions) -> JointFit:
        """A lower bound of the risk over joined regions, with the dual vectors that prove it.

        Exactness: `value` and `duals` are exact. Raises: nothing. Source: see the class.
        """
        corners = list(zip(*regions.cones, strict=True))
        inside = [[g for g in self.rays.inside(walls) if self.rays.lengths[g]] for walls in regions.walls[0]]
        columns = [
            JointColumn((s, t), unit, g)
            for s in range(len(corners))
            for t in range(s + 1)
            for unit, own in enumerate(inside)
            for g in own
        ]
        pieces = [Piece(c.corners, [corners[s][c.unit] for s in c.corners], self.rays.predictions[c.generator]) for c in columns]
        values = self._values
        found = None if values is None else propose_duals(values, pieces, len(corners), self.problem.network.biases[-1])
        if found is None:
            return JointFit(self.least, self._nothing(len(corners)), {})
        slopes = self._exact(pieces, found.targets)
        duals = tuple(self.terms.gathered(row, len(self.problem.data) * self.outputs) for row in slopes)
        value = min(self._bound(row) for row in slopes)
        amounts = {column: amount for column, amount in zip(columns, found.amounts, strict=True) if amount}
        if value < self.least:
            return JointFit(self.least, self._nothing(len(corners)), amounts)
        return JointFit(short_below(value), duals, amounts)

    @cached_property
    def least(self) -> Fraction:
        """The bound of dual vectors 0, which always hold: the sum of the least values of the loss."""
        return self._bound((_ZERO,) * len(self.terms.places))

    def _nothing(self, corners: int) -> tuple[Vector, ...]:
        return ((_ZERO,) * (len(self.problem.data) * self.outputs),) * corners

    def _bound(self, slopes: Sequence[Fraction]) -> Fraction:
        found = self.terms.bound(slopes)
        assert found is not None, "slopes are scaled until their conjugates are finite"
        return found

    def _exact(self, pieces: Sequence[Piece], targets: Sequence[Vector]) -> list[Vector]:
        """Slopes of the terms at each corner, those nearest to the targets that hold, exactly."""
        terms, count = self.terms, len(self.terms.places)
        rows: dict[tuple[int, ...], int] = {}

        @cache
        def added(vector: tuple[int, ...], values: tuple[int, ...]) -> tuple[int, ...]:
            return terms.spread(tuple(v * z for z in values for v in vector))

        def add(parts: Sequence[tuple[int, Sequence[int]]], ways: int) -> None:
            row = [0] * (count * len(targets))
            for corner, values in parts:
                row[corner * count : (corner + 1) * count] = values
            add_row(rows, tuple(row), ways)

        for (s, t), (first, second), values in pieces:
            # A dual vector meets what the unit has at the other corner.
            parts = [(s, second), (t, first)] if s != t else [(s, first)]
            add([(corner, added(vector, values)) for corner, vector in parts], 1)
        samples = range(len(self.problem.data))
        for corner in range(len(targets)):
            if self.problem.network.biases[-1]:
                for axis in range(self.outputs):
                    add([(corner, terms.spread(tuple(int(k == axis) for _ in samples for k in range(self.outputs))))], 3)
            for group in terms.shifts:
                add([(corner, [int(n in group) for n in range(count)])], 3)
            for place, (low, high) in enumerate(terms.rooms):
                for end, sign in ((low, 1), (high, -1)):
                    if end == 0:
                        add([(corner, [sign * int(n == place) for n in range(count)])], 1)
        flat = nearest(rows, [value for row in targets for value in row])
        slopes = [tuple(flat[count * corner : count * (corner + 1)]) for corner in range(len(targets))]
        share = min((terms.share_within(row) or _ZERO for row in slopes), default=_ZERO)
        if share < 1:
            share = Fraction(int(share * _ROUND), _ROUND)
            slopes = [tuple(share * r for r in row) for row in slopes]
        return slopes


def inherited(duals: Sequence[Vector], split: Split, part: int) -> tuple[Vector, ...]:
    """Dual vectors of the corners of a part of regions, from those of the corners of the regions, which hold there, too.

    Parameters: `duals`, one alone where the regions are not joined; the `split`, and which `part` of it. Exactness: exact.
    Raises: nothing. Source: proofs/claims/global_minimum.md, section 15.

    >>> inherited([(Fraction(1),), (Fraction(3),)], Split("edge", (0, 1)), 0)
    ((Fraction(1, 1),), (Fraction(2, 1),))
    """
    if split.kind != "edge":
        return tuple(duals)
    first, second = split.place
    middle = tuple((p + q) / 2 for p, q in zip(duals[first], duals[second], strict=True))
    return tuple(middle if place == split.place[1 - part] else dual for place, dual in enumerate(duals))
