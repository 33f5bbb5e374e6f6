"""Parameters of a signed cell with the predictions of a point where the gradient is zero (FORMAT.md, sections 48 and 61)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic.document import Field
from .arithmetic.effort import price, spend
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import bits_of
from .problem import Point, Problem

Rows = Sequence[Sequence[Rational]]


@dataclass(frozen=True)
class Fibre:
    """`rows` x̃_i; by unit and sample `slopes` a_ij and `sides` ς_ij; κ_i; predictions f_i; signs of the v_j."""

    rows: Rows
    slopes: Rows
    sides: Sequence[Sequence[int]]
    bends: Sequence[Rational]
    predictions: Sequence[Rational]
    signs: Sequence[int]
    has_bias: bool


def check_shape(problem: Problem, field: Field) -> None:
    """Reject problems for which the claims are not."""
    if problem.loss.gap == "lead":
        raise field.child("loss").reject("this claim is not for losses of classes")
    if len(problem.widths) != 3 or problem.widths[-1] != 1:
        raise field.child("widths").reject("expected one hidden layer and one output")
    if any(problem.activation.intercepts) or any(problem.activation.breakpoints):
        raise field.child("activation").reject("expected h(cz) = c h(z) for c > 0, with no breakpoint but 0")


def _rows_of(problem: Problem) -> list[list[Rational]]:
    rows: list[list[Rational]] = []
    for row in problem.x.rows:
        found: list[Rational] = [Fraction(v, d) for v, d in zip(row, problem.x.denominators, strict=True)]
        rows.append([*found, 1] if problem.biases[0] else found)
    return rows


def positions_of(passed: Sequence[Sequence[int]], field: Field) -> list[list[int]]:
    """Where every unit lies on every sample; a rejection at a breakpoint."""
    for j, positions in enumerate(passed):
        for i, position in enumerate(positions):
            if position % 2:
                raise field.reject(f"unit {j} is at a breakpoint on sample {i}")
    return [list(positions) for positions in passed]


def predictions_of(rows: Rows, slopes: Rows, weights: Rows, outputs: Sequence[Rational], bias: Rational) -> list[Rational]:
    """What the parameters predict, with these slopes."""
    found: list[Rational] = []
    for i, row in enumerate(rows):
        total = Fraction(bias)
        for own, w, v in zip(slopes, weights, outputs, strict=True):
            total += v * own[i] * sum((a * b for a, b in zip(w, row, strict=True)), Fraction(0))
            spend(len(row) * price(bits_of([total, *w])))
        found.append(total)
    return found


def unit_weights(point_weights: Rows, biases: Sequence[Rational] | None) -> list[list[Rational]]:
    """Of every unit its weights, and its bias behind them."""
    return [[*row] if biases is None else [*row, biases[j]] for j, row in enumerate(point_weights)]


def signed_cell(
    problem: Problem, positions: Sequence[Sequence[int]], outputs: Sequence[Rational]
) -> tuple[list[int], list[list[Rational]], list[list[int]]]:
    """The signs of the output weights, the slopes a_ij and the sides ς_ij."""
    h, signs = problem.activation, [(v > 0) - (v < 0) for v in outputs]
    slopes = [[h.slopes[position // 2] for position in own] for own in positions]
    sides = [
        [(sign if position // 2 else -sign) if h.breakpoints else 0 for position in own]
        for sign, own in zip(signs, positions, strict=True)
    ]
    return signs, slopes, sides


def read_fibre(problem: Problem, point: Point, field: Field) -> Fibre:
    """The fibre of a point at which no unit is at a breakpoint, no output weight 0, and the gradient 0."""
    rows = _rows_of(problem)
    positions = positions_of(point.forward.positions[0], field)
    (outputs,) = point.parameters.weights[1]
    if not all(outputs):
        raise field.child("W2").reject("an output weight is 0")
    signs, slopes, sides = signed_cell(problem, positions, outputs)
    derivative = point.residuals.derivative
    pull = [value * derivative.factor for value in derivative.values[0]]
    for j, own in enumerate(slopes):
        for column in range(len(rows[0])):
            total = sum((r * a * row[column] for r, a, row in zip(pull, own, rows, strict=True)), Fraction(0))
            spend(len(rows) * price(bits_of([total, *pull])))
            if total:
                raise field.reject(f"the gradient of unit {j} is not zero")
    weights = unit_weights(point.parameters.weights[0], point.parameters.biases[0])
    biases = point.parameters.biases[1]
    predictions = predictions_of(rows, slopes, weights, outputs, 0 if biases is None else biases[0])
    bends = [point.residuals.curvature(i, 0) for i in range(problem.samples)]
    return Fibre(rows, slopes, sides, bends, predictions, signs, problem.biases[1])
