"""The proof that the valleys of a landscape are all there are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.all_cells import ListedCell
from exactsurf.certificate.claims.all_valleys import AllValleys
from exactsurf.certificate.claims.cut import Cut
from exactsurf.errors import InputError, InternalError, UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import to_text
from exactsurf.model.parameters import Parameters
from exactsurf.surface.dual_cover import DualCover
from exactsurf.surface.facet_graph import FacetGraph, SignedCell, unit_weights
from exactsurf.surface.surface import Landscape

MAX_ORBITS = 200_000
"""Most orbits of signed cells in a certificate, unless more are asked for."""


def certify_all_valleys(land: Landscape, *, max_orbits: int = MAX_ORBITS, embed: bool | None = None) -> AllValleys:
    """That the valleys of a landscape are all there are: from everywhere a path that does not rise leads to one of them.

    Parameters: a landscape; `max_orbits`, the most orbits of signed cells; `embed` as in `problem_document`.
    Returns: a certificate, accepted by the verifier. Its first points are those of `land.valleys`; that each of these is the
    bottom of a valley of its own is the statement of `certify_spurious_valley` and `certify_global_minimum`.
    Exactness: exact. Raises: `InputError` if there are more orbits than `max_orbits`, `UnsupportedError` if the minimum over a
    signed cell is not attained. Source: theory.md, theorem B; proofs/claims/all_valleys.md.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> es.certify_all_valleys(land).valleys
    4
    """
    if land.orbits > max_orbits:
        raise InputError(
            f"there are {land.orbits} orbits of signed cells, more than the limit of {max_orbits} for a certificate",
            fix="raise max_orbits, or take fewer samples or units",
        )
    spread = _Spread(land)
    problem = land.problem
    cells = tuple(ListedCell(cell.pieces, cell.witness) for cell in enumerate_unit_cells(problem))
    return confirmed(AllValleys(problem, tuple(spread.points), tuple(spread.leads_to), Cut(cells, _duals(land)), embed))


def _duals(land: Landscape) -> tuple[Vector, ...]:
    """For every level dual vectors that hold on all signed cells of this minimum."""
    minima = land.work.minima
    cones: dict[Fraction, set[int]] = {}
    for rank, orbit in enumerate(land.work.orbits.between(0, land.orbits)):
        cones.setdefault(land.risks[rank], set()).add(minima.cone(orbit))
    found: list[Vector] = []
    for level, masks in sorted(cones.items()):
        cover = DualCover(minima, minima.masks, level)
        for mask in sorted(masks):
            if not cover.covers(mask):
                cover.add(mask)
        found += cover.needed_on(masks)
    return tuple(found)


class _Spread:
    """From the bottoms of the valleys to all signed cells, each time over a facet that holds a minimiser of the next one."""

    def __init__(self, land: Landscape) -> None:
        self.land, self.graph = land, FacetGraph(land.work)
        self.points: list[Parameters] = []
        self.leads_to: list[int] = []
        self._home: dict[SignedCell, int] = {}
        self._waiting: deque[SignedCell] = deque()
        for valley in land.valleys:
            if valley.parameters is None:
                raise UnsupportedError(
                    f"the risk {to_text(valley.risk)} of a valley is approached, but not attained", "list the others"
                )
            self._add(valley.parameters, valley.risk)
        while self._waiting:
            self._expand(self._waiting.popleft())
        if len(self._home) != land.orbits:
            raise InternalError(f"{len(self._home)} of {land.orbits} orbits of signed cells lead to a valley")

    def _risk(self, cell: SignedCell) -> Fraction:
        return self.land.risks[self.land.work.orbits.rank(tuple(sorted(cell)))]

    def _add(self, point: Parameters, risk: Fraction) -> None:
        self.points.append(point)
        for cell in self._around(point):
            orbit = tuple(sorted(cell))
            if orbit not in self._home and self._risk(cell) == risk:
                self._home[orbit] = len(self.points) - 1
                self._waiting.append(cell)

    def _around(self, point: Parameters) -> Iterator[SignedCell]:
        """The signed cells that hold a point, in the order of its units; units that are off can be moved to any cell."""
        table = self.graph.minima.table
        kinds = []
        for weights, output in zip(unit_weights(point), point.weights[1][0], strict=True):
            if not output:
                kinds.append(list(range(2 * len(table.cells))))
                continue
            signs = table.arrangement.signs_at(weights)
            around = (c for c, cell in enumerate(table.cells) if all(a in (0, b) for a, b in zip(signs, cell.signs, strict=True)))
            kinds.append([2 * c + (output < 0) for c in around])
        return product(*kinds)

    def _expand(self, cell: SignedCell) -> None:
        home = self._home[tuple(sorted(cell))]
        for beyond, place, generators in self.graph.facets(cell):
            orbit = tuple(sorted(beyond))
            if orbit in self._home:
                continue
            face = self.graph.facet(cell, place, generators)
            risk = self._risk(beyond)
            if self.graph.level(face) == risk:
                self.leads_to.append(home)
                self._add(self.graph.minimiser(cell, face), risk)
