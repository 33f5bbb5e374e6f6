"""The population risk of units on lines as a quadratic of the sums of lengths on rays, in FLINT balls."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.exact.balls import finite, to_arb
from exactsurf.exact.cone_least_squares import ConeLeastSquares
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, kernel, rank
from exactsurf.minima.floats.symmetric_matrix import cholesky_factor_near, least_eigenvalue_near
from exactsurf.model.student_on_lines import StudentOnLines
from exactsurf.theorems.constructions.gaussian_inputs import Angle

if TYPE_CHECKING:
    from flint import arb

_GRID = 1 << 30
_RIDGE = Fraction(1, 10**6)
_STEPS = 100


class KernelOfRays:
    """½ sᵀKs − bᵀs + ½e, the risk at sums s of lengths on the rays u_1, −u_1, u_2, …, at the working precision.

    Exactness: balls; kernels of rows of one direction or of opposite ones are exact.
    Source: proofs/claims/population_on_lines.md.
    """

    def __init__(self, problem: StudentOnLines) -> None:
        self.problem, self.rays = problem, problem.rays
        self.table = [[_kernel(r, s) for s in self.rays[: i + 1]] for i, r in enumerate(self.rays)]
        for i, row in enumerate(self.table):
            row.extend(_kernel(self.rays[i], s) for s in self.rays[i + 1 :])
        zero = to_arb(Fraction(0))
        self.reward = [sum((_kernel(r, v) for v in problem.teachers), zero) for r in self.rays]
        self.own = sum((_kernel(v, w) for v in problem.teachers for w in problem.teachers), zero)

    def solution(self, used: Sequence[int], right: Sequence[arb] | None = None) -> list[arb] | None:
        """The sums at which no used ray has a slope (or K s = `right` on them), 0 elsewhere; None where balls do not tell."""
        from flint import arb, arb_mat

        sums = [arb(0)] * len(self.rays)
        if not used:
            return sums
        goal = [self.reward[r] for r in used] if right is None else list(right)
        try:
            found = arb_mat([[self.table[r][s] for s in used] for r in used]).solve(arb_mat([[v] for v in goal]))
        except ZeroDivisionError:
            return None
        for r, value in zip(used, found.entries(), strict=True):
            if not value.is_finite():
                return None
            sums[r] = value
        return sums

    def slopes(self, sums: Sequence[arb]) -> list[arb]:
        """K s − b."""
        return [sum((k * s for k, s in zip(row, sums, strict=True)), -b) for row, b in zip(self.table, self.reward, strict=True)]

    def risk(self, sums: Sequence[arb]) -> arb:
        """The risk."""
        slopes = self.slopes(sums)
        return sum(((g - b) * s for g, b, s in zip(slopes, self.reward, sums, strict=True)), self.own) / 2

    def bound(self, sums: Sequence[arb]) -> arb:
        """(e − sᵀKs)/2, a lower bound of the risk on all rays along which the slopes are ≥ 0."""
        slopes = self.slopes(sums)
        return (self.own - sum(((g + b) * s for g, b, s in zip(slopes, self.reward, sums, strict=True)), self.own * 0)) / 2

    def least_eigenvalue_near(self, used: Sequence[int]) -> Fraction:
        """A number near the least eigenvalue of the kernel matrix of some rays."""
        return least_eigenvalue_near([[_middle(self.table[r][s]) for s in used] for r in used])

    def supports(self, regions: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
        """For each region of rays the rays on which its least point stands, as proposed, refined by balls and independent."""
        size = range(len(self.rays))
        scale = max(_middle(self.table[r][r]) for r in size)
        near = [[_middle(self.table[r][s]) / scale + _RIDGE * (r == s) for s in size] for r in size]
        factor = cholesky_factor_near(near)
        if factor is None:
            return [()] * len(regions)
        goal: list[Fraction] = []
        for i, row in enumerate(factor):
            rest = _middle(self.reward[i]) / scale - sum((a * b for a, b in zip(row, goal, strict=False)), Fraction(0))
            goal.append(Fraction(round(rest / row[i] * _GRID), _GRID))
        cones = ConeLeastSquares([[int(v * _GRID) for v in row] for row in factor], [int(v * _GRID) for v in goal])
        found = []
        for region in regions:
            fit = cones.minimum(sum(1 << r for r in region))
            found.append(self._refined(region, independent_support(self.problem.lines, fit.coefficients)))
        return found

    def _refined(self, region: Sequence[int], support: tuple[int, ...]) -> tuple[int, ...]:
        """Rays leave while their sum is negative, and come in while the risk falls along them."""
        used = support
        for _ in range(_STEPS):
            sums = self.solution(used)
            if sums is None:
                return support
            worst = min(used, key=lambda r: _middle(sums[r]), default=None)
            if worst is not None and sums[worst] < 0:
                used = tuple(r for r in used if r != worst)
                continue
            slopes = self.slopes(sums)
            falling = [r for r in region if r not in used and slopes[r] < 0]
            if not falling:
                return used
            used = tuple(sorted((*used, min(falling, key=lambda r: _middle(slopes[r])))))
        return support


def independent_support(lines: Matrix, sums: dict[int, Fraction]) -> tuple[int, ...]:
    """Rays with sums > 0 that make the same function, and whose units are linearly independent as functions.

    Units relu(± u_l·x) are dependent only through lines of which both rays are used, as relu(u_l·x) − relu(−u_l·x) = u_l·x.
    Parameters: `lines`; `sums`, by the rays' indices. Exactness: exact. Raises: nothing.
    Source: proofs/claims/population_on_lines.md.
    """
    left = {r: value for r, value in sums.items() if value > 0}
    while True:
        both = [line for line in range(len(lines)) if 2 * line in left and 2 * line + 1 in left]
        if not both or rank([lines[line] for line in both]) == len(both):
            return tuple(sorted(left))
        columns = [list(row) for row in zip(*(lines[line] for line in both), strict=True)]
        factors = kernel(columns)[0]
        moves = {2 * line + side: c * (1 - 2 * side) for line, c in zip(both, factors, strict=True) for side in (0, 1) if c}
        step = min(left[r] / -move for r, move in moves.items() if move < 0)
        left = {r: left[r] + step * moves.get(r, Fraction(0)) for r in left}
        left = {r: value for r, value in left.items() if value > 0}


def _kernel(w: Vector, v: Vector) -> arb:
    """E relu(w·x) relu(v·x)."""
    product = dot(w, v)
    if rank([w, v]) < 2:
        return to_arb(max(product, Fraction(0)) / 2)
    return Angle([to_arb(a) for a in w], [to_arb(b) for b in v]).value()


def _middle(value: arb) -> Fraction:
    return finite(value).midpoint
