"""The continuum of spurious local minima of He, Wang and Tao (2020): the free parameters, with their exact intervals.

Every unit of the construction stays inside one piece of the activation. What is free: per output the floor μ that its
channel is measured from, the scale ρ of the first layer, the bias of the idle units; and, discretely, the breakpoint and
side to build on and the piece in which the idle units sit. Different discrete choices give cells that no permutation of
units and no rescaling maps into each other.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.errors import HypothesisError, InputError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.affine_minimum import affine_minimum
from exactsurf.theorems.constructions.affine_network import Anchor, Choice, affine_parameters, check_room, list_anchors


@dataclass(frozen=True)
class Interval:
    """An open interval of rationals; None stands for −∞ and +∞."""

    low: Fraction | None
    high: Fraction | None

    def __contains__(self, value: Fraction) -> bool:
        return (self.low is None or self.low < value) and (self.high is None or value < self.high)

    def inner_point(self) -> Fraction:
        """Some point of the interval."""
        if self.low is None and self.high is None:
            return Fraction(0)
        if self.low is None:
            assert self.high is not None
            return self.high - 1
        return self.low + 1 if self.high is None else (self.low + self.high) / 2

    def __str__(self) -> str:
        ends = [sign if end is None else to_text(end) for sign, end in (("−∞", self.low), ("∞", self.high))]
        return f"({ends[0]}, {ends[1]})"


@dataclass(frozen=True)
class AffineFamily:
    """All parameters of the construction in one cell: `point` takes floors, scale and idle bias from their intervals.

    Attributes: `problem`; `anchor`, the breakpoint and side; `idle`, the open interval of the biases of idle units.
    The risk is that of the best affine model at every member. Exactness: exact. Source: papers.md, section 2.
    """

    problem: Problem
    anchor: Anchor
    idle: Interval

    @property
    def floors(self) -> tuple[Interval, ...]:
        """Per output j the interval of μ_j: below every prediction of the affine fit."""
        return tuple(Interval(None, lowest) for lowest, _ in self._ranges())

    def scale(self, floors: Vector) -> Interval:
        """The interval of ρ once the floors are chosen."""
        if self.anchor.room is None:
            return Interval(Fraction(0), None)
        reach = max(highest - floor for (_, highest), floor in zip(self._ranges(), floors, strict=True))
        return Interval(Fraction(0), self.anchor.room / reach)

    def _ranges(self) -> list[tuple[Fraction, Fraction]]:
        return [
            (Fraction(min(f.numerators), f.denominator), Fraction(max(f.numerators), f.denominator))
            for f in affine_minimum(self.problem).predictions
        ]

    def point(self, floors: Vector | None = None, scale: Fraction | None = None, idle: Fraction | None = None) -> Parameters:
        """The member with these free parameters (by default some inner point of every interval).

        Exactness: exact. Raises: `InputError` for a value outside its open interval.
        """
        chosen = floors if floors is not None else tuple(interval.inner_point() for interval in self.floors)
        factor = scale if scale is not None else self.scale(chosen).inner_point()
        bias = idle if idle is not None else self.idle.inner_point()
        checks = [(f"floor {j}", i, v) for j, (i, v) in enumerate(zip(self.floors, chosen, strict=True))]
        for name, interval, value in (*checks, ("scale", self.scale(chosen), factor), ("idle bias", self.idle, bias)):
            if value not in interval:
                raise InputError(f"the {name} must lie in {interval}", text=to_text(value))
        fit = affine_minimum(self.problem)
        return affine_parameters(self.problem, self.anchor, fit.slopes, fit.constants, choice=Choice(tuple(chosen), factor, bias))

    def between(self, first: Fraction, second: Fraction) -> Iterator[Parameters]:
        """Members on the path of scales from `first` to `second`: the risk is the same on all of it."""
        floors = tuple(interval.inner_point() for interval in self.floors)
        for k in range(5):
            yield self.point(floors, first + (second - first) * k / 4)


def affine_families(problem: Problem) -> Iterator[AffineFamily]:
    """The families of the construction, one a cell, pairwise inequivalent: for every anchor and piece for idle units.

    Parameters: a `problem` with a breakpoint in its activation, biases, and hidden layers of at least d_y units.
    Without idle units (every hidden layer exactly d_y wide) there is one family per anchor.
    Exactness: exact. Raises: `HypothesisError` if a layer is too narrow or has no bias, or the activation is linear.
    Source: papers.md, section 2.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1], es.relu6), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> [(str(family.anchor.point), str(family.idle)) for family in affine_families(problem)]
    [('0', '(0, 6)'), ('0', '(−∞, 0)'), ('0', '(6, ∞)')]
    """
    check_room(problem, with_hinge=False)
    h, widths = problem.network.activation, problem.network.widths
    if h.is_linear:
        raise HypothesisError("A4", "the activation is linear", "choose an activation with a breakpoint")
    ends: list[Fraction | None] = [None, *h.breakpoints, None]
    pieces = [Interval(low, high) for low, high in itertools.pairwise(ends)]
    has_idle = any(width > widths[-1] for width in widths[1:-1])
    # Where half of the units of every layer are idle, exchanging the two pieces is a permutation of units.
    symmetric = all(width == 2 * widths[-1] for width in widths[1:-1])
    used: set[int] = set()
    for anchor in list_anchors(h):
        home = h.breakpoints.index(anchor.point) + (anchor.side > 0)
        # Two anchors on the two ends of one piece give one cell.
        if home in used:
            continue
        used.add(home)
        yield AffineFamily(problem, anchor, pieces[home])
        if has_idle:
            for k, piece in enumerate(pieces):
                if k != home and not (symmetric and k in used):
                    yield AffineFamily(problem, anchor, piece)
