"""The graph of the cells of a restricted problem and their facets: what is joined below a level, and lowest ways."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InternalError
from exactsurf.exact.least_on_polyhedron import LeastOnPolyhedron, value_at
from exactsurf.exact.linear_algebra import Vector
from exactsurf.surface.restricted.affine_cells import AffineCells


@dataclass(frozen=True)
class Way:
    """A chain of cells, each with a facet in common with the next; `crossed`, lowest points of these facets."""

    cells: tuple[int, ...]
    crossed: tuple[Vector, ...]
    level: Fraction


@dataclass(frozen=True)
class FreeGraph:
    """Cells, `risks` and `points`, the minimum over each and where; minima over facets are found when they are asked for.

    Exactness: exact. Source: proofs/claims/restricted_surface.md, theorem 1.
    """

    cells: AffineCells
    risks: tuple[Fraction, ...]
    points: tuple[Vector, ...]
    effort: Effort = UNBOUNDED
    _facets: dict[tuple[int, int], LeastOnPolyhedron] = field(default_factory=dict, repr=False)

    def facet(self, cell: int, beyond: int, hyperplane: int) -> LeastOnPolyhedron:
        """The minimum over the facet between two cells."""
        pair = (min(cell, beyond), max(cell, beyond))
        if pair not in self._facets:
            self.effort.check(f"the minima over {len(self._facets)} facets are known")
            self._facets[pair] = self.cells.facet_minimum(cell, hyperplane, self.points[cell], self.effort)
        return self._facets[pair]

    def beside(self, cell: int) -> Iterator[tuple[int, int]]:
        """The cells with a common facet, and its hyperplane."""
        for hyperplane in range(len(self.cells.hyperplanes)):
            beyond = self.cells.beyond(cell, hyperplane)
            if beyond is not None:
                yield beyond, hyperplane

    def joined_below(self, start: int, level: Fraction) -> set[int]:
        """The cells that a path from one, whose minimum is below a level, reaches below it."""
        found, waiting = {start}, [start]
        while waiting:
            cell = waiting.pop()
            for beyond, hyperplane in self.beside(cell):
                if beyond in found or self.risks[beyond] >= level:
                    continue
                if self.facet(cell, beyond, hyperplane).value < level:
                    found.add(beyond)
                    waiting.append(beyond)
        return found

    def lowest_way(self, starts: Collection[int], goals: Collection[int], least: Fraction) -> Way:
        """A chain from one of the `starts` to one of the `goals` over facets that are as low as possible, but for `least`."""
        came: dict[int, int] = {}
        waiting = [(least, cell, cell) for cell in sorted(starts)]
        while waiting:
            level, cell, before = heappop(waiting)
            if cell in came:
                continue
            came[cell] = before
            if cell in goals:
                return self._way(came, cell, level)
            for beyond, hyperplane in self.beside(cell):
                if beyond not in came:
                    heappush(waiting, (max(level, self.facet(cell, beyond, hyperplane).value), beyond, cell))
        raise InternalError("the graph of cells is not connected")

    def _way(self, came: dict[int, int], last: int, level: Fraction) -> Way:
        cells, crossed = deque([last]), deque[Vector]()
        while (before := came[cells[0]]) != cells[0]:
            crossed.appendleft(self._facets[min(before, cells[0]), max(before, cells[0])].point)
            cells.appendleft(before)
        return Way(tuple(cells), tuple(crossed), level)

    def straightened(self, stops: Sequence[Vector]) -> tuple[Vector, ...]:
        """Stops, each in one closed cell with the next, without those that may be passed over in one cell."""
        sides = [self._side_of(stop) for stop in stops]
        found, here = [stops[0]], 0
        while here < len(stops) - 1:
            further = range(len(stops) - 1, here, -1)
            here = next(
                k for k in further if k == here + 1 or all(a * b >= 0 for a, b in zip(sides[here], sides[k], strict=True))
            )
            found.append(stops[here])
        return tuple(found) if len(found) > 1 else (stops[0], stops[0])

    def _side_of(self, point: Vector) -> tuple[int, ...]:
        values = (value_at(form, point) for form in self.cells.hyperplanes)
        return tuple((value > 0) - (value < 0) for value in values)
