"""The global minimum of a restricted risk of degree 1 by branch and bound over regions of free parameters, with its proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush

from exactsurf.cells.affine_network import AffineNetwork, affine_network
from exactsurf.cells.affine_terms import least_in_cell
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.free_tree import FreeGiven, FreeNode, FreeSplit, ScaledTrees
from exactsurf.certificate.claims.restricted_surface import RestrictedGlobalMinimum
from exactsurf.effort import Effort
from exactsurf.errors import InputError
from exactsurf.exact.bounded_system import Multipliers
from exactsurf.exact.least_on_polyhedron import LeastOnPolyhedron, implied_or_beyond, value_at
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.scales import Scales, scales_where_needed
from exactsurf.surface.restricted.free_region import FreeRegion, opposite, sample_losses

_ZERO = Fraction(0)


@dataclass
class _Node:
    """A region with a point inside; then what was found of it, and the node in the certificate."""

    region: FreeRegion
    inside: Vector
    least: LeastOnPolyhedron
    link: FreeSplit | FreeGiven | None = None


@dataclass
class FreeSearch:
    """A branch and bound: nodes of a tree over the free parameters, and the lowest point met.

    Every region has inner points, so there are at most as many leaves as cells. Exactness: exact.
    Source: proofs/claims/restricted_surface.md.
    """

    network: AffineNetwork
    effort: Effort
    values: Vector
    risk: Fraction
    nodes: list[_Node] = field(default_factory=list)
    _waiting: list[tuple[Fraction, int]] = field(default_factory=list)

    def run(self, max_steps: int, watch: Callable[[int], None] | None = None) -> None:
        """Split regions, the lowest bound first, until no region goes below the lowest point."""
        self._improve(self.values)
        self._add(FreeRegion(self.network), self.values, self.values)
        while self._waiting and self._waiting[0][0] < self.risk:
            if len(self.nodes) > max_steps:
                fix = "raise max_steps, or take fewer samples or free parameters"
                raise InputError(f"after {max_steps} regions not all are bounded", fix=fix)
            self.effort.check(f"{len(self.nodes)} regions of the free parameters were looked at")
            if watch is not None:
                watch(len(self.nodes))
            self._divide(self.nodes[heappop(self._waiting)[1]])

    def _add(self, region: FreeRegion, inside: Vector, start: Vector) -> None:
        """A region that is to be looked at, when its turn comes."""
        least = region.least(start, self.effort)
        self.nodes.append(_Node(region, inside, least))
        here = self.network.restricted.unrestricted.rational_risk(self._at(least.point)) if least.value < self.risk else None
        if here is not None and here < self.risk:
            self._improve(least.point)
        heappush(self._waiting, (least.value, len(self.nodes) - 1))

    def _divide(self, node: _Node) -> None:
        """Split a region at a wall of the open sample with the largest loss; if all its walls follow, it is known then."""
        losses = sample_losses(self.network, node.least.point)
        sample = max((i for i, known in enumerate(node.region.predictions) if known is None), key=losses.__getitem__)
        while node.region.predictions[sample] is None:
            pair, form = next(node.region.open_pairs(sample))
            here = value_at(form, node.inside)
            side = -1 if here < 0 else 1
            found: Multipliers | Vector | None = None
            if here:
                signed = form if side > 0 else opposite(form)
                found = implied_or_beyond(signed, node.region.forms, node.inside, self.effort)
            if isinstance(found, Multipliers):
                node.link = FreeGiven(pair, side, found.values, len(self.nodes))
                node = _Node(node.region.with_form(signed), node.inside, node.least)
                self.nodes.append(node)
                continue
            points = {side: node.inside, -side: found} if found is not None else _both_sides(node, form)
            node.link = FreeSplit(pair, len(self.nodes), len(self.nodes) + 1)
            for own in (1, -1):
                self._add(node.region.with_form(form if own > 0 else opposite(form)), points[own], node.least.point)
            return
        self.nodes.pop()
        self._add(node.region, node.inside, node.least.point)

    def _at(self, values: Vector) -> Parameters:
        return self.network.restricted.restriction.at(values)

    def _improve(self, point: Vector) -> None:
        """Go from minimum to minimum of the closed cells in which points lie, as long as the risk falls."""
        risk = self.network.restricted.unrestricted.rational_risk(self._at(point))
        while True:
            if risk < self.risk:
                self.risk, self.values = risk, point
            found = least_in_cell(self.network, point, self.effort)
            if found.value >= risk:
                return
            risk, point = found.value, found.point

    def tree(self) -> tuple[FreeNode, ...]:
        """The nodes with their evidence."""
        found: list[FreeNode] = []
        for node in self.nodes:
            found.append(node.region.leaf(node.least, self.effort) if node.link is None else node.link)
        return tuple(found)


def _both_sides(node: _Node, form: Vector) -> dict[int, Vector]:
    """Inner points of a region on both sides of a form that is 0 at its inner point."""
    found = {}
    for side in (1, -1):
        step = Fraction(side)
        while True:
            moved = tuple(a + step * b for a, b in zip(node.inside, form, strict=False))
            if all(value_at(other, moved) > 0 for other in node.region.forms):
                found[side] = moved
                break
            step /= 2
    return found


def free_search(
    restricted: RestrictedProblem,
    effort: Effort,
    *,
    max_steps: int,
    start: Vector | None = None,
    below: Fraction | None = None,
    watch: Callable[[int], None] | None = None,
) -> FreeSearch:
    """The search for the global minimum of a restricted risk, done.

    Parameters: `restricted`, of degree at most 1; `start`, values to begin with; `below`, a level: what is not lower need not be
    found, and `risk` is this level if nothing is; `max_steps`, the most regions; `watch`, called with the regions so far.
    Exactness: exact. Raises: as `affine_network`; `InputError` if `max_steps` are not enough, `OutOfTime`.
    Source: proofs/claims/restricted_surface.md.

    >>> import exactsurf as es
    >>> filters = es.convolution(4, [2], strides=2, head=[1, 1])
    >>> problem = es.RestrictedProblem(filters, es.Data.from_arrays([[1, 0, 0, 1], [0, -1, -1, 0]], [2, 1]))
    >>> found = free_search(problem, Effort(), max_steps=100)
    >>> found.risk, len(found.nodes)
    (Fraction(0, 1), 5)
    """
    network = affine_network(restricted)
    values = start or (_ZERO,) * network.dimension
    risk = restricted.unrestricted.rational_risk(restricted.restriction.at(values))
    search = FreeSearch(network, effort, values, risk if below is None else min(risk, below))
    search.run(max_steps, watch)
    return search


def certify_restricted_global_minimum(
    restricted: RestrictedProblem,
    *,
    max_steps: int,
    effort: Effort,
    embed: bool | None = None,
    start: Vector | None = None,
    watch: Callable[[int], None] | None = None,
) -> RestrictedGlobalMinimum:
    """The certificate of the global minimum of a restricted risk; see `certify_global_minimum`.

    Parameters: as for `free_search`, but the problem may have scales; `embed` as in `problem_document`. Exactness: exact.
    Raises: as `free_search`. Source: proofs/claims/restricted_surface.md, proofs/scaled_surface.md.
    """
    scales = scales_where_needed(restricted)
    if scales is not None:
        return _with_scales(restricted, scales, max_steps=max_steps, effort=effort, embed=embed, start=start, watch=watch)
    found = free_search(restricted, effort, max_steps=max_steps, start=start, watch=watch)
    return confirmed(RestrictedGlobalMinimum(restricted, found.values, found.risk, found.tree(), embed=embed))


def _with_scales(
    restricted: RestrictedProblem,
    scales: Scales,
    *,
    max_steps: int,
    effort: Effort,
    embed: bool | None,
    start: Vector | None,
    watch: Callable[[int], None] | None,
) -> RestrictedGlobalMinimum:
    """A search for each choice of signs, that of `start` first, all below the lowest risk that is known."""
    if not scales.is_signless and 1 << len(scales.scales) > max_steps:
        what = f"the {len(scales.scales)} scales of this problem have more than {max_steps} choices of signs"
        raise InputError(what, fix="raise max_steps, or take fewer free parameters")
    here, products = scales.products(start or (_ZERO,) * restricted.restriction.dimension)
    best = scales.values(here, products)
    risk = restricted.unrestricted.rational_risk(restricted.restriction.at(best))
    choices = (here,) if scales.is_signless else scales.orthants
    trees, steps = dict[tuple[int, ...], tuple[FreeNode, ...]](), 0
    for signs in sorted(choices, key=lambda signs: signs != here):
        fixed = RestrictedProblem.of(scales.fixed(signs), restricted.unrestricted)
        begin = products if signs == here else None
        found = free_search(fixed, effort, max_steps=max_steps - steps, start=begin, below=risk, watch=_further(watch, steps))
        steps += len(found.nodes)
        if found.risk < risk:
            risk, best = found.risk, scales.values(signs, found.values)
        trees[signs] = found.tree()
    evidence = ScaledTrees(tuple((scale.factor, scale.filter) for scale in scales.scales), tuple(trees[s] for s in choices))
    return confirmed(RestrictedGlobalMinimum(restricted, best, risk, evidence, embed=embed))


def _further(watch: Callable[[int], None] | None, steps: int) -> Callable[[int], None] | None:
    return None if watch is None else lambda count: watch(steps + count)
