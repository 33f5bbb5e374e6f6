"""What symmetries of the samples do to the surface: they permute unit cells, their faces, and signed cells."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from exactsurf.model.sample_symmetries import SampleSymmetry, sample_symmetries
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.permutation_group import PermutationGroup, composed, inverse
from exactsurf.surface.signed_cells import Orbit
from exactsurf.surface.strata import UnitStratum
from exactsurf.surface.workload import Workload

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, eq=False)
class SurfaceSymmetry:
    """A symmetry of the samples as it acts on the cells of one unit: `cells[c]` and `faces[f]` are the images of c and f.

    `columns` are the images of the signed columns of `CellMinima`, numbered as the bits of a mask.
    Exactness: exact. Source: proofs/data_symmetries.md.
    """

    samples: SampleSymmetry
    cells: tuple[int, ...]
    faces: tuple[int, ...]
    columns: tuple[int, ...]

    @cached_property
    def kinds(self) -> tuple[int, ...]:
        """The images of the signed unit cells."""
        turned = self.samples.reflects
        return tuple([2 * cell + (side ^ turned) for cell in self.cells for side in (0, 1)])

    def gradient_key(self, key: tuple[int, ...]) -> tuple[int, ...]:
        """The image of a gradient, as its `gradient_key`."""
        return (key[0], *self.samples.moved(key[1:]))

    def mask(self, mask: int) -> int:
        """The image of a mask of signed columns."""
        found, columns = 0, self.columns
        while mask:
            lowest = mask & -mask
            found |= 1 << columns[lowest.bit_length() - 1]
            mask ^= lowest
        return found

    def orbits(self, orbits: Iterable[Orbit]) -> tuple[Orbit, ...]:
        """The images of several orbits of signed cells, in order."""
        return tuple(sorted(map(self.orbit, orbits)))

    def orbit(self, orbit: Sequence[int]) -> tuple[int, ...]:
        """The image of an orbit of signed cells."""
        kinds = self.kinds
        return tuple(sorted([kinds[kind] for kind in orbit]))

    def stratum(self, part: UnitStratum) -> UnitStratum:
        """The image of a stratum of one unit."""
        face, sign = part
        return self.faces[face], -sign if self.samples.reflects else sign

    def after(self, first: SurfaceSymmetry) -> SurfaceSymmetry:
        """First the other one, then this one."""
        samples = composed(first.samples.samples, self.samples.samples)
        return SurfaceSymmetry(
            SampleSymmetry(samples, first.samples.reflects != self.samples.reflects),
            composed(self.cells, first.cells),
            composed(self.faces, first.faces),
            composed(self.columns, first.columns),
        )

    def undone(self) -> SurfaceSymmetry:
        """The inverse."""
        samples = SampleSymmetry(inverse(self.samples.samples), self.samples.reflects)
        return SurfaceSymmetry(samples, inverse(self.cells), inverse(self.faces), inverse(self.columns))


def images_of(
    first: T, move: Callable[[SurfaceSymmetry, T], T], generators: Sequence[SurfaceSymmetry]
) -> dict[T, SurfaceSymmetry]:
    """What the group leads something to, itself left out, each with an element that does it.

    Parameters: `move`, how one symmetry acts. Exactness: exact. Raises: nothing. Source: the definition.
    """
    found: dict[T, SurfaceSymmetry] = {}
    walk: list[tuple[T, SurfaceSymmetry | None]] = [(first, None)]
    for own, way in walk:
        for one in generators:
            image = move(one, own)
            if image != first and image not in found:
                found[image] = one if way is None else one.after(way)
                walk.append((image, found[image]))
    return found


def others(first: T, move: Callable[[SurfaceSymmetry, T], T], generators: Sequence[SurfaceSymmetry]) -> list[T]:
    """What the group leads something to, itself left out.

    Parameters: as `images_of`. Exactness: exact. Raises: nothing. Source: the definition.
    """
    found = {first: None}
    walk = [first]
    for own in walk:
        for one in generators:
            image = move(one, own)
            if image not in found:
                found[image] = None
                walk.append(image)
    return walk[1:]


def fixing(
    first: T, move: Callable[[SurfaceSymmetry, T], T], generators: Sequence[SurfaceSymmetry]
) -> tuple[SurfaceSymmetry, ...]:
    """Generators of the subgroup that leaves something as it is.

    Parameters: as `images_of`. Exactness: exact. Raises: nothing. Source: Schreier's lemma.
    """
    ways: dict[T, SurfaceSymmetry | None] = {first: None, **images_of(first, move, generators)}
    found = {}
    for own, way in ways.items():
        for one in generators:
            whole = one if way is None else one.after(way)
            back = ways[move(one, own)]
            loop = whole if back is None else back.undone().after(whole)
            found[loop.samples] = loop
    size = len(generators[0].samples.samples) if generators else 0
    found.pop(SampleSymmetry(tuple(range(size))), None)
    return tuple(found.values())


def surface_symmetries(work: Workload) -> tuple[SurfaceSymmetry, ...]:
    """Generators of the symmetries of the data of a workload; none if there is only the identity.

    Parameters: `work`. Exactness: exact. Raises: nothing. Source: proofs/data_symmetries.md.

    >>> import exactsurf as es
    >>> from exactsurf.surface.workload import workload
    >>> work = workload(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0])))
    >>> [(one.samples.samples, one.samples.reflects) for one in surface_symmetries(work)]
    [((2, 1, 0), False)]
    """
    group, table = sample_symmetries(work.problem), work.table
    if not group.generators:
        return ()
    points = len(work.problem.network.activation.breakpoints)
    cells = {cell.signs: c for c, cell in enumerate(table.cells)}
    faces = {face.signs: f for f, face in enumerate(table.faces)}
    found = []
    for one in _needed(group.generators):
        rows = [i * points + k for i in one.samples for k in range(points)]
        first, second = (tuple([places[tuple([signs[row] for row in rows])] for signs in places]) for places in (cells, faces))
        found.append(SurfaceSymmetry(one, first, second, _columns(work.minima, one)))
    return tuple(found)


def _needed(generators: Sequence[SampleSymmetry]) -> Iterator[SampleSymmetry]:
    """Those that are no products of others before them: walks through orbits take a step for each."""
    size = len(generators[0].samples)
    group = PermutationGroup(size + 2)
    for one in generators:
        if group.add((*one.samples, *((size + 1, size) if one.reflects else (size, size + 1)))):
            yield one


def _columns(minima: CellMinima, symmetry: SampleSymmetry) -> tuple[int, ...]:
    count = len(minima.columns)
    place = {column: k for k, column in enumerate(minima.columns)}
    found = [0] * (2 * count)
    for k, column in enumerate(minima.columns):
        image = symmetry.moved(column)
        same = image in place
        other = place[image if same else tuple([-value for value in image])]
        found[k], found[k + count] = (other, other + count) if same else (other + count, other)
    return tuple(found)
