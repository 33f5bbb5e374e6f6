"""A cut: the signed cells that a path below a level can reach, as dual vectors show (FORMAT.md, section 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .arithmetic.document import Field, at
from .arithmetic.rational import Rational
from .arithmetic.region_count import Effort
from .dual_bounds import DualBounds, read_duals
from .problem import Problem, Stop
from .submission import Submission, counted
from .unit_cells import UnitCells, read_unit_cells

SignedCell = tuple[int, ...]
"""For every unit its signed unit cell, as in `DualBounds`."""

_STATE = 64  # what a signed cell that is remembered counts for


@dataclass(frozen=True)
class Cut:
    """The graph of signed cells without the facets on which a dual vector shows the level, one of bits `high`.

    `pieces` and `beside` of the cells of a unit; of `count` dual vectors, as bits, `masks` hold on signed unit cells, and
    `facet` on the facet in a wall between two of them.
    """

    pieces: list[list[int]]
    beside: list[list[int]]
    masks: list[int]
    count: int
    high: int
    facet: Callable[[int, int], int]
    effort: Effort
    ways: dict[int, list[tuple[int, int]]]

    @classmethod
    def read(cls, submission: Submission, problem: Problem, evidence: Field, least: Rational, height: Rational) -> Cut:
        """The fields `cells` and `duals` of the evidence: no dual vector bounds the risk by less than `least`."""
        problem_field = submission.root.child("problem")
        cells, duals_field = evidence.child("cells"), evidence.child("duals")
        effort = Effort()
        units = read_unit_cells(problem, problem_field, cells, effort, submission.done)
        duals = read_duals(problem, units, duals_field, least, effort)
        high = duals.of_at_least(height)
        submission.done(f"{counted(len(duals.bounds), 'dual vector')}, {high.bit_count()} of them at the barrier")
        return cls.of_forms(units, duals, high, effort)

    @classmethod
    def of_forms(cls, units: UnitCells, duals: DualBounds, high: int, effort: Effort) -> Cut:
        """The cut of dual vectors that hold where the form of a unit has a sign."""

        def facet(kind: int, other: int) -> int:
            return duals.facet(units.members[kind // 2] & units.members[other // 2], kind % 2)

        return cls(units.pieces, units.beside, duals.masks, len(duals.bounds), high, facet, effort, {})

    def cell_of(self, point: Stop) -> SignedCell:
        """A closed signed cell that contains the point."""
        (outputs,) = point.parameters.weights[1]
        found = []
        for positions, v in zip(point.forward.positions[0], outputs, strict=True):
            inside = (
                c
                for c, cell in enumerate(self.pieces)
                if all(p // 2 <= piece <= (p + 1) // 2 for piece, p in zip(cell, positions, strict=True))
            )
            found.append(2 * next(inside) + (v < 0))
        return tuple(found)

    def bounded(self, cell: SignedCell) -> bool:
        """Whether some dual vector bounds the risk on the signed cell."""
        common = (1 << self.count) - 1
        for kind in cell:
            common &= self.masks[kind]
        return common != 0

    def check_apart(self, first: Stop, last: Stop, field: Field) -> int:
        """How many signed cells can be reached from the first point; a rejection if one of them has the last point."""
        goal, reached = self.cell_of(last), 0
        with at(field.place):
            for cell in self.component(self.cell_of(first)):
                reached += 1
                if cell == goal:
                    raise field.reject("the dual vectors do not separate the ends of the path")
        return reached

    def check_bounded(self, start: Stop, field: Field) -> int:
        """How many signed cells can be reached from a point; a rejection if no dual vector bounds one of them."""
        reached = 0
        with at(field.place):
            for cell in self.component(self.cell_of(start)):
                reached += 1
                if not self.bounded(cell):
                    raise field.reject("no dual vector bounds a signed cell that can be reached below the barrier")
        return reached

    def component(self, start: SignedCell) -> Iterator[SignedCell]:
        """The signed cells that can be reached from `start` over facets that no dual vector closes."""
        seen = {start}
        waiting = [start]
        masks = self.masks
        while waiting:
            cell = waiting.pop()
            yield cell
            for place, kind in enumerate(cell):
                others = self.high
                for position, other in enumerate(cell):
                    if position != place:
                        others &= masks[other]
                ways = self._ways(kind)
                self.effort.spend(_STATE + len(ways) + len(cell))
                for beyond, closed in ways:
                    if not others & closed:
                        next_cell = (*cell[:place], beyond, *cell[place + 1 :])
                        if next_cell not in seen:
                            seen.add(next_cell)
                            waiting.append(next_cell)

    def _ways(self, kind: int) -> list[tuple[int, int]]:
        """For a signed unit cell those beside it, with the dual vectors that bound the unit's term on the facet between."""
        if kind not in self.ways:
            cell, sign = divmod(kind, 2)
            self.effort.spend(self.count * (1 + len(self.beside[cell])))
            # Where the output weight is 0 the unit has no term.
            self.ways[kind] = [(kind ^ 1, self.high)] + [
                (2 * other + sign, self.facet(kind, 2 * other + sign)) for other in self.beside[cell]
            ]
        return self.ways[kind]
