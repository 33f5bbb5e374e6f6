"""What a search with enclosed levels has proved, as a certificate: a sign tree with dual vectors, and slopes at its leaves."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.claims.global_minimum import SignSplit, TreeNode
from exactsurf.certificate.claims.near_analytic_minimum import NearAnalyticMinimum
from exactsurf.certificate.claims.near_global_minimum import DecayDual, NearGlobalMinimum
from exactsurf.certificate.claims.unit_forms import FormLeaf, UnitForm
from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.simplest import simplest_between
from exactsurf.surface.levels.enclosed_search import EnclosedSearch
from exactsurf.surface.levels.level import ConeBound, Level
from exactsurf.surface.levels.level_point import risk_above
from exactsurf.surface.levels.region_levels import EnclosedNode, RegionLevels
from exactsurf.surface.levels.short_duals import certificate_bits, short_between, short_gradient, spare
from exactsurf.surface.levels.slope_forms import SlopeForms
from exactsurf.surface.recent_duals import RecentDuals
from exactsurf.surface.regions import Region, Regions

_LOOK_BACK = 64
"""Dual vectors that are asked whether they bound further regions, too."""


def search_certificate(search: EnclosedSearch, *, embed: bool | None = None) -> NearGlobalMinimum | NearAnalyticMinimum:
    """What is proved by now: that no parameters have a risk below about `lower`, and parameters near `upper`.

    Parameters: `search`, at any time; `embed` as in `problem_document`. Exactness: exact. Raises: `InputError` if no parameters
    were found near `upper`. Source: proofs/FORMAT.md, section 39.
    """
    problem, point = search.problem, search.best_point()
    if point is None:
        raise InputError(
            "no parameters near the least risk on the best signed cell were found", fix="name a larger width (--width)"
        )
    lower, is_exact = search.lower, search.lower == search.upper
    room = Fraction(0) if is_exact else search.width * max(abs(search.upper), search.width) / 8
    written = WrittenBounds(search.levels, search.nodes, lower, lower - room)
    own = tuple(DecayDual(vector, ()) for vector in written.duals)
    forms, tree = tuple(written.forms), tuple(written.tree)
    if problem.loss.is_piecewise_quadratic:
        bound = lower if written.least >= lower else simplest_between(lower - room, written.least)
        return NearGlobalMinimum(problem, bound, (), own, point, embed, forms, tree)
    risk = risk_above(problem, point)
    little = spare(risk)
    end = min(written.least, lower) - little
    # Conjugates are exactly 0 at 0, so that the bound 0 of losses that vanish needs no room; others are enclosed, even where
    # they are rational.
    bound = lower if not lower and written.least >= lower else short_between(end - max(room / 2, little), end)
    most = short_between(risk + little, risk + 2 * little)
    return NearAnalyticMinimum(problem, bound, most, (), own, point, certificate_bits(problem), embed, forms, tree)


class WrittenDuals:
    """The dual vectors of a certificate with a sign tree, and with weight decay forms that show where they hold.

    Parameters: `levels`. Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 39.
    """

    def __init__(self, levels: RegionLevels) -> None:
        self.duals: list[Vector] = []
        self.forms: list[UnitForm] = []
        self._slopes = None if levels.work.problem.decay is None else SlopeForms(levels.work.problem, levels.regions)
        self._numbers: dict[Vector, int] = {}
        self._known: dict[tuple[int, Region, int], int] = {}

    def number(self, gradient: Vector) -> int:
        """The place of a dual vector."""
        place = self._numbers.setdefault(gradient, len(self.duals))
        if place == len(self.duals):
            self.duals.append(gradient)
        return place

    def proofs(self, number: int, regions: Regions) -> tuple[tuple[int, ...], ...] | None:
        """The places of forms that show that a dual vector holds on regions, where it does; None without weight decay."""
        if self._slopes is None:
            return None
        return tuple(
            tuple(self._form(number, region, sign) for sign in ((region.sign,) if region.sign else (1, -1))) for region in regions
        )

    def _form(self, number: int, region: Region, sign: int) -> int:
        assert self._slopes is not None
        key = number, Region(0, region.above, region.below), sign
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.forms)
            self.forms.append(self._slopes.form(number, self.duals[number], region, sign))
        return found

    def leaf(self, number: int, regions: Regions) -> TreeNode:
        """A leaf that a dual vector bounds."""
        forms = self.proofs(number, regions)
        return number if forms is None else FormLeaf(number, forms)


class WrittenBounds(WrittenDuals):
    """The dual vectors, the forms and the nodes of a tree whose leaves are bounded by at least `goal`, as in the format.

    Parameters: `levels`; `nodes` of a search, root first; `least`, a bound from which on what is below a node is left out.
    Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 39.
    """

    def __init__(self, levels: RegionLevels, nodes: Sequence[EnclosedNode], least: Fraction, goal: Fraction) -> None:
        super().__init__(levels)
        self._levels, self._goal = levels, goal
        self.tree: list[TreeNode] = [0]
        self.least = least
        self._recent = RecentDuals[int](_LOOK_BACK)
        waiting = [(0, 0)]
        while waiting:
            place, own = waiting.pop()
            node = nodes[own]
            if node.low >= least or node.children is None or node.cut is None:
                self.tree[place] = self._leaf(node)
                continue
            unit, wall = node.cut
            named = None if wall is None else divmod(levels.regions.walls[wall].rows[0], self._breakpoints)
            self.tree[place] = SignSplit(unit, named, len(self.tree), len(self.tree) + 1)
            waiting += [(len(self.tree) + 1, node.children[1]), (len(self.tree), node.children[0])]
            self.tree += [0, 0]

    @property
    def _breakpoints(self) -> int:
        return len(self._levels.work.problem.network.activation.breakpoints)

    def _leaf(self, node: EnclosedNode) -> TreeNode:
        return self.leaf(self._dual(node.level, self._levels.regions.cone(node.regions)), node.regions)

    def _dual(self, level: Level | ConeBound, cone: int) -> int:
        """The place of a dual vector that holds on a cone."""
        known = self._recent.bounding(cone)
        if known is not None:
            return known
        gradient, bound, bounded = short_gradient(self._levels.work.levels, level, cone, self._goal)
        self.least = min(self.least, bound)
        number = self.number(gradient)
        self._recent.add(bounded, number)
        return number
