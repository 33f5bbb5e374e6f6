"""All local minima of a restricted problem of degree 1: what is left of the minimisers of cells, and how they hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.exact.least_on_polyhedron import optimality
from exactsurf.exact.linear_algebra import Vector, dot, rank
from exactsurf.exact.strict_system import MotzkinMultipliers, solve_strict_system
from exactsurf.model.parameters import Parameters
from exactsurf.surface.restricted.affine_cells import AffineCells

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class RestrictedMinimum:
    """A connected set of local minima of equal risk.

    `risk`; `parameters`, a rational point of it; `dimension`, of the set in the free parameters; `is_strict`, whether it is
    one point; `is_global`; `is_valley`, whether it is the bottom of a valley, so that every way down goes up first; `valleys`,
    the places of the valleys that are reached without going above the risk; `cells`, the cells of which it has minimisers;
    `multiplicity` is 1. Exactness: exact. Source: proofs/claims/restricted_surface.md.
    """

    risk: Fraction
    parameters: Parameters
    dimension: int
    is_global: bool
    is_valley: bool
    valleys: tuple[int, ...]
    cells: tuple[int, ...]

    @property
    def multiplicity(self) -> int:
        """1: free parameters are not exchanged."""
        return 1

    @property
    def is_strict(self) -> bool:
        """Whether it is a single point."""
        return self.dimension == 0

    @property
    def is_spurious(self) -> bool:
        """Whether some point has a lower risk."""
        return not self.is_global


@dataclass(frozen=True)
class MinimiserFace:
    """A polyhedron {u : e(u) = 0, g(u) ≥ 0} of minimisers over a cell.

    Exactness: exact. Source: proofs/claims/restricted_surface.md.
    """

    equal: tuple[Vector, ...]
    weak: tuple[Vector, ...]

    def inside(self, dimension: int, strict: Sequence[Vector] = ()) -> tuple[Vector, int] | None:
        """A point of its relative interior and its dimension; None if it is empty. `strict`: forms that are to be > 0."""
        height = (*[_ZERO] * dimension, _ONE)
        first = solve_strict_system([height, *strict], self.equal, self.weak)
        if isinstance(first, MotzkinMultipliers):
            return None
        total, tight = first, list[Vector]()
        for form in self.weak:
            if dot(form, total) > 0:
                continue
            further = solve_strict_system([height, form], self.equal, self.weak)
            if isinstance(further, MotzkinMultipliers):
                tight.append(form)
            else:
                total = tuple(a + b for a, b in zip(total, further, strict=True))
        rows = [form[:-1] for form in (*self.equal, *tight)]
        return tuple(value / total[-1] for value in total[:-1]), dimension - (rank(rows) if rows else 0)


def local_minima(
    cells: AffineCells,
    risks: Sequence[Fraction],
    minimisers: Sequence[Vector],
    under: Sequence[tuple[int, ...]],
    valleys: Sequence[tuple[int, ...]],
) -> tuple[RestrictedMinimum, ...]:
    """All local minima, as connected sets, lowest first.

    A point is a local minimum if and only if it is a minimiser of every cell around it. Of the minimisers of a cell those are
    left that lie in no cell with a lower minimum: faces of their polyhedron are taken away, so what is left is convex.
    Parameters: `risks` and `minimisers` of the cells; `under`, the valleys below each cell at its level; `valleys`, the cells
    of each. Exactness: exact. Raises: nothing. Source: proofs/claims/restricted_surface.md.
    """
    size = cells.network.dimension

    def is_left(point: Vector, risk: Fraction) -> bool:
        return all(risks[cell] == risk for cell in cells.around(point))

    left: dict[int, tuple[MinimiserFace, Vector, int]] = {}
    for cell, (risk, point) in enumerate(zip(risks, minimisers, strict=True)):
        face, walls = minimiser_face(cells, cell, point)
        beyond = [cells.beyond(cell, wall) for wall in walls]
        if any(other is not None and risks[other] < risk for other in beyond):
            continue
        found = face.inside(size)
        if found is not None and is_left(found[0], risk):
            left[cell] = (face, *found)
    parent = {cell: cell for cell in left}

    def root(cell: int) -> int:
        while parent[cell] != cell:
            cell = parent[cell]
        return cell

    for cell, (face, _, _) in left.items():
        for place, sign in enumerate(cells.cells[cell].signs if cells.hyperplanes else ()):
            across = cells.beyond(cell, place) if sign > 0 else None
            if across is None or across not in left or risks[across] != risks[cell] or root(cell) == root(across):
                continue
            common = MinimiserFace((*face.equal, cells.hyperplanes[place]), face.weak).inside(size)
            if common is not None and is_left(common[0], risks[cell]):
                parent[root(cell)] = root(across)
    parts: dict[int, list[int]] = {}
    for cell in left:
        parts.setdefault(root(cell), []).append(cell)
    lowest, bottoms = min(risks), {cell for valley in valleys for cell in valley}
    minima = []
    for part in parts.values():
        widest = max(part, key=lambda cell: left[cell][2])
        _, point, dimension = left[widest]
        parameters = cells.network.restricted.restriction.at(point)
        risk = risks[widest]
        minima.append(
            RestrictedMinimum(risk, parameters, dimension, risk == lowest, widest in bottoms, under[widest], tuple(part))
        )
    return tuple(sorted(minima, key=lambda minimum: minimum.risk))


def minimiser_face(cells: AffineCells, cell: int, point: Vector) -> tuple[MinimiserFace, list[int]]:
    """The minimisers over a closed cell, from one of them, and the hyperplanes in which all of them lie.

    Exactness: exact. Raises: nothing. Source: proofs/claims/restricted_surface.md.
    """
    terms, sides = cells.terms(cell), cells.sides(cell)
    found = optimality(terms, sides, point)
    equal, weak, walls = list[Vector](), list[Vector](), list[int]()
    for place, (form, multiplier) in enumerate(zip(sides, found.multipliers, strict=True)):
        if multiplier:
            equal.append(form)
            walls.append(place)
        else:
            weak.append(form)
    for term, slope in zip(terms, found.slopes, strict=True):
        where = term.function.where_slope(slope)
        if where is None or not any(term.form[:-1]):
            continue
        low, high = where
        *linear, constant = term.form
        if low is not None and low == high:
            equal.append((*linear, constant - low))
            continue
        if low is not None:
            weak.append((*linear, constant - low))
        if high is not None:
            weak.append((*(-value for value in linear), high - constant))
    return MinimiserFace(tuple(equal), tuple(weak)), walls
