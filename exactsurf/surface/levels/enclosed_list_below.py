"""The proof that the valleys of a landscape with enclosed levels below a level are all that there are below it."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.enclosed_valleys_below import EnclosedValleysBelow
from exactsurf.certificate.claims.global_minimum import TreeNode
from exactsurf.certificate.claims.near_analytic_minimum import NearAnalyticMinimum
from exactsurf.certificate.claims.near_global_minimum import DecayDual, NearGlobalMinimum
from exactsurf.certificate.claims.valleys_below import CellLeaf, LevelTreeNode
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.covering_levels import check_span, short_above
from exactsurf.surface.levels.enclosed_list import covering_bounds, heights_of, short_rise
from exactsurf.surface.levels.enclosed_proof import WrittenDuals
from exactsurf.surface.levels.enclosed_sublevel import EnclosedSublevelLandscape
from exactsurf.surface.levels.floats.fineness import FINE
from exactsurf.surface.levels.level_graph import LevelGraph
from exactsurf.surface.levels.level_point import risk_above
from exactsurf.surface.levels.short_duals import BITS, short_between, short_gradient, spare
from exactsurf.surface.recent_duals import RecentDuals
from exactsurf.surface.regions import Regions
from exactsurf.surface.spread import Spread, matching
from exactsurf.surface.sublevel_certificate import written_tree

_LOOK_BACK = 256
"""Dual vectors that are asked whether they bound further regions, too."""

_ZERO = Fraction(0)


def certify_enclosed_valleys_below(
    land: EnclosedSublevelLandscape, *, embed: bool | None = None
) -> EnclosedValleysBelow | NearGlobalMinimum | NearAnalyticMinimum:
    """That the valleys of a landscape with enclosed levels below a level are all there are below it.

    Parameters: a landscape with enclosed levels below a level; `embed` as in `problem_document`.
    Returns: a certificate, accepted by the verifier: that from everywhere below its `level` a path that rises by its `rise` at
    most leads to the point of one of `land.valleys`. `rise` is about twice the width of the enclosures, or the width of a tie;
    `level` is that of the landscape, or a little less where a bound comes so near that enclosures do not tell them apart. If
    there are no valleys, the certificate bounds the risk from below. That each of these is in a valley of its own is the
    statement of `certify_enclosed_valley` and `certify_near_global_minimum`.
    Exactness: exact. Raises: `InputError` if no points so near to a level were found; `UnsupportedError` if there is weight decay
    and the inputs do not span their space. Source: proofs/FORMAT.md, section 54; proofs/claims/enclosed_valleys_below.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    >>> problem = es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10")
    >>> proof = es.certify_enclosed_valleys_below(es.enclosed_landscape(problem, below=1))
    >>> proof.valleys, proof.level, proof.rise < Fraction(1, 10**8)
    (3, Fraction(1, 1), True)
    """
    check_span(land, (EnclosedSublevelLandscape,))
    problem, search = land.problem, land.search
    breakpoints = len(problem.network.activation.breakpoints)
    written = _Written(land)
    if not land.valleys:
        bounds = {place: written.bounding(regions) for place, regions, _ in search.leaves()}
        return confirmed(_lower_bound(land, written, written_tree(search, bounds, breakpoints), embed))
    graph = LevelGraph(land)
    runs = [land.heights[home] for home in land.homes]
    risks = {orbit: land.runs[run].enclosure.low for orbit, run in zip(land.orbits, runs, strict=True)}
    spread = Spread(graph, [(valley.parameters, land.merges.nodes[valley.node].level) for valley in land.valleys], risks)
    _, best = covering_bounds(graph, land.orbits, runs)
    rise = short_rise(
        problem.loss.is_piecewise_quadratic,
        heights_of(problem, spread.points, spread.leads_to),
        spread.home,
        {orbit: level.low for orbit, level in best.items()},
    )
    kinds = [spread.kinds_at(point) for point in spread.points]
    leaves: dict[int, LevelTreeNode] = {}
    for place, regions, orbit in search.leaves():
        if orbit is None or orbit not in spread.home:
            leaves[place] = written.bounding(regions)
            continue
        home, number = spread.home[orbit], written.number(best[orbit].gradient)
        order = matching(kinds[home], [search.table.kind(region) for region in regions])
        assert order is not None, "the point lies in the signed cell"
        leaves[place] = CellLeaf(number, home, order, written.proofs(number, regions))
    points, leads_to, duals = tuple(spread.points), tuple(spread.leads_to), tuple(written.duals)
    tree = written_tree(search, leaves, breakpoints)
    bits = None if problem.loss.is_piecewise_quadratic else BITS
    return confirmed(
        EnclosedValleysBelow(problem, written.level, rise, points, leads_to, duals, tuple(written.forms), tree, bits, embed)
    )


class _Written(WrittenDuals):
    """The dual vectors and forms of a certificate, and the level that those reach that bound regions."""

    def __init__(self, land: EnclosedSublevelLandscape) -> None:
        super().__init__(land.search.levels)
        self._levels, self._wanted = land.search.levels, land.level
        # An enclosure of the verifier has another radius.
        self._room = _ZERO if land.problem.loss.is_piecewise_quadratic else 2 * spare(land.level)
        self._least = land.level + self._room
        self._recent = RecentDuals[int](_LOOK_BACK)

    @property
    def level(self) -> Fraction:
        """The level of the landscape, or a short number below it that all bounds reach, also as the verifier encloses them."""
        # Conjugates are exactly 0 at 0, so that the level 0 of losses that vanish needs no room.
        if self._least >= self._wanted + self._room or (self._wanted == 0 <= self._least and not any(map(any, self.duals))):
            return self._wanted
        end = self._least - self._room
        return short_between(end - spare(self._wanted), end)

    def bounding(self, regions: Regions) -> TreeNode:
        """A leaf that is bounded by the level, or nearly so."""
        mask, table = self._levels.regions.cone(regions), self._levels.work.levels
        number = self._recent.bounding(mask)
        if number is None:
            goal = self._wanted + self._room
            level = table.relaxed(mask, None, FINE)
            if level.low < goal:
                level = max(level, table.relaxed(mask, level), key=lambda own: own.low)
            gradient, bound, bounded = short_gradient(table, level, mask, goal)
            self._least = min(self._least, bound)
            number = self.number(gradient)
            self._recent.add(bounded, number)
        return self.leaf(number, regions)


def _lower_bound(
    land: EnclosedSublevelLandscape, written: _Written, tree: tuple[LevelTreeNode, ...], embed: bool | None
) -> NearGlobalMinimum | NearAnalyticMinimum:
    """That no parameters have a risk below the level; the claim needs some point, and the origin will do."""
    problem, nodes = land.problem, tuple(node for node in tree if not isinstance(node, CellLeaf))
    duals, forms, origin = tuple(DecayDual(vector, ()) for vector in written.duals), tuple(written.forms), _origin(problem)
    if problem.loss.is_piecewise_quadratic:
        return NearGlobalMinimum(problem, written.level, (), duals, origin, embed, forms, nodes)
    most = short_above(risk_above(problem, origin))
    return NearAnalyticMinimum(problem, written.level, most, (), duals, origin, BITS, embed, forms, nodes)


def _origin(problem: Problem) -> Parameters:
    """All parameters 0."""
    network = problem.network
    layers = zip(network.widths, network.widths[1:], network.biases, strict=False)
    count = sum((before + bias) * after for before, after, bias in layers)
    return parameters_of(network, (_ZERO,) * count)
