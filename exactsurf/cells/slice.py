"""Two-parameter slices of parameter space: the polygons that the walls cut, with pattern and exact risk on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from exactsurf.arrangement.polygon import Point, Polygon, rectangle
from exactsurf.cells.activation_pattern import ActivationPattern, BoundaryPair, activation_pattern
from exactsurf.cells.coordinates import coordinates
from exactsurf.cells.parameter_slice import LossKink, ParameterSlice, SliceNetwork, Table
from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, primitive
from exactsurf.exact.number import Exact, exact, to_text, whole_number
from exactsurf.exact.polynomial import Polynomial
from exactsurf.model.forward import ForwardPass
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

SliceWall: TypeAlias = BoundaryPair | LossKink
_WINDOW = (-1, 1, -1, 1)
_AROUND = ("-1/4", "5/4", "-1/4", "5/4")


@dataclass(frozen=True)
class SliceCell:
    """A polygon of a slice on which the activation pattern (and the piece of the loss) does not change.

    Attributes: `polygon`, closed; `pattern` inside it, with boundary pairs only where a unit sits on a breakpoint all over
    the polygon; `risk`, exact on the polygon, a polynomial in s and t.
    """

    polygon: Polygon[SliceWall]
    pattern: ActivationPattern
    risk: Polynomial


@dataclass(frozen=True)
class WallSegment:
    """A segment of a slice on which pairs of a unit and a sample sit on a breakpoint, or outputs on a kink of the loss."""

    start: Point
    end: Point
    walls: tuple[SliceWall, ...]


@dataclass(frozen=True)
class SliceGrid:
    """Exact values at the points of a grid: `risks[row][column]`, and `pre_activations[row][column][layer − 1][unit][sample]`.

    Columns belong to the coordinates `s` from left to right, rows to `t` from bottom to top.
    """

    s: Vector
    t: Vector
    risks: Matrix
    pre_activations: tuple[tuple[tuple[tuple[Vector, ...], ...], ...], ...]


@dataclass(frozen=True, init=False)
class Slice:
    """The window [left, right] × [bottom, top] of the plane base + s·first + t·second in the problem's parameter space.

    Parameters: `base`, `first` and `second`, parameters of the problem's network (the directions should be linearly
    independent, but need not be); `window`, (left, right, bottom, top), anything that `exact()` takes; `marks`, points of the
    plane by name, which pictures mark where they lie in the window.
    Exactness: exact. Raises: `ShapeError` for parameters of another network, `InputError` for an empty window and for marks
    that are not on the plane.
    Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 1], [0, 1]))
    >>> def point(w, b, v):
    ...     return problem.parameters(W1=[[w]], b1=[b], W2=[[v]], b2=[0])
    >>> plane = es.Slice(problem, point(0, 0, 1), point(1, 0, 0), point(0, 1, 0))
    >>> [(cell.pattern, cell.polygon.area, cell.risk) for cell in plane.cells()][1:3]
    [(ActivationPattern(10), Fraction(1, 1), Polynomial(1/2*s^2 - s*t + 1/2*t^2 + 1/2)), \
(ActivationPattern(01), Fraction(1, 1), Polynomial(1/2*s^2 + s*t - s + 1/2*t^2 - t + 1/2))]
    """

    problem: Problem
    plane: ParameterSlice
    window: tuple[Fraction, Fraction, Fraction, Fraction]
    marks: tuple[tuple[str, Parameters], ...]

    def __init__(
        self,
        problem: Problem,
        base: Parameters,
        first: Parameters,
        second: Parameters,
        window: Sequence[Exact] = _WINDOW,
        marks: Mapping[str, Parameters] | None = None,
    ) -> None:
        check_piecewise_linear(problem, "Slice")
        plane = ParameterSlice(base, (first, second), ("s", "t"))
        plane.check(problem)
        if len(window) != 4:
            raise ShapeError("the window of a slice (left, right, bottom, top)", (4,), (len(window),))
        left, right, bottom, top = (exact(value, "window") for value in window)
        if left >= right or bottom >= top:
            raise InputError("the window of a slice is empty", text=str(tuple(window)), fix="give left < right and bottom < top")
        object.__setattr__(self, "problem", problem)
        object.__setattr__(self, "plane", plane)
        object.__setattr__(self, "window", (left, right, bottom, top))
        object.__setattr__(self, "marks", tuple((marks or {}).items()))
        for _, point in self.marks:
            self.position(point)

    def __repr__(self) -> str:
        left, right, bottom, top = map(to_text, self.window)
        return f"Slice({self.problem!r}, window [{left}, {right}] × [{bottom}, {top}])"

    @classmethod
    def through(
        cls,
        problem: Problem,
        first: Parameters,
        second: Parameters,
        third: Parameters,
        window: Sequence[Exact] = _AROUND,
        marks: Mapping[str, Parameters] | None = None,
    ) -> Slice:
        """The slice through three points: `first` at (0, 0), `second` at (1, 0), `third` at (0, 1).

        Parameters: three points, such as three minima, or two minima and the highest point of a path between them;
        `window` and `marks` as for a slice. Exactness: exact. Raises: as `Slice`. Source: theory.md, section 1.

        >>> import exactsurf as es
        >>> problem = es.Problem(es.Network([1, 1], "linear"), es.Data.from_arrays([0, 1], [0, 1]))
        >>> a, b, c = (problem.parameters(W1=[[w]], b1=[b]) for w, b in [(1, 0), (2, 0), (1, 3)])
        >>> es.Slice.through(problem, a, b, c).position(problem.parameters(W1=[[0]], b1=[-3]))
        (Fraction(-1, 1), Fraction(-1, 1))
        """
        check_piecewise_linear(problem, "Slice.through")
        for point in (first, second, third):
            problem.check_shapes(point)
        return cls(problem, first, second.moved(first, Fraction(-1)), third.moved(first, Fraction(-1)), window, marks)

    def parameters_at(self, s: Exact, t: Exact) -> Parameters:
        """The parameters base + s·first + t·second."""
        return self.plane.parameters_at((exact(s, "s"), exact(t, "t")))

    def position(self, parameters: Parameters) -> Point:
        """The coordinates (s, t) of a point of the plane.

        Parameters: `parameters` on the plane, in the window or not. Exactness: exact. Raises: `InputError` for parameters that
        are not on the plane, and where the two directions are parallel; `ShapeError`. Source: standard.
        """
        self.problem.check_shapes(parameters)
        first, second = (tuple(coordinates(direction).values()) for direction in self.plane.directions)
        offset = tuple(coordinates(parameters.moved(self.plane.base, Fraction(-1))).values())
        gram = [dot(first, first), dot(first, second), dot(second, second)]
        determinant = gram[0] * gram[2] - gram[1] ** 2
        if not determinant:
            raise InputError("the two directions of the slice are parallel", fix="take directions that are linearly independent")
        along, up = dot(first, offset), dot(second, offset)
        s, t = (gram[2] * along - gram[1] * up) / determinant, (gram[0] * up - gram[1] * along) / determinant
        if self.plane.parameters_at((s, t)) != parameters:
            raise InputError(
                "the point is not on the plane of the slice", text=repr(parameters),
                fix="Slice.through(problem, first, second, third) goes through three points",
            )  # fmt: skip
        return s, t

    def cells(self, limit: int = 10_000) -> tuple[SliceCell, ...]:
        """The polygons into which the walls cut the window, with pattern and risk.

        Walls are straight where pre-activations are affine in s and t: always if only the weights of one layer are moved,
        at any depth, and wherever else the polynomials say so. Parameters: `limit`, the most polygons to build.
        Returns: polygons that tile the window. Exactness: exact; walls are decided by polynomials and rational vertices.
        Raises: `UnsupportedError` naming the first unit whose walls are curves; `InputError` beyond the limit.
        Source: theory.md, section 1.
        """
        whole_number(limit, "the limit of cells")
        network = SliceNetwork(self.problem, self.plane)
        found: list[SliceCell] = []
        for cell in self._refined(network, rectangle(*self.window), 1, network.inputs()):
            if len(found) == limit:
                raise InputError(f"the slice has more than {limit} cells", fix="take a smaller window, or raise the limit")
            found.append(cell)
        return tuple(found)

    def _refined(self, network: SliceNetwork, polygon: Polygon[SliceWall], layer: int, below: Table) -> Iterator[SliceCell]:
        z = network.pre_activations(layer, below)
        last = layer == self.problem.network.layers
        parts = [polygon]
        for wall, form in network.loss_walls(z) if last else network.walls(layer, z):
            line = _line(wall, form)
            parts = [piece for part in parts for piece in part.cut(line, wall)]
        for part in parts:
            inside = part.inner_point
            if last:
                pattern = activation_pattern(self.problem, self.plane.parameters_at(inside))
                yield SliceCell(part, pattern, network.risk(z, inside))
            else:
                yield from self._refined(network, part, layer + 1, network.images(z, inside))

    def walls(self, cells: Sequence[SliceCell] | None = None) -> tuple[WallSegment, ...]:
        """The walls inside the window: longest segments on which the same pairs sit on breakpoints.

        Parameters: `cells` of this slice if they are at hand. Exactness, Raises: as `cells`. Source: theory.md, section 1.
        """
        lines: dict[tuple[int, int, int], list[tuple[Point, Point, frozenset[SliceWall]]]] = defaultdict(list)
        for cell in self.cells() if cells is None else cells:
            for start, end, labels in cell.polygon.edges():
                if labels:
                    lines[_line_through(start, end)].append((min(start, end), max(start, end), labels))
        return tuple(segment for edges in lines.values() for segment in _joined(edges))

    def grid(self, steps: int = 40) -> SliceGrid:
        """Risk and pre-activations on a regular grid of (steps + 1)² points of the window, for slices of any kind.

        Parameters: `steps` ≥ 1. Exactness: exact values; between the points nothing is said.
        Raises: `InputError` for fewer steps. Source: theory.md, section 1.
        """
        if steps < 1:
            raise InputError("a grid has at least one step", text=str(steps))
        left, right, bottom, top = self.window
        across = tuple(left + (right - left) * Fraction(k, steps) for k in range(steps + 1))
        upwards = tuple(bottom + (top - bottom) * Fraction(k, steps) for k in range(steps + 1))
        rows = [[self.problem.forward(self.plane.parameters_at((s, t))) for s in across] for t in upwards]
        return SliceGrid(
            across,
            upwards,
            tuple(tuple(self.problem.risk_of(forward.outputs) for forward in row) for row in rows),
            tuple(tuple(_pre_activations(forward) for forward in row) for row in rows),
        )


def _pre_activations(forward: ForwardPass) -> tuple[tuple[Vector, ...], ...]:
    return tuple(tuple(tuple(z.fractions()) for z in layer) for layer in forward.pre_activations)


def _line(wall: SliceWall, form: Polynomial) -> tuple[Fraction, Fraction, Fraction]:
    if form.total_degree > 1:
        raise UnsupportedError(
            f"the wall of {wall} is a curve on this slice (degree {form.total_degree} in s and t), and cells are cut by "
            "straight walls only",
            "move the weights of one layer only; profile follows a line of any kind; Slice.grid gives exact values at points",
        )
    found = dict(form.items())
    return tuple(found.get(exponents, Fraction(0)) for exponents in ((1, 0), (0, 1), (0, 0)))  # type: ignore[return-value]


def _line_through(start: Point, end: Point) -> tuple[int, int, int]:
    """The line through two points as coprime integers (a, b, c), the first of them that is not 0 positive."""
    (p, q), (r, s) = start, end
    (a, b, c), _ = primitive((q - s, r - p, p * s - r * q))
    return (a, b, c) if (a, b) > (0, 0) else (-a, -b, -c)


def _joined(edges: Sequence[tuple[Point, Point, frozenset[SliceWall]]]) -> list[WallSegment]:
    """Edges on one line, from either side of it, as segments that overlap nowhere."""
    found: list[WallSegment] = []
    points = sorted({point for start, end, _ in edges for point in (start, end)})
    for start, end in pairwise(points):
        labels = frozenset[SliceWall]().union(*(held for low, high, held in edges if low <= start and end <= high))
        walls = tuple(sorted(labels, key=str))
        if found and found[-1].end == start and found[-1].walls == walls:
            found[-1] = WallSegment(found[-1].start, end, walls)
        elif walls:
            found.append(WallSegment(start, end, walls))
    return found
