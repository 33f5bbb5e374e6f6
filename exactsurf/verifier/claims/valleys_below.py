"""The claim `all valleys below a level`: points to which descent leads from everywhere below it (FORMAT.md, section 20)."""

from __future__ import annotations

from dataclasses import dataclass

from ..arithmetic.document import Field
from ..arithmetic.effort import spend
from ..arithmetic.rational import Rational, display
from ..dual_bounds import DualBounds
from ..problem import Point, Problem
from ..sign_tree import Halves, Region, Regions, check_bounded, check_named, read_tree_duals, walk
from ..submission import Submission, check_sentence, counted, samples_text
from ..unit_cells import check_shape
from .all_valleys import read_count, read_points


def check_valleys_below(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, level_field, count_field = claim.fields("kind", "sentence", "level", "valleys")
    points_field, leads_field, duals_field, nodes = evidence.fields("points", "leads_to", "duals", "nodes")
    problem = submission.problem(problem_field)
    check_shape(problem, problem_field)
    level, count = level_field.number(), read_count(count_field, points_field)
    sentence = check_sentence(
        sentence_field,
        f"From all parameters of risk below {level_field.text()} some path that never rises above the risk of its beginning"
        f" leads, up to the order of the hidden units, to one of the first {counted(count, 'given point')}, for the"
        f" {problem.architecture} network on {samples_text(problem)}.",
    )
    points = read_points(problem, points_field, leads_field, count, submission.done)
    least = min(point.risk for point in points)
    duals, halves = read_tree_duals(problem, problem_field, duals_field, nodes, least, submission.done)
    leaves = _Leaves(problem, points, duals, halves, level)
    named = walk(problem, nodes, halves, leaves.check)
    check_named(nodes, len(duals.bounds), named)
    submission.done(
        f"tree of {counted(len(nodes.items()), 'node')}: {len(named) - leaves.cells} leaves nowhere below"
        f" {display(level.numerator, level.denominator)}, {leaves.cells} within a signed cell, with a point that is minimal there"
    )
    return sentence, None


@dataclass
class _Leaves:
    """The check of the leaves of the tree, and the number of those within a signed cell."""

    problem: Problem
    points: list[Point]
    duals: DualBounds
    halves: Halves
    level: Rational
    cells: int = 0

    def check(self, node: Field, regions: Regions) -> int:
        if not node.has("point"):
            (dual,) = node.fields("dual")
            self._check_bound(dual, self.level, "the level")
            return check_bounded(dual, regions, self.duals)
        dual, point_field, order = node.fields("dual", "point", "order")
        point = self.points[point_field.index(len(self.points))]
        self._check_bound(dual, point.risk, "the risk of the point")
        number = check_bounded(dual, regions, self.duals)
        for unit, region in enumerate(regions):
            self._check_cell(node, unit, region)
        self._check_inside(order, point, regions)
        self.cells += 1
        return number

    def _check_bound(self, dual: Field, least: Rational, name: str) -> None:
        if self.duals.bounds[dual.index(len(self.duals.bounds))] < least:
            raise dual.reject(f"the bound of this dual vector is below {name}")

    def _check_cell(self, node: Field, unit: int, region: Region) -> None:
        if not region.sign:
            raise node.reject(f"the region of unit {unit} requires no sign of the output weight")
        breakpoints = len(self.problem.activation.breakpoints)
        spend(self.problem.samples * breakpoints * (1 + (len(self.halves.ranges) >> 9)))
        for sample in range(self.problem.samples):
            for k in range(breakpoints):
                if not self.halves.is_one_sided(region.generators, sample, k):
                    raise node.reject(f"the region of unit {unit} is cut by breakpoint {k} on sample {sample}")

    def _check_inside(self, order: Field, point: Point, regions: Regions) -> None:
        units = [entry.index(len(regions)) for entry in order.items(len(regions))]
        if len(set(units)) < len(units):
            raise order.reject("a unit stands twice in the order")
        (outputs,) = point.parameters.weights[1]
        for place, (own, region) in enumerate(zip(units, regions, strict=True)):
            v, positions = outputs[own], point.forward.positions[0][own]
            if not v:
                continue
            spend(1 + len(region.walls))
            inside = all(side * (positions[sample] - 2 * k - 1) >= 0 for sample, k, side in region.walls)
            if (v > 0) != (region.sign > 0) or not inside:
                raise order.items()[place].reject(f"unit {own} of the point is not in the region of unit {place}")
