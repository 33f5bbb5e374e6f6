"""All local minima of the risk, as connected sets of equal risk: valleys, and those from which a plateau leads down.

The minimisers of a leaf of the merge tree are all local minima; elsewhere strata decide (see `minimal_strata`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.model.parameters import Parameters
from exactsurf.surface.minimal_strata import minimal_strata
from exactsurf.surface.minimiser_face import largest_dimension
from exactsurf.surface.signed_cells import Orbit
from exactsurf.surface.strata import Stratum
from exactsurf.surface.surface_symmetries import others, surface_symmetries
from exactsurf.surface.valley import minimiser
from exactsurf.surface.valley_parts import attained_parts

if TYPE_CHECKING:
    from exactsurf.surface.surface import Landscape


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
    strata: Sequence[Stratum] = ()

    @property
    def is_spurious(self) -> bool:
        """Whether some point has a strictly lower risk."""
        return not self.is_global


def find_local_minima(land: Landscape, *, use_symmetries: bool = True) -> tuple[LocalMinimum, ...]:
    """The local minima of a landscape, lowest first.

    For squared and Huber's loss these are all. For absolute and hinge loss the list has exactly the points that are minimisers of
    every signed cell around them: all of them are local minima, and no local minimum without an output weight 0 is missing. One
    with v_j = 0 may be missing: near it w_j moves only a little, so it need not be a minimiser of the signed cells around it
    (`decide` can prove such a point). Where `land.has_all_local_minima`, none is (see `has_unique_gradients`).
    Parameters: a `Landscape`; `use_symmetries`: what symmetries of the data lead to each other is looked for once, which saves
    time and changes nothing. Exactness: exact; the list is complete if `land.has_all_local_minima`.
    Raises: `UnsupportedError` if there are more candidates than `MAX_CHOICES` in one search.
    Source: theory.md, theorem B′; proofs/local_minima.md; proofs/data_symmetries.md.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> [(str(found.risk), found.dimension, found.is_valley) for found in land.local_minima]
    [('1/3', 1, True), ('3/4', 1, True), ('3/4', 1, True), ('1', 1, True), ('11/8', 2, False)]
    """
    best = land.global_minimum.risk
    work = land.work
    symmetries = surface_symmetries(work) if use_symmetries else ()
    dimensions: dict[tuple[Orbit, ...], int] = {}
    levels = Counter(valley.risk for valley in land.valleys)
    found = []
    for place, valley in enumerate(land.valleys):
        for cells, copies in attained_parts(land, valley):
            orbits = tuple([work.orbits[cell] for cell in cells])
            parameters = minimiser(work.minima, orbits[0])
            assert parameters is not None
            dimension = dimensions.pop(orbits, None)
            if dimension is None:
                dimension = largest_dimension(work.minima, orbits)
                # One that is alone at its level is its own image.
                if levels[valley.risk] > 1:
                    images = others(orbits, lambda one, own: one.orbits(own), symmetries)
                    dimensions.update(dict.fromkeys(images, dimension))
            alone = dimension == 0 and all(parameters.weights[-1][0])
            found.append(
                LocalMinimum(valley.risk, parameters, dimension, copies, alone, valley.is_global, True, (place,), cells=cells)
            )
    place_of = {valley.node: place for place, valley in enumerate(land.valleys)}
    for part in minimal_strata(land, symmetries):
        under = tuple(sorted(place_of[leaf] for leaf in land.merges.leaves_under(land.merges.homes[part.orbit])))
        alone = part.dimension == 0 and len(part.strata) == 1 and all(part.strata[0].signs)
        risk = land.risks[part.orbit]
        found.append(
            LocalMinimum(
                risk, part.parameters, part.dimension, part.copies, alone, risk == best, False, under, strata=part.strata
            )
        )
    return tuple(sorted(found, key=lambda minimum: minimum.risk))
