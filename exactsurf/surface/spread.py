"""From the bottoms of valleys to minimisers of all signed cells, by steps that do not rise the other way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Protocol

from exactsurf.errors import InternalError, UnsupportedError
from exactsurf.exact.number import brief
from exactsurf.model.parameter_vector import unit_weights
from exactsurf.model.parameters import Parameters
from exactsurf.surface.facet_graph import Face, SignedCell, SignedCellGraph
from exactsurf.surface.signed_cells import Orbit
from exactsurf.surface.unit_table import UnitTable
from exactsurf.surface.valley import Valley


class SpreadGraph(SignedCellGraph, Protocol):
    """A graph of signed cells that knows points of least risk, or near it."""

    @property
    def table(self) -> UnitTable:
        """The cells of one hidden unit."""

    def minimiser(self, cell: SignedCell, face: Face) -> Parameters:
        """Parameters of least risk on a face of a signed cell, or near it where levels are enclosed."""


class Spread:
    """From the bottoms of the valleys to all signed cells, each time over a facet that holds a minimiser of the next one.

    Parameters: `bottoms`, a point of every valley with its level; `risks`, the minimum over every orbit of signed cells that is
    to be reached (where levels are enclosed, what stands for it in the graph); all that are as low as some orbit here and
    beside it are among them. Attributes: `points`, first the bottoms; `leads_to`, for each of the others the earlier
    one to which it leads; `home`, for every orbit the number of a point that is minimal in it.
    Exactness: exact. Raises: as the minimiser of the graph. Source: proofs/claims/all_valleys.md.
    """

    def __init__(
        self, graph: SpreadGraph, bottoms: Sequence[tuple[Parameters, Fraction]], risks: Mapping[Orbit, Fraction]
    ) -> None:
        self.graph, self.risks = graph, risks
        self.points: list[Parameters] = []
        self.leads_to: list[int] = []
        self.home: dict[Orbit, int] = {}
        self._waiting: deque[SignedCell] = deque()
        self._of_risk: dict[Fraction, list[Orbit]] = {}
        for orbit, risk in risks.items():
            self._of_risk.setdefault(risk, []).append(orbit)
        for point, risk in bottoms:
            self._add(point, risk)
        while self._waiting:
            self._expand(self._waiting.popleft())
        if len(self.home) != len(risks):
            raise InternalError(f"{len(self.home)} of {len(risks)} orbits of signed cells lead to a valley")

    def kinds_at(self, point: Parameters) -> list[set[int]]:
        """For every unit of a point the signed unit cells that hold it; see `kinds_at`."""
        return kinds_at(self.graph.table, point)

    def _add(self, point: Parameters, risk: Fraction) -> None:
        self.points.append(point)
        for cell in self._around(self.kinds_at(point), risk):
            orbit = tuple(sorted(cell))
            if orbit not in self.home and self.risks.get(orbit) == risk:
                self.home[orbit] = len(self.points) - 1
                self._waiting.append(cell)

    def _around(self, kinds: Sequence[set[int]], risk: Fraction) -> Iterator[SignedCell]:
        """The signed cells that hold a point, in the order of its units; or those of this risk among them, if these are fewer."""
        among = self._of_risk[risk]
        if prod(map(len, kinds)) <= len(among):
            yield from product(*map(sorted, kinds))
            return
        for orbit in among:
            order = matching(kinds, orbit)
            if order is not None:
                cell = [0] * len(orbit)
                for kind, unit in zip(orbit, order, strict=True):
                    cell[unit] = kind
                yield tuple(cell)

    def _expand(self, cell: SignedCell) -> None:
        home = self.home[tuple(sorted(cell))]
        for beyond, place, generators in self.graph.facets(cell):
            orbit = tuple(sorted(beyond))
            risk = self.risks.get(orbit)
            if risk is None or orbit in self.home:
                continue
            face = self.graph.facet(cell, place, generators)
            if self.graph.level(face) == risk:
                self.leads_to.append(home)
                self._add(self.graph.minimiser(cell, face), risk)


def bottoms(valleys: Sequence[Valley]) -> list[tuple[Parameters, Fraction]]:
    """The bottom of every valley with its risk.

    Exactness: exact. Raises: `UnsupportedError` if one is not attained. Source: none needed.
    """
    found = []
    for valley in valleys:
        if valley.parameters is None:
            raise UnsupportedError(
                f"the risk {brief(valley.risk)} of a valley is approached, but not attained", "list the others"
            )
        found.append((valley.parameters, valley.risk))
    return found


def kinds_at(table: UnitTable, point: Parameters) -> list[set[int]]:
    """For every unit of a point the signed unit cells that hold it; one that is off can be moved to any.

    Parameters: the `table` of a unit of the problem. Exactness: exact. Raises: nothing. Source: proofs/claims/all_valleys.md.
    """
    found = []
    for weights, output in zip(unit_weights(point), point.weights[1][0], strict=True):
        if not output:
            found.append(set(range(2 * len(table.cells))))
            continue
        signs = table.arrangement.signs_at(weights)
        around = (c for c, cell in enumerate(table.cells) if all(a in (0, b) for a, b in zip(signs, cell.signs, strict=True)))
        found.append({2 * c + (output < 0) for c in around})
    return found


def matching(kinds: Sequence[set[int]], wanted: Sequence[int]) -> tuple[int, ...] | None:
    """For every wanted signed unit cell a unit of its own that lies in it; None if there is no such choice.

    Exactness: exact. Raises: nothing. Source: augmenting paths.

    >>> matching([{0, 1}, {0}], (0, 1)), matching([{0}, {0}], (0, 1))
    ((1, 0), None)
    """
    taken: dict[int, int] = {}

    def place_for(place: int, tried: set[int]) -> bool:
        for unit, own in enumerate(kinds):
            if wanted[place] in own and unit not in tried:
                tried.add(unit)
                if unit not in taken or place_for(taken[unit], tried):
                    taken[unit] = place
                    return True
        return False

    if not all(place_for(place, set()) for place in range(len(wanted))):
        return None
    return tuple(unit for _, unit in sorted((place, unit) for unit, place in taken.items()))
