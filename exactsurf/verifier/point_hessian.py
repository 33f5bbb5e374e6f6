"""The Hessian of a risk by pieces at a rational point (FORMAT.md, sections 33.2 and 42)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic.document import Field
from .arithmetic.effort import price, spend
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import bits_of
from .problem import Point, Problem

_MOST = 200


def check_second_derivatives(problem: Problem, point: Point, field: Field) -> None:
    """Reject a point at which a unit is at a kink or a prediction at a breakpoint of the loss (section 33.2, item 1)."""
    for layer, units in enumerate(point.forward.positions, 1):
        for j, positions in enumerate(units):
            for i, position in enumerate(positions):
                if position % 2 and problem.activation.is_kink(position):
                    raise field.reject(f"unit {j} of layer {layer} is at a kink on sample {i}")
    for positions in point.residuals.positions:
        for i, position in enumerate(positions):
            if position % 2:
                raise field.reject(f"the prediction of sample {i} is at a breakpoint of the loss")


@dataclass(frozen=True)
class Entry:
    """One entry of the parameters: a layer (from 0), a unit of it, and what it multiplies (None: it is the bias)."""

    layer: int
    unit: int
    source: int | None


def entries_of(problem: Problem) -> list[Entry]:
    """The entries of the parameters, in the order of section 34.1."""
    found = []
    for layer, (below, width) in enumerate(zip(problem.widths, problem.widths[1:], strict=False)):
        found += [Entry(layer, unit, source) for unit in range(width) for source in range(below)]
        if problem.biases[layer]:
            found += [Entry(layer, unit, None) for unit in range(width)]
    return found


def hessian_at(problem: Problem, point: Point) -> list[list[Rational]]:
    """Second derivatives along all e_p and e_p + e_q, polarised: 2 H_pq = Q(e_p + e_q) − Q(e_p) − Q(e_q)."""
    directions = entries_of(problem)
    size = len(directions)
    if size > _MOST:
        raise OverflowError(f"more than {_MOST} parameters are beyond the limits of this verifier")
    slopes = point.residuals.derivative
    pull = [[value * slopes.factor for value in column] for column in slopes.values]
    samples = problem.samples
    bend = [[point.residuals.curvature(i, k) for i in range(samples)] for k in range(problem.widths[-1])]
    own = [_second_derivative(problem, point, (d,), pull, bend) for d in directions]
    table: list[list[Rational]] = [[0] * size for _ in range(size)]
    for p in range(size):
        table[p][p] = own[p]
        for q in range(p):
            both = _second_derivative(problem, point, (directions[p], directions[q]), pull, bend)
            table[p][q] = table[q][p] = Fraction(both - own[p] - own[q], 2)
    return table


def _second_derivative(
    problem: Problem,
    point: Point,
    moving: Sequence[Entry],
    pull: list[list[Rational]],
    bend: list[list[Rational]],
) -> Rational:
    """The second derivative of the risk along a direction: values are series a + bt + ct² with the slopes of the point."""
    total: Rational = 0
    h = problem.activation
    weights, biases = point.parameters.weights, point.parameters.biases
    spend(problem.samples * sum(len(rows) * len(rows[0]) for rows in weights) * 4)
    for i in range(problem.samples):
        row = problem.x.rows[i]
        values: list[tuple[Rational, Rational, Rational]] = [
            (Fraction(value, denominator), 0, 0) for value, denominator in zip(row, problem.x.denominators, strict=True)
        ]
        for layer, (rows, shifts) in enumerate(zip(weights, biases, strict=True)):
            after: list[tuple[Rational, Rational, Rational]] = []
            for unit, entries in enumerate(rows):
                a = sum((w * v[0] for w, v in zip(entries, values, strict=True)), Fraction(0 if shifts is None else shifts[unit]))
                b = sum((w * v[1] for w, v in zip(entries, values, strict=True)), Fraction(0))
                c = sum((w * v[2] for w, v in zip(entries, values, strict=True)), Fraction(0))
                for one in moving:
                    if (one.layer, one.unit) == (layer, unit):
                        source = (1, 0, 0) if one.source is None else values[one.source]
                        b, c = b + source[0], c + source[1]
                spend(12 * len(entries) * (price(bits_of((a, b, c))) - 1))
                after.append((a, b, c))
            if layer < len(weights) - 1:
                pieces = [positions[i] // 2 for positions in point.forward.positions[layer]]
                after = [
                    (h.slopes[m] * a + h.intercepts[m], h.slopes[m] * b, h.slopes[m] * c)
                    for m, (a, b, c) in zip(pieces, after, strict=True)
                ]
            values = after
        for k, (_, b, c) in enumerate(values):
            total += bend[k][i] * b * b + 2 * pull[k][i] * c
            spend(4 * (price(bits_of([total])) - 1))
    return total
