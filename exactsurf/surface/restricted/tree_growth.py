"""How trees over free parameters grow where the cells are known: what is split next, and when a region is settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from exactsurf.cells.affine_network import AffineNetwork, Form, short_form
from exactsurf.certificate.claims.free_tree import AnyNode, FreeGiven, FreeSplit
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InternalError
from exactsurf.exact.bounded_system import Multipliers
from exactsurf.exact.least_on_polyhedron import LeastOnPolyhedron, implied_or_beyond, value_at
from exactsurf.exact.linear_algebra import Vector
from exactsurf.surface.restricted.free_region import FreeRegion, opposite, sample_losses

Pair: TypeAlias = tuple[int, int, int, int]
NEUTRAL = -1
"""The label of a place that may be anywhere."""


@dataclass(frozen=True)
class Settled:
    """What was found of a region: its `leaf`, if that is enough; where its known terms are `least`, if that was asked."""

    leaf: AnyNode | None = None
    least: LeastOnPolyhedron | None = None


@dataclass
class Grown:
    """A node: its region, the numbers of the places in it, the form of a split, its children, and the node of the certificate."""

    region: FreeRegion
    places: Sequence[int]
    form: Form = ()
    children: tuple[int, ...] = ()
    node: AnyNode | None = None


@dataclass
class TreeGrowth:
    """The growth of a tree over a region whose inner part consists of pieces; `places` are inner points, one of each.

    `labels` of the places: where they differ, splits part them. `settle` says of a region, with the numbers of the places in
    it, whether it may be a leaf; `further` are pre-activations beside those that are not known, where a split may be needed.
    Exactness: exact. Source: proofs/FORMAT.md, sections 45 and 57; proofs/claims/restricted_paths.md.
    """

    network: AffineNetwork
    places: Sequence[Vector]
    labels: Sequence[int]
    settle: Callable[[FreeRegion, Sequence[int]], Settled]
    further: Callable[[FreeRegion], Iterable[tuple[Pair, Form]]] = lambda region: ()
    effort: Effort = UNBOUNDED
    _signs: dict[Form, tuple[int, ...]] = field(default_factory=dict)

    def grow(self, start: FreeRegion) -> list[Grown]:
        """All nodes, the root first; every child stands behind its parent."""
        nodes, waiting = [Grown(start, range(len(self.places)))], [0]
        while waiting:
            self.effort.check(f"{len(nodes)} regions of the free parameters were looked at")
            here = nodes[waiting.pop()]
            found = self.settle(here.region, here.places)
            if found.leaf is not None:
                here.node = found.leaf
                continue
            pair, form, signs = self._chosen(here, found.least)
            count = len(nodes)
            if len({signs[place] for place in here.places}) == 1:
                side = signs[here.places[0]]
                signed = form if side > 0 else opposite(form)
                follows = implied_or_beyond(signed, here.region.forms, self.places[here.places[0]], self.effort)
                if not isinstance(follows, Multipliers):
                    raise InternalError("what holds on all cells of a region does not follow from its sides")
                here.node = FreeGiven(pair, side, follows.values, count)
                nodes.append(Grown(here.region.with_form(signed), here.places))
                here.children = (count,)
            else:
                here.node, here.form, here.children = FreeSplit(pair, count, count + 1), form, (count, count + 1)
                for side in (1, -1):
                    own = [place for place in here.places if signs[place] == side]
                    nodes.append(Grown(here.region.with_form(form if side > 0 else opposite(form)), own))
            waiting.extend(reversed(here.children))
        return nodes

    def _chosen(self, here: Grown, least: LeastOnPolyhedron | None) -> tuple[Pair, Form, tuple[int, ...]]:
        """Where a region is split: where labels part; else, on the sample with the largest loss at the lowest point."""
        unknown = [i for i, known in enumerate(here.region.predictions) if known is None]
        labels = {self.labels[place] for place in here.places} - {NEUTRAL}
        if len(labels) < 2 and least is not None and unknown:
            losses = sample_losses(self.network, least.point)
            unknown = [max(unknown, key=losses.__getitem__)]
        open_pairs = [pair for i in unknown for pair in here.region.open_pairs(i)] + [*self.further(here.region)]
        if not open_pairs:
            raise InternalError("a region of the free parameters on which everything is known is not settled")
        best: tuple[int, int] | None = None
        chosen = open_pairs[0]
        for pair, form in open_pairs:
            signs = self._signs_of(form)
            parts = [[place for place in here.places if signs[place] == side] for side in (1, -1)]
            if all(parts):
                score = (sum(map(self._mixed, parts)), -min(map(len, parts)))
                if best is None or score < best:
                    best, chosen = score, (pair, form)
        return (*chosen, self._signs_of(chosen[1]))

    def _mixed(self, places: Sequence[int]) -> int:
        counts = Counter(self.labels[place] for place in places)
        counts.pop(NEUTRAL, None)
        return sum(counts.values()) - max(counts.values(), default=0)

    def _signs_of(self, form: Form) -> tuple[int, ...]:
        short = short_form(form)
        if short not in self._signs:
            values = (value_at(short, place) for place in self.places)
            self._signs[short] = tuple((value > 0) - (value < 0) for value in values)
        return self._signs[short]
