"""From coefficients of generators back to parameters, and whether a minimum is attained by any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system
from exactsurf.exact.cone_least_squares import Fit
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.parameters import Parameters
from exactsurf.surface.cell_minima import CellMinima, OptimalPredictions, centre
from exactsurf.surface.signed_cells import Orbit

Amounts: TypeAlias = Mapping[int, Fraction]
"""How much of every generator a unit has; all numbers are positive."""


def parameters_of(
    minima: CellMinima,
    signs: Sequence[int],
    amounts: Sequence[Amounts],
    resting: Sequence[Vector],
    predictions: Vector | None = None,
    *,
    bias: Fraction | None = None,
) -> Parameters:
    """Parameters with these product variables.

    Parameters: for every unit the sign of v, the coefficients of its generators, and the weights to take where the unit is
    off (v = 0, or w = 0 where only the sign matters); the output bias, if there is one, is `bias`, or what is missing to
    `predictions` (default: the targets, which gives the best bias for squared loss). Homogeneous units get |v| = 1.
    Exactness: exact. Raises: nothing for coefficients of attained points. Source: theory.md, section 2.
    """
    problem, table = minima.problem, minima.table
    rows, outputs = [], []
    remainder = [row[0] for row in problem.data.y] if predictions is None else list(predictions)
    for sign, coefficients, rest in zip(signs, amounts, resting, strict=True):
        if not coefficients or not sign:
            rows.append(rest)
            # At w = 0 a homogeneous unit predicts nothing whatever v is, and the sign of v can matter for what is near.
            outputs.append(Fraction(sign if table.homogeneous and not any(rest) else 0))
            continue
        total = [Fraction(0)] * table.arrangement.dimension
        height = Fraction(0)
        for g, amount in coefficients.items():
            generator = table.generators[g]
            total = [a + amount * b for a, b in zip(total, generator.weights, strict=True)]
            height += amount * generator.apex
            remainder = [y - sign * amount * f for y, f in zip(remainder, generator.prediction, strict=True)]
        if table.homogeneous:
            height = Fraction(1)
        rows.append(tuple(value / height for value in total))
        outputs.append(sign * height)
    hidden_bias, output_bias = problem.network.biases
    named = {"W1": [row[:-1] for row in rows] if hidden_bias else rows, "W2": [outputs]}
    if hidden_bias:
        named["b1"] = [row[-1] for row in rows]
    if output_bias:
        # Where predictions were given all of the remainder is equal; else its weighted mean is best for squared loss.
        mean = sum((w * value for w, value in zip(problem.shares, remainder, strict=True)), Fraction(0)) / sum(problem.shares)
        named["b2"] = [mean if bias is None else bias]
    return problem.parameters(**named)


@dataclass(frozen=True)
class Coefficients:
    """Coefficients of generators, of the widening of the predictions (see `OptimalPredictions`), and the predictions.

    `room` is what is left of every coefficient of the widening to its bound, for those that have one in their order.
    """

    values: Vector
    widening: Vector
    predictions: Vector
    room: Vector = ()


@dataclass(frozen=True)
class Attained:
    """For every unit the coefficients of its generators, and the predictions."""

    amounts: tuple[dict[int, Fraction], ...]
    predictions: Vector


def attained_amounts(
    minima: CellMinima, members: Sequence[Sequence[int]], signs: Sequence[int], gradient: Vector
) -> Attained | None:
    """Coefficients of generators that parameters of minimal risk have, or None if the minimum is only a limit.

    A unit with v = 0 must have v w = 0 too. The units whose v cannot be positive must be off; with them off fewer units may
    be left whose v can be positive, and so on, until none changes.
    Parameters: for every unit the generators of its cell and the sign of v; `gradient`, that at the minimum over the cell.
    Exactness: exact (linear programs). Raises: nothing. Source: theory.md, section 4.
    """
    table = minima.table
    optimal, stationary = minima.predictions(gradient), minima.stationary(gradient)
    off: set[int] = set()
    while True:
        variables = [
            (j, g)
            for j, generators in enumerate(members)
            if j not in off
            for g in generators
            if not minima.mask((g,), 1) & ~stationary
        ]
        points = []
        silent = set(off)
        for j in range(len(members)):
            if j in off:
                continue
            heights = [Fraction(table.generators[g].apex if i == j else 0) for i, g in variables]
            found = scaled_coefficients(minima, variables, signs, optimal, None if table.homogeneous else heights)
            if found is None:
                silent.add(j)
            else:
                points.append(found)
            if table.homogeneous:
                break
        if not points:
            empty = scaled_coefficients(minima, variables, signs, optimal, None)
            points = [] if empty is None else [empty]
        if not points:
            return None
        if table.homogeneous or silent == off:
            count = len(points)
            total = tuple(dict[int, Fraction]() for _ in members)
            for point in points:
                for (j, g), value in zip(variables, point.values, strict=True):
                    if value:
                        total[j][g] = total[j].get(g, Fraction(0)) + value / count
            sums = zip(*(point.predictions for point in points), strict=True)
            return Attained(total, tuple(sum(values, Fraction(0)) / count for values in sums))
        off = silent


def scaled_coefficients(
    minima: CellMinima,
    variables: Sequence[tuple[int, int]],
    signs: Sequence[int],
    optimal: OptimalPredictions,
    heights: Sequence[Fraction] | None,
    least: Fraction = Fraction(0),
) -> Coefficients | None:
    """Coefficients ≥ 0 of the generators (unit, generator) with optimal predictions, None if there are none.

    Parameters: with `heights`, such that the heights weighted by the coefficients (further heights: by those of the widening, and
    by the room that they leave) are positive; with `least` 1, such that all coefficients of generators are positive.
    Exactness: exact. Raises: nothing. Source: homogenised, as a bounded linear system.
    """
    centred = minima.problem.network.biases[1]

    def seen(values: Vector) -> Vector:
        return centre(values) if centred else values

    columns = []
    for j, g in variables:
        columns.append(minima.seen[g] if signs[j] > 0 else tuple(-value for value in minima.seen[g]))
    for wide in optimal.columns:
        columns.append(tuple(-value for value in seen(wide)))
    goal = seen(optimal.base)
    count = len(variables)
    # A coefficient with a bound and its room add up to the bound: an equation and a variable for each.
    zero, bounds = Fraction(0), optimal.bounds
    bounded = [k for k, bound in enumerate(bounds) if bound is not None]
    unit = {k: tuple(Fraction(int(k == other)) for other in bounded) for k in bounded}
    none = (zero,) * len(bounded)
    columns = [(*column, *unit.get(k - count, none)) for k, column in enumerate(columns)]
    columns += [(*([zero] * len(goal)), *unit[k]) for k in bounded]
    goal = (*goal, *(bound for bound in bounds if bound is not None))
    slack = len(columns) - count
    if heights is None and not least:
        answer = solve_bounded_system(columns, goal, [zero] * len(columns), [None] * len(columns)) if columns else None
        if answer is None:
            return None if any(goal) else Coefficients((), (), optimal.base)
        return _split(answer.values, count, optimal) if isinstance(answer, Multipliers) else None
    # λ times the predictions: λ ≥ 1 for strict positivity of everything; λ ≥ 0 beside a height of 1.
    vectors = [*columns, tuple(-value for value in goal)]
    right = [zero] * len(goal)
    lower = [*([least] * count), *([zero] * slack), least]
    if heights is not None:
        weights = [*heights, *([Fraction(0)] * (len(vectors) - len(heights)))]
        vectors = [(*vector, height) for vector, height in zip(vectors, weights, strict=True)]
        right.append(Fraction(1))
    answer = solve_bounded_system(vectors, right, lower, [None] * len(vectors))
    if not isinstance(answer, Multipliers):
        return None
    *found, factor = answer.values
    if factor:
        return _split([value / factor for value in found], count, optimal)
    # A direction that leaves the predictions optimal, added to any point.
    base = scaled_coefficients(minima, variables, signs, optimal, None)
    if base is None:
        return None
    start = (*base.values, *base.widening, *base.room)
    return _split([a + b for a, b in zip(start, found, strict=True)], count, optimal)


def _split(found: Sequence[Fraction], count: int, optimal: OptimalPredictions) -> Coefficients:
    end = count + len(optimal.columns)
    widening = tuple(found[count:end])
    amounts = iter(widening)
    moved = (b + way * next(amounts) if way else b for b, way in zip(optimal.base, optimal.widening, strict=True))
    return Coefficients(tuple(found[:count]), widening, tuple(moved), tuple(found[end:]))


def face_minimiser(minima: CellMinima, cell: Orbit, generators: Sequence[Sequence[int]], mask: int) -> Parameters | None:
    """Parameters of minimal risk on a face of a signed cell, None if the infimum is not attained.

    Parameters: `cell`, for every unit its signed unit cell; `generators`, for every unit those of the face (none: it is off), and
    their `mask`. Exactness: exact. Raises: nothing. Source: theory.md, section 4.
    """
    fit = minima.cold_cones.minimum(mask)
    table = minima.table
    signs = [1 - 2 * (kind % 2) for kind in cell]
    resting = [table.cells[kind // 2].witness for kind in cell]
    amounts: list[dict[int, Fraction]] = [{} for _ in cell]
    scale = fit.denominator * minima.rows.scale
    for column, numerator in zip(fit.support, fit.numerators, strict=True):
        # The first unit that has the column with this sign takes all of it.
        for j, g in ((j, g) for j, members in enumerate(generators) for g in members):
            place = minima.places[g]
            if place is not None and place[0] == column and place[1] * signs[j] * numerator > 0:
                amounts[j][g] = Fraction(abs(numerator), scale) / place[2]
                break
    if not table.homogeneous and any(a and not any(table.generators[g].apex for g in a) for a in amounts):
        found = attained_amounts(minima, generators, signs, minima.gradient(fit))
        if found is None:
            return None
        return parameters_of(minima, signs, found.amounts, resting, found.predictions)
    bias = None if isinstance(fit, Fit) or not fit.free else fit.free[0] / minima.rows.scale
    return parameters_of(minima, signs, amounts, resting, bias=bias)
