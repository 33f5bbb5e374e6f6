"""The cells of one hidden unit with everything the landscape needs of them: generators, neighbours and faces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from operator import mul

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.generators import Generators, find_generators
from exactsurf.arrangement.hyperplanes import ArrangementCell
from exactsurf.arrangement.one_faces import vertices_and_rays
from exactsurf.cells.unit_cells import unit_arrangement
from exactsurf.effort import UNBOUNDED, Effort, look
from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.problem import Problem

_LISTED = "the cells of a unit are listed"


@dataclass(frozen=True)
class UnitGenerator:
    """A generator of the cone of product variables (v w, v) of a unit with v ≥ 0, and what it predicts.

    `weights` is a vertex of a closed cell (`apex` 1) or an extreme ray of one (`apex` 0); `prediction[i]` is h(w·x̃_i), along
    a ray its rate of growth. For an activation h(z) = |slope| z with its only breakpoint at 0, v itself is no variable and all
    generators are rays.
    """

    weights: Vector
    apex: int
    prediction: Vector


@dataclass(frozen=True)
class UnitFace:
    """A relatively open face of the arrangement of one unit.

    `signs` are 0 on the walls that contain it; `generators` (positions in the table) generate its closure; `cells` are the
    open cells around it; `dimension` counts product variables, with v if that is one.
    """

    signs: tuple[int, ...]
    generators: tuple[int, ...]
    cells: tuple[int, ...]
    dimension: int


@dataclass(frozen=True)
class UnitTable:
    """All cells of one unit.

    `generators` of all cells together; `members[c]`, those of cell c; `neighbours[c]`, for every facet of cell c the cell
    beyond and the generators on the facet; `lineality`, a basis of the weights that no sample sees; `homogeneous`, whether v
    is no variable of its own.
    Exactness: exact. Source: theory.md, section 2.
    """

    arrangement: Arrangement
    homogeneous: bool
    cells: tuple[ArrangementCell, ...]
    generators: tuple[UnitGenerator, ...]
    members: tuple[tuple[int, ...], ...]
    neighbours: tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]
    lineality: tuple[Vector, ...]

    @cached_property
    def tight(self) -> tuple[frozenset[int], ...]:
        """For every generator the walls that it lies on."""
        forms = [wall.form for wall in self.arrangement.walls]
        found = []
        for generator in self.generators:
            scale = lcm(*(w.denominator for w in generator.weights))
            scaled = [w.numerator * (scale // w.denominator) for w in generator.weights]
            scaled.append(scale * generator.apex)
            found.append(frozenset(k for k, form in enumerate(forms) if not sum(map(mul, form, scaled))))
        return tuple(found)

    @cached_property
    def faces(self) -> tuple[UnitFace, ...]:
        """Every relatively open face of the arrangement once, the open cells first."""
        from exactsurf.exact.linear_algebra import rank

        found: dict[tuple[int, ...], tuple[int, ...]] = {}
        around: dict[tuple[int, ...], list[int]] = {}
        for index, cell in enumerate(self.cells):
            look(_LISTED)
            for signs, generators in self._faces_of(cell, self.members[index]).items():
                found.setdefault(signs, generators)
                around.setdefault(signs, []).append(index)
        faces = []
        for signs, generators in found.items():
            vectors = [self.lifted(g) for g in generators]
            if self.homogeneous or not self.lineality:
                lines = list(self.lineality)
            else:
                lines = [(*line, Fraction(0)) for line in self.lineality]
            faces.append(UnitFace(signs, generators, tuple(around[signs]), rank([*vectors, *lines])))
        return tuple(sorted(faces, key=lambda face: (len(face.cells), face.signs)))

    def lifted(self, generator: int) -> Vector:
        """The product variables of a generator: its weights, and its apex behind them if v is a variable."""
        found = self.generators[generator]
        return found.weights if self.homogeneous else (*found.weights, Fraction(found.apex))

    def _faces_of(self, cell: ArrangementCell, members: tuple[int, ...]) -> dict[tuple[int, ...], tuple[int, ...]]:
        walls, tight = self.arrangement.walls, self.tight
        every = frozenset(range(len(walls)))
        faces: dict[tuple[int, ...], tuple[int, ...]] = {}
        waiting = [members]
        while waiting:
            generators = waiting.pop()
            common = every.intersection(*(tight[g] for g in generators)) if generators else every
            zero = {row for k in common for row in walls[k].rows}
            signs = tuple(0 if row in zero else sign for row, sign in enumerate(cell.signs))
            if signs in faces:
                continue
            faces[signs] = generators
            for k in every - common:
                fewer = tuple(g for g in generators if k in tight[g])
                # Without a vertex, what is left of a face of a polyhedron lies at infinity.
                if self.homogeneous or any(self.generators[g].apex for g in fewer):
                    waiting.append(fewer)
        return faces


def unit_table(problem: Problem, arrangement: Arrangement | None = None) -> UnitTable:
    """The cells of one unit of a network with one hidden layer, with generators, neighbours and (on request) faces.

    Parameters: a problem with one hidden layer; `arrangement`, its `unit_arrangement`, where it is known. Exactness: exact.
    Raises: `UnsupportedError` for deeper networks, `InputError` for a linear activation. Source: theory.md, section 2.

    >>> import exactsurf as es
    >>> table = unit_table(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> len(table.cells), len(table.generators), len(table.faces)
    (8, 8, 17)
    """
    if problem.network.layers != 2:
        raise UnsupportedError(
            f"a table of unit cells needs one hidden layer; {problem.network!r} has {problem.network.layers - 1}",
            "ask about one cell with problem.cell(parameters), or one point with decide",
        )
    arrangement = arrangement or unit_arrangement(problem)
    homogeneous = problem.network.activation.two_slopes is not None
    cells, predictor = tuple(arrangement.cells()), _Predictor(problem)
    position: dict[tuple[Vector, int], int] = {}
    generators: list[UnitGenerator] = []
    members = []
    lineality: tuple[Vector, ...] = ()
    for cell in cells:
        look(_LISTED)
        described = find_generators(arrangement, cell)
        lineality = described.lineality  # the same of all cells
        pairs = _vertices_and_rays_of(problem, described)
        for pair in pairs:
            if pair not in position:
                position[pair] = len(generators)
                generators.append(UnitGenerator(*pair, predictor.prediction(*pair)))
        members.append(tuple(sorted(position[pair] for pair in pairs)))
    table = UnitTable(arrangement, homogeneous, cells, tuple(generators), tuple(members), (), lineality)
    return replace(table, neighbours=_neighbours(table))


def generator_table(problem: Problem, effort: Effort = UNBOUNDED) -> UnitTable:
    """The table of all generators without the cells, whose number grows faster.

    Parameters: a problem with a hidden layer, the units of whose first one these are; `effort`, its clock running.
    Exactness: exact. Raises: as `unit_arrangement`, and as `vertices_and_rays`. Source: theory.md, section 2.

    >>> import exactsurf as es
    >>> table = generator_table(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> len(table.cells), len(table.generators)
    (0, 8)
    """
    arrangement = unit_arrangement(problem)
    homogeneous = problem.network.activation.two_slopes is not None
    vertices, rays = vertices_and_rays(arrangement, effort)
    pairs = [*((vertex, 1) for vertex in vertices if not homogeneous), *((ray, 0) for ray in rays)]
    predictor, generators = _Predictor(problem), []
    for pair in pairs:
        effort.check("the predictions of the vertices and rays of one unit are computed")
        generators.append(UnitGenerator(*pair, predictor.prediction(*pair)))
    return UnitTable(arrangement, homogeneous, (), tuple(generators), (), (), ())


def unit_generators(problem: Problem, arrangement: Arrangement, cell: ArrangementCell) -> tuple[UnitGenerator, ...]:
    """The generators of one cell of a unit, lines left out (no sample sees them).

    Parameters: a `cell` of `arrangement`, the `unit_arrangement` of the problem. Exactness: exact.
    Raises: as `find_generators`. Source: theory.md, section 2.
    """
    pairs = _vertices_and_rays_of(problem, find_generators(arrangement, cell))
    predictor = _Predictor(problem)
    return tuple(UnitGenerator(*pair, predictor.prediction(*pair)) for pair in pairs)


def _vertices_and_rays_of(problem: Problem, described: Generators) -> list[tuple[Vector, int]]:
    vertices = described.vertices if problem.network.activation.two_slopes is None else ()
    return [*((vertex, 1) for vertex in vertices), *((ray, 0) for ray in described.rays)]


def _neighbours(table: UnitTable) -> tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]:
    # Two cells whose signs differ on one wall only share a facet: the segment between their witnesses meets no other wall.
    index = {cell.signs: c for c, cell in enumerate(table.cells)}
    found = []
    for cell, members in zip(table.cells, table.members, strict=True):
        look(_LISTED)
        beside = []
        for k, wall in enumerate(table.arrangement.walls):
            signs = list(cell.signs)
            for row in wall.rows:
                signs[row] = -signs[row]
            other = index.get(tuple(signs))
            if other is not None:
                beside.append((other, tuple(g for g in members if k in table.tight[g])))
        found.append(tuple(beside))
    return tuple(found)


class _Predictor:
    """Predictions of units of a problem, computed in whole numbers."""

    def __init__(self, problem: Problem) -> None:
        one = (Fraction(1),) if problem.network.biases[0] else ()
        rows = [(*row, *one) for row in problem.data.x]
        self._activation = problem.network.activation
        self._unit = lcm(*(value.denominator for row in rows for value in row))
        self._rows = [[int(value * self._unit) for value in row] for row in rows]

    def prediction(self, weights: Vector, apex: int) -> Vector:
        """h(w·x̃_i) at a vertex (`apex` 1), its rate of growth along a ray (`apex` 0)."""
        scale = lcm(*(value.denominator for value in weights))
        whole = [int(value * scale) for value in weights]
        values, unit, h = [sum(map(mul, row, whole)) for row in self._rows], self._unit * scale, self._activation
        if apex:
            return tuple(h(Fraction(value, unit)) for value in values)
        low, high = (slope / unit for slope in (h.slopes[0], h.slopes[-1]))
        return tuple((low if value < 0 else high) * value for value in values)
