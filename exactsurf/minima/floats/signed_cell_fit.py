"""The least squares fit in one signed cell: one hidden layer, one output; the risk is convex in the product variables."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.hyperplanes import ArrangementCell
from exactsurf.effort import UNBOUNDED, Effort, look
from exactsurf.errors import SingularMatrixError
from exactsurf.exact.cone_least_squares import nearest_point
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, from_flint, identity, solve_normal_equations, to_flint
from exactsurf.exact.simplest import simplest_between
from exactsurf.minima.floats.held_walls import minimiser_on_walls
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_GENERATORS = 500
"""Extreme rays that the cells of all units may have for the fit to go by them."""

_SHORT = 1 << 20
"""Largest denominator of the product variables from which a minimiser is sought nearby."""


@dataclass(frozen=True)
class UnitCone:
    """The product variables q of one unit on a signed cell: (v·w, v), or v·w alone if the activation is homogeneous.

    Attributes: `sign` of v; `walls`, vectors with wall·q ≥ 0 on the cone; `generators`; `features[i]`: the unit adds
    features[i]·q to the prediction of sample i; `point`, q at the given weights. Exactness: exact. Source: theory.md, section 2.
    """

    sign: int
    walls: Matrix
    generators: Matrix
    features: Matrix
    point: Vector


def unit_cone(problem: Problem, unit: int, parameters: Parameters, *, with_generators: bool = True) -> UnitCone:
    """The cone of the signed cell that holds a unit; on a wall one of the cells that touch the point.

    Parameters: a problem with one hidden layer and one output; generators are left out (none) on request.
    Exactness: exact. Raises: nothing. Source: theory.md, section 2.
    """
    h, bias, data = problem.network.activation, parameters.biases[0], problem.data
    one = (Fraction(1),) if bias is not None else ()
    points = [(*row, *one) for row in data.x]
    row: Vector = (*parameters.weights[0][unit], *((bias[unit],) if bias is not None else ()))
    weight = parameters.weights[1][0][unit]
    sign = -1 if weight < 0 else 1
    inner = _inner_point(h.breakpoints, points, row)
    pieces = [bisect_left(h.breakpoints, dot(inner, x)) for x in points]
    homogeneous = h.two_slopes is not None or (h.is_linear and not h.value_at_0)
    walls: list[Vector] = []
    for x, k in zip(points, pieces, strict=True):
        look("the signed cell of a unit is described")
        if any(x):
            walls += [
                (*(sign * side * value for value in x), -sign * side * h.breakpoints[at])
                for side, at in _edges(k, len(h.breakpoints))
            ]
    features = [(*(h.lines[k][0] * value for value in x), h.lines[k][1]) for x, k in zip(points, pieces, strict=True)]
    if homogeneous:
        walls, features = [wall[:-1] for wall in walls], [feature[:-1] for feature in features]
        point, witness = tuple(weight * value for value in row), tuple(sign * value for value in inner)
    else:
        walls.append((*(Fraction(0),) * len(row), Fraction(sign)))
        point, witness = (*(weight * value for value in row), weight), (*(sign * value for value in inner), Fraction(sign))
    walls = list(dict.fromkeys(walls))
    size = len(point)
    if not with_generators:
        return UnitCone(sign, tuple(walls), (), tuple(features), point)
    if walls:
        arrangement = Arrangement(walls)
        found = arrangement.generators(ArrangementCell((1,) * len(walls), witness))
        rays, lines = found.rays, found.lineality
    else:
        rays, lines = (), identity(size)
    generators = (*rays, *lines, *(tuple(-value for value in line) for line in lines))
    return UnitCone(sign, tuple(walls), generators, tuple(features), point)


def _edges(piece: int, breakpoints: int) -> list[tuple[int, int]]:
    """(side, breakpoint) of a piece: above its left breakpoint, below its right one."""
    return [*([(1, piece - 1)] if piece else []), *([(-1, piece)] if piece < breakpoints else [])]


def _inner_point(breakpoints: Sequence[Fraction], points: Sequence[Vector], row: Vector) -> Vector:
    """`row`, or beside it if it is on walls, a point of an open cell that touches it."""
    touching = [x for x in points if any(x) and dot(row, x) in breakpoints]
    if not touching:
        return row
    direction = next(Arrangement(touching).cells()).witness
    step = Fraction(1)
    for x in points:
        motion = abs(dot(direction, x))
        gaps = [abs(dot(row, x) - t) for t in breakpoints]
        if motion and any(gaps):
            step = min(step, min(gap for gap in gaps if gap) / motion / 2)
    return tuple(value + step * d for value, d in zip(row, direction, strict=True))


def fit_signed_cell(problem: Problem, parameters: Parameters, effort: Effort = UNBOUNDED) -> Parameters | NotProved:
    """A minimiser of the squared risk on the closed signed cell that holds `parameters`, near them where there is a choice.

    Parameters: a problem with one hidden layer, one output and squared loss. Returns: parameters in the closed cell, or in
    words why there are none (with breakpoints other than 0 the infimum may lie at infinity).
    Exactness: exact: the fit is the nearest point of a cone, and the parameters have its predictions. Which of several
    minimisers is chosen is a heuristic. A cell that may have too many generators to list is fitted by `minimiser_on_walls`,
    where it is a proposal that the fit is a minimiser. Raises: `OutOfTime` there. Source: theory.md, sections 2 and 4.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 2]))
    >>> fit_signed_cell(problem, problem.parameters(W1=[["1/2"]], b1=[1], W2=[[1]], b2=[0]))
    Parameters(W1=[[1]], b1=['1/2'], W2=[[1]], b2=['-1/2'])
    """
    if _may_have_many_generators(problem):
        return _fit_by_walls(problem, parameters, effort)
    cones = [unit_cone(problem, j, parameters) for j in range(problem.network.widths[1])]
    size, target = len(problem.data), tuple(row[0] for row in problem.data.y)
    free = problem.network.biases[1] is True
    columns: list[Vector] = []
    for cone in cones:
        columns += [tuple(dot(feature, ray) for feature in cone.features) for ray in cone.generators]
    if free:
        columns += [(Fraction(1),) * size, (Fraction(-1),) * size]
    coefficients = _nearest(columns, target)
    fitted = tuple(
        sum((c * column[i] for c, column in zip(coefficients, columns, strict=True) if c), Fraction(0)) for i in range(size)
    )
    if problem.forward(parameters).outputs[0].fractions() == fitted:
        return parameters
    start = 0
    vertex: list[Fraction] = []
    for cone in cones:
        part = coefficients[start : start + len(cone.generators)]
        start += len(cone.generators)
        vertex += [
            sum((c * v for c, v in zip(part, column, strict=True)), Fraction(0)) for column in zip(*cone.generators, strict=True)
        ]
    if free:
        vertex.append(coefficients[-2] - coefficients[-1])
    return _rebuilt(problem, parameters, cones, _nearby(parameters, cones, fitted, free) or tuple(vertex))


def _nearest(columns: Sequence[Vector], target: Vector) -> Vector:
    scales = [lcm(*(value.denominator for value in column)) for column in columns]
    common = lcm(*(value.denominator for value in target))
    integers = [[int(value * scale) for value in column] for column, scale in zip(columns, scales, strict=True)]
    values, _ = nearest_point(integers, [int(value * common) for value in target])
    return tuple(value * scale / common for value, scale in zip(values, scales, strict=True))


def _nearby(parameters: Parameters, cones: Sequence[UnitCone], fitted: Vector, free: bool) -> Vector | None:
    """Product variables with the fitted predictions in all cones: the given ones projected, walls that are crossed held fast."""
    here, reach = _start(parameters, cones), list[Fraction]()
    for cone, weight in zip(cones, parameters.weights[1][0], strict=True):
        # A change of v·w is one of w by that over v, and it is w that should move little.
        reach += [max(abs(weight), Fraction(1, 1024))] * len(cone.point)
    if free:
        reach.append(Fraction(1))
    # Short fractions near the given ones keep the answer short.
    here = [value.limit_denominator(_SHORT) for value in here]
    rows, walls = _rows(cones, free), _walls(cones, len(here))
    right, held = list(fitted), set[int]()
    while True:
        point = _projected(rows, right, here, reach)
        if point is None:
            return None
        crossed = [n for n, wall in enumerate(walls) if n not in held and dot(wall, point) < 0]
        if not crossed:
            return point
        held.update(crossed)
        rows, right = [*rows, *(walls[n] for n in crossed)], [*right, *[Fraction(0)] * len(crossed)]


def _start(parameters: Parameters, cones: Sequence[UnitCone]) -> list[Fraction]:
    """The product variables of all units, and the output bias behind them."""
    return [*(value for cone in cones for value in cone.point), *(parameters.biases[1] or ())]


def _rows(cones: Sequence[UnitCone], free: bool) -> list[Vector]:
    """What every product variable adds to the prediction of each sample."""
    one = (Fraction(1),) if free else ()
    features = zip(*(cone.features for cone in cones), strict=True)
    return [(*(value for feature in sample for value in feature), *one) for sample in features]


def _walls(cones: Sequence[UnitCone], size: int) -> list[Vector]:
    """The walls of all units, as vectors of all product variables."""
    walls, start = list[Vector](), 0
    for cone in cones:
        before, after = (Fraction(0),) * start, (Fraction(0),) * (size - start - len(cone.point))
        walls += [(*before, *wall, *after) for wall in cone.walls]
        start += len(cone.point)
    return walls


def _may_have_many_generators(problem: Problem) -> bool:
    """Whether the extreme rays of the signed cell of a unit may be too many (McMullen's bound goes with this power)."""
    network = problem.network
    dimension = network.widths[0] + network.biases[0] + (network.activation.two_slopes is None)
    walls = len(problem.data) * max(1, len(network.activation.breakpoints))
    return bool(network.widths[1] * walls ** ((dimension - 1) // 2) > _GENERATORS)


def _fit_by_walls(problem: Problem, parameters: Parameters, effort: Effort) -> Parameters | NotProved:
    cones = [unit_cone(problem, j, parameters, with_generators=False) for j in range(problem.network.widths[1])]
    start, targets = tuple(_start(parameters, cones)), tuple(row[0] for row in problem.data.y)
    rows = _rows(cones, bool(problem.network.biases[1]))
    found = minimiser_on_walls(rows, targets, _walls(cones, len(start)), start, effort)
    if found is None:
        return NotProved(
            "the walls on which the minimiser of the signed cell lies were not found, and its generators are too many"
        )
    return _rebuilt(problem, parameters, cones, found)


def _projected(
    rows: Sequence[Sequence[Fraction]], right: Sequence[Fraction], point: Sequence[Fraction], reach: Sequence[Fraction]
) -> Vector | None:
    """The q with rows·q = right and the least Σ ((q_k − point_k)/reach_k)², or None if there is none."""
    table = to_flint([[value * far for value, far in zip(row, reach, strict=True)] for row in rows])
    gap = to_flint([[b - dot(row, point)] for row, b in zip(rows, right, strict=True)])
    try:
        weights = solve_normal_equations(table * table.transpose(), gap)
    except SingularMatrixError:
        return None
    steps = from_flint(table.transpose() * weights)
    return tuple(p + far * row[0] for p, far, row in zip(point, reach, steps, strict=True))


def _rebuilt(problem: Problem, old: Parameters, cones: Sequence[UnitCone], values: Vector) -> Parameters | NotProved:
    """Parameters with these product variables; scales and rows that they leave open stay near the old ones."""
    bias, start = old.biases[0], 0
    rows, weights = [], []
    width = problem.network.widths[0] + (bias is not None)
    for j, cone in enumerate(cones):
        q = values[start : start + len(cone.point)]
        start += len(q)
        before = old.weights[1][0][j]
        row: Vector = (*old.weights[0][j], *((bias[j],) if bias is not None else ()))
        weight = Fraction(0)
        if len(q) > width:
            weight = q[-1]
            if not weight and any(q):
                return NotProved(
                    f"the infimum of the signed cell lies at infinity: weights of unit {j} grow while its output weight vanishes"
                )
        elif any(q):
            # Any weight of this sign will do: a short one near the old one.
            near = abs(before) or Fraction(1)
            weight = cone.sign * simplest_between(near * Fraction(1023, 1024), near * Fraction(1025, 1024))
        rows.append(tuple(value / weight for value in q[:width]) if weight else row)
        weights.append(weight)
    first = tuple(row[: problem.network.widths[0]] for row in rows)
    shift = tuple(row[-1] for row in rows) if bias is not None else None
    return Parameters((first, (tuple(weights),)), (shift, (values[-1],) if old.biases[1] is not None else None))
