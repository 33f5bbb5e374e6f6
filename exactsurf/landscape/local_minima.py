"""All local minima of the risk, as connected sets of equal risk: valleys, and those from which a plateau leads down.

A stratum is one face of the arrangement for every unit together with the sign −, 0 or + of its output weight; the signed cells
around all its points are the same. Its points are local minima if they are minimisers of all of them (theorem B′).
The minimisers of a leaf of the merge tree are all local minima; elsewhere strata decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import comb
from typing import TYPE_CHECKING

from exactsurf.errors import UnsupportedError
from exactsurf.landscape.cell_minima import CellMinima
from exactsurf.landscape.merge_tree import Forest, sorting
from exactsurf.landscape.minimiser_face import face_dimension, largest_dimension
from exactsurf.landscape.product_variables import parameters_of, scaled_coefficients
from exactsurf.landscape.unit_table import UnitFace
from exactsurf.landscape.valley import minimiser
from exactsurf.landscape.valley_parts import attained_parts
from exactsurf.model.parameters import Parameters

if TYPE_CHECKING:
    from exactsurf.landscape.surface import Landscape

MAX_STRATA = 2_000_000
"""Products of unit strata that are tried for one residual before the search is refused."""


@dataclass(frozen=True)
class Stratum:
    """Relatively open faces of the arrangement, one for each unit, with the signs −1, 0 or 1 of the output weights."""

    faces: tuple[UnitFace, ...]
    signs: tuple[int, ...]


@dataclass(frozen=True)
class LocalMinimum:
    """A connected set of local minima of equal risk, modulo the order of the units.

    `risk`; `parameters`, a rational point of it; `dimension`, of the set in
    product variables (and the output bias); `multiplicity`, how many such sets there are in parameter space; `is_strict`: the
    point is alone in product variables and no unit is off, so only rescaling a homogeneous unit keeps the risk; `is_global`;
    `is_valley`: it is the bottom of a valley, so every way down goes up first; `valleys`, the places in `Landscape.valleys` of
    the valleys that are reached without going above the risk (its own, for a valley); `strata` (where it is not a valley) and
    `cells` (where it is): where it lies. Heights that are only approached as weights grow count as reached. A valley that only
    approaches its risk has no local minimum; one may have several sets of them that meet at infinity only.
    Exactness: exact. Source: theory.md, theorem B′.
    """

    risk: Fraction
    parameters: Parameters
    dimension: int
    multiplicity: int
    is_strict: bool
    is_global: bool
    is_valley: bool
    valleys: tuple[int, ...]
    cells: tuple[int, ...] = ()
    strata: tuple[Stratum, ...] = ()

    @property
    def is_spurious(self) -> bool:
        """Whether some point has a strictly lower risk."""
        return not self.is_global

    @property
    def is_flat(self) -> bool:
        """Whether the set is more than one point up to rescaling."""
        return not self.is_strict


def find_local_minima(land: Landscape) -> tuple[LocalMinimum, ...]:
    """All local minima of a landscape, lowest first.

    Parameters: a `Landscape`. Exactness: exact; the list is complete.
    Raises: `UnsupportedError` for losses other than the squared one, or if one residual has more than `MAX_STRATA` candidates.
    Source: theory.md, theorem B′.

    >>> from exactsurf.landscape.surface import landscape
    >>> from exactsurf.model.data import Data
    >>> from exactsurf.model.network import Network
    >>> from exactsurf.model.problem import Problem
    >>> land = landscape(Problem(Network([1, 1, 1]), Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> [(str(found.risk), found.dimension, found.is_valley) for found in land.local_minima]
    [('1/3', 1, True), ('3/4', 1, True), ('3/4', 1, True), ('1', 1, True), ('11/8', 2, False)]
    """
    if not land.work.minima.is_squared:
        raise UnsupportedError(
            f"all local minima are listed for the squared loss only; this is {land.problem.loss!r}",
            "landscape.valleys has the valleys and barriers; decide(problem, parameters) decides a point",
        )
    best = land.global_minimum.risk
    found = []
    for place, valley in enumerate(land.valleys):
        for cells, copies in attained_parts(land, valley):
            orbits = [land.work.orbits[cell] for cell in cells]
            parameters = minimiser(land.work.minima, orbits[0])
            assert parameters is not None
            dimension = largest_dimension(land.work.minima, orbits)
            alone = dimension == 0 and all(parameters.weights[-1][0])
            found.append(
                LocalMinimum(valley.risk, parameters, dimension, copies, alone, valley.is_global, True, (place,), cells=cells)
            )
    leaves = {cell for valley in land.valleys for cell in valley.cells}
    groups: dict[int, list[int]] = {}
    for orbit, fit in enumerate(land.fits):
        if orbit not in leaves:
            groups.setdefault(fit, []).append(orbit)
    place_of = {valley.node: place for place, valley in enumerate(land.valleys)}
    for fit, members in groups.items():
        for strata, multiplicity, orbit, parameters, dimension in _joined_strata(land, land.residuals[fit], set(members)):
            under = tuple(sorted(place_of[leaf] for leaf in land.merges.leaves_under(land.merges.homes[orbit])))
            alone = dimension == 0 and len(strata) == 1 and all(strata[0].signs)
            found.append(
                LocalMinimum(
                    land.risks[orbit],
                    parameters,
                    dimension,
                    multiplicity,
                    alone,
                    land.risks[orbit] == best,
                    False,
                    under,
                    strata=strata,
                )
            )
    return tuple(sorted(found, key=lambda minimum: minimum.risk))


def _joined_strata(
    land: Landscape, residual: tuple[int, ...], members: set[int]
) -> list[tuple[tuple[Stratum, ...], int, int, Parameters, int]]:
    """The connected sets of strata of local minima with this residual among the orbits `members`.

    For each: strata, copies in parameter space, an orbit around it, a point and the dimension.
    """
    work = land.work
    minima, table, units = work.minima, work.minima.table, work.orbits.units
    denominator, *numerators = residual
    predictions = tuple(Fraction(r, denominator) + row[0] for r, row in zip(numerators, minima.problem.data.y, strict=True))
    good = _good_strata(minima, numerators)
    masks = [minima.mask(table.faces[face].generators, sign) if sign else 0 for face, sign in good]
    every = 0
    for mask in masks:
        every |= mask
    if not good or not _reaches(minima, every, residual):
        return []
    candidates = comb(len(good) + units - 1, units)
    if candidates > MAX_STRATA:
        raise UnsupportedError(
            f"{candidates} candidates for local minima with one residual, more than {MAX_STRATA}",
            "valleys and barriers are known all the same (landscape.valleys)",
        )
    reached: dict[int, tuple[Fraction, ...] | None] = {}
    found: dict[tuple[int, ...], int] = {}
    for chosen in combinations_with_replacement(range(len(good)), units):
        kinds = sorted(2 * table.faces[good[k][0]].cells[0] + (good[k][1] < 0) for k in chosen)
        orbit = work.orbits.rank(tuple(kinds))
        if orbit not in members:
            continue
        mask = 0
        for k in chosen:
            mask |= masks[k]
        if mask not in reached:
            point = None
            if _reaches(minima, mask, residual):
                variables = [(j, g) for j, k in enumerate(chosen) if good[k][1] for g in table.faces[good[k][0]].generators]
                point = scaled_coefficients(minima, variables, [good[k][1] for k in chosen], predictions, None, Fraction(1))
            reached[mask] = point
        if reached[mask] is not None:
            found[chosen] = orbit
    return _components(land, good, found, predictions)


def _good_strata(minima: CellMinima, residual: Sequence[int]) -> list[tuple[int, int]]:
    """(face, sign) of a unit such that the risk falls along no generator around it and is stationary along its own."""
    count = len(minima.columns)
    allowed = orthogonal = 0
    for k, column in enumerate(minima.columns):
        slope = sum(c * r for c, r in zip(column, residual, strict=True))
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


def _reaches(minima: CellMinima, mask: int, residual: tuple[int, ...]) -> bool:
    """Whether the nearest point of a cone has this residual."""
    from exactsurf.landscape.batch import residual_key

    return residual_key(minima, minima.minimum(mask)) == residual


def _components(
    land: Landscape, good: list[tuple[int, int]], found: dict[tuple[int, ...], int], predictions: tuple[Fraction, ...]
) -> list[tuple[tuple[Stratum, ...], int, int, Parameters, int]]:
    minima, units = land.work.minima, land.work.orbits.units
    faces = minima.table.faces
    below = [
        [
            other
            for other, (face, sign) in enumerate(good)
            if sign in (0, good[k][1])
            and all(a in (0, b) for a, b in zip(faces[face].signs, faces[good[k][0]].signs, strict=True))
        ]
        for k in range(len(good))
    ]
    forest = Forest(units)
    number = {chosen: place for place, chosen in enumerate(found)}
    for chosen, place in number.items():
        forest.add(place, chosen)
    for chosen, place in number.items():
        for lower in product(*(below[k] for k in chosen)):
            other = number.get(tuple(sorted(lower)))
            if other is not None and other != place:
                forest.join(place, other, sorting(lower))
            elif other == place:
                forest.join(place, place, sorting(lower))
    parts: dict[int, list[tuple[int, ...]]] = {}
    for chosen, place in number.items():
        parts.setdefault(forest.root(place)[0], []).append(chosen)
    answer = []
    for root, part in parts.items():
        dimensions = [_dimension(minima, [good[k] for k in chosen]) for chosen in part]
        largest = max(dimensions)
        shown = part[dimensions.index(largest)]
        strata = tuple(Stratum(tuple(faces[good[k][0]] for k in chosen), tuple(good[k][1] for k in chosen)) for chosen in part)
        point = _point(minima, [good[k] for k in shown], predictions)
        answer.append((strata, forest.groups[root].index, found[shown], point, largest))
    return answer


def _dimension(minima: CellMinima, chosen: Sequence[tuple[int, int]]) -> int:
    faces = minima.table.faces
    return face_dimension(minima, [faces[face].generators if sign else None for face, sign in chosen])


def _point(minima: CellMinima, chosen: Sequence[tuple[int, int]], predictions: tuple[Fraction, ...]) -> Parameters:
    """A point strictly inside a stratum of local minima."""
    table = minima.table
    signs = [sign for _, sign in chosen]
    faces = [table.faces[face] for face, _ in chosen]
    variables = [(j, g) for j, face in enumerate(faces) if signs[j] for g in face.generators]
    values = scaled_coefficients(minima, variables, signs, predictions, None, Fraction(1))
    assert values is not None
    amounts: list[dict[int, Fraction]] = [{} for _ in faces]
    for (j, g), value in zip(variables, values, strict=True):
        amounts[j][g] = value
    return parameters_of(minima, signs, amounts, [_inside(minima, face) for face in faces])


def _inside(minima: CellMinima, face: UnitFace) -> tuple[Fraction, ...]:
    """Weights strictly inside a face of the arrangement of one unit."""
    table = minima.table
    vertices = [g for g in face.generators if table.generators[g].apex]
    total = [Fraction(0)] * table.arrangement.dimension
    for g in face.generators:
        share = Fraction(1, len(vertices)) if table.generators[g].apex else Fraction(1)
        total = [a + share * b for a, b in zip(total, table.generators[g].weights, strict=True)]
    return tuple(total)
