"""The rule `curve`: the risk falls along a polynomial curve (FORMAT.md, section 5)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction

from ..activation import Activation
from ..arithmetic.document import Field, at
from ..arithmetic.effort import spend
from ..arithmetic.rational import Rational, display
from ..arithmetic.rational_rows import charged, convolution
from ..arithmetic.table import check_size
from ..cells_at_point import Squares
from ..loss import Loss
from ..network import Parameters, read_parameters
from ..problem import Point, Problem

MAX_ORDER = 100
Series = list[Rational]


def check_curve(problem: Problem, point: Point, field: Field, squares: Squares | None = None) -> list[str]:
    """A curve along which the first coefficient of the risk that is not 0 is negative."""
    _, curve_field, order_field, stated, _ = field.fields("rule", "curve", "order", "coefficient", "lower_point")
    entries = curve_field.items()
    if not entries:
        raise curve_field.reject("expected at least one coefficient of the curve")
    read_order(order_field)
    curve = [read_parameters(entry, problem.widths, problem.biases) for entry in entries]
    return check_changes(problem, [point.parameters, *curve], curve_field, order_field, stated, squares)


def read_order(field: Field) -> int:
    """The field `order`."""
    order = field.size(1)
    if order > MAX_ORDER:
        raise field.refuse(f"orders above {MAX_ORDER} are beyond the limits of this verifier")
    return order


def check_changes(
    problem: Problem,
    terms: Sequence[Parameters],
    curve_field: Field,
    order_field: Field,
    stated: Field,
    squares: Squares | None = None,
) -> list[str]:
    """The curve Σ t^n terms[n] descends as is stated."""
    order, claimed = read_order(order_field), stated.number()
    with at(curve_field.place):
        check_size(64, problem.samples * sum(problem.widths) * (order + 1) * 8)
        changes = _risk_changes(problem, terms, order, squares)
    for n, value in enumerate(changes[:-1], 1):
        if value:
            raise order_field.reject(f"the coefficient of t^{n} is not 0")
    if claimed != changes[-1]:
        raise stated.reject(f"the coefficient recomputed is {display(changes[-1].numerator, changes[-1].denominator)}")
    if claimed >= 0:
        raise stated.reject("not negative")
    return [f"rule curve: coefficient {display(claimed.numerator, claimed.denominator)} < 0 at t^{order}"]


def _risk_changes(problem: Problem, terms: Sequence[Parameters], order: int, squares: Squares | None) -> Series:
    """The coefficients of t, …, t^order of the risk at Σ t^n terms[n], for small t > 0."""
    total: Series = [0] * order
    for i, weight in enumerate(problem.weights.numerators):
        row = [Fraction(v, d) for v, d in zip(problem.x.rows[i], problem.x.denominators, strict=True)]
        target = [Fraction(v, d) for v, d in zip(problem.y.rows[i], problem.y.denominators, strict=True)]
        gaps = _gaps(problem.loss, _outputs(problem, terms, row, order), target)
        if squares is not None:
            total = [a + b for a, b in zip(total, _square_changes(gaps, squares.entries[i]), strict=True)]
            continue
        for gap in gaps:
            total = [charged(a + weight * b) for a, b in zip(total, _loss_changes(problem.loss, gap), strict=True)]
    found: Series = [value * Fraction(1, problem.weights.denominator) for value in total]
    if problem.decay is None:
        return found
    return [a + b for a, b in zip(found, problem.decay.changes(terms, order), strict=True)]


def _square_changes(gaps: list[Series], entries: Sequence[tuple[int, int, Rational]]) -> Series:
    """The coefficients of t, t², … where derivatives are those of ½u² and second derivatives are given."""
    order = len(gaps[0]) - 1
    spend(len(gaps) * order + len(entries) * order * order)
    total: Series = [sum(charged(gap[0] * gap[n]) for gap in gaps) for n in range(1, order + 1)]
    for k, m, q in entries:
        moves = [0, *(a - b if k != m else a for a, b in zip(gaps[k][1:], gaps[m][1:], strict=True))]
        for n in range(2, order + 1):
            total[n - 1] = charged(total[n - 1] + q * Fraction(1, 2) * convolution(moves, moves, range(1, n), n))
    return total


def _gaps(loss: Loss, outputs: list[Series], target: Sequence[Fraction]) -> list[Series]:
    """The series of u at every term of a sample."""
    if loss.gap in ("difference", "classes"):
        return [[f[0] - y, *f[1:]] for f, y in zip(outputs, target, strict=True)]
    if loss.gap == "margin":
        return [[y * c for c in f] for f, y in zip(outputs, target, strict=True)]
    right = outputs.pop(target.index(Fraction(1)))
    return [[a - b for a, b in zip(f, right, strict=True)] for f in outputs]


def _outputs(problem: Problem, terms: Sequence[Parameters], row: Sequence[Fraction], order: int) -> list[Series]:
    values: list[Series] = [[value] + [0] * order for value in row]
    for layer in range(len(problem.widths) - 1):
        if layer:
            values = [_activated(problem.activation, z) for z in values]
        values = [_affine(terms, layer, j, values, order) for j in range(problem.widths[layer + 1])]
    return values


def _affine(terms: Sequence[Parameters], layer: int, unit: int, below: Sequence[Series], order: int) -> Series:
    total: Series = [0] * (order + 1)
    spend(2 * len(below) * min(len(terms), order + 1) * (order + 1))
    for shift, term in enumerate(terms[: order + 1]):
        biases = term.biases[layer]
        if biases is not None:
            total[shift] += biases[unit]
        for weight, series in zip(term.weights[layer][unit], below, strict=True):
            if weight:
                for n in range(order + 1 - shift):
                    if series[n]:
                        total[n + shift] = charged(total[n + shift] + weight * series[n])
    return total


def _activated(h: Activation, z: Series) -> Series:
    piece = _piece(h.breakpoints, z)
    return [h.slopes[piece] * z[0] + h.intercepts[piece], *(h.slopes[piece] * c for c in z[1:])]


def _piece(breakpoints: Sequence[Rational], z: Series) -> int:
    """For small t > 0 a number at a breakpoint leaves it to the side of its first coefficient that is not 0."""
    piece = bisect_left(breakpoints, z[0])
    return piece + (piece != bisect_right(breakpoints, z[0]) and _sign(z[1:]) > 0)


def _sign(series: Sequence[Rational]) -> int:
    lead: Rational = next((value for value in series if value), 0)
    return (lead > 0) - (lead < 0)


def _loss_changes(loss: Loss, gap: Series) -> Series:
    """The coefficients of t, t², … of the loss."""
    a, b, _ = loss.pieces[_piece(loss.breakpoints, gap)]
    spend(len(gap) * len(gap))
    if not a:
        return [b * c for c in gap[1:]]
    return [a * convolution(gap, gap, range(n + 1), n) + b * gap[n] for n in range(1, len(gap))]
