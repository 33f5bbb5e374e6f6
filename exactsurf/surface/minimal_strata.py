"""The strata of parameter space whose points are minimisers of all signed cells around them, outside of the valleys.

A stratum is one face of the arrangement for every unit together with the sign −, 0 or + of its output weight; the signed cells
around all its points are the same. Its points are local minima if they are minimisers of all of them (theorem B′).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import comb
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.parameters import Parameters
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.merge_tree import Forest, sorting
from exactsurf.surface.minimiser_face import face_dimension, used_widening
from exactsurf.surface.product_variables import parameters_of, scaled_coefficients
from exactsurf.surface.unit_table import UnitFace

if TYPE_CHECKING:
    from exactsurf.surface.surface import Landscape

MAX_STRATA = 2_000_000
"""Products of unit strata that are tried in one search before it is refused."""

UnitStratum: TypeAlias = tuple[int, int]
"""A face (its place in the table) and the sign of the output weight."""


@dataclass(frozen=True)
class Stratum:
    """Relatively open faces of the arrangement, one for each unit, with the signs −1, 0 or 1 of the output weights."""

    faces: tuple[UnitFace, ...]
    signs: tuple[int, ...]


@dataclass(frozen=True)
class MinimalStrata:
    """A connected set of minimisers of all signed cells around them.

    `strata`, where it lies; `copies`, how many such sets there are in parameter space; `orbit`, one around it; a point strictly
    inside a stratum of the largest `dimension`.
    """

    strata: tuple[Stratum, ...]
    copies: int
    orbit: int
    parameters: Parameters
    dimension: int


def minimal_strata(land: Landscape) -> Iterator[MinimalStrata]:
    """The connected sets of points that are no bottom of a valley and minimisers of all signed cells around them.

    Parameters: a `Landscape`. Exactness: exact; complete. Raises: `UnsupportedError` if one search has more than `MAX_STRATA`
    candidates. Source: theory.md, theorem B′.
    """
    leaves = {cell for valley in land.valleys for cell in valley.cells}
    if not land.problem.loss.is_smooth:
        yield from _of_any_gradient(land, leaves)
        return
    groups: dict[int, set[int]] = {}
    for orbit, fit in enumerate(land.fits):
        if orbit not in leaves:
            groups.setdefault(fit, set()).add(orbit)
    for fit, members in groups.items():
        yield from _of_one_gradient(land, land.residuals[fit], members)


def _of_one_gradient(land: Landscape, key: tuple[int, ...], members: set[int]) -> Iterator[MinimalStrata]:
    """Those with this gradient (see `gradient_key`) among the orbits `members`."""
    minima, units = land.work.minima, land.work.orbits.units
    gradient = minima.gradient_of_key(key)
    good = _good_strata(minima, key[1:])
    search = _Search(land, good)
    every = 0
    for mask in search.masks:
        every |= mask
    if not good or minima.gradient_key(minima.minimum(every)) != key:
        return
    _check_count(len(good), units, "with one gradient")
    reached: dict[int, bool] = {}
    for chosen in combinations_with_replacement(range(len(good)), units):
        orbit = search.orbit(chosen)
        if orbit not in members:
            continue
        mask = search.mask(chosen)
        if mask not in reached:
            at_gradient = minima.gradient_key(minima.minimum(mask)) == key
            reached[mask] = at_gradient and search.is_inside(chosen, gradient)
        if reached[mask]:
            search.found[chosen] = orbit
    yield from search.components()


def _of_any_gradient(land: Landscape, leaves: set[int]) -> Iterator[MinimalStrata]:
    """Those outside of `leaves`, for losses with kinks: strata are tried one by one."""
    work, minima = land.work, land.work.minima
    search = _Search(land, [(face, sign) for face in range(len(minima.table.faces)) for sign in (1, -1, 0)])
    _check_count(len(search.parts), work.orbits.units, "")
    risks: dict[int, Fraction] = {}
    inside: dict[int, bool] = {}
    for chosen in combinations_with_replacement(range(len(search.parts)), work.orbits.units):
        orbit = search.orbit(chosen)
        if orbit in leaves:
            continue
        mask, risk = search.mask(chosen), land.risks[orbit]
        if mask not in risks:
            risks[mask] = minima.risk(minima.minimum(mask).value)
        if risks[mask] != risk:
            continue
        around = product(*(search.around[k] for k in chosen))
        if any(land.risks[work.orbits.rank(sorted(cell))] != risk for cell in around):
            continue
        if mask not in inside:
            gradient = minima.gradient(minima.minimum(mask))
            # A minimiser uses only generators along which the risk is stationary, and a point of the stratum uses all of its own.
            inside[mask] = not mask & ~minima.stationary(gradient) and search.is_inside(chosen, gradient)
        if inside[mask]:
            search.found[chosen] = orbit
    yield from search.components()


def _check_count(parts: int, units: int, where: str) -> None:
    candidates = comb(parts + units - 1, units)
    if candidates > MAX_STRATA:
        raise UnsupportedError(
            f"{candidates} candidates for local minima{where and ' ' + where}, more than {MAX_STRATA}",
            "valleys and barriers are known all the same (landscape.valleys)",
        )


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
        good += [(index, sign) for sign, fine in ((1, fits[0]), (-1, fits[1]), (0, all(fits))) if fine]
    return good


class _Search:
    """Products of unit strata, in the order of `parts`, and those of them that were found, each with an orbit around it."""

    def __init__(self, land: Landscape, parts: list[UnitStratum]) -> None:
        self.land, self.parts = land, parts
        self.minima = land.work.minima
        faces = self.minima.table.faces
        self.masks = [self.minima.mask(faces[face].generators, sign) if sign else 0 for face, sign in parts]
        signs = {1: (0,), -1: (1,), 0: (0, 1)}
        self.around = [[2 * cell + side for cell in faces[face].cells for side in signs[sign]] for face, sign in parts]
        self.found: dict[tuple[int, ...], int] = {}

    def orbit(self, chosen: tuple[int, ...]) -> int:
        """The number of one of the orbits around a stratum."""
        return self.land.work.orbits.rank(sorted(self.around[k][0] for k in chosen))

    def mask(self, chosen: tuple[int, ...]) -> int:
        """The mask of a stratum."""
        found = 0
        for k in chosen:
            found |= self.masks[k]
        return found

    def variables(self, chosen: tuple[int, ...]) -> tuple[list[tuple[int, int]], list[int]]:
        """The generators of a stratum with their units, and the signs of the output weights."""
        faces, signs = self.minima.table.faces, [self.parts[k][1] for k in chosen]
        return [(j, g) for j, k in enumerate(chosen) if signs[j] for g in faces[self.parts[k][0]].generators], signs

    def is_inside(self, chosen: tuple[int, ...], gradient: Vector) -> bool:
        """Whether a point strictly inside the stratum has predictions with this gradient; that depends on its mask only."""
        variables, signs = self.variables(chosen)
        optimal = self.minima.predictions(gradient)
        return scaled_coefficients(self.minima, variables, signs, optimal, None, Fraction(1)) is not None

    def components(self) -> Iterator[MinimalStrata]:
        """The strata that were found, joined where one is in the closure of the other."""
        forest = Forest(self.land.work.orbits.units)
        number = {chosen: place for place, chosen in enumerate(self.found)}
        for chosen, place in number.items():
            forest.add(place, chosen)
        used = {k for chosen in number for k in chosen}
        below = {k: [other for other in used if self._is_below(other, k)] for k in used}
        for chosen, place in number.items():
            for lower in product(*(below[k] for k in chosen)):
                other = number.get(tuple(sorted(lower)))
                if other is not None:
                    forest.join(place, other, sorting(lower))
        parts: dict[int, list[tuple[int, ...]]] = {}
        for chosen, place in number.items():
            parts.setdefault(forest.root(place)[0], []).append(chosen)
        faces = self.minima.table.faces
        for root, part in parts.items():
            shown, largest = self._largest(part)
            strata = tuple(
                Stratum(tuple(faces[self.parts[k][0]] for k in chosen), tuple(self.parts[k][1] for k in chosen))
                for chosen in part
            )
            copies = forest.groups[root].index
            yield MinimalStrata(strata, copies, self.found[shown], self._point(shown), largest)

    def _is_below(self, lower: int, upper: int) -> bool:
        """Whether a unit stratum lies in the closure of another."""
        (face, sign), (above, own) = self.parts[lower], self.parts[upper]
        faces = self.minima.table.faces
        return sign in (0, own) and all(a in (0, b) for a, b in zip(faces[face].signs, faces[above].signs, strict=True))

    def _gradient(self, chosen: tuple[int, ...]) -> Vector:
        return self.minima.gradient(self.minima.minimum(self.mask(chosen)))

    def _largest(self, part: list[tuple[int, ...]]) -> tuple[tuple[int, ...], int]:
        """A stratum of the largest dimension of minimisers, and that dimension; strata that cannot beat others are left out."""
        faces = self.minima.table.faces
        bounds = []
        for chosen in part:
            optimal = self.minima.predictions(self._gradient(chosen))
            generators = [faces[face].generators if sign else None for face, sign in (self.parts[k] for k in chosen)]
            bounds.append((face_dimension(self.minima, generators, optimal.columns), chosen, generators, optimal))
        shown, best = part[0], -1
        for bound, chosen, generators, optimal in sorted(bounds, key=lambda entry: -entry[0]):
            if bound <= best:
                break
            moving = used_widening(self.minima, *self.variables(chosen), optimal) if optimal.columns else []
            own = bound if len(moving) == len(optimal.columns) else face_dimension(self.minima, generators, moving)
            if own > best:
                shown, best = chosen, own
        return shown, best

    def _point(self, chosen: tuple[int, ...]) -> Parameters:
        """A point strictly inside a stratum of local minima."""
        minima = self.minima
        faces = [minima.table.faces[self.parts[k][0]] for k in chosen]
        variables, signs = self.variables(chosen)
        optimal = minima.predictions(self._gradient(chosen))
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
