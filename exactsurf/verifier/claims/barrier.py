"""The claims `barrier` and `spurious valley`: a path below a level, and a cut at it (FORMAT.md, section 9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..arithmetic.document import Field, at
from ..arithmetic.rational import Rational, display
from ..arithmetic.region_count import Effort
from ..dual_bounds import DualBounds, read_duals
from ..problem import Point, Problem, read_point
from ..submission import Submission, check_sentence, counted, samples_text
from ..unit_cells import UnitCells, check_shape, read_unit_cells
from .path import read_path

SignedCell = tuple[int, ...]
"""For every unit its signed unit cell, as in `DualBounds`."""

_STATE = 64  # what a signed cell that is remembered counts for


def check_barrier(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    _, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    _, sentence_field, level_field = claim.fields("kind", "sentence", "level")
    path_field, _, duals_field = evidence.fields("path", "cells", "duals")
    problem = submission.problem(problem_field)
    check_shape(problem, problem_field)
    level = level_field.number()
    sentence = check_sentence(
        sentence_field,
        f"Every path between the first and the last point of the given path reaches a {problem.loss.risk} of at least"
        f" {level_field.text()} of the {problem.architecture} network on {samples_text(problem)}, and the given path no more.",
    )
    points = read_path(problem, path_field, level, submission.done)
    for place, point in ((0, points[0]), (len(points) - 1, points[-1])):
        if point.risk >= level:
            raise path_field.items()[place].reject("this end has the risk of the barrier itself")
    cut = _Cut.read(submission, problem, evidence, level, level)
    goal = cut.cell_of(points[-1])
    reached = 0
    with at(duals_field.place):
        for cell in cut.component(cut.cell_of(points[0])):
            reached += 1
            if cell == goal:
                raise duals_field.reject("the dual vectors do not separate the ends of the path")
    submission.done(f"a cut: below the barrier only {counted(reached, 'signed cell')} can be reached, not the last point")
    return sentence, None


def check_spurious_valley(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and the risk of the bottom."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    _, claim, problem_field, parameters, evidence = submission.root.fields(*names)
    _, sentence_field, stated, barrier_field = claim.fields("kind", "sentence", "risk", "barrier")
    path_field, _, duals_field = evidence.fields("path", "cells", "duals")
    problem = submission.problem(problem_field)
    check_shape(problem, problem_field)
    barrier = barrier_field.number()
    sentence = check_sentence(
        sentence_field,
        f"The given parameters are a bottom of a spurious valley of the {problem.loss.risk} of the"
        f" {problem.architecture} network on {samples_text(problem)}: every path from them to a point of lower risk reaches at"
        f" least {barrier_field.text()}, and one path no more.",
    )
    bottom = read_point(problem, parameters, stated)
    submission.done(f"risk recomputed: {display(bottom.risk.numerator, bottom.risk.denominator)}")
    if bottom.risk >= barrier:
        raise barrier_field.reject("not above the risk of the given parameters")
    points = read_path(problem, path_field, barrier, submission.done, bottom)
    if points[-1].risk >= bottom.risk:
        raise path_field.items()[-1].reject("the path does not end at a lower risk")
    cut = _Cut.read(submission, problem, evidence, bottom.risk, barrier)
    reached = 0
    with at(duals_field.place):
        for cell in cut.component(cut.cell_of(bottom)):
            reached += 1
            if not cut.bounded(cell):
                raise duals_field.reject("no dual vector bounds a signed cell that can be reached below the barrier")
    submission.done(f"a cut: below the barrier {counted(reached, 'signed cell')} can be reached, with no lower risk")
    return sentence, bottom.risk


@dataclass(frozen=True)
class _Cut:
    """The graph of signed cells without the facets on which a dual vector shows the level `height`, those of bits `high`."""

    units: UnitCells
    duals: DualBounds
    high: int
    effort: Effort
    ways: dict[int, list[tuple[int, int]]]

    @classmethod
    def read(cls, submission: Submission, problem: Problem, evidence: Field, least: Rational, height: Rational) -> _Cut:
        problem_field = submission.root.child("problem")
        cells, duals_field = evidence.child("cells"), evidence.child("duals")
        effort = Effort()
        units = read_unit_cells(problem, problem_field, cells, effort, submission.done)
        duals = read_duals(problem, units, duals_field, least, effort)
        high = duals.of_at_least(height)
        submission.done(f"{counted(len(duals.bounds), 'dual vector')}, {high.bit_count()} of them at the barrier")
        return cls(units, duals, high, effort, {})

    def cell_of(self, point: Point) -> SignedCell:
        """A closed signed cell that contains the point."""
        (outputs,) = point.parameters.weights[1]
        found = []
        for positions, v in zip(point.forward.positions[0], outputs, strict=True):
            inside = (
                c
                for c, cell in enumerate(self.units.pieces)
                if all(p // 2 <= piece <= (p + 1) // 2 for piece, p in zip(cell, positions, strict=True))
            )
            found.append(2 * next(inside) + (v < 0))
        return tuple(found)

    def bounded(self, cell: SignedCell) -> bool:
        """Whether some dual vector bounds the risk on the signed cell."""
        common = (1 << len(self.duals.bounds)) - 1
        for kind in cell:
            common &= self.duals.masks[kind]
        return common != 0

    def component(self, start: SignedCell) -> Iterator[SignedCell]:
        """The signed cells that can be reached from `start` over facets that no dual vector closes."""
        seen = {start}
        waiting = [start]
        masks = self.duals.masks
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
            members = self.units.members
            self.effort.spend(len(self.duals.bounds) * (1 + len(self.units.beside[cell])))
            # Where the output weight is 0 the unit has no term.
            self.ways[kind] = [(kind ^ 1, self.high)] + [
                (2 * other + sign, self.duals.facet(members[cell] & members[other], sign)) for other in self.units.beside[cell]
            ]
        return self.ways[kind]
