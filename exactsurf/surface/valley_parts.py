"""The connected parts of the points of least risk in a valley, where some of it may lie at infinity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exactsurf.surface.forest import Forest, sorting
from exactsurf.surface.product_variables import attained_amounts
from exactsurf.surface.signed_cells import CrossedFacet, Orbit, facets
from exactsurf.surface.valley import Valley

if TYPE_CHECKING:
    from exactsurf.surface.surface import Landscape


def attained_parts(land: Landscape, valley: Valley) -> tuple[tuple[tuple[int, ...], int], ...]:
    """The orbits of signed cells of each connected part of the minimisers in a valley, with the number of copies of the part.

    With breakpoints other than 0, cells of a valley may come together only in the limit v → 0, w → ∞; then the points that have
    its risk are several parts, or none.
    Parameters: a `valley` of the landscape. Exactness: exact (linear programs). Raises: nothing. Source: theory.md, section 4.
    """
    work = land.work
    if work.minima.table.homogeneous:
        return ((valley.cells, valley.multiplicity),)
    orbits = {cell: work.orbits[cell] for cell in valley.cells}
    attained = [cell for cell, orbit in orbits.items() if _is_attained(land, orbit, None)]
    number = {cell: place for place, cell in enumerate(attained)}
    forest = Forest(work.orbits.units, len(attained))
    for cell, place in number.items():
        forest.add(place, orbits[cell])
    for cell, place in number.items():
        orbit = orbits[cell]
        for facet in facets(orbit, work.ways):
            beyond = number.get(work.orbits.rank(facet.beyond))
            if beyond is not None and _is_attained(land, orbit, facet):
                moved = [*orbit[: facet.place], facet.crossing.beyond, *orbit[facet.place + 1 :]]
                forest.join(place, beyond, sorting(moved))
    parts: dict[int, list[int]] = {}
    for cell, place in number.items():
        parts.setdefault(forest.root(place)[0], []).append(cell)
    return tuple(sorted((tuple(cells), forest.groups[root].index) for root, cells in parts.items()))


def _is_attained(land: Landscape, orbit: Orbit, facet: CrossedFacet | None) -> bool:
    """Whether parameters in the signed cell (on the facet) have the least risk of the cell."""
    minima = land.work.minima
    members = [minima.table.members[kind // 2] for kind in orbit]
    if facet is not None:
        members[facet.place] = facet.crossing.generators
    signs = [1 - 2 * (kind % 2) for kind in orbit]
    return attained_amounts(minima, members, signs, minima.gradient(minima.over_orbit(orbit))) is not None
