"""Bounds of the least risk for several outputs and several hidden layers, by branch and bound over regions of all parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from typing import TypeAlias

from exactsurf.certificate.claims.global_minimum import GlobalMinimum
from exactsurf.certificate.claims.region_nodes import LayerProof, RegionLeaf, RegionNode, RegionSplit
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact, near
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.bounds.floats.branching import propose_splits
from exactsurf.surface.bounds.floats.descent import low_points
from exactsurf.surface.bounds.output_fit import improved, with_best_outputs
from exactsurf.surface.bounds.regions import NetworkRegions, Split, all_parameters
from exactsurf.surface.bounds.term_fits import Column, TermFits
from exactsurf.surface.bounds.unit_rays import Ray, UnitRays

MAX_NODES = 1_000_000
"""Regions that are looked at unless told otherwise."""

WIDTH = Fraction(1, 100)
"""How near to each other bounds are, relative to the upper one, when a search ends unless told otherwise."""

_WORTH = Fraction(9, 8)
"""How far above the lowest risk that is known a point may be to be improved further."""

Watch: TypeAlias = Callable[[int, Fraction, Fraction], None]
"""Called with the number of regions so far and the enclosure of the least risk."""

Owners: TypeAlias = dict[Column, list[tuple[int, int, Ray]]]


@dataclass(slots=True)
class BoundNode:
    """Regions, a lower bound of the risk there with the dual vector and the lines that prove it, and how they are cut."""

    regions: NetworkRegions
    value: Fraction
    gradient: Vector
    lines: tuple[tuple[LayerProof, ...], ...]
    amounts: dict[Column, Fraction]
    split: Split | None = None
    children: tuple[int, int] | None = None


class BoundSearch:
    """A search for bounds of the least risk that may be stopped at any time: `lower` ≤ the infimum of the risk ≤ `upper`.

    For one hidden layer the bounds come as near to each other as one likes; for several hidden layers `lower` may stay below,
    because units of a layer above read copies of their own of the units below. Parameters: a problem with a hidden layer, any
    number of outputs, and without weight decay; `effort`, seconds or an `Effort` (default: as long as it takes).
    Exactness: exact. `lower` has a certificate, and `upper` is the risk of `point`.
    Raises: `UnsupportedError` for smooth activations, weight decay and losses with kinks and curved pieces, `InputError` for
    linear networks, `OutOfTime`. Source: proofs/claims/global_minimum.md, sections 9 to 13.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [[0, 0], [1, 0], [0, 1], [1, 1]])
    >>> search = es.BoundSearch(es.Problem(es.Network([1, 1, 2]), data))
    >>> search.run(width="1/20")
    >>> 0 < search.lower <= search.upper, search.upper - search.lower < search.upper / 20
    (True, True)
    >>> es.certify_search(search).kind
    'lower bound'
    """

    def __init__(self, problem: Problem, effort: AnyEffort = None) -> None:
        check_piecewise_linear(problem, "a lower bound of the risk")
        network = problem.network
        if network.activation.is_linear or network.layers == 1:
            raise InputError(
                f"{network!r} is linear: no cells cut its parameter space",
                fix="classify_deep_linear(problem, parameters) tells global minima from saddles",
            )
        if problem.decay is not None:
            raise UnsupportedError(
                "bounds for several outputs or several hidden layers do not know weight decay", "leave weight decay out"
            )
        running = Effort.of(effort, UNBOUNDED).started()
        self.problem = problem
        self.fits = TermFits(problem)
        self.rays = UnitRays(problem, running)
        self.nodes: list[BoundNode] = []
        self._queue: list[tuple[Fraction, int]] = []
        self._stuck: list[Fraction] = []
        self._tried: set[tuple[object, ...]] = set()
        candidates = low_points(problem)
        self.upper, self.point = with_best_outputs(self.fits, candidates[0])
        for candidate in candidates:
            self._offer(candidate)
        self._push(self._new(all_parameters(network), (), running))

    @property
    def lower(self) -> Fraction:
        """No parameters have a lower risk."""
        known = [*self._stuck, *(value for value, _ in self._queue[:1])]
        return min([self.upper, *known])

    def run(
        self,
        effort: AnyEffort = None,
        max_nodes: int = MAX_NODES,
        width: Fraction | str | int = WIDTH,
        watch: Watch | None = None,
    ) -> None:
        """Go on until `upper` − `lower` is at most `width` times `upper`, or no region can be cut further.

        Parameters: `effort`, seconds or an `Effort` (default: as long as it takes); `max_nodes`, the most regions; `width`, from
        0 to below 1; `watch`, called now and then. Exactness: exact.
        Raises: `OutOfTime`, `InputError` beyond `max_nodes`; the search may go on afterwards. `UnsupportedError` where numbers
        are beyond doubles, which propose cuts. Source: see the class.
        """
        running, wanted = Effort.of(effort, UNBOUNDED).started(), exact(width, "width")
        if not 0 <= wanted < 1:
            raise InputError("the width is a number from 0 to below 1", text=str(width))
        while self._queue and self.upper - self.lower > wanted * self.upper:
            value, place = self._queue[0]
            if value >= self.upper or any(stuck <= value for stuck in self._stuck):
                break
            running.check(self.known())
            if len(self.nodes) > max_nodes:
                raise InputError(
                    f"{self.known()} after {max_nodes} regions of the search",
                    fix="raise max_nodes, or take fewer samples or units",
                )
            self._expand(place, running)
            # Children come in before their node goes out: an interruption leaves a lower bound.
            for child in self.nodes[place].children or ():
                heappush(self._queue, (self.nodes[child].value, child))
            if self.nodes[place].children is None:
                self._stuck.append(value)
            heappop(self._queue)
            if watch is not None:
                watch(len(self.nodes), self.lower, self.upper)

    def known(self) -> str:
        """The enclosure in words."""
        return f"{len(self.nodes)} regions: the least risk lies between {near(self.lower)} and {near(self.upper)}"

    def proof(self, embed: bool | None = None) -> GlobalMinimum:
        """What is proved by now: that `point` is a global minimum, or that the risk is at least `lower`.

        Parameters: `embed` as in `problem_document`. Exactness: exact. Raises: nothing.
        Source: proofs/FORMAT.md, section 29; proofs/claims/global_minimum.md.
        """
        bound = self.lower
        duals: dict[Vector, int] = {}
        tree: list[RegionNode] = [RegionLeaf(0)]
        waiting = [(0, 0)]
        while waiting:
            place, own = waiting.pop()
            node = self.nodes[own]
            if node.value >= bound or node.children is None or node.split is None:
                tree[place] = RegionLeaf(duals.setdefault(node.gradient, len(duals)), node.lines)
                continue
            kind, where = node.split
            tree[place] = RegionSplit(kind, where, len(tree), len(tree) + 1)
            waiting += [(len(tree), node.children[0]), (len(tree) + 1, node.children[1])]
            tree += [RegionLeaf(0), RegionLeaf(0)]
        point = self.point if bound == self.upper else None
        return GlobalMinimum(self.problem, bound, (), tuple(duals), point, embed, regions=tuple(tree))

    def _push(self, node: BoundNode) -> None:
        self.nodes.append(node)
        heappush(self._queue, (node.value, len(self.nodes) - 1))

    def _expand(self, place: int, effort: Effort) -> None:
        node = self.nodes[place]
        if node.children is not None:
            return
        owners = self._owners(node.regions)
        try:
            splits, shares = propose_splits(self.rays, node.regions, node.amounts, owners)
            rows = shares.first_weights() if self.rays.layers == 1 else []
        except (OverflowError, ValueError):  # numbers beyond doubles, or none
            raise UnsupportedError(
                f"{self.known()}; floats propose where to cut regions further, and these numbers are beyond them",
                "scale the inputs and targets",
            ) from None
        if rows:
            self._offer_weights(rows)
        if not splits or node.value >= self.upper:
            return
        split = splits[0][1]
        first, second = (self._new(part, node.amounts, effort) for part in node.regions.parted(split))
        self.nodes += [first, second]
        node.split, node.children, node.amounts = split, (len(self.nodes) - 2, len(self.nodes) - 1), {}

    def _new(self, regions: NetworkRegions, start: Iterable[Column], effort: Effort) -> BoundNode:
        """Regions with their bound. Rays come in until none is missing (for one hidden layer they are all there)."""
        while True:
            fit = self.fits.minimum(list(self._owners(regions)), (), start)
            start = fit.amounts
            if self.rays.layers == 1:
                return BoundNode(regions, fit.value, fit.gradient, (), fit.amounts)
            outputs, complete = self.fits.outputs, True
            lines = []
            for unit, cone in enumerate(regions.cones):
                row = []
                for vector in cone:
                    if not any(vector):
                        row.append(LayerProof(()))
                        continue
                    form = [
                        sum((v * r for v, r in zip(vector, fit.gradient[p : p + outputs], strict=True)), Fraction(0))
                        for p in range(0, len(fit.gradient), outputs)
                    ]
                    effort.check(self.known() if self.nodes else "not even the first region has a bound")
                    found = self.rays.proved(regions, unit, form, effort)
                    if isinstance(found, Ray):
                        complete = False
                    else:
                        row.append(found)
                lines.append(tuple(row))
            if complete:
                return BoundNode(regions, fit.value, fit.gradient, tuple(lines), fit.amounts)

    def _owners(self, regions: NetworkRegions) -> Owners:
        """The columns of the relaxed problem, as far as rays are known, and what they may belong to."""
        owners: Owners = {}
        for unit, cone in enumerate(regions.cones):
            rays = self.rays.rays(regions, unit)
            for place, vector in enumerate(cone):
                if any(vector):
                    for ray in rays:
                        column = tuple(v * value for value in ray.values for v in vector)
                        owners.setdefault(column, []).append((unit, place, ray))
        return owners

    def _offer_weights(self, rows: list[Vector]) -> None:
        key = tuple(rows)
        if key in self._tried:
            return
        self._tried.add(key)
        old = self.point
        has_bias = self.problem.network.biases[0]
        weights = tuple(row[:-1] if has_bias else row for row in rows)
        bias = tuple(row[-1] for row in rows) if has_bias else None
        self._offer(Parameters((weights, old.weights[1]), (bias, old.biases[1])))

    def _offer(self, parameters: Parameters) -> None:
        if self.rays.layers == 1:
            risk, point = improved(self.fits, self.rays, parameters, self.upper * _WORTH)
        else:
            risk, point = with_best_outputs(self.fits, parameters)
        if risk < self.upper:
            self.upper, self.point = risk, point
