"""Predictions that are one matrix of bounded rank times known vectors (FORMAT.md, sections 4.6 and 27)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic.effort import price, spend
from .arithmetic.rational import Rational
from .arithmetic.table import check_size
from .cells_at_point import is_still
from .problem import Point, Problem

Rows = list[list[Rational]]
Lines = list[list[tuple[Rational, Rational]]]
"""Slope and intercept of every unit of a layer (the outer list) on every sample that is kept."""


@dataclass(frozen=True)
class MatrixModel:
    """`product` W times `inputs` u_i, for the samples `kept`. A cut (n, c): without the columns from c on, the rank is ≤ n."""

    kept: list[int]
    inputs: Rows
    product: Rows
    cuts: list[tuple[int, int]]


class NoModel(Exception):
    """Why the predictions are no such product."""


def times(left: Sequence[Sequence[Rational]], right: Sequence[Sequence[Rational]]) -> Rows:
    """The product of two matrices."""
    columns = turned(right)
    spend(len(left) * sum(map(len, right)))
    return [[sum(a * b for a, b in zip(row, column, strict=True) if a and b) for column in columns] for row in left]


def turned(rows: Sequence[Sequence[Rational]]) -> Rows:
    """The transpose."""
    return [list(column) for column in zip(*rows, strict=True)]


def linear_model(problem: Problem, point: Point) -> MatrixModel:
    """The model of an activation without breakpoints."""
    product: Rows = [[Fraction(w) for w in row] for row in point.parameters.weights[0]]
    for matrix in point.parameters.weights[1:]:
        slope = problem.activation.slopes[0]
        product = times([[w * slope for w in row] for row in matrix], product)
    kept = list(range(problem.samples))
    return MatrixModel(kept, _rows(problem, kept), product, [(min(problem.widths), problem.widths[0])])


def _rows(problem: Problem, kept: Sequence[int]) -> Rows:
    rows = (problem.x.rows[i] for i in kept)
    return [[Fraction(v, d) for v, d in zip(row, problem.x.denominators, strict=True)] for row in rows]


def sliced_model(problem: Problem, point: Point, left_out: Sequence[int]) -> MatrixModel:
    """The model on the pieces that the units have at the point; their slopes must be proportional in each layer."""
    without = frozenset(left_out)
    kept = [i for i in range(problem.samples) if i not in without]
    if not kept:
        raise NoModel("every sample is left out")
    layers = [_lines(problem, point, layer, kept) for layer in range(1, problem.hidden_layers + 1)]
    split = [_proportional(lines, layer) for layer, lines in enumerate(layers, 1)]
    above: list[Rational] = [1] * len(kept)
    product: Rows = [[Fraction(int(p == q)) for q in range(problem.widths[-1])] for p in range(problem.widths[-1])]
    columns: list[tuple[list[Rational], list[Rational]]] = []  # column of W, coordinate on every sample; from the last one on
    cuts = [(problem.widths[-1], 0)]
    for layer in range(problem.hidden_layers, 0, -1):
        # `product` maps what layer + 1 has before its activation to the predictions, up to the factor `above` of the sample.
        product, biases = times(product, point.parameters.weights[layer]), point.parameters.biases[layer - 1]
        for j, unit in enumerate(layers[layer - 1]):
            if any(constant for _, constant in unit):
                columns.append(([row[j] for row in product], [s * c for s, (_, c) in zip(above, unit, strict=True)]))
        factors, slopes = split[layer - 1]
        cuts.append((sum(map(bool, factors)), len(columns)))
        product = [[value * factor for value, factor in zip(row, factors, strict=True)] for row in product]
        above = [a * s for a, s in zip(above, slopes, strict=True)]
        spend(len(above) * price(max((value.numerator.bit_length() for value in above), default=0)))
        if biases is not None:
            columns.append(([sum(w * b for w, b in zip(row, biases, strict=True)) for row in product], above))
        check_size(64, len(columns) * len(kept))
    first = times(product, point.parameters.weights[0]) if problem.hidden_layers else point.parameters.weights[0]
    inputs = [[value * a for value in row] for row, a in zip(_rows(problem, kept), above, strict=True)]
    columns.reverse()
    whole = [[*row, *(coordinate[n] for _, coordinate in columns)] for n, row in enumerate(inputs)]
    matrix: Rows = [[*row, *(column[k] for column, _ in columns)] for k, row in enumerate(first)]
    size = len(whole[0])
    # The whole matrix has no larger rank than the vectors that it is applied to.
    return MatrixModel(kept, whole, matrix, [(0, 0), *((n, size - count) for n, count in cuts)])


def _lines(problem: Problem, point: Point, layer: int, kept: Sequence[int]) -> Lines:
    h, found = problem.activation, Lines()
    for j, unit in enumerate(point.forward.positions[layer - 1]):
        lines: list[tuple[Rational, Rational]] = []
        for i in kept:
            piece = (unit[i] + 1) // 2
            if is_still(problem, point, layer, i):
                lines.append((0, h.intercepts[piece]))
            elif h.is_kink(unit[i]):
                raise NoModel(f"sample {i} is ambiguous (unit {j} of layer {layer}), but is not left out")
            else:
                lines.append((h.slopes[piece], h.intercepts[piece]))
        found.append(lines)
    spend(len(kept) * len(found))
    return found


def _proportional(lines: Lines, layer: int) -> tuple[list[Rational], list[Rational]]:
    """The factors τ of the units and s of the samples with slopes τ_j s_i; all 0 if the slopes are."""
    table = [[slope for slope, _ in unit] for unit in lines]
    start = next((row for row in table if any(row)), None)
    if start is None:
        return [0] * len(table), [0] * len(table[0])
    column = next(n for n, slope in enumerate(start) if slope)
    factors: list[Rational] = [Fraction(row[column], start[column]) for row in table]
    for j, (row, factor) in enumerate(zip(table, factors, strict=True)):
        if any(slope != factor * s for slope, s in zip(row, start, strict=True)):
            raise NoModel(f"the slopes of unit {j} of layer {layer} are not proportional to those of the others")
    return factors, start
