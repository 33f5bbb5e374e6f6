"""The graph of all signed cells, the order of the units kept, with the minima over facets; explored where it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any, Protocol, TypeAlias

from exactsurf.effort import look
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import brief
from exactsurf.model.parameter_vector import unit_weights
from exactsurf.model.parameters import Parameters
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.product_variables import face_minimiser
from exactsurf.surface.unit_table import UnitTable
from exactsurf.surface.workload import Workload

SignedCell: TypeAlias = tuple[int, ...]
"""For every unit its signed unit cell; see `exactsurf.surface.signed_cells`."""


@dataclass(frozen=True)
class Face:
    """A signed cell or a facet of one: the generators of every unit (none: it is off), and the mask of signed columns."""

    generators: tuple[tuple[int, ...], ...]
    mask: int


class SignedCellGraph(Protocol):
    """Signed cells, their facets, and the least risk over each facet, or a number that is in its place among these."""

    def facets(self, cell: SignedCell) -> Iterator[tuple[SignedCell, int, tuple[int, ...]]]:
        """The signed cells beside a signed cell, with the unit that crosses and its generators on the facet."""

    def facet(self, cell: SignedCell, place: int, generators: tuple[int, ...]) -> Face:
        """The facet on which one unit has these generators only."""

    def level(self, face: Face) -> Fraction:
        """The level of a facet."""


def cell_of(table: UnitTable, point: Parameters) -> SignedCell:
    """A closed signed cell that contains a point.

    Parameters: the table of a unit, parameters of its problem. Exactness: exact. Raises: nothing: the closed cells cover the
    space. Source: the definition.
    """
    found = []
    for weights, output in zip(unit_weights(point), point.weights[1][0], strict=True):
        signs = table.arrangement.signs_at(weights)
        matches = (
            c for c, cell in enumerate(table.cells) if all(sign in (0, own) for sign, own in zip(signs, cell.signs, strict=True))
        )
        found.append(2 * next(matches) + (output < 0))
    return tuple(found)


@dataclass(frozen=True)
class FacetGraph:
    """The signed cells of the problem of a `Workload`, their facets and the minima over both.

    Exactness: exact. Source: theory.md, section 4.
    """

    work: Workload

    @property
    def minima(self) -> CellMinima:
        """The minima of the problem."""
        return self.work.minima

    @property
    def table(self) -> UnitTable:
        """The cells of one hidden unit."""
        return self.minima.table

    def cell_of(self, point: Parameters) -> SignedCell:
        """A closed signed cell that contains a point."""
        return cell_of(self.table, point)

    def face(self, cell: SignedCell) -> Face:
        """A signed cell as a face."""
        return Face(tuple(self.minima.table.members[kind // 2] for kind in cell), self.minima.cone(cell))

    def facets(self, cell: SignedCell) -> Iterator[tuple[SignedCell, int, tuple[int, ...]]]:
        """The signed cells beside a signed cell, with the unit that crosses and its generators on the facet."""
        for place, kind in enumerate(cell):
            for crossing in self.work.ways[kind]:
                yield (*cell[:place], crossing.beyond, *cell[place + 1 :]), place, crossing.generators

    def facet(self, cell: SignedCell, place: int, generators: tuple[int, ...]) -> Face:
        """The facet on which one unit has these generators only."""
        minima = self.minima
        chosen = [minima.table.members[kind // 2] for kind in cell]
        chosen[place] = generators
        others = minima.cone((*cell[:place], *cell[place + 1 :]))
        return Face(tuple(chosen), others | minima.mask(generators, 1 - 2 * (cell[place] % 2)))

    def level(self, face: Face) -> Fraction:
        """The minimum (or infimum) of the risk over a face."""
        cones: Any = self.minima.cones
        return self.minima.risk(cones.minimum(face.mask).value)

    def minimiser(self, cell: SignedCell, face: Face) -> Parameters:
        """Parameters of minimal risk on a face of a signed cell.

        Parameters: a `face` of `cell`. Exactness: exact. Raises: `UnsupportedError` if the infimum is not attained.
        Source: theory.md, section 4.
        """
        found = face_minimiser(self.minima, cell, face.generators, face.mask)
        if found is None:
            raise UnsupportedError(
                f"the infimum {brief(self.level(face))} of the risk on a face of a signed cell is approached, but not attained",
                "ask for a level above it, or use an activation with its only breakpoint at 0 and h(0) = 0",
            )
        # A unit without generators predicts nothing; off, it is in the facet v = 0 too.
        outputs = tuple(v if members else Fraction(0) for v, members in zip(found.weights[1][0], face.generators, strict=True))
        return replace(found, weights=(found.weights[0], (outputs,)))


@dataclass(frozen=True)
class Route:
    """A chain of signed cells; `crossed[k]` is the facet from cell k to the next, `level` the largest minimum over them."""

    cells: tuple[SignedCell, ...]
    crossed: tuple[Face, ...]
    level: Fraction


def lowest_route(
    graph: SignedCellGraph,
    start: SignedCell,
    arrived: Callable[[SignedCell], bool],
    *,
    least: Fraction,
    max_cells: int,
    highest: Fraction | None = None,
) -> Route | None:
    """A chain of signed cells from `start` to one that has `arrived` whose highest facet is as low as possible, if there is one.

    Parameters: `least`, a level that the route reaches in any case; `max_cells`, the most signed cells to reach; `highest`, a
    level above which it may not rise.
    Exactness: exact. Raises: `InputError` when `max_cells` are not enough. Source: Dijkstra, for the largest of the weights.
    """
    heap: list[tuple[Fraction, int, SignedCell]] = [(least, 0, start)]
    came: dict[SignedCell, tuple[SignedCell, Face] | None] = {start: None}
    best: dict[SignedCell, Fraction] = {start: least}
    known: dict[int, Fraction] = {}
    done: set[SignedCell] = set()
    while heap:
        level, _, cell = heappop(heap)
        if cell in done:
            continue
        look(f"a path through signed cells is looked for, {len(done)} of them are reached")
        done.add(cell)
        if len(done) > max_cells:
            raise InputError(
                f"{max_cells} signed cells were reached without an end of the path",
                fix="raise max_cells, or take fewer samples or units",
            )
        if arrived(cell):
            return _route(cell, came, level)
        for beyond, place, generators in graph.facets(cell):
            if beyond in done:
                continue
            face = graph.facet(cell, place, generators)
            if face.mask not in known:
                known[face.mask] = graph.level(face)
            height = max(level, known[face.mask])
            if highest is not None and height > highest:
                continue
            if beyond not in best or height < best[beyond]:
                best[beyond], came[beyond] = height, (cell, face)
                heappush(heap, (height, len(came), beyond))
    return None


def _route(cell: SignedCell, came: dict[SignedCell, tuple[SignedCell, Face] | None], level: Fraction) -> Route:
    cells, crossed = [cell], []
    while (step := came[cell]) is not None:
        cell, face = step
        cells.append(cell)
        crossed.append(face)
    return Route(tuple(reversed(cells)), tuple(reversed(crossed)), level)
