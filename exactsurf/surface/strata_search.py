"""A search among strata: choices of a family of unit strata for every unit, what was found of them, and how that is connected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import comb
from typing import TYPE_CHECKING, NamedTuple

from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.parameters import Parameters
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.forest import Forest, sorting
from exactsurf.surface.minimiser_face import FaceDimensions, used_widening
from exactsurf.surface.one_gradient import OneGradient
from exactsurf.surface.product_variables import parameters_of, scaled_coefficients
from exactsurf.surface.strata import Choice, ConnectedStrata, UnitStratum, below, families
from exactsurf.surface.surface_symmetries import SurfaceSymmetry, others
from exactsurf.surface.unit_table import UnitFace

if TYPE_CHECKING:
    from exactsurf.surface.surface import Landscape

MAX_CHOICES = 2_000_000
"""Choices of a family for every unit that are tried in one search before it is refused."""

SIGNS = (1, -1, 0)
"""Of output weights, in the order of the unit strata of a face."""


@dataclass(frozen=True)
class MinimalStrata:
    """A connected set of minimisers of all signed cells around them.

    `strata`, where it lies; `copies`, how many such sets there are in parameter space; `orbit`, one around it; a point strictly
    inside a stratum of the largest `dimension`.
    """

    strata: ConnectedStrata
    copies: int
    orbit: int
    parameters: Parameters
    dimension: int


def kinds_around(minima: CellMinima, part: UnitStratum) -> Iterator[int]:
    """The signed unit cells around a unit stratum."""
    face, sign = part
    for cell in minima.table.faces[face].cells:
        for side in {1: (0,), -1: (1,), 0: (0, 1)}[sign]:
            yield 2 * cell + side


def check_count(candidates: int, what: str) -> None:
    """Raise `UnsupportedError` for more candidates than `MAX_CHOICES`.

    Exactness: not needed. Raises: `UnsupportedError`. Source: none needed.
    """
    if candidates > MAX_CHOICES:
        raise UnsupportedError(
            f"{candidates} {what}, more than {MAX_CHOICES}",
            "valleys and barriers are known all the same (landscape.valleys)",
        )


class Ranks(NamedTuple):
    """What is kept of ranks, in common for all gradients."""

    dimensions: FaceDimensions
    independent: dict[int, bool]


class StrataSearch:
    """Choices of a family for every unit, and those of them that were found.

    Parameters: `parts`, the unit strata in question; `kinds`, what must be equal within a family beside the mask.
    """

    def __init__(self, land: Landscape, parts: Sequence[UnitStratum], kinds: Sequence[tuple[int, ...]], known: Ranks) -> None:
        self.land, self.minima, self.units = land, land.work.minima, land.work.orbits.units
        faces = self.minima.table.faces
        masks = [self.minima.mask(faces[face].generators, sign) if sign else 0 for face, sign in parts]
        self.families = families(faces, parts, list(zip(masks, kinds, strict=True)))
        self.first = [own[0] for own in self.families.members]
        self.masks = [masks[k] for k in self.first]
        self.around = [next(kinds_around(self.minima, parts[k])) for k in self.first]
        sizes = [faces[face].dimension if sign else 0 for face, sign in parts]
        # The first unit stratum of the largest dimension of every family.
        self.shown = [max(own, key=lambda k: (sizes[k], -k)) for own in self.families.members]
        self.sizes = [sizes[k] for k in self.shown]
        self.found: list[Choice] = []
        self.known = known
        self._flat: dict[int, tuple[int, int]] = {}

    def check_count(self, where: str) -> None:
        """Raise `UnsupportedError` if there are too many choices."""
        check_count(comb(len(self.first) + self.units - 1, self.units), f"candidates for local minima {where}")

    def within(self, cones: OneGradient) -> Iterator[tuple[Choice, int]]:
        """The choices with their masks, in order, but for some whose cone has another gradient at its minimum.

        What no cone reaches that holds further families, no choice among these reaches.
        """
        count = len(self.first)
        rest = [0] * (count + 1)
        for family in reversed(range(count)):
            rest[family] = rest[family + 1] | self.masks[family]
        walk: list[tuple[Choice, int]] = [((), 0)]
        while walk:
            chosen, mask = walk.pop()
            if len(chosen) == self.units:
                yield chosen, mask
                continue
            first = chosen[-1] if chosen else 0
            if cones.fit(mask | rest[first]) is not None:
                walk += [((*chosen, family), mask | self.masks[family]) for family in reversed(range(first, count))]

    def orbit(self, chosen: Choice) -> int:
        """The number of one of the orbits around the first strata of these families."""
        return self.land.work.orbits.rank(sorted([self.around[family] for family in chosen]))

    def mask(self, chosen: Choice) -> int:
        """The mask of all strata of these families."""
        found = 0
        for family in chosen:
            found |= self.masks[family]
        return found

    def is_inside(self, chosen: Choice, gradient: Vector) -> bool:
        """Whether a point strictly inside a stratum has predictions with this gradient; that depends on the mask only."""
        variables, signs = self._variables([self.first[family] for family in chosen])
        optimal = self.minima.predictions(gradient)
        return scaled_coefficients(self.minima, variables, signs, optimal, None, Fraction(1)) is not None

    def moved(self, symmetry: SurfaceSymmetry) -> StrataSearch:
        """The search for the images, with what was found there, and known of it."""
        parts = sorted(map(symmetry.stratum, self.families.parts), key=lambda part: (part[0], SIGNS.index(part[1])))
        found = StrataSearch(self.land, parts, [()] * len(parts), self.known)
        family_of = found.family_of
        images = [family_of[symmetry.stratum(self.families.parts[k])] for k in self.first]
        for chosen in self.found:
            image = tuple(sorted([images[family] for family in chosen]))
            found.found.append(image)
            flat = self._flat.get(self.mask(chosen))
            if flat is not None:
                found._flat[found.mask(image)] = flat
        found.found.sort()
        return found

    def images(self, choices: Iterable[Choice], symmetry: SurfaceSymmetry) -> Iterator[Choice]:
        """The images of choices, where those of all unit strata are there and kinds go to kinds."""
        family_of, parts = self.family_of, self.families.parts
        moved: dict[int, int] = {}
        for chosen in choices:
            for family in chosen:
                if family not in moved:
                    moved[family] = family_of[symmetry.stratum(parts[self.first[family]])]
            yield tuple(sorted([moved[family] for family in chosen]))

    @cached_property
    def family_of(self) -> dict[UnitStratum, int]:
        """The family of every unit stratum."""
        return {self.families.parts[k]: family for family, own in enumerate(self.families.members) for k in own}

    def alike(self) -> StrataSearch:
        """The same with larger families: those with one mask that stand for one another in all that was found are of one kind.

        What was found is said with as many families less. Exactness: exact. Source: proofs/local_minima.md, section 8.
        """
        with_it: dict[int, set[Choice]] = {}
        for chosen in self.found:
            for place, family in enumerate(chosen):
                with_it.setdefault(family, set()).add((*chosen[:place], *chosen[place + 1 :]))
        kinds: dict[frozenset[Choice], int] = {}
        kind_of = {family: kinds.setdefault(frozenset(own), len(kinds)) for family, own in with_it.items()}
        named = sorted((k, kind) for family, kind in kind_of.items() for k in self.families.members[family])
        found = StrataSearch(self.land, [self.families.parts[k] for k, _ in named], [(kind,) for _, kind in named], self.known)
        moved = {family: found.family_of[self.families.parts[self.first[family]]] for family in with_it}
        found.found = sorted({tuple(sorted([moved[family] for family in chosen])) for chosen in self.found})
        found._flat = self._flat
        return found

    def components(self, symmetries: Sequence[SurfaceSymmetry] = ()) -> Iterator[MinimalStrata]:
        """What was found, joined where one is in the closure of the other; `symmetries` save work."""
        forest = Forest(self.units, len(self.found))
        number = {chosen: place for place, chosen in enumerate(self.found)}
        for chosen, place in number.items():
            forest.add(place, chosen)
        met = {family for chosen in self.found for family in chosen}
        lowers = [[lower for lower in own if lower in met] for own in self.families.lower]
        for chosen, place in number.items():
            for lower in below(chosen, lowers):
                other = number.get(tuple(sorted(lower)))
                if other is not None:
                    forest.join(place, other, sorting(lower))
        parts: dict[int, list[Choice]] = {}
        for chosen, place in number.items():
            parts.setdefault(forest.root(place)[0], []).append(chosen)
        for root, part in parts.items():
            chosen, shown, largest = self._largest(part, symmetries)
            strata = ConnectedStrata(self.families, tuple(part))
            yield MinimalStrata(
                strata, forest.groups[root].index, self.orbit(chosen), self._point(shown, self.mask(chosen)), largest
            )

    def _largest(self, part: list[Choice], symmetries: Sequence[SurfaceSymmetry]) -> tuple[Choice, list[int], int]:
        """Where the minimisers have their largest dimension: the families, the first such unit strata, and that dimension."""
        ranked = []
        for chosen in part:
            most, own = self._flattening(chosen, symmetries)
            size = sum([self.sizes[family] for family in chosen])
            shown = sorted([self.shown[family] for family in chosen])
            ranked.append((-size - own, -size - most, shown, chosen))
        best, _, shown, chosen = min(ranked)
        return chosen, shown, -best

    def _flattening(self, chosen: Choice, symmetries: Sequence[SurfaceSymmetry]) -> tuple[int, int]:
        """What predictions in common, and room for them, add to the dimension of strata: at most, and in truth.

        See `FaceDimensions`. It depends on the mask only.
        """
        mask = self.mask(chosen)
        found = self._flat.get(mask)
        if found is None:
            optimal = self.minima.predictions(self._gradient(mask))
            variables = self._variables([self.first[family] for family in chosen])
            used = used_widening(self.minima, *variables, optimal) if optimal.columns else []
            found = (self.known.dimensions.flattening(mask, optimal.columns), self.known.dimensions.flattening(mask, used))
            self._flat[mask] = found
            self._flat.update(dict.fromkeys(others(mask, SurfaceSymmetry.mask, symmetries), found))
        return found

    def _gradient(self, mask: int) -> Vector:
        return self.minima.gradient(self.minima.minimum(mask))

    def _variables(self, chosen: Sequence[int]) -> tuple[list[tuple[int, int]], list[int]]:
        """The generators of a stratum with their units, and the signs of the output weights."""
        faces, parts = self.families.faces, [self.families.parts[k] for k in chosen]
        return [(j, g) for j, (face, sign) in enumerate(parts) if sign for g in faces[face].generators], [
            sign for _, sign in parts
        ]

    def _point(self, chosen: Sequence[int], mask: int) -> Parameters:
        """A point strictly inside a stratum of local minima."""
        minima = self.minima
        faces = [minima.table.faces[self.families.parts[k][0]] for k in chosen]
        variables, signs = self._variables(chosen)
        optimal = minima.predictions(self._gradient(mask))
        point = scaled_coefficients(minima, variables, signs, optimal, None, Fraction(1))
        assert point is not None
        amounts: list[dict[int, Fraction]] = [{} for _ in faces]
        for (j, g), value in zip(variables, point.values, strict=True):
            amounts[j][g] = value
        return parameters_of(minima, signs, amounts, [_inside(minima, face) for face in faces], point.predictions)


def _inside(minima: CellMinima, face: UnitFace) -> tuple[Fraction, ...]:
    """Weights strictly inside a face of the arrangement of one unit."""
    table = minima.table
    vertices = [g for g in face.generators if table.generators[g].apex]
    total = [Fraction(0)] * table.arrangement.dimension
    for g in face.generators:
        share = Fraction(1, len(vertices)) if table.generators[g].apex else Fraction(1)
        total = [a + share * b for a, b in zip(total, table.generators[g].weights, strict=True)]
    return tuple(total)
