"""Local minima stratum by stratum: each product of unit strata is looked at, and joined with all that are in its closure.

Slow and simple: no families, no tables of ranks. The order of the list and the points in it are those of `find_local_minima`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, product

import exactsurf as es
from exactsurf.exact.cone_least_squares import Fit
from exactsurf.exact.linear_algebra import rank
from exactsurf.model.parameters import Parameters
from exactsurf.surface.cell_minima import centre
from exactsurf.surface.forest import Forest, sorting
from exactsurf.surface.minimiser_face import minimiser_generators, used_widening
from exactsurf.surface.product_variables import parameters_of, scaled_coefficients
from exactsurf.surface.strata import Stratum

Chosen = tuple[tuple[int, int], ...]
"""For every unit the number of its face and the sign of its output weight."""

SIDES = {1: (0,), -1: (1,), 0: (0, 1)}


class EveryStratum:
    def __init__(self, land: es.Landscape) -> None:
        self.land, self.minima, self.units = land, land.work.minima, land.work.orbits.units
        self.faces = self.minima.table.faces
        self.leaves = {cell for valley in land.valleys for cell in valley.cells}

    def mask(self, chosen: Chosen) -> int:
        found = 0
        for face, sign in chosen:
            found |= self.minima.mask(self.faces[face].generators, sign) if sign else 0
        return found

    def around(self, chosen: Chosen) -> Iterator[int]:
        for cell in product(*([2 * c + side for c in self.faces[face].cells for side in SIDES[sign]] for face, sign in chosen)):
            yield self.land.work.orbits.rank(sorted(cell))

    def gradient(self, chosen: Chosen) -> tuple[Fraction, ...]:
        return self.minima.gradient(self.minima.minimum(self.mask(chosen)))

    def point(self, chosen: Chosen, gradient: tuple[Fraction, ...]) -> Parameters | None:
        signs = [sign for _, sign in chosen]
        variables = [(j, g) for j, (face, sign) in enumerate(chosen) if sign for g in self.faces[face].generators]
        found = scaled_coefficients(self.minima, variables, signs, self.minima.predictions(gradient), None, Fraction(1))
        if found is None:
            return None
        amounts: list[dict[int, Fraction]] = [{} for _ in chosen]
        for (j, g), value in zip(variables, found.values, strict=True):
            amounts[j][g] = value
        return parameters_of(self.minima, signs, amounts, [self.inside(face) for face, _ in chosen], found.predictions)

    def inside(self, face: int) -> tuple[Fraction, ...]:
        generators = [self.minima.table.generators[g] for g in self.faces[face].generators]
        vertices = sum(generator.apex for generator in generators)
        total = [Fraction(0)] * self.minima.table.arrangement.dimension
        for generator in generators:
            share = Fraction(1, vertices) if generator.apex else Fraction(1)
            total = [a + share * b for a, b in zip(total, generator.weights, strict=True)]
        return tuple(total)

    def is_minimal(self, chosen: Chosen) -> bool:
        """Whether all signed cells around have one minimum, and points strictly inside have it."""
        orbits = set(self.around(chosen))
        levels = {self.land.risks[orbit] for orbit in orbits}
        if (
            len(levels) > 1
            or orbits & self.leaves
            or self.minima.risk(self.minima.minimum(self.mask(chosen)).value) not in levels
        ):
            return False
        gradient = self.gradient(chosen)
        return not self.mask(chosen) & ~self.minima.stationary(gradient) and self.point(chosen, gradient) is not None

    def dimension(self, generators, columns) -> int:
        table = self.minima.table
        lines = [line if table.homogeneous else (*line, Fraction(0)) for line in table.lineality]
        total = sum(rank([*map(table.lifted, own), *lines]) for own in generators if own is not None)
        used = {self.minima.places[g][0] for own in generators if own for g in own if self.minima.places[g] is not None}
        seen = [tuple(map(Fraction, self.minima.columns[k])) for k in sorted(used)] + list(columns)
        return total + len(columns) - rank([centre(one) for one in seen] if self.minima.problem.network.biases[1] else seen)

    def sizes(self, chosen: Chosen) -> tuple[int, int]:
        """The dimension of the minimisers in a stratum, and what it would be if predictions could move as far as they may."""
        optimal = self.minima.predictions(self.gradient(chosen))
        generators = [self.faces[face].generators if sign else None for face, sign in chosen]
        variables = [(j, g) for j, own in enumerate(generators) if own is not None for g in own]
        moving = used_widening(self.minima, variables, [sign for _, sign in chosen], optimal) if optimal.columns else []
        return self.dimension(generators, moving), self.dimension(generators, optimal.columns)

    def is_below(self, lower: tuple[int, int], upper: tuple[int, int]) -> bool:
        signs = zip(self.faces[lower[0]].signs, self.faces[upper[0]].signs, strict=True)
        return lower[1] in (0, upper[1]) and all(a in (0, b) for a, b in signs)

    def minima_outside_valleys(self) -> list[tuple[object, ...]]:
        """(risk, strata, copies, dimension, point) of every connected set, by the first orbit and stratum of each."""
        parts = [(face, sign) for face in range(len(self.faces)) for sign in (1, -1, 0)]
        found = [one for one in combinations_with_replacement(parts, self.units) if self.is_minimal(one)]
        number = {one: place for place, one in enumerate(found)}
        forest = Forest(self.units, len(found))
        for one, place in number.items():
            forest.add(place, [parts.index(part) for part in one])
        for one, place in number.items():
            for lower in product(*([other for other in parts if self.is_below(other, part)] for part in one)):
                ordered = sorted(lower, key=parts.index)
                if (other := number.get(tuple(ordered))) is not None:
                    forest.join(place, other, sorting([parts.index(part) for part in lower]))
        groups: dict[int, list[Chosen]] = {}
        for one, place in number.items():
            groups.setdefault(forest.root(place)[0], []).append(one)
        listed = []
        for root, group in groups.items():
            sizes = {one: self.sizes(one) for one in group}
            shown = max(group, key=lambda one: sizes[one])
            strata = tuple(Stratum(tuple(self.faces[k] for k, _ in one), tuple(sign for _, sign in one)) for one in group)
            risk = self.land.risks[next(self.around(shown))]
            listed.append((risk, strata, forest.groups[root].index, sizes[shown][0], self.point(shown, self.gradient(shown))))
        return listed

    def valley_dimension(self, cells: tuple[int, ...]) -> int:
        """The largest dimension of minimisers over these orbits, each by itself."""
        best = 0
        for orbit in map(self.land.work.orbits.__getitem__, cells):
            fit = self.minima.over_orbit(orbit)
            assert isinstance(fit, Fit) == self.minima.problem.loss.is_squared
            best = max(best, self.dimension(*minimiser_generators(self.minima, orbit)))
        return best
