"""The strata in question for losses with kinks: their minima may have many gradients, so masks of strata lead the search.

A mask whose own minimum leaves some column of it unused holds no such stratum, and few masks are left. Only for these are the
families of unit strata put together, one unit after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

from exactsurf.surface.minimiser_face import FaceDimensions
from exactsurf.surface.strata import Choice
from exactsurf.surface.strata_search import SIGNS, MinimalStrata, Ranks, StrataSearch, check_count, kinds_around
from exactsurf.surface.surface_symmetries import SurfaceSymmetry, images_of

if TYPE_CHECKING:
    from exactsurf.surface.surface import Landscape


def kinked_strata(land: Landscape, leaves: set[int], symmetries: Sequence[SurfaceSymmetry] = ()) -> Iterator[MinimalStrata]:
    """The connected sets of minimisers of all signed cells around them outside of `leaves`, whatever gradients these have.

    Parameters: a `Landscape`; `leaves`, orbits of signed cells; `symmetries`, generators, which save work and change nothing.
    Exactness: exact; complete. Raises: `UnsupportedError` if there are more candidates than `MAX_CHOICES`.
    Source: theory.md, theorem B′; proofs/local_minima.md, sections 6 and 8; proofs/data_symmetries.md.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]), loss=es.absolute))
    >>> [(part.dimension, len(part.strata)) for part in kinked_strata(land, set())]
    [(2, 27)]
    """
    search = _Masks(land, leaves)
    search.find(symmetries)
    yield from search.found.alike().components(symmetries)


class _Masks:
    """The masks of strata, and the choices of families that have one of them."""

    def __init__(self, land: Landscape, leaves: set[int]) -> None:
        minima = land.work.minima
        self.minima, self.leaves = minima, leaves
        # Of whole levels that belong to leaves nothing is asked.
        outside = {risk for orbit, risk in enumerate(land.risks) if orbit not in leaves}
        self.values = {minima.value(risk) for risk in outside}
        # One type for all tables: the starts that are handed over come from the same table.
        self.cones: Any = minima.cones
        parts = [(face, sign) for face in range(len(minima.table.faces)) for sign in SIGNS]
        # The same masks have the same minima.
        masks = [tuple(sorted({minima.masks[kind] for kind in kinds_around(minima, part)})) for part in parts]
        self.found = StrataSearch(land, parts, masks, Ranks(FaceDimensions(minima), {}))
        self.around = [masks[k] for k in self.found.first]
        self.kinds = {kind for own in self.around for kind in own}
        self.tried = 0

    def find(self, symmetries: Sequence[SurfaceSymmetry]) -> None:
        """Put what there is into `found`; of masks that symmetries lead to each other one is looked at."""
        search, done = self.found, set[int]()
        moves = [self.moved(one) for one in symmetries]
        for total, (part, _) in self.totals[-1].items():
            if total in done:
                continue
            walk = [total]
            done.add(total)
            for here in walk:
                further = {move[here] for move in moves} - done
                done |= further
                walk += further
            own = self.of(total, part)
            search.found += own
            if own and symmetries:
                for one in images_of(total, SurfaceSymmetry.mask, symmetries).values():
                    search.found += search.images(own, one)
        search.found.sort()

    @cached_property
    def totals(self) -> list[dict[int, tuple[int, int]]]:
        """The masks of all strata of 0, 1, … units: each is that of one with a unit less and of one unit together."""
        units = sorted(set(self.found.masks))
        found: list[dict[int, tuple[int, int]]] = [{0: (0, 0)}]
        for _ in range(self.found.units):
            more: dict[int, tuple[int, int]] = {}
            for part in found[-1]:
                for own in units:
                    more.setdefault(part | own, (part, own))
            check_count(len(more), "masks of strata")
            found.append(more)
        return found

    def moved(self, symmetry: SurfaceSymmetry) -> dict[int, int]:
        """The images of the masks of all strata of the network."""
        of_unit = {own: symmetry.mask(own) for own in set(self.found.masks)}
        found = {0: 0}
        for level in self.totals[1:]:
            found = {total: found[part] | of_unit[own] for total, (part, own) in level.items()}
        return found

    def of(self, total: int, part: int) -> list[Choice]:
        """The choices with this mask. A minimiser uses only columns along which the risk is stationary, and strata use all."""
        fit = self.cones.minimum(total, self.cones.minimum(part))
        count = len(self.minima.columns)
        either = (total | total >> count) & ((1 << count) - 1)
        if (either | either << count) & ~fit.allowed or fit.value not in self.values:
            return []
        kept = {kind for kind in self.kinds if self.has(total | kind, fit)}
        families = [
            family for family, own in enumerate(self.found.masks) if not own & ~total and kept.issuperset(self.around[family])
        ]
        one = self.one_with(total, families)
        if one is None or not self.found.is_inside(one, self.minima.gradient(fit)):
            return []
        return [chosen for chosen in self.within(total, fit, families) if self.found.orbit(chosen) not in self.leaves]

    def has(self, cone: int, fit: Any) -> bool:
        """Whether the minimum over a cone that holds that of a fit is the same."""
        return not cone & ~fit.allowed or self.cones.minimum(cone, fit).value == fit.value

    def one_with(self, total: int, families: Sequence[int]) -> Choice | None:
        """A choice of these families with this mask, if there is one, whatever is around it."""
        family_of = {self.found.masks[family]: family for family in families}
        found: dict[int, Choice] = {0: ()}
        for _ in range(self.found.units):
            found = {mask | own: (*chosen, family) for mask, chosen in found.items() for own, family in family_of.items()}
        return found.get(total)

    def within(self, total: int, fit: Any, families: Sequence[int]) -> Iterator[Choice]:
        """The choices with this mask such that the minimum over all signed cells around them is that over the mask.

        A larger cone has no larger minimum, so what holds over it holds over all cones between it and the mask.
        """
        masks, units = self.found.masks, self.found.units
        wide = total
        for family in families:
            for kind in self.around[family]:
                wide |= kind if not kind & ~fit.allowed else 0
        rest = [0] * (len(families) + 1)
        for k in reversed(range(len(families))):
            rest[k] = rest[k + 1] | masks[families[k]]
        walk: list[tuple[tuple[int, ...], int, tuple[int, ...] | None]] = [((), 0, (wide,))]
        while walk:
            places, mask, cones = walk.pop()
            if len(places) == units:
                yield tuple([families[k] for k in places])
                continue
            for k in range(places[-1] if places else 0, len(families)):
                if total & ~(mask | rest[k]):
                    break
                own = mask | masks[families[k]]
                if len(places) == units - 1 and own != total:
                    continue
                further = None if cones is None else _joined(cones, self.around[families[k]])
                if further is None or not all(self.has(cone, fit) for cone in further):
                    further = None
                    around = self.cones_around([families[place] for place in (*places, k)])
                    if not all(self.has(total | cone, fit) for cone in around):
                        continue
                walk.append(((*places, k), own, further))
                self.tried += 1
                check_count(self.tried, "candidates for local minima")

    def cones_around(self, families: Iterable[int]) -> Iterator[int]:
        """The masks of the signed cells around strata of some families."""
        for kinds in product(*[self.around[family] for family in families]):
            found = 0
            for kind in kinds:
                found |= kind
            yield found


def _joined(cones: Iterable[int], kinds: Iterable[int]) -> tuple[int, ...]:
    """The largest of the cones that one of each gives together."""
    found: list[int] = []
    for cone in sorted({cone | kind for cone in cones for kind in kinds}, key=int.bit_count, reverse=True):
        if all(cone & ~other for other in found):
            found.append(cone)
    return tuple(found)
