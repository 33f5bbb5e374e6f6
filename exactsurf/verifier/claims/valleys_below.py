"""The claim `all valleys below a level`: points to which descent leads from everywhere below it (FORMAT.md, section 20)."""

from __future__ import annotations

from dataclasses import dataclass

from ..arithmetic.document import Field
from ..arithmetic.rational import Rational, display
from ..cell_leaf import check_bound, check_cells_by_generators, check_inside
from ..dual_bounds import DualBounds
from ..problem import Point, Problem
from ..sign_tree import Halves, Regions, check_bounded, check_named, read_tree_duals, walk
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
        bounds = self.duals.bounds
        if not node.has("point"):
            (dual,) = node.fields("dual")
            check_bound(dual, bounds, self.level, "the level")
            return check_bounded(dual, regions, self.duals)
        dual, point_field, order = node.fields("dual", "point", "order")
        point = self.points[point_field.index(len(self.points))]
        check_bound(dual, bounds, point.risk, "the risk of the point")
        number = check_bounded(dual, regions, self.duals)
        check_cells_by_generators(node, regions, self.problem, self.halves)
        check_inside(order, point, regions)
        self.cells += 1
        return number
