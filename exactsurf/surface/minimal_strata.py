"""The strata of parameter space whose points are minimisers of all signed cells around them, outside of the valleys.

A stratum is one face of the arrangement for every unit together with the sign −, 0 or + of its output weight; the signed cells
around all its points are the same. Its points are local minima if they are minimisers of all of them (theorem B′). Families of
unit strata answer for all strata at once (see `strata`), so none is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, product
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
from exactsurf.surface.surface_symmetries import SurfaceSymmetry, fixing, images_of, others
from exactsurf.surface.unit_table import UnitFace

if TYPE_CHECKING:
    from exactsurf.surface.surface import Landscape

MAX_CHOICES = 2_000_000
"""Choices of a family for every unit that are tried in one search before it is refused."""
_SIGNS = (1, -1, 0)
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


def minimal_strata(land: Landscape, symmetries: Sequence[SurfaceSymmetry] = ()) -> Iterator[MinimalStrata]:
    """The connected sets of points that are no bottom of a valley and minimisers of all signed cells around them.

    Parameters: a `Landscape`; `symmetries`, generators, which save work and change nothing. Exactness: exact; complete.
    Raises: `UnsupportedError` if one search has more than `MAX_CHOICES` candidates.
    Source: theory.md, theorem B′; proofs/local_minima.md, section 6; proofs/data_symmetries.md.
    """
    leaves = {cell for valley in land.valleys for cell in valley.cells}
    if not land.problem.loss.is_smooth:
        yield from _of_any_gradient(land, leaves, symmetries)
        return
    ranks = _Ranks(FaceDimensions(land.work.minima), {})
    moved: dict[tuple[int, ...], tuple[_Search | None, SurfaceSymmetry]] = {}
    for fit in dict.fromkeys(fit for orbit, fit in enumerate(land.fits) if orbit not in leaves):
        key = land.residuals[fit]
        if key in moved:
            first, symmetry = moved.pop(key)
            search = first and first.moved(symmetry)
        else:
            own = fixing(key, SurfaceSymmetry.gradient_key, symmetries)
            first = search = _of_one_gradient(land, key, leaves, own, ranks)
            images = images_of(key, SurfaceSymmetry.gradient_key, symmetries)
            moved.update((image, (first, symmetry)) for image, symmetry in images.items())
        if search is not None:
            yield from search.components()


def _of_one_gradient(
    land: Landscape, key: tuple[int, ...], leaves: set[int], symmetries: Sequence[SurfaceSymmetry], known: _Ranks
) -> _Search | None:
    """The search for those with this gradient (see `gradient_key`) outside of `leaves`; None if there are none.

    The `symmetries` keep the gradient.
    """
    minima = land.work.minima
    gradient = minima.gradient_of_key(key)
    good = _good_strata(minima, key[1:])
    every = 0
    for face, sign in good:
        every |= minima.mask(minima.table.faces[face].generators, sign) if sign else 0
    if not good or minima.gradient_key(minima.minimum(every)) != key:
        return None
    search = _Search(land, good, [()] * len(good), known)
    search.check_count("with one gradient")
    cones = OneGradient(minima, every, known.independent)
    reached: dict[int, bool] = {}
    for chosen, mask in search.within(cones):
        if mask not in reached:
            fit = cones.fit(mask)
            reached[mask] = fit is not None
            if fit is not None:
                inside = cones.is_all_used(mask, fit)
                reached[mask] = search.is_inside(chosen, gradient) if inside is None else inside
                reached.update(dict.fromkeys(others(mask, SurfaceSymmetry.mask, symmetries), reached[mask]))
        # The risk of all signed cells around it has this gradient at its minimum.
        if reached[mask] and search.orbit(chosen) not in leaves:
            search.found.append(chosen)
    return search if search.found else None


def _of_any_gradient(land: Landscape, leaves: set[int], symmetries: Sequence[SurfaceSymmetry] = ()) -> Iterator[MinimalStrata]:
    """Those outside of `leaves`, for losses with kinks."""
    work, minima = land.work, land.work.minima
    parts = [(face, sign) for face in range(len(minima.table.faces)) for sign in _SIGNS]
    # One signed unit cell for every mask: the others have the same minima.
    around = [list({minima.masks[kind]: kind for kind in _kinds_around(minima, part)}.values()) for part in parts]
    masks = [tuple(sorted(minima.masks[kind] for kind in own)) for own in around]
    search = _Search(land, parts, masks, _Ranks(FaceDimensions(minima), {}))
    search.check_count("")
    risks: dict[int, Fraction] = {}
    inside: dict[int, bool] = {}
    for chosen in search.choices():
        orbit = search.orbit(chosen)
        if orbit in leaves:
            continue
        mask, risk = search.mask(chosen), land.risks[orbit]
        if mask not in risks:
            risks[mask] = minima.risk(minima.minimum(mask).value)
            risks.update(dict.fromkeys(others(mask, SurfaceSymmetry.mask, symmetries), risks[mask]))
        if risks[mask] != risk:
            continue
        # For these losses equal fits are equal risks.
        cells, fit = product(*(around[search.first[family]] for family in chosen)), land.fits[orbit]
        if any(land.fits[work.orbits.rank(sorted(cell))] != fit for cell in cells):
            continue
        if mask not in inside:
            gradient = minima.gradient(minima.minimum(mask))
            # A minimiser uses only generators along which the risk is stationary, and a point of the stratum uses all of its own.
            inside[mask] = not mask & ~minima.stationary(gradient) and search.is_inside(chosen, gradient)
            inside.update(dict.fromkeys(others(mask, SurfaceSymmetry.mask, symmetries), inside[mask]))
        if inside[mask]:
            search.found.append(chosen)
    yield from search.components()


def _kinds_around(minima: CellMinima, part: UnitStratum) -> Iterator[int]:
    """The signed unit cells around a unit stratum."""
    face, sign = part
    for cell in minima.table.faces[face].cells:
        for side in {1: (0,), -1: (1,), 0: (0, 1)}[sign]:
            yield 2 * cell + side


def _good_strata(minima: CellMinima, gradient: Sequence[int]) -> list[UnitStratum]:
    """The strata of a unit such that the risk falls along no generator around it and is stationary along its own."""
    count = len(minima.columns)
    allowed = orthogonal = 0
    for k, column in enumerate(minima.columns):
        slope = sum(c * r for c, r in zip(column, gradient, strict=True))
        if slope >= 0:
            allowed |= 1 << k
        if slope <= 0:
            allowed |= 1 << (k + count)
        if not slope:
            orthogonal |= 1 << k | 1 << (k + count)
    plus, minus = minima.masks[0::2], minima.masks[1::2]
    good = []
    for index, face in enumerate(minima.table.faces):
        own = minima.mask(face.generators, 1)
        if own & ~orthogonal:
            continue
        fits = [all(not side[cell] & ~allowed for cell in face.cells) for side in (plus, minus)]
        good += [(index, sign) for sign, fine in zip(_SIGNS, (*fits, all(fits)), strict=True) if fine]
    return good


class _Ranks(NamedTuple):
    """What is kept of ranks, in common for all gradients."""

    dimensions: FaceDimensions
    independent: dict[int, bool]


class _Search:
    """Choices of a family for every unit, and those of them that were found.

    Parameters: `parts`, the unit strata in question; `kinds`, what must be equal within a family beside the mask.
    """

    def __init__(self, land: Landscape, parts: Sequence[UnitStratum], kinds: Sequence[tuple[int, ...]], known: _Ranks) -> None:
        self.land, self.minima, self.units = land, land.work.minima, land.work.orbits.units
        faces = self.minima.table.faces
        masks = [self.minima.mask(faces[face].generators, sign) if sign else 0 for face, sign in parts]
        self.families = families(faces, parts, list(zip(masks, kinds, strict=True)))
        self.first = [own[0] for own in self.families.members]
        self.masks = [masks[k] for k in self.first]
        self.around = [next(_kinds_around(self.minima, parts[k])) for k in self.first]
        sizes = [faces[face].dimension if sign else 0 for face, sign in parts]
        # The first unit stratum of the largest dimension of every family.
        self.shown = [max(own, key=lambda k: (sizes[k], -k)) for own in self.families.members]
        self.sizes = [sizes[k] for k in self.shown]
        self.found: list[Choice] = []
        self.known = known
        self._flat: dict[int, tuple[int, int]] = {}

    def check_count(self, where: str) -> None:
        """Raise `UnsupportedError` if there are too many choices."""
        candidates = comb(len(self.first) + self.units - 1, self.units)
        if candidates > MAX_CHOICES:
            raise UnsupportedError(
                f"{candidates} candidates for local minima{where and ' ' + where}, more than {MAX_CHOICES}",
                "valleys and barriers are known all the same (landscape.valleys)",
            )

    def choices(self) -> Iterator[Choice]:
        """Every choice of a family for each unit, modulo the order of the units."""
        return combinations_with_replacement(range(len(self.first)), self.units)

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

    def moved(self, symmetry: SurfaceSymmetry) -> _Search:
        """The search for the images, with what was found there, and known of it."""
        parts = sorted(map(symmetry.stratum, self.families.parts), key=lambda part: (part[0], _SIGNS.index(part[1])))
        found = _Search(self.land, parts, [()] * len(parts), self.known)
        family_of = {parts[k]: family for family, own in enumerate(found.families.members) for k in own}
        images = [family_of[symmetry.stratum(self.families.parts[k])] for k in self.first]
        for chosen in self.found:
            image = tuple(sorted([images[family] for family in chosen]))
            found.found.append(image)
            flat = self._flat.get(self.mask(chosen))
            if flat is not None:
                found._flat[found.mask(image)] = flat
        found.found.sort()
        return found

    def components(self) -> Iterator[MinimalStrata]:
        """What was found, joined where one is in the closure of the other."""
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
            chosen, shown, largest = self._largest(part)
            strata = ConnectedStrata(self.families, tuple(part))
            yield MinimalStrata(
                strata, forest.groups[root].index, self.orbit(chosen), self._point(shown, self.mask(chosen)), largest
            )

    def _largest(self, part: list[Choice]) -> tuple[Choice, list[int], int]:
        """Where the minimisers have their largest dimension: the families, the first such unit strata, and that dimension."""
        ranked = []
        for chosen in part:
            most, own = self._flattening(chosen)
            size = sum([self.sizes[family] for family in chosen])
            shown = sorted([self.shown[family] for family in chosen])
            ranked.append((-size - own, -size - most, shown, chosen))
        best, _, shown, chosen = min(ranked)
        return chosen, shown, -best

    def _flattening(self, chosen: Choice) -> tuple[int, int]:
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
