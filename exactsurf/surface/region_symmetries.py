"""Symmetries of the samples as they act on regions of the units: of regions that they lead to each other one is searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.sample_symmetries import SampleSymmetry, sample_symmetries
from exactsurf.surface.permutation_group import composed, inverse
from exactsurf.surface.regions import Region, Regions, RegionTable

_MOST = 384
"""Symmetries that are compared with at most."""


@dataclass(frozen=True)
class RegionSymmetry:
    """A symmetry of the samples: `walls[k]` is the image of wall k, above which the image of what is above wall k lies.

    Exactness: exact. Source: proofs/data_symmetries.md.
    """

    samples: SampleSymmetry
    walls: tuple[int, ...]

    def region(self, region: Region) -> Region:
        """The image of a region of one unit."""
        sign = -region.sign if self.samples.reflects else region.sign
        return Region(sign, self._bits(region.above), self._bits(region.below))

    def gradient(self, gradient: Vector) -> Vector:
        """The image of a dual vector: it holds on the image of a region where the other one holds on the region."""
        moved = [gradient[i] for i in self.samples.samples]
        return tuple([-value for value in moved] if self.samples.reflects else moved)

    def after(self, first: RegionSymmetry) -> RegionSymmetry:
        """First the other one, then this one."""
        samples = composed(first.samples.samples, self.samples.samples)
        return RegionSymmetry(
            SampleSymmetry(samples, first.samples.reflects != self.samples.reflects), composed(self.walls, first.walls)
        )

    def undone(self) -> RegionSymmetry:
        """The inverse."""
        return RegionSymmetry(SampleSymmetry(inverse(self.samples.samples), self.samples.reflects), inverse(self.walls))

    def _bits(self, mask: int) -> int:
        found = 0
        while mask:
            lowest = mask & -mask
            found |= 1 << self.walls[lowest.bit_length() - 1]
            mask ^= lowest
        return found


class RegionSymmetries:
    """The symmetries of the data of a problem that keep the sides of walls apart, and regions met before, up to these.

    A wall may be that of several samples on opposite sides; symmetries that take one of its sides to the other are left out.
    Parameters: `table`, of a problem without weight decay; `are_used`, else the identity is alone.
    Exactness: exact. Raises: nothing. Source: proofs/data_symmetries.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2], [0, 1, 0])
    >>> es.GlobalSearch(es.Problem(es.Network([1, 1, 1]), data)).symmetries.order
    2
    """

    def __init__(self, table: RegionTable, are_used: bool = True) -> None:
        problem = table.minima.problem
        self.identity = RegionSymmetry(SampleSymmetry(tuple(range(len(problem.data)))), tuple(range(len(table.walls))))
        found = {self.identity.samples: self.identity}
        generators = [_acting(table, one) for one in (sample_symmetries(problem).generators if are_used else ())]
        kept = [one for one in generators if one is not None]
        walk = [self.identity]
        for own in walk:
            for one in kept:
                image = one.after(own)
                if image.samples not in found and len(found) < _MOST:
                    found[image.samples] = image
                    walk.append(image)
        self._elements = tuple(found.values())
        self._images: dict[Region, tuple[Region, ...]] = {}
        self._known: dict[Regions, tuple[int, RegionSymmetry]] = {}

    @property
    def order(self) -> int:
        """How many there are, the identity counted."""
        return len(self._elements)

    def forget(self) -> None:
        """Forget the regions that were met."""
        self._known.clear()

    def met(self, regions: Regions, place: int) -> tuple[int, RegionSymmetry] | None:
        """The place of regions met before and a symmetry that leads from them to these; None where these are met first.

        Parameters: `regions`, all with a sign; `place`, what to remember of them. Exactness: exact. Raises: nothing.
        Source: the definition.
        """
        images = [self._of(region) for region in regions]
        keys = [tuple(sorted(image)) for image in zip(*images, strict=True)]
        key = min(keys)
        own = self._elements[keys.index(key)]
        first, other = self._known.setdefault(key, (place, own))
        # An interrupted search may ask twice.
        return None if first == place else (first, own.undone().after(other))

    def further_cuts(self, regions: Regions, unit: int, wall: int | None) -> list[tuple[int, int, RegionSymmetry]]:
        """The other units and walls that symmetries of some regions lead a unit and a wall to, and the symmetries that do it.

        Of alike units the first stands for all. Parameters: `regions`; a unit of them, and a wall that does not cut off from its
        region yet. Exactness: exact. Raises: nothing. Source: Ostrowski and others, Orbital branching, 2011;
        proofs/claims/global_minimum.md, section 14.
        """
        if wall is None or self.order == 1 or not all(region.sign for region in regions):
            return []
        found: dict[tuple[int, int], RegionSymmetry] = {(regions.index(regions[unit]), wall): self.identity}
        images, own = [self._of(region) for region in regions], sorted(regions)
        for place, one in enumerate(self._elements):
            if sorted(image[place] for image in images) == own:
                found.setdefault((regions.index(images[unit][place]), one.walls[wall]), one)
        return [(*cut, one) for cut, one in list(found.items())[1:]]

    def _of(self, region: Region) -> tuple[Region, ...]:
        found = self._images.get(region)
        if found is None:
            found = self._images[region] = tuple([one.region(region) for one in self._elements])
        return found


def _acting(table: RegionTable, samples: SampleSymmetry) -> RegionSymmetry | None:
    """A symmetry as it permutes walls; None if it takes a side of one to the other side."""
    points = len(table.minima.problem.network.activation.breakpoints)
    places = {row: (k, way) for k, wall in enumerate(table.walls) for row, way in zip(wall.rows, wall.orientations, strict=True)}
    goes = inverse(samples.samples)
    walls = []
    for wall in table.walls:
        sample, point = divmod(wall.rows[0], points)
        place, way = places[goes[sample] * points + point]
        if way < 0:
            return None
        walls.append(place)
    return RegionSymmetry(samples, tuple(walls))


def matched(images: Sequence[Region], regions: Sequence[Region]) -> tuple[int, ...]:
    """For each of some regions its place among others, which are the same in another order.

    Parameters: as many of each. Exactness: exact. Raises: `ValueError` for others. Source: none.

    >>> matched([Region(1), Region(-1)], [Region(-1), Region(1)])
    (1, 0)
    """
    left = list(range(len(regions)))
    found = []
    for image in images:
        place = next((k for k in left if regions[k] == image), None)
        if place is None:
            raise ValueError("regions that a symmetry does not lead to")
        left.remove(place)
        found.append(place)
    return tuple(found)
