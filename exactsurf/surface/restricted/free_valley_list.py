"""The proof that the valleys of a restricted landscape are all there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.free_tree import FreeLowest
from exactsurf.certificate.claims.restricted_paths import RestrictedAllValleys
from exactsurf.effort import Effort
from exactsurf.errors import InternalError
from exactsurf.exact.least_on_polyhedron import LeastOnPolyhedron
from exactsurf.exact.linear_algebra import Vector
from exactsurf.surface.restricted.free_graph import FreeGraph
from exactsurf.surface.restricted.free_region import FreeRegion
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.restricted.tree_growth import NEUTRAL, Settled, TreeGrowth


class _Points:
    """The points of the list: bottoms of valleys first; `of_cell`, the number of a lowest point of a cell that is settled."""

    def __init__(self, graph: FreeGraph, bottoms: Sequence[int]) -> None:
        self.graph = graph
        self.points = [graph.points[cell] for cell in bottoms]
        self.leads_to: list[int] = []
        self.of_cell = {cell: number for number, cell in enumerate(bottoms)}

    def add(self, point: Vector, goal: int) -> int:
        """A further point, which leads straight to an earlier one."""
        self.points.append(point)
        self.leads_to.append(goal)
        return len(self.points) - 1

    def settle_all(self, effort: Effort) -> None:
        """From the lowest cells on, lead each over a facet with the same minimum to a cell that is settled."""
        graph = self.graph
        levels: dict[Fraction, list[int]] = {}
        for cell, risk in enumerate(graph.risks):
            levels.setdefault(risk, []).append(cell)
        for level in sorted(levels):
            open_cells = [cell for cell in levels[level] if cell not in self.of_cell]
            while open_cells:
                effort.check(f"{len(self.of_cell)} of {len(graph.risks)} cells lead to a valley")
                left = [cell for cell in open_cells if not self._leads(cell)]
                if len(left) == len(open_cells):
                    raise InternalError("a cell leads to no valley")
                open_cells = left

    def _leads(self, cell: int) -> bool:
        graph = self.graph
        for beyond, hyperplane in graph.beside(cell):
            if beyond in self.of_cell and graph.risks[beyond] <= graph.risks[cell]:
                facet = graph.facet(cell, beyond, hyperplane)
                if facet.value == graph.risks[cell]:
                    self.of_cell[cell] = self._led(graph.points[cell], facet.point, self.of_cell[beyond])
                    return True
        return False

    def _led(self, lowest: Vector, met: Vector, goal: int) -> int:
        passed = goal if met == self.points[goal] else self.add(met, goal)
        return passed if lowest == self.points[passed] else self.add(lowest, passed)


def certify_all_free_valleys(land: RestrictedLandscape, embed: bool | None, effort: Effort) -> RestrictedAllValleys:
    """The certificate of `certify_all_valleys` for a restricted landscape. Parameters, Exactness, Raises, Source: as there."""
    graph = FreeGraph(land.affine_cells, land.risks, land.minimisers, effort)
    found = _Points(graph, [valley.cells[0] for valley in land.valleys])
    found.settle_all(effort)
    witnesses = [cell.witness for cell in land.affine_cells.cells]

    def settle(region: FreeRegion, places: Sequence[int]) -> Settled:
        if any(known is None for known in region.predictions):
            return Settled()
        lowest = min(places, key=land.risks.__getitem__)
        least = LeastOnPolyhedron(land.minimisers[lowest], land.risks[lowest])
        return Settled(FreeLowest(found.of_cell[lowest], region.leaf(least, effort)), least)

    growth = TreeGrowth(land.affine_cells.network, witnesses, [NEUTRAL] * len(witnesses), settle, effort=effort)
    nodes: Any = tuple(node.node for node in growth.grow(FreeRegion(land.affine_cells.network)))
    return confirmed(
        _without_unused(RestrictedAllValleys(land.problem, tuple(found.points), tuple(found.leads_to), nodes, embed))
    )


def _without_unused(proof: RestrictedAllValleys) -> RestrictedAllValleys:
    """The certificate without points to which no leaf leads."""
    first = proof.valleys
    waiting = [node.point for node in proof.nodes if isinstance(node, FreeLowest)]
    used = set(range(first))
    while waiting:
        number = waiting.pop()
        if number not in used:
            used.add(number)
            waiting.append(proof.leads_to[number - first])
    numbers = {number: place for place, number in enumerate(sorted(used))}
    nodes = (replace(node, point=numbers[node.point]) if isinstance(node, FreeLowest) else node for node in proof.nodes)
    points = tuple(proof.points[number] for number in numbers)
    leads_to = tuple(numbers[proof.leads_to[number - first]] for number in numbers if number >= first)
    return replace(proof, points=points, leads_to=leads_to, nodes=tuple(nodes))
