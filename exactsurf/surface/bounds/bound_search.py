"""Bounds of the least risk for several outputs and several hidden layers, by branch and bound over regions of all parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any, TypeAlias

from exactsurf.certificate.claims.enclosed_least_risk import EnclosedLeastRisk
from exactsurf.certificate.claims.global_minimum import GlobalMinimum
from exactsurf.certificate.claims.region_nodes import LayerProof
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort, OutOfTime, look
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact, near
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.bounds.bound_nodes import BoundNode, BoundPart
from exactsurf.surface.bounds.bound_tree import written_regions
from exactsurf.surface.bounds.curved_fits import CurvedFits
from exactsurf.surface.bounds.fits import counts_decay, fits_of, stated_ends
from exactsurf.surface.bounds.floats.branching import propose_splits
from exactsurf.surface.bounds.floats.descent import low_points
from exactsurf.surface.bounds.floats.joint_branching import first_weights, propose_split
from exactsurf.surface.bounds.joint_fits import JointFits, inherited
from exactsurf.surface.bounds.output_fit import improved, with_best_outputs
from exactsurf.surface.bounds.priced_columns import PricedColumns, holds_line
from exactsurf.surface.bounds.regions import NetworkRegions, Split, all_parameters
from exactsurf.surface.bounds.unit_rays import Ray, UnitRays
from exactsurf.surface.levels.level_point import risk_above
from exactsurf.surface.run.run import check_workers
from exactsurf.surface.scales import check_scales
from exactsurf.surface.search_tree import graft, search_text

MAX_NODES = 1_000_000
"""Regions that are looked at unless told otherwise."""

WIDTH = Fraction(1, 100)
"""How near to each other bounds are, relative to the upper one, when a search ends unless told otherwise."""

_WORTH = Fraction(9, 8)
"""How far above the lowest risk that is known a point may be to be improved further."""

Watch: TypeAlias = Callable[[int, Fraction, Fraction], None]
"""Called with the number of regions so far and the enclosure of the least risk."""

Owners: TypeAlias = dict[Any, list[tuple[int, int, Ray]]]


class BoundSearch:
    """A search for bounds of the least risk that may be stopped at any time: `lower` ≤ the infimum of the risk ≤ `upper`.

    Units above a hidden layer read copies of their own of the units below, and the output weights of units may cancel at any
    length, so `lower` may stay below the infimum. With one hidden layer and few units and outputs the output weights are joined,
    which is much nearer. Weight decay of weights and biases keeps them short: for one hidden layer the bounds then come as near
    to each other as one likes; for several it does not count in `lower`.
    A search has a state: it is equal to itself only.
    Parameters: a problem with a hidden layer, any number of outputs, and a convex loss by pieces or one with a known conjugate
    (logistic, cross-entropy, exponential, log cosh, Poisson, powers); `effort`, seconds or an `Effort` (default: as long as it
    takes); `start`, parameters from where the upper bound begins, in the place of descents from random ones.
    Exactness: exact. `lower` has a certificate, and `upper` is the risk of `point`, or a little above it if it is irrational.
    Raises: `InputError` for smooth activations and linear networks, `UnsupportedError` for losses whose conjugate is not known,
    and where numbers are beyond 2^±256 with weight decay or a loss by expression; `OutOfTime`.
    Source: proofs/claims/global_minimum.md, sections 9 to 13 and 15; proofs/claims/enclosed_least_risk.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [[0, 0], [1, 0], [0, 1], [1, 1]])
    >>> search = es.BoundSearch(es.Problem(es.Network([1, 1, 2]), data))
    >>> search.run(width="1/20")
    >>> 0 < search.lower <= search.upper, search.upper - search.lower < search.upper / 20
    (True, True)
    >>> es.certify_search(search).kind
    'lower bound'
    >>> repr(search).partition(": ")[2]
    'least risk from ≈ 0.486189 to 0.5, 26 regions, 2 open)'
    """

    def __init__(self, problem: Problem, effort: AnyEffort = None, *, start: Parameters | None = None) -> None:
        check_piecewise_linear(problem, "a lower bound of the risk")
        network = problem.network
        if network.activation.is_linear or network.layers == 1:
            raise InputError(
                f"{network!r} is linear: no cells cut its parameter space",
                fix="classify_deep_linear(problem, parameters) tells global minima from saddles",
            )
        if problem.decay is not None or not problem.loss.is_piecewise_quadratic:
            check_scales(problem, weights=True)
        running = Effort.of(effort, UNBOUNDED).started()
        self.problem = problem
        self.nodes: list[BoundNode] = []
        self._queue: list[tuple[Fraction, int]] = []
        self._stuck: list[Fraction] = []
        self._tried: set[tuple[object, ...]] = set()
        self._away: set[int] = set()
        with running.governs():
            self.rays = UnitRays(problem, running)
            self.prices = PricedColumns(problem, self.rays) if counts_decay(problem) else None
            self.fits = fits_of(problem, self.prices)
            self.joints = JointFits(problem, self.rays) if self.prices is None and self.rays.layers == 1 else None
            candidates = low_points(problem) if start is None else [start]
            self.upper, self.point = risk_above(problem, candidates[0]), candidates[0]
            for candidate in candidates:
                look("points of low risk are improved")
                self._offer(candidate)
            self._push(self._new(all_parameters(network), (), running))

    def __repr__(self) -> str:
        left = sum(value < self.upper for value, _ in self._queue) + len(self._away)
        return search_text("BoundSearch", self.problem, (self.lower, self.upper), len(self.nodes), left)

    @property
    def lower(self) -> Fraction:
        """No parameters have a lower risk."""
        known = [*self._stuck, *(value for value, _ in self._queue[:1]), *(self.nodes[place].value for place in self._away)]
        return min([self.upper, *known])

    def run(
        self,
        effort: AnyEffort = None,
        max_nodes: int = MAX_NODES,
        width: Fraction | str | int = WIDTH,
        watch: Watch | None = None,
        *,
        workers: int | None = None,
        dask: str | None = None,
    ) -> None:
        """Go on until `upper` − `lower` is at most `width` times `upper`, or no region can be cut further.

        Parameters: `effort`, seconds or an `Effort` (default: as long as it takes); `max_nodes`, the most regions; `width`, from
        0 to below 1; `watch`, called now and then; `workers`, processes that work together (default: this one alone); `dask`, the
        address of a scheduler whose workers do so instead. Exactness: exact.
        Raises: `OutOfTime`, `InputError` beyond `max_nodes`; the search may go on afterwards. `UnsupportedError` where numbers
        are beyond doubles, which propose cuts. `MissingExtraError` and `InputError` where there is no such scheduler.
        Source: see the class.
        """
        running, wanted = Effort.of(effort, UNBOUNDED).started(), exact(width, "width")
        if not 0 <= wanted < 1:
            raise InputError("the width is a number from 0 to below 1", text=str(width))
        check_workers(workers, dask)

        def watched() -> None:
            self._check(running, max_nodes)
            if watch is not None:
                watch(len(self.nodes), self.lower, self.upper)

        try:
            with running.governs():
                if (workers or 1) > 1 or dask is not None:
                    from exactsurf.surface.bounds.bound_workers import run_with_workers

                    run_with_workers(self, wanted, watched, workers or 1, dask)
                while self._is_open(wanted):
                    self._check(running, max_nodes)
                    self._step(running)
                    if watch is not None:
                        watch(len(self.nodes), self.lower, self.upper)
        except OutOfTime as over:
            raise OutOfTime(over.fields["seconds"], self.known()) from None

    def _is_open(self, width: Fraction) -> bool:
        """Whether there is a node whose cutting may bring the bounds nearer to each other, and they are not near enough."""
        if not self._queue or self.upper - self.lower <= width * abs(self.upper):
            return False
        value = self._queue[0][0]
        return value < self.upper and all(stuck > value for stuck in self._stuck)

    def _check(self, effort: Effort, max_nodes: int) -> None:
        effort.check(self.known())
        if len(self.nodes) > max_nodes:
            raise InputError(
                f"{self.known()} after {max_nodes} regions of the search", fix="raise max_nodes, or take fewer samples or units"
            )

    def _step(self, effort: Effort) -> None:
        value, place = self._queue[0]
        self._expand(place, effort)
        # Children come in before their node goes out: an interruption leaves a lower bound.
        for child in self.nodes[place].children or ():
            heappush(self._queue, (self.nodes[child].value, child))
        if self.nodes[place].children is None:
            self.nodes[place].is_stuck = True
            self._stuck.append(value)
        heappop(self._queue)

    def next_open(self, width: Fraction) -> tuple[int, BoundNode] | None:
        """The open node of least value, for another process; None if there is none that is worth it.

        Parameters: `width`, as of `run`. Exactness: exact. Raises: nothing. Source: none.
        """
        if not self._is_open(width):
            return None
        place = self._queue[0][1]
        # It is away before it leaves the queue: so an interruption leaves a lower bound.
        self._away.add(place)
        heappop(self._queue)
        return place, self.nodes[place]

    def take_back(self, place: int, found: BoundPart | None = None) -> None:
        """Take a node back that another process had, with what that made of it (None: nothing).

        Parameters: the `place` of the node; `found`, of `part`. Exactness: exact. Raises: nothing. Source: none.
        """
        nodes = [self.nodes[place]] if found is None else found.nodes
        if found is not None:
            graft(self.nodes, place, nodes)
            if found.upper < self.upper:
                self.upper, self.point = found.upper, found.point
        for n, node in enumerate(nodes):
            if node.is_stuck:
                self._stuck.append(node.value)
            elif node.children is None:
                heappush(self._queue, (node.value, place if n == 0 else len(self.nodes) - len(nodes) + n))
        self._away.discard(place)

    def recall(self) -> None:
        """Take back all nodes that other processes still have.

        Exactness: exact. Raises: nothing. Source: none.
        """
        for place in list(self._away):
            self.take_back(place)

    def part(self, node: BoundNode, upper: Fraction, point: Parameters, most: int) -> BoundPart:
        """What at most so many cuts make of a node of another search of the same problem; this one has no other use.

        Parameters: `node`; the best known `point` and its risk `upper`; `most`. Exactness: exact. Raises: as `run`.
        Source: see the class.
        """
        if upper < self.upper:
            self.upper, self.point = upper, point
        self.nodes, self._stuck, self._queue = [node], [], [(node.value, 0)]
        for _ in range(most):
            if not self._is_open(Fraction(0)):
                break
            self._step(UNBOUNDED)
        return BoundPart(self.nodes, self.upper, self.point)

    def known(self) -> str:
        """The enclosure in words."""
        return f"{len(self.nodes)} regions: the least risk lies between {near(self.lower)} and {near(self.upper)}"

    def proof(self, embed: bool | None = None) -> GlobalMinimum | EnclosedLeastRisk:
        """What is proved by now: that `point` is a global minimum, or that the risk is at least `lower`.

        Where it is no rational number, or with weight decay, that the least risk is between `lower` and `upper`, or a little
        further. Parameters: `embed` as in `problem_document`. Exactness: exact. Raises: nothing.
        Source: proofs/FORMAT.md, sections 29, 41 and 53; proofs/claims/global_minimum.md and enclosed_least_risk.md.
        """
        bound = self.lower
        duals, prices, tree, values = written_regions(self.nodes, bound)
        if self.problem.decay is not None or not self.problem.loss.is_piecewise_quadratic:
            least, most = stated_ends(self.problem, bound, self.upper, values)
            return EnclosedLeastRisk(self.problem, least, most, duals, tree, self.point, prices, embed)
        point = self.point if bound == self.upper else None
        return GlobalMinimum(self.problem, bound, (), duals, point, embed, regions=tree)

    def _push(self, node: BoundNode) -> None:
        self.nodes.append(node)
        heappush(self._queue, (node.value, len(self.nodes) - 1))

    def _expand(self, place: int, effort: Effort) -> None:
        node = self.nodes[place]
        if node.children is not None:
            return
        try:
            split = self._proposed(node, effort)
        except (OverflowError, ValueError):  # numbers beyond doubles, or none
            raise UnsupportedError(
                f"{self.known()}; floats propose where to cut regions further, and these numbers are beyond them",
                "scale the inputs and targets",
            ) from None
        if split is None or node.value >= self.upper:
            return
        parts = node.regions.parted(split)
        first = len(self.nodes)
        self.nodes += [self._child(part, n, split, node, effort) for n, part in enumerate(parts)]
        node.split, node.children, node.amounts = split, tuple(range(first, len(self.nodes))), {}

    def _proposed(self, node: BoundNode, effort: Effort) -> Split | None:
        """Where to cut a node; weights near those of its relaxed problem are offered before."""
        regions = node.regions
        if regions.is_joint:
            self._offer_weights(first_weights(self.rays, regions, node.amounts))
            return propose_split(self.rays, regions, node.amounts)
        owners = self._owners(regions)
        if self.rays.layers > 1 and not all(column in owners or column in self.fits.biases for column in node.amounts):
            # The node was made elsewhere, where other rays had come in.
            node.amounts = self._new(regions, (), effort).amounts
            owners = self._owners(regions)
        splits, shares = propose_splits(self.rays, regions, node.amounts, owners)
        if self.rays.layers == 1 and self.problem.decay is None:
            self._offer_weights(shares.first_weights())
        if not splits:
            return None
        split = splits[0][1]
        if split.kind == "cone" and self.joints is not None and not holds_line(regions) and self.joints.may_join(regions):
            return Split("chains", ())
        return split

    def _new(self, regions: NetworkRegions, start: Iterable[Any], effort: Effort) -> BoundNode:
        """Regions with their bound. Rays come in until none is missing (for one hidden layer they are all there)."""
        if regions.is_joint and self.joints is not None:
            joint = self.joints.minimum(regions)
            return BoundNode(regions, joint.value, (), (), dict(joint.amounts), corners=joint.duals)
        if self.prices is not None and isinstance(self.fits, CurvedFits):
            if holds_line(regions):
                return BoundNode(regions, *self.fits.nothing, (), {})
            priced = self.prices.of(regions)
            found = self.fits.minimum_with_prices(list(priced.owners), (), start if isinstance(start, dict) else {})
            trees = priced.prices(found.slopes, self.prices.nothing)
            return BoundNode(regions, found.value, found.gradient, (), found.amounts, prices=trees)
        while True:
            fit = self.fits.minimum(list(self._owners(regions)), (), start)
            start = fit.amounts
            lines = self._lines(regions, fit.gradient, effort)
            if lines is not None:
                return BoundNode(regions, fit.value, fit.gradient, lines, fit.amounts)

    def _lines(self, regions: NetworkRegions, gradient: Vector, effort: Effort) -> tuple[tuple[LayerProof, ...], ...] | None:
        """The lines that prove that a dual vector holds on regions of several hidden layers; None where it does not: new rays
        are known then.
        """
        if self.rays.layers == 1:
            return ()
        outputs, complete = self.fits.outputs, True
        lines = []
        for unit, cone in enumerate(regions.cones):
            row = []
            for vector in cone:
                if not any(vector):
                    row.append(LayerProof(()))
                    continue
                form = [
                    sum((v * r for v, r in zip(vector, gradient[p : p + outputs], strict=True)), Fraction(0))
                    for p in range(0, len(gradient), outputs)
                ]
                effort.check(self.known() if self.nodes else "not even the first region has a bound")
                found = self.rays.proved(regions, unit, form, effort)
                if isinstance(found, Ray):
                    complete = False
                else:
                    row.append(found)
            lines.append(tuple(row))
        return tuple(lines) if complete else None

    def _child(self, regions: NetworkRegions, part: int, split: Split, node: BoundNode, effort: Effort) -> BoundNode:
        """A part of the regions of a node. Where floats propose less than the bound of the node, that holds there, too."""
        found = self._new(regions, node.amounts, effort)
        if found.value >= node.value:
            return found
        if regions.is_joint:
            duals = node.corners or (node.gradient,) * len(regions.cones[0])
            return replace(found, value=node.value, corners=inherited(duals, split, part))
        lines = self._lines(regions, node.gradient, effort)
        assert lines is not None, "a dual vector holds on a part of where it holds"
        return replace(found, value=node.value, gradient=node.gradient, lines=lines, prices=node.prices)

    def _owners(self, regions: NetworkRegions) -> Owners:
        """The columns of the relaxed problem, as far as rays are known, and what they may belong to."""
        if self.prices is not None:
            return dict(self.prices.of(regions).owners)
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
        found = [(risk_above(self.problem, parameters), parameters)]
        if self.problem.decay is None and self.rays.layers == 1:
            found.append(improved(self.fits, self.rays, parameters, self.upper * _WORTH))
        elif self.problem.decay is None:
            found.append(with_best_outputs(self.fits, parameters))
        risk, point = min(found, key=lambda pair: pair[0])
        if risk < self.upper:
            self.upper, self.point = risk, point
