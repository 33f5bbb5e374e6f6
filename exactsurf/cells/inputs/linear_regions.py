"""Linear regions of a network in input space: cells, polytopes, adjacency, and the six ways to count them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from exactsurf.arrangement.generators import Generators
from exactsurf.cells.inputs.input_tree import InputRegion, input_tree
from exactsurf.cells.inputs.region_adjacency import components, convex_parts, generators_of, neighbours, share_point
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.linear_regions import RegionCertificate
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort, keeps_effort
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.model.needed_problem import piecewise_linear_network
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters, check_parameters
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class LinearRegions:
    """The regions of input space on which a network is affine, and how many there are.

    Attributes: `network`; `parameters`; `regions`, the open ones, each an `InputRegion` with pieces, inequalities, witness and
    outputs; `activation_regions`, how many activation patterns have an input, where a unit at a breakpoint belongs to the piece
    on the left of it (thin regions count); `neighbours`, pairs of numbers of regions that share a facet; `certificate`, of the
    numbers of activation regions, of those with inner points and of affine functions.
    The six numbers, from the largest to the smallest: `activation_regions`, `proper_activation_regions`, `convex_regions` (two
    bounds), `open_connected_regions`, `closed_connected_regions`, `affine_regions`.
    Exactness: exact. Source: proofs/claims/linear_regions.md; Stargalla, Hertrich and Reichman 2025.
    """

    network: Network
    parameters: Parameters
    regions: tuple[InputRegion, ...]
    activation_regions: int
    neighbours: tuple[tuple[int, int], ...]
    certificate: RegionCertificate

    @property
    def proper_activation_regions(self) -> int:
        """The number of activation patterns whose inputs have inner points."""
        return len(self.regions)

    @cached_property
    def _functions(self) -> tuple[tuple[int, ...], ...]:
        """The numbers of the regions of every affine function."""
        found: dict[Matrix, list[int]] = defaultdict(list)
        for i, region in enumerate(self.regions):
            found[region.outputs[0]].append(i)
        return tuple(map(tuple, found.values()))

    @cached_property
    def open_parts(self) -> tuple[tuple[int, ...], ...]:
        """The numbers of the regions of every largest open connected set on which the network is one affine function."""
        found = []
        for class_ in self._functions:
            inside = [(class_.index(i), class_.index(j)) for i, j in self.neighbours if i in class_ and j in class_]
            found += [tuple(class_[k] for k in part) for part in components(len(class_), inside)]
        return tuple(sorted(found))

    @property
    def open_connected_regions(self) -> int:
        """The number of largest open connected sets on which the network is affine."""
        return len(self.open_parts)

    @cached_property
    def closed_connected_regions(self) -> int:
        """The number of connected unions of closures of regions with one affine function, of largest size."""
        return self.count_closed_regions(UNBOUNDED)

    def count_closed_regions(self, effort: AnyEffort = None) -> int:
        """`closed_connected_regions`, one linear program a pair of regions, within an effort.

        Parameters: `effort`, which bounds the time. Exactness: exact. Raises: `OutOfTime`.
        Source: proofs/claims/linear_regions.md.
        """
        running, total = Effort.of(effort).started(), 0
        for class_ in self._functions:
            touching = []
            for a, b in combinations(range(len(class_)), 2):
                running.check("the regions that share a point")
                if share_point(self.regions[class_[a]], self.regions[class_[b]]):
                    touching.append((a, b))
            total += len(components(len(class_), touching))
        return total

    @cached_property
    def convex_regions(self) -> tuple[int, int]:
        """Bounds on the least number of convex sets, of disjoint interiors, on each of which the network is affine."""
        return self.count_convex_regions(UNBOUNDED)

    def count_convex_regions(self, effort: AnyEffort = None) -> tuple[int, int]:
        """`convex_regions`, which can take much longer than all other numbers, within an effort.

        Parameters: `effort`, which bounds the time. Exactness: exact bounds. Raises: `OutOfTime`.
        Source: proofs/claims/linear_regions.md.
        """
        running = Effort.of(effort).started()
        bounds = [convex_parts(part, self.regions, self.neighbours, running) for part in self.open_parts]
        return sum(low for low, _ in bounds), sum(high for _, high in bounds)

    @property
    def affine_regions(self) -> int:
        """The number of affine functions that the network is on some open set."""
        return len(self._functions)

    def polytope(self, number: int) -> Generators:
        """Vertices, extreme rays and lines of the closure of a region.

        Parameters: `number` of the region. Exactness: exact. Raises: `IndexError` for no number of a region.
        Source: `Arrangement.generators`.

        >>> import exactsurf as es
        >>> theta = es.Parameters(W1=[[1], [1]], b1=[0, -1], W2=[[1, -2]], b2=[0])
        >>> sorted(es.linear_regions(es.Network([1, 2, 1]), theta).polytope(1).vertices)
        [(Fraction(0, 1),), (Fraction(1, 1),)]
        """
        return generators_of(self.regions[number])

    def __repr__(self) -> str:
        # The numbers that are there at once: convex and closed regions can take long.
        counts = f"{self.activation_regions} activation, {self.proper_activation_regions} proper"
        return f"LinearRegions({counts}, {self.open_connected_regions} open, {self.affine_regions} affine)"


@keeps_effort()
def linear_regions(problem: Problem | Network, parameters: Parameters, *, effort: AnyEffort = None) -> LinearRegions:
    """The regions of input space on which a network is affine, with their neighbours, counted in six ways.

    Parameters: `problem`, of which only the network counts, or a network; `parameters` of it; `effort`, which bounds the time.
    Exactness: exact. Raises: `InputError` for smooth activations, `ShapeError` for parameters of another network,
    `UnsupportedError` for more than 100,000 regions, `OutOfTime`.
    Source: Stargalla, Hertrich and Reichman 2025 (definitions recalled); proofs/claims/linear_regions.md.

    >>> import exactsurf as es
    >>> theta = es.Parameters(W1=[[1, 0], [-1, 0], [0, 1], [0, -1]], b1=[0, 0, 0, 0], W2=[[1, 1, -1, -1]], b2=[0])
    >>> es.linear_regions(es.Network([2, 4, 1]), theta)  # |x1| − |x2|
    LinearRegions(9 activation, 4 proper, 4 open, 4 affine)
    """
    running = Effort.of(effort)
    network = piecewise_linear_network(problem, "linear_regions")
    check_parameters(network, parameters)
    opened = input_tree([(network, parameters)], running)
    half_open = input_tree([(network, parameters)], running, half_open=True)
    certificate = RegionCertificate(
        network,
        parameters,
        tuple(region.witness for region in opened.regions),
        opened.entries,
        tuple(region.witness for region in half_open.regions),
        half_open.entries,
        len({region.outputs for region in opened.regions}),
    )
    return LinearRegions(
        network,
        parameters,
        opened.regions,
        len(half_open.regions),
        neighbours(opened.regions, running),
        confirmed(certificate),
    )
