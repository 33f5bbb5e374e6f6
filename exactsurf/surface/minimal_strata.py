"""The strata of parameter space whose points are minimisers of all signed cells around them, outside of the valleys.

A stratum is one face of the arrangement for every unit together with the sign −, 0 or + of its output weight; the signed cells
around all its points are the same. Its points are local minima if they are minimisers of all of them (theorem B′). Families of
unit strata answer for all strata at once (see `strata`), so none is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.kinked_strata import kinked_strata
from exactsurf.surface.minimiser_face import FaceDimensions
from exactsurf.surface.one_gradient import OneGradient
from exactsurf.surface.strata import UnitStratum
from exactsurf.surface.strata_search import SIGNS, MinimalStrata, Ranks, StrataSearch
from exactsurf.surface.surface_symmetries import SurfaceSymmetry, fixing, images_of, others

if TYPE_CHECKING:
    from exactsurf.surface.surface import Landscape


def minimal_strata(land: Landscape, symmetries: Sequence[SurfaceSymmetry] = ()) -> Iterator[MinimalStrata]:
    """The connected sets of points that are no bottom of a valley and minimisers of all signed cells around them.

    Parameters: a `Landscape`; `symmetries`, generators, which save work and change nothing. Exactness: exact; complete.
    Raises: `UnsupportedError` if one search has more than `MAX_CHOICES` candidates.
    Source: theory.md, theorem B′; proofs/local_minima.md, section 6; proofs/data_symmetries.md.
    """
    leaves = {cell for valley in land.valleys for cell in valley.cells}
    if not land.problem.loss.is_smooth:
        yield from kinked_strata(land, leaves, symmetries)
        return
    ranks = Ranks(FaceDimensions(land.work.minima), {})
    moved: dict[tuple[int, ...], tuple[StrataSearch | None, SurfaceSymmetry]] = {}
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
    land: Landscape, key: tuple[int, ...], leaves: set[int], symmetries: Sequence[SurfaceSymmetry], known: Ranks
) -> StrataSearch | None:
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
    search = StrataSearch(land, good, [()] * len(good), known)
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
        good += [(index, sign) for sign, fine in zip(SIGNS, (*fits, all(fits)), strict=True) if fine]
    return good
