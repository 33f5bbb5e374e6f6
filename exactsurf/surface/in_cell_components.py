"""The local minima inside one open cell: how many connected components they have, and what keeps these apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.hyperplanes import ArrangementCell
from exactsurf.cells.cell import Cell
from exactsurf.cells.unit_cells import unit_arrangement
from exactsurf.errors import InputError, UnsupportedError, check_kind
from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector, dot, least_squares
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.unit_table import UnitGenerator, unit_generators

SignVector = tuple[int, ...]

MAX_SIGN_VECTORS = 3**9
"""Sign vectors (3^m of them) that are decided before the question is refused."""


@dataclass(frozen=True)
class InCellComponent:
    """A connected component of the local minima in an open cell: the signs that the output weights have on it, and a point."""

    signs: tuple[SignVector, ...]
    parameters: Parameters


@dataclass(frozen=True)
class InCellMinima:
    """The local minima in an open cell; all have the predictions `predictions` and the risk `risk`.

    `components`, none if the cell has no local minimum. `separators[s]`, for every sign vector s of the output weights that no
    minimum in the cell has, a vector δ over the samples: δ·f ≤ 0 for all predictions f that the cell can give with these
    signs (any output bias), δ·f < 0 or δ·`predictions` > 0, and so they never meet.
    Exactness: exact. Source: theory.md, section 4, end.
    """

    predictions: Vector
    risk: Fraction
    components: tuple[InCellComponent, ...]
    separators: dict[SignVector, Vector]


def in_cell_components(problem: Problem, cell: Cell) -> InCellMinima:
    """The connected components of the local minima inside one open cell.

    A local minimum in an open cell minimises the risk over all linear predictions of the cell, so its predictions are known.
    For each sign vector of the output weights the minima are convex in product variables, and one sign vector joins another if
    it comes from it by turning signs to zero.
    Parameters: `cell`, of a problem with one hidden layer, one output and squared loss, say ``problem.cell(parameters)``.
    Returns: an `InCellMinima`, without components if the cell has no local minimum.
    Exactness: exact (3^m linear programs for m units). Raises: `UnsupportedError` for other problems and for too many units,
    `InputError` if no parameters have the pattern of the cell. Source: theory.md, section 4, end.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([2, 2, 1], biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [1, -1]))
    >>> all_active = problem.cell(problem.parameters(W1=[[2, 1], [1, 2]], W2=[[1, -1]]))
    >>> found = es.in_cell_components(problem, all_active)
    >>> found.risk, [component.signs for component in found.components]
    (Fraction(0, 1), [((-1, 1),), ((1, -1),)])
    """
    check_kind(cell, Cell, "in_cell_components", "take problem.cell(parameters)")
    check_piecewise_linear(problem, "in_cell_components")
    problem.check_no_decay()
    network = problem.network
    if network.layers != 2 or network.widths[-1] != 1 or not problem.is_least_squares:
        raise UnsupportedError(
            f"components inside a cell are known for one hidden layer, one output and squared loss; this is {problem!r}",
            "ask about a point with decide(problem, parameters)",
        )
    units = network.widths[1]
    if 3**units > MAX_SIGN_VECTORS:
        raise UnsupportedError(f"3^{units} = {3**units} sign vectors, more than {MAX_SIGN_VECTORS}", "use fewer units")
    if cell.problem != problem:
        raise InputError("the cell belongs to another problem", text=repr(cell))
    arrangement = unit_arrangement(problem)
    homes = [_home(arrangement, cell, j) for j in range(units)]
    generators = [unit_generators(problem, arrangement, home) for home in homes]
    predictions = _fit(problem, generators)
    found: dict[SignVector, list[Vector]] = {}
    separators: dict[SignVector, Vector] = {}
    for signs in product((-1, 0, 1), repeat=units):
        answer = _coefficients(problem, generators, signs, predictions)
        if isinstance(answer, list):
            found[signs] = answer
        else:
            separators[signs] = answer
    components = []
    for group in _joined(list(found)):
        # Few zeros first: such a point has the most units at work.
        shown = min(group, key=lambda signs: signs.count(0))
        point = _parameters(problem, generators, shown, found[shown], [home.witness for home in homes], predictions)
        components.append(InCellComponent(tuple(group), point))
    residual = [f - row[0] for f, row in zip(predictions, problem.data.y, strict=True)]
    risk = problem.common_scale * sum((r * r for r in residual), Fraction(0))
    return InCellMinima(predictions, risk, tuple(components), separators)


def _home(arrangement: Arrangement, cell: Cell, unit: int) -> ArrangementCell:
    """The cell of one unit, with a witness."""
    breakpoints = cell.problem.network.activation.breakpoints
    pieces = [piece for piece in cell.pattern.pieces[0][unit] if piece is not None]
    wanted = [1 if piece > k else -1 for piece in pieces for k in range(len(breakpoints))]
    live = [row for wall in arrangement.walls for row in wall.rows]
    if cell.point is not None:
        bias = cell.point.biases[0]
        weights = (*cell.point.weights[0][unit], *((bias[unit],) if bias is not None else ()))
        signs = arrangement.signs_at(weights)
        if all(signs[row] == wanted[row] for row in live):
            return ArrangementCell(signs, weights)
    for candidate in arrangement.cells():
        if all(candidate.signs[row] == wanted[row] for row in live):
            return candidate
    raise InputError(f"no weights of unit {unit} have its activation pattern in the cell", text=repr(cell.pattern))


def _fit(problem: Problem, generators: Sequence[Sequence[UnitGenerator]]) -> Vector:
    """The predictions of least risk among all linear combinations of what the units of the cell predict."""
    columns = [generator.prediction for unit in generators for generator in unit]
    if problem.network.biases[1]:
        columns.append((Fraction(1),) * len(problem.data))
    if not columns:
        return (Fraction(0),) * len(problem.data)
    weights = least_squares(list(zip(*columns, strict=True)), [row[0] for row in problem.data.y])
    return tuple(dot(weights, row) for row in zip(*columns, strict=True))


def _coefficients(
    problem: Problem, generators: Sequence[Sequence[UnitGenerator]], signs: SignVector, predictions: Vector
) -> list[Vector] | Vector:
    """Positive coefficients of the generators of every unit that is on, with these predictions, or a separator."""
    active = [(j, generator) for j, sign in enumerate(signs) if sign for generator in generators[j]]
    columns = [tuple(signs[j] * value for value in generator.prediction) for j, generator in active]
    columns.append(tuple(-value for value in predictions))
    lower: list[Fraction | None] = [Fraction(1)] * len(columns)
    if problem.network.biases[1]:
        columns.append((Fraction(1),) * len(predictions))
        lower.append(None)
    answer = solve_bounded_system(columns, [Fraction(0)] * len(predictions), lower, [None] * len(columns))
    if not isinstance(answer, Multipliers):
        return answer.values
    factor = answer.values[len(active)]
    values = iter(answer.values)
    return [tuple(next(values) / factor for _ in generators[j]) if sign else () for j, sign in enumerate(signs)]


def _joined(signs: list[SignVector]) -> list[list[SignVector]]:
    groups: list[list[SignVector]] = []
    for one in signs:
        near = [group for group in groups if any(_comparable(one, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append(sorted([one, *(other for group in near for other in group)]))
    return sorted(groups)


def _comparable(first: SignVector, second: SignVector) -> bool:
    pairs = list(zip(first, second, strict=True))
    return all(a in (0, b) for a, b in pairs) or all(b in (0, a) for a, b in pairs)


def _parameters(
    problem: Problem,
    generators: Sequence[Sequence[UnitGenerator]],
    signs: SignVector,
    coefficients: Sequence[Vector],
    witnesses: Sequence[Vector],
    predictions: Vector,
) -> Parameters:
    homogeneous = problem.network.activation.two_slopes is not None
    rows, outputs, remainder = [], [], list(predictions)
    for unit, sign, amounts, witness in zip(generators, signs, coefficients, witnesses, strict=True):
        if not sign or not unit:
            rows.append(witness)
            outputs.append(Fraction(sign))
            continue
        total, height = [Fraction(0)] * len(witness), Fraction(0)
        for generator, amount in zip(unit, amounts, strict=True):
            total = [a + amount * b for a, b in zip(total, generator.weights, strict=True)]
            height += amount * generator.apex
            remainder = [f - sign * amount * g for f, g in zip(remainder, generator.prediction, strict=True)]
        scale = Fraction(1) if homogeneous else height
        rows.append(tuple(value / scale for value in total))
        outputs.append(sign * scale)
    named: dict[str, object] = {"W1": rows, "W2": [outputs]}
    if problem.network.biases[0]:
        named |= {"W1": [row[:-1] for row in rows], "b1": [row[-1] for row in rows]}
    if problem.network.biases[1]:
        named["b2"] = [remainder[0]]
    return problem.parameters(**named)
