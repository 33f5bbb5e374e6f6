"""The minima of a range of orbits and of their facets: the work that a landscape is made of, in any process, in any order."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from exactsurf.exact.cone_least_squares import Fit
from exactsurf.exact.cone_linear import Deviation
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.facet_table import entries_of
from exactsurf.surface.part_minima import PartMinima
from exactsurf.surface.signed_cells import Crossing, Orbit


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


def solve_batch(parts: PartMinima, begin: int, end: int) -> Batch:
    """The minima over the orbits `begin`, …, `end` − 1.

    Exactness: exact. Raises: nothing. Source: theory.md, section 4.
    """
    minima, orbits = parts.minima, parts.orbits
    if not parts.is_tabled:
        return _gathered(parts, begin, end, [_alone(minima, orbit) for orbit in orbits.between(begin, end)])
    entries = entries_of(orbits.between(begin, end), orbits.units)
    rows, lowest = parts.settled(entries)
    # One type for all tables: the starts that are handed over come from the same table.
    cones: Any = minima.cones
    found = [parts.fits[row] for row in rows.tolist()]
    rest = (rows < 0).nonzero()[0]
    for place, start, orbit in zip(rest.tolist(), lowest[rest].tolist(), entries[rest].tolist(), strict=True):
        found[place] = cones.minimum(minima.cone(orbit), parts.fits[start])
    return _gathered(parts, begin, end, found)


def _alone(minima: CellMinima, orbit: Orbit) -> Fit | Deviation:
    """The minimum over an orbit, from that with one unit less."""
    cones: Any = minima.cones
    found: Fit | Deviation = cones.minimum(minima.cone(orbit), cones.minimum(minima.cone(orbit[:-1])))
    return found


def _gathered(parts: PartMinima, begin: int, end: int, found: list[Fit | Deviation]) -> Batch:
    """The batch of fits. The same ones come again and again: they are known by their identity, which is theirs while they are
    kept."""
    seen: dict[int, int] = {}
    numbers = [seen.setdefault(id(fit), len(seen)) for fit in found]
    fits = list({id(fit): fit for fit in found}.values())
    parts.remember(begin, [fit.signed for fit in fits], numbers)
    residuals: dict[tuple[int, ...], int] = {}
    risks: list[Fraction] = []
    places = []
    for fit in fits:
        place = residuals.setdefault(_key(parts.minima, fit), len(residuals))
        if place == len(risks):
            risks.append(parts.minima.risk(fit.value))
        places.append(place)
    return Batch(begin, end, tuple([places[number] for number in numbers]), tuple(risks), tuple(residuals))


def _key(minima: CellMinima, fit: Fit | Deviation) -> tuple[int, ...]:
    if minima.problem.loss.is_smooth:
        return minima.gradient_key(fit)
    return fit.value.numerator, fit.value.denominator
