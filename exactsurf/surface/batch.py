"""The minima of a range of orbits and of their facets: the work that a landscape is made of, in any process, in any order."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from exactsurf.exact.cone_least_squares import Fit
from exactsurf.exact.cone_linear import Deviation
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.signed_cells import Crossing, Orbits, passages


@dataclass(frozen=True)
class Batch:
    """The minima of the orbits begin, …, end − 1.

    `fits[k]` is the place of the fit of orbit begin + k in `risks` and `residuals`; `levels` are the minima over the facets of
    these orbits, in the order of `facets`, as places in `heights`. `residuals` are those f − y of the fits as coprime integers
    behind their common denominator (for Huber's loss its derivative at them); for losses whose minimisers may have several
    gradients only the risk, as numerator and denominator. The same orbits give the same batch on every machine.
    """

    begin: int
    end: int
    fits: tuple[int, ...]
    risks: tuple[Fraction, ...]
    residuals: tuple[tuple[int, ...], ...]
    levels: tuple[int, ...]
    heights: tuple[Fraction, ...]


Sides: TypeAlias = dict[tuple[int, int], int]
"""For a signed unit cell and the one beyond a facet the mask of the facet."""


def facet_sides(minima: CellMinima, ways: tuple[tuple[Crossing, ...], ...]) -> Sides:
    """The masks of all facets of signed unit cells.

    Parameters: `ways`, what `crossings` returns. Exactness: exact. Raises: nothing. Source: theory.md, section 4.
    """
    return {(kind, c.beyond): minima.mask(c.generators, 1 - 2 * (kind % 2)) for kind, own in enumerate(ways) for c in own}


def solve_batch(
    minima: CellMinima, orbits: Orbits, ways: tuple[tuple[Crossing, ...], ...], sides: Sides, begin: int, end: int
) -> Batch:
    """The minima over the orbits `begin`, …, `end` − 1 and over their facets.

    Parameters: `ways`, what `crossings` returns; `sides`, what `facet_sides` returns. Exactness: exact. Raises: nothing.
    Source: theory.md, section 4.
    """
    masks = minima.masks
    # One type for both tables: the starts that are handed over come from the same table.
    cones: Any = minima.cones
    fits: list[int] = []
    risks: list[Fraction] = []
    residuals: dict[tuple[int, ...], int] = {}
    levels: list[int] = []
    heights: dict[tuple[int, int], int] = {}
    # The same fits come again and again: they are known by their identity, which is theirs while they are kept.
    kept: dict[int, Fit | Deviation] = {}
    place_of_fit: dict[int, int] = {}
    place_of_height: dict[int, int] = {}

    def height(fit: Fit | Deviation) -> int:
        place = place_of_height.get(id(fit))
        if place is None:
            kept[id(fit)] = fit
            place = place_of_height[id(fit)] = heights.setdefault(minima.risk(fit.value).as_integer_ratio(), len(heights))
        return place

    for orbit in orbits.between(begin, end):
        without = []
        for place in range(len(orbit)):
            others = 0
            for position, kind in enumerate(orbit):
                if position != place:
                    others |= masks[kind]
            without.append(others)
        cone = without[0] | masks[orbit[0]]
        best = cones.minimum(cone, cones.minimum(without[-1]) if len(orbit) > 1 else None)
        found = place_of_fit.get(id(best))
        if found is None:
            kept[id(best)] = best
            found = place_of_fit[id(best)] = residuals.setdefault(_key(minima, best), len(residuals))
            if found == len(risks):
                risks.append(minima.risk(best.value))
        fits.append(found)
        for place, crossing in passages(orbit, ways):
            others = without[place]
            face = others | sides[orbit[place], crossing.beyond]
            levels.append(height(cones.minimum(face, cones.minimum(others)) if best.signed & ~face else best))
    return Batch(
        begin, end, tuple(fits), tuple(risks), tuple(residuals), tuple(levels), tuple(Fraction(*height) for height in heights)
    )


def _key(minima: CellMinima, fit: Fit | Deviation) -> tuple[int, ...]:
    if minima.problem.loss.is_smooth:
        return minima.gradient_key(fit)
    return fit.value.numerator, fit.value.denominator
