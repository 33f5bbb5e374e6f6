"""The proof that the valleys of a landscape are all there are."""

from __future__ import annotations

from fractions import Fraction
from typing import overload

from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.all_cells import ListedCell
from exactsurf.certificate.claims.all_valleys import AllValleys
from exactsurf.certificate.claims.cut import Cut
from exactsurf.certificate.claims.restricted_paths import RestrictedAllValleys
from exactsurf.effort import UNBOUNDED
from exactsurf.errors import InputError, check_kind
from exactsurf.exact.linear_algebra import Vector
from exactsurf.surface.dual_cover import DualCover
from exactsurf.surface.facet_graph import FacetGraph
from exactsurf.surface.restricted.free_valley_list import certify_all_free_valleys
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.spread import Spread, bottoms
from exactsurf.surface.surface import Landscape

MAX_ORBITS = 200_000
"""Most orbits of signed cells in a certificate, unless more are asked for."""


@overload
def certify_all_valleys(
    land: RestrictedLandscape, *, max_orbits: int = MAX_ORBITS, embed: bool | None = None
) -> RestrictedAllValleys: ...


@overload
def certify_all_valleys(land: Landscape, *, max_orbits: int = MAX_ORBITS, embed: bool | None = None) -> AllValleys: ...


def certify_all_valleys(
    land: Landscape | RestrictedLandscape, *, max_orbits: int = MAX_ORBITS, embed: bool | None = None
) -> AllValleys | RestrictedAllValleys:
    """That the valleys of a landscape are all there are: from everywhere a path that does not rise leads to one of them.

    Parameters: a landscape; `max_orbits`, the most orbits of signed cells (of a restricted landscape, cells); `embed` as in
    `problem_document`.
    Returns: a certificate, accepted by the verifier. Its first points are those of `land.valleys`; that each of these is the
    bottom of a valley of its own is the statement of `certify_spurious_valley` and `certify_global_minimum`.
    Exactness: exact. Raises: `InputError` if there are more orbits than `max_orbits`, `UnsupportedError` if the minimum over a
    signed cell is not attained. Source: theory.md, theorem B; proofs/claims/all_valleys.md.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> es.certify_all_valleys(land).valleys
    4
    """
    if isinstance(land, RestrictedLandscape):
        check_orbits(land.cells, max_orbits, "cells")
        return certify_all_free_valleys(land, embed, UNBOUNDED)
    check_kind(land, Landscape, "certify_all_valleys", "take es.landscape(problem)")
    check_orbits(land.orbits, max_orbits)
    risks = dict(zip(land.work.orbits.between(0, land.orbits), land.risks, strict=True))
    spread = Spread(FacetGraph(land.work), bottoms(land.valleys), risks)
    problem = land.problem
    cells = tuple(ListedCell(cell.pieces, cell.witness) for cell in enumerate_unit_cells(problem))
    return confirmed(AllValleys(problem, tuple(spread.points), tuple(spread.leads_to), Cut(cells, _duals(land)), embed))


def check_orbits(count: int, most: int, what: str = "orbits of signed cells") -> None:
    """Refuse a list of valleys over too many orbits of signed cells.

    Exactness: exact. Raises: `InputError` if there are more than `most`. Source: none needed.
    """
    if count > most:
        raise InputError(
            f"there are {count} {what}, more than the limit of {most} for a certificate",
            fix="raise max_orbits, or take fewer samples or units",
        )


def _duals(land: Landscape) -> tuple[Vector, ...]:
    """For every level dual vectors that hold on all signed cells of this minimum."""
    minima = land.work.minima
    cones: dict[Fraction, set[int]] = {}
    for rank, orbit in enumerate(land.work.orbits.between(0, land.orbits)):
        cones.setdefault(land.risks[rank], set()).add(minima.cone(orbit))
    found: list[Vector] = []
    for level, masks in sorted(cones.items()):
        cover = DualCover(minima, minima.masks, level)
        for mask in sorted(masks):
            if not cover.covers(mask):
                cover.add(mask)
        found += cover.needed_on(masks)
    return tuple(found)
