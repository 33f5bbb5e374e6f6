"""The risk followed from the left of walls, plus multiples of their heights, in ball arithmetic on a box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.effort import Effort
from exactsurf.exact.balls import Ball, to_arb
from exactsurf.minima.smooth.followed_walls import Followed
from exactsurf.minima.smooth.smooth_derivatives import flint_derivatives
from exactsurf.model.problem import Problem
from exactsurf.model.wall import Wall

if TYPE_CHECKING:
    from flint import arb, arb_mat


@dataclass(frozen=True)
class WallSetting:
    """What is asked for: a problem, the walls on which a minimum lies, and the coordinates that vary."""

    problem: Problem
    walls: tuple[Wall, ...]
    free: tuple[int, ...]
    size: int


@dataclass(frozen=True)
class Lagrangian:
    """Balls at a point, or over a box, of parameters and multipliers.

    Attributes: `risk` on the walls; `slopes`, the gradient by the free coordinates and then the multipliers; `matrix`, the
    Hessian by both; `rises`, the derivatives by how far a point is on the right of each wall; `multipliers`.
    Exactness: the balls hold the true values. Source: proofs/claims/minimum_on_walls.md.
    """

    risk: arb
    slopes: list[arb]
    matrix: arb_mat
    rises: list[arb]
    multipliers: list[arb]

    @property
    def has_strict_multipliers(self) -> bool:
        """Whether every multiplier lies strictly between 0 and the rise of its wall."""
        return all(m > 0 and m < rise for m, rise in zip(self.multipliers, self.rises, strict=True))

    def along_walls(self, weight: Fraction) -> arb_mat:
        """The Hessian by the free coordinates, plus `weight` times the squares of the gradients of the walls."""
        from flint import arb_mat

        size = len(self.slopes) - len(self.rises)
        hessian = arb_mat([[self.matrix[p, q] for q in range(size)] for p in range(size)])
        if not self.rises:
            return hessian
        sides = arb_mat([[self.matrix[size + n, q] for q in range(size)] for n in range(len(self.rises))])
        return hessian + sides.transpose() * sides * to_arb(weight)


def lagrangian(
    setting: WallSetting, point: Sequence[Fraction], multipliers: Sequence[Fraction], radius: Fraction, effort: Effort
) -> Lagrangian | None:
    """The Lagrangian on the box of a radius; None where something that is on no wall may be at a corner.

    Parameters: `point`, all parameters in the order of `vector_of`, the centre; `multipliers`, one for each wall.
    Exactness: the balls hold the true values. Raises: `OutOfTime`. Source: proofs/claims/minimum_on_walls.md.
    """
    from flint import arb_mat

    count, chosen = len(setting.walls), set(setting.free)
    zero = to_arb(Fraction(0))
    sides = [to_arb(Ball(v, radius) if p in chosen else v) for p, v in enumerate(point)]
    walls = Followed(setting.problem, setting.walls, setting.size)
    found = flint_derivatives(setting.problem, [*sides, *([zero] * count)], effort, walls)
    if found is None:
        return None
    risk, gradient, hessian = found
    pulls = [to_arb(Ball(m, radius)) for m in multipliers]
    heights = [walls.heights[n] for n in range(count)]
    for pull, height in zip(pulls, heights, strict=True):
        assert height.gradient is not None
        gradient = [value + pull * height.gradient[p, 0] for p, value in enumerate(gradient)]
        if height.hessian is not None:
            hessian = hessian + height.hessian * pull
    free = setting.free
    rows = [[hessian[p, q] for q in free] for p in free]
    edges = [[zero if h.gradient is None else h.gradient[p, 0] for p in free] for h in heights]
    table = [row + [edge[n] for edge in edges] for n, row in enumerate(rows)] + [edge + [zero] * count for edge in edges]
    slopes = [gradient[p] for p in free] + [height.value for height in heights]
    return Lagrangian(risk, slopes, arb_mat(table), gradient[setting.size :], pulls)
