"""Slopes that bound what a unit gains by its weight decay, on a region: the proofs at the leaves of certificates."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from operator import mul

from exactsurf.certificate.claims.unit_forms import ProofStep, SlopeStep, UnitForm, Wall, WallSplit
from exactsurf.errors import InternalError
from exactsurf.exact.cone_least_squares import ConeLeastSquares
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.atom_regions import AtomRegions, places
from exactsurf.surface.regions import Region

_ZERO = Fraction(0)


class SlopeForms:
    """Proofs that dual vectors hold on regions, by slopes (proofs/FORMAT.md, section 39).

    Parameters: a problem with weight decay, and its `regions`; its inputs span their space. Exactness: exact.
    Source: proofs/claims/near_global_minimum.md, section 2.
    """

    def __init__(self, problem: Problem, regions: AtomRegions) -> None:
        self._regions = regions
        atoms = regions.atoms
        decay = problem.decay
        self._factor, self._free = atoms.factor, decay is not None and not decay.biases and problem.network.biases[0]
        table = atoms.table
        self._rays: list[tuple[int, ...]] = []
        self._seen: list[tuple[int, ...]] = []
        for generator in table.generators:
            unit = lcm(*(value.denominator for value in (*generator.weights, *generator.prediction)))
            self._rays.append(tuple(int(value * unit) for value in generator.weights))
            self._seen.append(tuple(int(value * unit) for value in generator.prediction))
        values = [[sum(map(mul, wall.form, ray)) for wall in regions.walls] for ray in self._rays]
        self._values = values
        self._above = [sum(1 << g for g, row in enumerate(values) if row[k] >= 0) for k in range(len(regions.walls))]
        self._below = [sum(1 << g for g, row in enumerate(values) if row[k] <= 0) for k in range(len(regions.walls))]

    def form(self, number: int, gradient: Vector, region: Region, sign: int) -> UnitForm:
        """The proof that a dual vector holds on a region with v of a sign.

        Parameters: `number` and `gradient` of the dual vector, which holds there. Exactness: exact. Raises: `InternalError` if it
        does not hold. Source: see the class.
        """
        named = {}
        for k in places(region.above | region.below):
            named[self._wall(k)] = 1 if region.above >> k & 1 else -1
        own = (1 << len(self._rays)) - 1
        for k in places(region.above):
            own &= self._above[k]
        for k in places(region.below):
            own &= self._below[k]
        unit = lcm(*(value.denominator for value in gradient))
        r = [int(value * unit) for value in gradient]
        needs = {g: -sign * sum(map(mul, self._seen[g], r)) for g in places(own)}
        steps: list[ProofStep | None] = [None]
        waiting = [(0, own, region.above | region.below)]
        while waiting:
            place, rays, cut = waiting.pop()
            found = self._slope({g: needs[g] for g in places(rays)}, unit, cut)
            if not isinstance(found, int):
                steps[place] = SlopeStep(found)
                continue
            steps[place] = WallSplit(self._wall(found), len(steps), len(steps) + 1)
            waiting += [(len(steps) + 1, rays & self._below[found], cut | 1 << found)]
            waiting += [(len(steps), rays & self._above[found], cut | 1 << found)]
            steps += [None, None]
        return UnitForm(number, sign, tuple(sorted(named.items())), tuple(step for step in steps if step is not None))

    def _wall(self, k: int) -> Wall:
        return self._regions.walls[k].rows[0], 0

    def _slope(self, needs: dict[int, int], unit: int, cut: int) -> Vector | int:
        """A slope with q·u at least what every ray needs, over a unit, no longer than λ; or a wall to cut at."""
        size = len(self._rays[0]) if self._rays else 1
        if all(need <= 0 for need in needs.values()):
            return (_ZERO,) * size
        columns = {g: (*self._rays[g][: size - self._free], need) for g, need in needs.items()}
        used = [g for g, column in columns.items() if any(column)]
        cone = ConeLeastSquares([columns[g] for g in used], [0] * (size - self._free) + [1], table=False)
        fit = cone.minimum((1 << len(used)) - 1)
        *rest, last = fit.residual
        if last:
            q = tuple(Fraction(-value, last * unit) for value in rest)
            if dot(q, q) <= self._factor**2:
                return (*q, *(_ZERO,) * self._free)
        amounts = [(used[k], Fraction(number, fit.denominator)) for k, number in zip(fit.support, fit.numerators, strict=True)]
        best, found = _ZERO, None
        for k in range(len(self._regions.walls)):
            if cut >> k & 1:
                continue
            parts = [amount * self._values[g][k] for g, amount in amounts]
            bend = min(sum((v for v in parts if v > 0), _ZERO), -sum((v for v in parts if v < 0), _ZERO))
            if bend > best:
                best, found = bend, k
        if found is None:
            raise InternalError("a dual vector that does not hold on a region")
        return found
