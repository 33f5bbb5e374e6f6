"""Where regions are cut next: where the relaxed problem seems to gain most. Floats, because only speed depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.surface.bounds.regions import NetworkRegions, Split
from exactsurf.surface.bounds.unit_rays import Part, Ray, UnitRays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]


_FIRST = 1e9
"""Signs of output weights are cut before anything else."""


class Shares:
    """What the units of the last hidden layer add to the predictions of a relaxed problem.

    A ray may be one of several units, which are alike as far as that goes: it is given to the one that bends least by it.
    """

    def __init__(self, rays: UnitRays, regions: NetworkRegions) -> None:
        import numpy as np

        units, outputs, samples = len(regions.cones), len(regions.cones[0][0]), len(rays.owners)
        self.rays, self.regions = rays, regions
        self.matrices = np.zeros((units, outputs, samples))
        self.along: list[dict[int, Floats]] = [{} for _ in range(units)]
        self.sides: list[dict[tuple[int, ...], list[float]]] = [{} for _ in range(units)]
        self.signs: list[dict[tuple[int, ...], list[float]]] = [{} for _ in range(units)]
        self.weights: list[dict[int, Floats]] = [{} for _ in range(units)]
        self.heights: list[dict[int, float]] = [{} for _ in range(units)]
        self._walls: dict[int, list[tuple[int, int, float]]] = {}

    def give(self, amount: float, options: Sequence[tuple[int, int, Ray]]) -> None:
        """Give an amount of a column to one of the units, each with the generator of its cone and the ray."""
        best = min(options, key=lambda option: self._added(amount, *option)) if len(options) > 1 else options[0]
        unit, place, ray = best
        values, vector = _array(ray.values), _array(self.regions.cones[unit][place])
        self.matrices[unit] += amount * vector[:, None] * values[None, :]
        own = self.along[unit]
        own[place] = own.get(place, 0) + amount * values
        length = amount * float(abs(vector).max())
        for name, side, value in self._moves(unit, ray):
            self.sides[unit].setdefault(name, [0.0, 0.0])[side] += length * value
        for part, share in ray.parts:
            if part.path:
                layer = self.rays.layers - len(part.path) + 1
                above = part.path[-2][0] if len(part.path) > 1 else unit
                below, sign = part.path[-1]
                self.signs[unit].setdefault((layer, above, below), [0.0, 0.0])[sign < 0] += length * float(share)
            elif part.kind == "generator":
                weights = _array(self.rays.weights[part.sample])
                known = self.weights[unit]
                known[place] = known.get(place, 0) + amount * float(share) * weights
                tops = self.heights[unit]
                tops[place] = tops.get(place, 0.0) + amount * float(share) * self.rays.apexes[part.sample]

    def _added(self, amount: float, unit: int, place: int, ray: Ray) -> float:
        length = amount * max(map(abs, self.regions.cones[unit][place]))
        total = 0.0
        known = self.sides[unit]
        for name, side, value in self._moves(unit, ray):
            both = known.get(name)
            if both is not None:
                before = min(both)
                after = min(both[side] + length * value, both[1 - side])
                total += after - before
        return total

    def _moves(self, unit: int, ray: Ray) -> list[tuple[tuple[int, ...], int, float]]:
        """The walls (layer, unit, sample, breakpoint) that a ray is not on, the side (0: above) and how far."""
        found: list[tuple[tuple[int, ...], int, float]] = []
        for part, share in ray.parts:
            layer = self.rays.layers - len(part.path)
            own = part.path[-1][0] if part.path else unit
            if part.kind == "generator":
                for i, k, value in self._at_generator(part.sample):
                    found.append(((layer, own, i, k), int(value < 0), abs(value) * float(share)))
            elif part.kind in ("above", "below"):
                found.append(((layer, own, part.sample, part.breakpoint), int(part.kind == "below"), float(share)))
        return found

    def _at_generator(self, g: int) -> list[tuple[int, int, float]]:
        known = self._walls.get(g)
        if known is None:
            rays = self.rays
            values = [
                (i, k, float((rays.heights[g][i] - rays.apexes[g] * t) * abs(rays.turns[k])))
                for i in rays.classes
                for k, t in enumerate(rays.breakpoints)
            ]
            known = self._walls[g] = [entry for entry in values if entry[2]]
        return known

    def splits(self) -> list[tuple[float, Split]]:
        """Where to cut, with what the relaxation seems to gain there, the most first."""

        totals: dict[Split, float] = {}
        for unit in range(len(self.along)):
            for name, (above, below) in self.sides[unit].items():
                split = Split("wall", name)
                totals[split] = totals.get(split, 0.0) + min(above, below)
            for name, (plus, minus) in self.signs[unit].items():
                split = Split("weight", name)
                totals[split] = totals.get(split, 0.0) + min(plus, minus)
            totals.update(self._cone_splits(unit))
        found = [(gain, split) for split, gain in totals.items() if gain > 0 and self._is_open(split)]
        return sorted(found, key=lambda entry: (-entry[0], entry[1]))

    def _cone_splits(self, unit: int) -> dict[Split, float]:
        """Pairs of generators of the cone of a unit. As long as it holds a line, only opposite ones: others leave it as it is."""
        import numpy as np

        cone, own = self.regions.cones[unit], self.along[unit]
        pairs = [(a, b) for b in range(len(cone)) for a in range(b)]
        lines = [(a, b) for a, b in pairs if any(cone[a]) and all(p == -q for p, q in zip(cone[a], cone[b], strict=True))]
        found: dict[Split, float] = {}
        if lines:
            defect = float(np.linalg.svd(self.matrices[unit], compute_uv=False)[1]) if len(cone[0]) > 1 else 0.0
            for a, b in lines:
                sizes = [float(abs(own[place]).max()) if place in own else 0.0 for place in (a, b)]
                found[Split("cone", (unit, a, b, 1, 1))] = _FIRST + min(sizes) + (defect if any(sizes) else 0.0)
            return found
        for a, b in pairs:
            if a in own and b in own:
                vectors = np.array([cone[a], cone[b]], dtype=float).T
                values = np.linalg.svd(vectors @ np.array([own[a], own[b]]), compute_uv=False)
                # Where the cone is narrow, long parts that cancel count for less: walls are cut first then.
                lengths = np.linalg.norm(vectors, axis=0)
                sine = float(np.sqrt(max(0.0, 1 - (vectors[:, 0] @ vectors[:, 1] / (lengths[0] * lengths[1])) ** 2)))
                found[Split("cone", (unit, a, b, *_simple(float(lengths[1] / lengths[0]))))] = float(values[1]) * sine
        return found

    def _is_open(self, split: Split) -> bool:
        if split.kind == "wall":
            layer, unit, i, k = split.place
            walls = self.regions.walls[layer - 1][unit]
            return not any((i, k, side) in walls for side in (1, -1)) and (layer > 1 or self.rays.has_wall[i])
        if split.kind == "weight":
            layer, unit, below = split.place
            return not self.regions.signs[layer - 2][unit][below]
        return True

    def first_weights(self) -> list[tuple[Fraction, ...]]:
        """For one hidden layer: weights of the units near those of the relaxed problem, as short binary fractions."""
        import numpy as np

        found = []
        for unit, matrix in enumerate(self.matrices):
            size = len(self.rays.weights[0]) if self.rays.weights else 0
            total, height = np.zeros(size), 0.0
            if self.weights[unit]:
                main = np.linalg.svd(matrix)[0][:, 0]
                shares = {place: float(main @ _array(self.regions.cones[unit][place])) for place in self.weights[unit]}
                # The sign of a singular vector is arbitrary; a ray counts with a positive amount.
                turn = sum(share * float(abs(self.along[unit][place]).sum()) for place, share in shares.items())
                for place, weights in self.weights[unit].items():
                    share = shares[place] if turn > 0 else -shares[place]
                    total, height = total + share * weights, height + share * self.heights[unit].get(place, 0.0)
            scale = abs(height) if height and any(self.rays.breakpoints) else float(abs(total).max()) or 1.0
            found.append(tuple(_fraction(value / scale) for value in total))
        return found


def propose_splits(
    rays: UnitRays,
    regions: NetworkRegions,
    amounts: Mapping[Any, Fraction],
    owners: Mapping[Any, Sequence[tuple[int, int, Ray]]],
) -> tuple[list[tuple[float, Split]], Shares]:
    """Where regions may be cut, the best proposal first, and what the units have in the relaxed problem.

    Parameters: `amounts` of the columns of a fit; `owners`, for every column the units, generators of their cones and rays that
    it may belong to. Exactness: none, proposals. Raises: nothing. Source: proofs/claims/global_minimum.md, section 13.
    """
    shares = Shares(rays, regions)
    given = [(float(amount), column) for column, amount in amounts.items() if column in owners]
    for amount, column in sorted(given, key=lambda entry: -entry[0]):
        shares.give(amount, owners[column])
    return shares.splits(), shares


def _simple(ratio: float) -> tuple[int, int]:
    """Small whole numbers in about this ratio."""
    if ratio < 1:
        second, first = _simple(1 / ratio)
        return first, second
    near = Fraction(min(ratio, 1e8)).limit_denominator(4 if ratio < 8 else 1)
    return near.numerator, near.denominator


def _array(values: Sequence[Any]) -> Floats:
    import numpy as np

    return np.array([float(value) for value in values])


def _fraction(value: float) -> Fraction:
    return Fraction(round(value * (1 << 24)), 1 << 24)


__all__ = ["Part", "Shares", "propose_splits"]
