"""The claim `all enclosed valleys below a level`: points from which nothing below it is far (FORMAT.md, section 54)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..arithmetic.document import Field
from ..arithmetic.effort import spend
from ..arithmetic.rational import Rational, display
from ..cell_leaf import check_bound, check_cells, check_cells_by_generators, check_inside
from ..decay_tree import DecayForms, read_decay_forms
from ..dual_bounds import DualBounds
from ..enclosed_risk import EnclosedRisk, NearPoint, read_enclosed_risk
from ..form_tree import check_forms
from ..sign_tree import Halves, Regions, bounded_tree_duals, check_bounded, check_named, walk
from ..submission import Note, Submission, check_sentence, counted, samples_text
from .all_enclosed_valleys import heights_of
from .all_valleys import read_count
from .critical_box import read_bits


def check_enclosed_valleys_below(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, level_field, count_field, rise_field = claim.fields("kind", "sentence", "level", "valleys", "rise")
    optional = [name for name in ("bits", "forms") if evidence.has(name)]
    points_field, leads_field, duals_field, nodes, *others = evidence.fields("points", "leads_to", "duals", "nodes", *optional)
    given = dict(zip(optional, others, strict=True))
    risk = read_enclosed_risk(submission, problem_field, read_bits(given["bits"]) if "bits" in given else 0)
    level, rise, count = level_field.number(), rise_field.number(), read_count(count_field, points_field)
    if rise < 0:
        raise rise_field.reject("a path rises by 0 at least")
    setting = risk.setting
    sentence = check_sentence(
        sentence_field,
        f"From all parameters whose {risk.name} is below {level_field.text()} some path on which it rises above that of its"
        f" beginning by at most {rise_field.text()} leads, up to the order of the hidden units, to one of the first"
        f" {counted(count, 'given point')}, for the {setting.architecture} network on {samples_text(setting)}.",
    )
    points = [risk.point(entry) for entry in points_field.items()]
    heights = heights_of(points, leads_field, count)
    submission.done(f"{counted(len(points), 'point')}; all but {count} of them lead to others, within a signed cell")
    if (setting.decay is None) == ("forms" in given):
        raise evidence.reject("there are forms if and only if there is weight decay")
    least = min(level, min(heights) - rise)
    leaves = _read(risk, (problem_field, duals_field, nodes), given.get("forms"), least, submission.done)
    checked = _Checked(leaves, points, heights, level, rise)
    named = walk(setting, nodes, leaves.halves, checked.leaf)
    check_named(nodes, len(leaves.bounds), named)
    submission.done(
        f"tree of {counted(len(nodes.items()), 'node')}: {len(named) - checked.cells} leaves nowhere below"
        f" {display(level.numerator, level.denominator)}, {checked.cells} within a signed cell, with a point near the least risk"
    )
    return sentence, None


class _Holding(Protocol):
    """Dual vectors, and what shows where they hold."""

    @property
    def halves(self) -> Halves:
        """The sides of walls."""

    @property
    def bounds(self) -> Sequence[Rational]:
        """The bound of each."""

    def fields(self, node: Field, further: tuple[str, ...]) -> tuple[list[Field], list[Field]]:
        """The fields of a leaf that name a dual vector and show that it holds, and the further ones."""

    def check_holds(self, own: list[Field], regions: Regions) -> int:
        """The index of the dual vector that a leaf names, which must hold on the region of each unit."""

    def check_cells(self, node: Field, regions: Regions) -> None:
        """Reject regions that are not within a signed cell."""


@dataclass
class _ByGenerators:
    """Without weight decay: dual vectors hold at the generators of cells."""

    risk: EnclosedRisk
    duals: DualBounds
    halves: Halves

    @property
    def bounds(self) -> Sequence[Rational]:
        return self.duals.bounds

    def fields(self, node: Field, further: tuple[str, ...]) -> tuple[list[Field], list[Field]]:
        dual, *rest = node.fields("dual", *further)
        return [dual], rest

    def check_holds(self, own: list[Field], regions: Regions) -> int:
        return check_bounded(own[0], regions, self.duals)

    def check_cells(self, node: Field, regions: Regions) -> None:
        check_cells_by_generators(node, regions, self.risk.setting, self.halves)


@dataclass
class _ByForms:
    """With weight decay: dual vectors hold by forms, and regions are the cones of their rays."""

    risk: EnclosedRisk
    found: DecayForms
    halves: Halves

    @property
    def bounds(self) -> Sequence[Rational]:
        return self.found.bounds

    def fields(self, node: Field, further: tuple[str, ...]) -> tuple[list[Field], list[Field]]:
        dual, forms, *rest = node.fields("dual", "forms", *further)
        return [dual, forms], rest

    def check_holds(self, own: list[Field], regions: Regions) -> int:
        return check_forms(own[0], own[1], regions, self.found.forms, len(self.bounds))

    def check_cells(self, node: Field, regions: Regions) -> None:
        rays, samples = self.found.rays, self.risk.setting.samples
        spend(sum(1 + len(region.walls) + samples for region in regions) * (1 + (len(rays.sides) >> 9)))
        own = [rays.bits((sample, side) for sample, _, side in region.walls) for region in regions]
        check_cells(node, regions, samples, 1, lambda unit, i, _: rays.is_one_sided(own[unit], i))


def _read(
    risk: EnclosedRisk, fields: tuple[Field, Field, Field], forms_field: Field | None, least: Rational, done: Note
) -> _Holding:
    """Dual vectors, none with a bound below `least`; `fields` are the problem, `duals` and `nodes`."""
    problem_field, duals_field, _ = fields
    setting = risk.setting
    if forms_field is None or setting.decay is None:
        return _ByGenerators(risk, *bounded_tree_duals(setting, risk.bound, fields, least, done))
    found = read_decay_forms(setting, setting.decay, risk.bound, (problem_field, duals_field, forms_field), least, done)
    return _ByForms(risk, found, Halves([]))


@dataclass
class _Checked:
    """The check of the leaves of the tree, and the number of those within a signed cell."""

    holding: _Holding
    points: list[NearPoint]
    heights: list[Rational]
    level: Rational
    rise: Rational
    cells: int = 0

    def leaf(self, node: Field, regions: Regions) -> int:
        bounds = self.holding.bounds
        if not node.has("point"):
            own, _ = self.holding.fields(node, ())
            check_bound(own[0], bounds, self.level, "the level")
            return self.holding.check_holds(own, regions)
        own, (point_field, order) = self.holding.fields(node, ("point", "order"))
        place = point_field.index(len(self.points))
        check_bound(own[0], bounds, self.heights[place] - self.rise, "the height of the point, less what a path may rise")
        number = self.holding.check_holds(own, regions)
        self.holding.check_cells(node, regions)
        check_inside(order, self.points[place], regions)
        self.cells += 1
        return number
