"""Walls followed from their left side: values of units and of the loss on them, the rises of the walls being coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from exactsurf.exact.balls import to_arb
from exactsurf.minima.smooth.smooth_derivatives import Jet
from exactsurf.model.loss_jet import gap_of_term
from exactsurf.model.problem import Problem
from exactsurf.model.wall import Wall

if TYPE_CHECKING:
    from flint import arb, arb_mat


@dataclass
class Followed:
    """Walls on which a point lies, and what derivatives in ball arithmetic find there.

    Attributes: `walls`; `first`, the number of parameters: the coordinate of the rise of wall n is `first` + n; `heights`, the
    jets of z − t or u − t, and `rises_of_the_loss`, once the derivatives are computed. Exactness: balls hold the true values.
    Source: proofs/claims/minimum_on_walls.md.
    """

    problem: Problem
    walls: tuple[Wall, ...]
    first: int
    heights: dict[int, Jet] = field(default_factory=dict)
    rises_of_the_loss: dict[int, arb] = field(default_factory=dict)

    @cached_property
    def _numbers(self) -> dict[tuple[int, int, int], int]:
        return {(wall.layer, wall.unit, i): n for n, wall in enumerate(self.walls) for i in wall.samples}

    def unit(self, layer: int, unit: int, sample: int, z: Jet) -> Jet | None:
        """The value of a unit on a wall, followed from the left; None if it is on none."""
        n = self._numbers.get((layer, unit, sample))
        if n is None:
            return None
        h, k = self.problem.network.activation, self.walls[n].breakpoint
        (slope, intercept), (steeper, _) = h.lines[k], h.lines[k + 1]
        assert z.gradient is not None
        if sample == self.walls[n].sample:
            self.heights[n] = Jet(z.value - to_arb(h.breakpoints[k]), z.gradient, z.hessian)
        factor = to_arb(slope)
        gradient = z.gradient * factor
        gradient[self.first + n, 0] += to_arb(steeper - slope)
        return Jet(z.value * factor + to_arb(intercept), gradient, None if z.hessian is None else z.hessian * factor)

    def of_the_loss(self, sample: int, outputs: Sequence[Jet]) -> dict[int, int]:
        """The pieces on which the loss is followed at a sample, by its terms that are on walls."""
        outer, pieces = self.problem.network.layers, dict[int, int]()
        base = self.problem.without_decay
        for term in range(len(outputs)):
            n = self._numbers.get((outer, term, sample))
            if n is None:
                continue
            k = pieces[term] = self.walls[n].breakpoint
            g = _combined(outputs, base.term_outputs(sample, term))
            sign, u = gap_of_term(base, sample, term, g.value)
            t = base.loss.function.breakpoints[k]
            left, right = base.loss.function.slopes(t)
            jump = to_arb(base.loss.scale * base.shares[sample] * (right - left))
            place = self.first + n
            self.rises_of_the_loss[place] = self.rises_of_the_loss.get(place, to_arb(Fraction(0))) + jump
            if sample == self.walls[n].sample:
                assert g.gradient is not None
                factor = to_arb(Fraction(sign))
                self.heights[n] = Jet(u - to_arb(t), g.gradient * factor, None if g.hessian is None else g.hessian * factor)
        return pieces


def _combined(outputs: Sequence[Jet], parts: Sequence[tuple[int, int]]) -> Jet:
    """An output, or a difference of two."""
    (first, _), *rest = parts
    if not rest:
        return outputs[first]
    mine, other = outputs[first], outputs[rest[0][0]]
    assert mine.gradient is not None and other.gradient is not None
    return Jet(mine.value - other.value, mine.gradient - other.gradient, _difference(mine.hessian, other.hessian))


def _difference(first: arb_mat | None, second: arb_mat | None) -> arb_mat | None:
    if second is None:
        return first
    return -second if first is None else first - second
