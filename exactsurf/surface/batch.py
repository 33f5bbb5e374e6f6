"""The minima of a range of orbits and of their facets: the work that a landscape is made of, in any process, in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from exactsurf.exact.cone_least_squares import Fit
from exactsurf.exact.cone_linear import Deviation
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.signed_cells import Crossing, Orbit, Orbits


@dataclass(frozen=True)
class Batch:
    """The minima of the orbits begin, …, end − 1.

    `fits[k]` is the place of the fit of orbit begin + k in `risks` and `residuals`. `residuals` are those f − y of the fits as
    coprime integers behind their common denominator (for Huber's loss its derivative at them); for losses whose minimisers may
    have several gradients only the risk, as numerator and denominator. The same orbits give the same batch on every machine.
    """

    begin: int
    end: int
    fits: tuple[int, ...]
    risks: tuple[Fraction, ...]
    residuals: tuple[tuple[int, ...], ...]


Sides: TypeAlias = dict[tuple[int, int], int]
"""For a signed unit cell and the one beyond a facet the mask of the facet."""


def facet_sides(minima: CellMinima, ways: tuple[tuple[Crossing, ...], ...]) -> Sides:
    """The masks of all facets of signed unit cells.

    Parameters: `ways`, what `crossings` returns. Exactness: exact. Raises: nothing. Source: theory.md, section 4.
    """
    return {(kind, c.beyond): minima.mask(c.generators, 1 - 2 * (kind % 2)) for kind, own in enumerate(ways) for c in own}


def solve_batch(minima: CellMinima, orbits: Orbits, begin: int, end: int) -> Batch:
    """The minima over the orbits `begin`, …, `end` − 1.

    Exactness: exact. Raises: nothing. Source: theory.md, section 4.
    """
    masks = minima.masks
    # One type for both tables: the starts that are handed over come from the same table.
    cones: Any = minima.cones
    fits: list[int] = []
    risks: list[Fraction] = []
    residuals: dict[tuple[int, ...], int] = {}
    # The same fits come again and again: they are known by their identity, which is theirs while they are kept.
    kept: dict[int, Fit | Deviation] = {}
    place_of_fit: dict[int, int] = {}
    for orbit in orbits.between(begin, end):
        cone = 0
        for kind in orbit:
            cone |= masks[kind]
        best = cones.known(cone)
        if best is None:
            best = cones.minimum(cone, _start(cones, masks, orbit, cone))
        found = place_of_fit.get(id(best))
        if found is None:
            kept[id(best)] = best
            found = place_of_fit[id(best)] = residuals.setdefault(_key(minima, best), len(residuals))
            if found == len(risks):
                risks.append(minima.risk(best.value))
        fits.append(found)
    return Batch(begin, end, tuple(fits), tuple(risks), tuple(residuals))


def _start(cones: Any, masks: Sequence[int], orbit: Orbit, cone: int) -> Any:
    """The minimum with one unit less, if there is one that is that of the cone."""
    found = None
    if len(orbit) > 1:
        for place in range(len(orbit)):
            others = 0
            for kind in orbit[:place] + orbit[place + 1 :]:
                others |= masks[kind]
            found = cones.minimum(others)
            if not cone & ~found.allowed:
                break
    return found


def _key(minima: CellMinima, fit: Fit | Deviation) -> tuple[int, ...]:
    if minima.problem.loss.is_smooth:
        return minima.gradient_key(fit)
    return fit.value.numerator, fit.value.denominator
