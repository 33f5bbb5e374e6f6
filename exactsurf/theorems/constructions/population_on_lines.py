"""Local minima of a population risk of units on lines: found, proved spurious or global, and certified, pattern by pattern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import floor
from typing import TYPE_CHECKING

import networkx as nx

from exactsurf.certificate.check import accepted_with_more_bits
from exactsurf.certificate.claims.population_on_lines import (
    GLOBAL_ON_LINES,
    NO_MINIMUM_ON_LINES,
    SPURIOUS_ON_LINES,
    PopulationOnLines,
)
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError
from exactsurf.exact.balls import BITS, Ball, finite, to_arb, working_precision
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, rank
from exactsurf.exact.number import near
from exactsurf.model.student_on_lines import StudentOnLines
from exactsurf.theorems.constructions.kernel_of_rays import KernelOfRays

if TYPE_CHECKING:
    from flint import arb

Looking = tuple[tuple[int, int], ...]

_MOST_REGIONS = 4096
_SUMS_GRID, _RISK_GRID, _CURVATURE_GRID = 1 << 100, 1 << 60, 1 << 40
_RADIUS = Fraction(1, 1 << 64)
_MARGINS = tuple(Fraction(1, 1 << shift) for shift in (16, 32, 48))


@dataclass(frozen=True)
class PatternOnLines:
    """What was decided about one pattern: how many units look which way on every line.

    Attributes: `problem`; `looking`, on every line how many units have a length t > 0 and t < 0, the others have t = 0; `sums`,
    balls with the sums of |t| on the rays u_1, −u_1, u_2, … of the pattern's one critical vector of sums (0 exactly where no unit
    looks), empty where there may be several; `risk` there; `verdict`: PROVED with a certificate of spurious local minima, of
    global ones, or of none, else UNDECIDED.
    Exactness: decided by balls; the certificate is accepted by the verifier. Source: proofs/claims/population_on_lines.md.
    """

    problem: StudentOnLines
    looking: Looking
    sums: tuple[Ball, ...]
    risk: Ball | None
    verdict: Verdict

    @property
    def kind(self) -> str | None:
        """The kind of the certificate's claim, None where there is none."""
        certificate = self.verdict.certificate
        return None if certificate is None else certificate.kind


class RiskOnLines:
    """All regions of a population risk of units on lines, in each of which it is convex, and its local minima.

    Parameters: `problem`, of at most 4,096 regions: 2 for a line with one unit, 3 for a line with several.
    Exactness: floats propose supports, balls decide, the verifier confirms. Raises: `InputError` for more regions.
    Source: proofs/claims/population_on_lines.md.
    """

    def __init__(self, problem: StudentOnLines) -> None:
        self.problem = problem
        count = 1
        for units in problem.units:
            count *= 2 if units == 1 else 3
        if count > _MOST_REGIONS:
            raise InputError(f"{count} regions, more than {_MOST_REGIONS}", fix="take fewer lines, or one unit on more of them")
        with working_precision(BITS):
            self.kernel = KernelOfRays(problem)

    @cached_property
    def teacher_sums(self) -> Vector | None:
        """The sums of the teacher, if it is in the family: its risk is 0."""
        found = [Fraction(0)] * len(self.kernel.rays)
        for v in self.problem.teachers:
            ray = next((r for r, u in enumerate(self.kernel.rays) if _same_direction(u, v)), None)
            if ray is None:
                return None
            place = next(p for p, value in enumerate(v) if value)
            found[ray] += v[place] / self.kernel.rays[ray][place]
        fits = all(n > 1 or not (found[2 * j] and found[2 * j + 1]) for j, n in enumerate(self.problem.units))
        return tuple(found) if fits else None

    @cached_property
    def supports(self) -> dict[tuple[int, ...], tuple[int, ...]]:
        """The regions, as sets of rays, and the rays on which their least points stand."""
        regions = list(self._regions(every=True))
        teacher = self._teacher_rays
        left = [region for region in regions if teacher is None or not {*teacher} <= {*region}]
        with working_precision(BITS):
            found = dict(zip(left, self.kernel.supports(left), strict=True))
        return {region: found.get(region, teacher or ()) for region in regions}

    @property
    def _teacher_rays(self) -> tuple[int, ...] | None:
        return None if self.teacher_sums is None else tuple(r for r, value in enumerate(self.teacher_sums) if value)

    def _regions(self, *, every: bool) -> Iterator[tuple[int, ...]]:
        """Rays by lines: both of a line with several units, or one of them; without `every` the largest regions only."""
        sides = []
        for j, units in enumerate(self.problem.units):
            plus, minus = 2 * j, 2 * j + 1
            single = ((plus,), (minus,)) if every or units == 1 else ()
            sides.append((*single, *(((plus, minus),) if units > 1 else ())))
        for chosen in product(*sides):
            yield tuple(r for side in chosen for r in side)

    @cached_property
    def best(self) -> tuple[Vector, Ball]:
        """Rational sums near those of least risk, and their risk; the teacher where it is in the family."""
        if self.teacher_sums is not None:
            return self.teacher_sums, Ball(Fraction(0))
        found: tuple[Vector, Ball] | None = None
        with working_precision(BITS):
            for used in sorted({*self.supports.values()}):
                sums = self.kernel.solution(used)
                if sums is None:
                    continue
                rounded = tuple(max(value, Fraction(0)) for value in _rounded(sums))
                risk = finite(self.kernel.risk([to_arb(value) for value in rounded]))
                if found is None or risk.midpoint < found[1].midpoint:
                    found = rounded, risk
        return found or ((Fraction(0),) * len(self.kernel.rays), finite(self.kernel.own / 2))

    def patterns(self) -> list[Looking]:
        """The patterns on whose rays some region has its least point, with as few units of length 0 as possible."""
        return [self._looking(rays) for rays in sorted({*self.supports.values()})]

    def _looking(self, used: Sequence[int]) -> Looking:
        found = []
        for j, units in enumerate(self.problem.units):
            plus, minus = 2 * j in used, 2 * j + 1 in used
            found.append((1, units - 1) if plus and minus else (units * plus, units * minus))
        return tuple(found)

    def open_regions(self) -> list[tuple[int, ...]]:
        """The regions of which balls do not tell that the proposed point is the least one."""
        left = []
        with working_precision(BITS):
            for region, used in self.supports.items():
                if used == self._teacher_rays:
                    continue
                sums = self.kernel.solution(used)
                if sums is None or not all(sums[r] > 0 for r in used):
                    left.append(region)
                    continue
                slopes = self.kernel.slopes(sums)
                if not all(slopes[r] >= 0 for r in region if r not in used):
                    left.append(region)
        return left

    def decide(self, looking: Looking) -> PatternOnLines:
        """What the local minima of a pattern are."""
        used = tuple(2 * j + side for j, pair in enumerate(looking) for side in (0, 1) if pair[side])
        opened = [j for j, (plus, minus) in enumerate(looking) if plus + minus < self.problem.units[j]]
        free = [2 * j + side for j in opened for side in (0, 1) if 2 * j + side not in used]
        with working_precision(BITS):
            return self._decided(looking, used, free)

    def _decided(self, looking: Looking, used: tuple[int, ...], free: Sequence[int]) -> PatternOnLines:
        def answer(verdict: Verdict) -> PatternOnLines:
            if sums is None:
                return PatternOnLines(self.problem, looking, (), None, verdict)
            here = Ball(Fraction(0)) if fits else finite(self.kernel.risk(sums))
            return PatternOnLines(self.problem, looking, tuple(map(finite, sums)), here, verdict)

        fits = used == self._teacher_rays
        curvature = Fraction(1)
        if used:
            curvature = Fraction(floor(self.kernel.least_eigenvalue_near(used) / 2 * _CURVATURE_GRID), _CURVATURE_GRID)
        sums = None if curvature <= 0 else self.kernel.solution(used)
        if sums is None:
            return answer(_undecided("the units of the pattern may be linearly dependent as functions"))
        if fits and self.teacher_sums is not None:
            sums = [to_arb(value) for value in self.teacher_sums]
        slopes = self.kernel.slopes(sums)
        centre = _rounded(sums)
        blank = PopulationOnLines(NO_MINIMUM_ON_LINES, self.problem, looking, centre, _RADIUS, (), BITS, curvature)
        falls = next((r for r in used if sums[r] <= 0), next((r for r in free if slopes[r] < 0), None))
        if falls is not None and not fits:
            return answer(_confirmed(replace(blank, ray=falls), "the pattern has no local minimum"))
        if not fits and not (all(sums[r] > 0 for r in used) and all(slopes[r] >= 0 for r in free)):
            return answer(_undecided("balls do not tell whether the critical point of the pattern is a local minimum"))
        risk = finite(self.kernel.risk(sums))
        bounds = (Fraction(0),) * 2 if fits else _outwards(risk)
        lower, least = self.best
        if not fits and bounds[0] > least.upper:
            reason = f"spurious local minima, of risk {near(risk.midpoint)}"
            return answer(_confirmed(replace(blank, kind=SPURIOUS_ON_LINES, risk=bounds, lower=lower), reason))
        proof = () if fits else self._bounds(used, slopes, bounds[1])
        if proof is None:
            return answer(_undecided("local minima, of which it is not known whether other lengths have a lower risk"))
        reason = f"global minima, of risk {near(bounds[0]) if fits else near(risk.midpoint)}"
        return answer(_confirmed(replace(blank, kind=GLOBAL_ON_LINES, risk=bounds, bounds=proof), reason))

    def _bounds(self, used: Sequence[int], slopes: Sequence[arb], high: Fraction) -> Matrix | None:
        """Sums whose residuals bound the risk of every region by `high`, but for regions along whose rays the risk rises here."""
        held = self._images({r for r in range(len(slopes)) if r in used or slopes[r] >= 0})
        found: list[Vector] = []
        for region in self._regions(every=False):
            if any({*region} <= rays for rays in held):
                continue
            proof = self._bound(self.supports[region], region, high)
            if proof is None:
                return None
            found.append(proof)
            rising = self.kernel.slopes([to_arb(value) for value in proof])
            held.extend(self._images({r for r in range(len(slopes)) if rising[r] > 0}))
        return tuple(found)

    def _images(self, rays: set[int]) -> list[set[int]]:
        """The rays, turned round on all sets of lines that are orthogonal to the other lines and to the sum of the teachers."""
        lines = self.problem.lines
        total = [sum(column, Fraction(0)) for column in zip(*self.problem.teachers, strict=True)]
        graph = nx.Graph([(i, j) for i, u in enumerate(lines) for j, v in enumerate(lines) if dot(u, v)])
        found = [rays]
        for part in nx.connected_components(graph):
            if not any(dot(lines[i], total) for i in part):
                found += [{r ^ 1 if r // 2 in part else r for r in image} for image in found]
        return found

    def _bound(self, support: Sequence[int], region: Sequence[int], high: Fraction) -> Vector | None:
        """The least point of a region, moved a little so that all slopes there are positive."""
        point = self.kernel.solution(support)
        move = self.kernel.solution(support, [to_arb(Fraction(1))] * len(support))
        if point is None or move is None:
            return None
        for margin in _MARGINS:
            sums = _rounded([p + to_arb(margin) * m for p, m in zip(point, move, strict=True)])
            moved = [to_arb(value) for value in sums]
            slopes = self.kernel.slopes(moved)
            if all(slopes[r] > 0 for r in region) and finite(self.kernel.bound(moved)).lower > high:
                return sums
        return None


def _confirmed(claim: PopulationOnLines, reason: str) -> Verdict:
    certificate = accepted_with_more_bits(claim)
    if certificate is None:
        return _undecided(f"{reason}, but the verifier's enclosures do not tell")
    return Verdict(Status.PROVED, reason, certificate)


def _undecided(reason: str) -> Verdict:
    return Verdict(Status.UNDECIDED, reason)


def _rounded(sums: Sequence[arb]) -> Vector:
    return tuple(Fraction(round(finite(value).midpoint * _SUMS_GRID), _SUMS_GRID) for value in sums)


def _outwards(risk: Ball) -> tuple[Fraction, Fraction]:
    """Bounds with room for the radius and for the verifier's own enclosures."""
    return Fraction(floor(risk.lower * _RISK_GRID) - 1, _RISK_GRID), Fraction(-floor(-risk.upper * _RISK_GRID) + 1, _RISK_GRID)


def _same_direction(u: Vector, v: Vector) -> bool:
    return rank([u, v]) < 2 and dot(u, v) > 0
