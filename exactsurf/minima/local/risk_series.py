"""The risk along a polynomial curve θ + t c_1 + t² c_2 + …, as a power series in t > 0, exactly and at any point."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import count

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.effort import look
from exactsurf.exact.convex_pieces import ConvexPieces
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.activation import Activation
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

_ZERO = Fraction(0)
Series = tuple[Fraction, ...]


def risk_series(point: Point, curve: Sequence[Parameters], order: int) -> Vector:
    """The coefficients of t⁰, …, t^order of the risk at θ + t c_1 + t² c_2 + … for small t > 0.

    Parameters: `point` θ; `curve`, the coefficients c_1, c_2, … (directions, of the type `Parameters`); `order` ≥ 0.
    Exactness: exact at every point: for small t > 0 each pre-activation stays in one piece, and the lowest coefficient
    that is not zero says in which; one that is constant up to `order` contributes nothing else up to `order`.
    Raises: `ShapeError` for parameters of another network. Source: proofs/rules/curve.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1], [0]))
    >>> theta = problem.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0])
    >>> curve = [problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])]
    >>> risk_series(Point(problem, theta), curve, 4)[1:] == (0, 0, 0, Fraction(1, 2))
    True
    """
    problem, parameters = point.problem, point.parameters
    problem.check_shapes(parameters)
    for coefficient in curve:
        problem.check_shapes(coefficient)
    terms = [parameters, *curve][: order + 1]
    total = [_ZERO] * (order + 1)
    for i, row in enumerate(problem.data.x):
        look("the risk along a curve is computed")
        outputs = output_series(problem, terms, row, order)
        for k in range(len(outputs)):
            parts = problem.term_outputs(i, k)
            if parts:
                series = _loss_series(problem.term_function(i, k), _term_series(outputs, parts))
                total = [a + b for a, b in zip(total, series, strict=True)]
    return tuple(total)


def output_series(problem: Problem, terms: Sequence[Parameters], row: Vector, order: int) -> list[Series]:
    """The coefficients of t⁰, …, t^order of the outputs on the input `row` along Σ t^k `terms`[k], for small t > 0.

    Exactness: exact. Raises: nothing for fitting shapes. Source: proofs/rules/curve.md.
    """
    h, layers = problem.network.activation, problem.network.layers
    below: list[Series] = [(value,) for value in row]
    for layer in range(layers):
        above = []
        for j in range(problem.network.widths[layer + 1]):
            z = [_ZERO] * (order + 1)
            for power, term in enumerate(terms):
                bias = term.biases[layer]
                if bias is not None:
                    z[power] += bias[j]
                for weight, series in zip(term.weights[layer][j], below, strict=True):
                    if weight:
                        for k, value in enumerate(series[: order + 1 - power]):
                            if value:
                                z[power + k] += weight * value
            above.append(tuple(z))
        below = above if layer == layers - 1 else [_image(h, z) for z in above]
    return below


def _term_series(outputs: Sequence[Series], parts: Sequence[tuple[int, int]]) -> Series:
    """The series of a sum of outputs, each with a sign."""
    (first, sign), *others = parts
    if sign == 1 and not others:
        return outputs[first]
    return tuple(
        sum((sign * value for (_, sign), value in zip(parts, values, strict=True)), _ZERO)
        for values in zip(*(outputs[j] for j, _ in parts), strict=True)
    )


def _lead(series: Series) -> int:
    """The sign of the first coefficient behind the constant one that is not zero, or 0."""
    value = next((c for c in series[1:] if c), _ZERO)
    return (value > 0) - (value < 0)


def _image(h: Activation, z: Series) -> Series:
    left, right = bisect_left(h.breakpoints, z[0]), bisect_right(h.breakpoints, z[0])
    slope, intercept = h.lines[right if _lead(z) > 0 else left]
    return (slope * z[0] + intercept, *(slope * c for c in z[1:]))


def _loss_series(function: ConvexPieces, f: Series) -> Series:
    """The series of a convex piecewise quadratic function of a series, in the piece to which the latter moves."""
    left, right = function.sides(f[0])
    a, b, c = function.pieces[right if _lead(f) > 0 else left]
    found = [b * value if value else _ZERO for value in f]
    found[0] += c
    if a:
        powers = [(n, value) for n, value in enumerate(f) if value]
        for n, value in powers:
            scaled = a * value
            for m, other in powers:
                if n + m < len(f):
                    found[n + m] += scaled * other
    return tuple(found)


def descend_along(point: Point, curve: Sequence[Parameters], order: int) -> DescentCurve | None:
    """Evidence from a candidate curve: its first coefficient up to t^order that is not zero, if negative, and a lower point.

    Parameters: `curve` and `order` as in `risk_series`. Returns: evidence, or None if the curve
    does not go down or nothing can be said up to t^order.
    Exactness: exact. Raises: as `risk_series`. Source: proofs/rules/curve.md.
    """
    return lower_on_curve(point, curve, risk_series(point, curve, order))


def leading_order(series: Sequence[Fraction]) -> int | None:
    """The order n ≥ 1 of the first coefficient after the constant one that is not 0; None if there is none. Exactness: exact."""
    return next((n for n in range(1, len(series)) if series[n]), None)


def lower_on_curve(point: Point, curve: Sequence[Parameters], series: Sequence[Fraction]) -> DescentCurve | None:
    """Evidence from a curve and the series of the risk along it; None if its first coefficient after the constant one, if not 0,
    is positive, or if there is none.

    Exactness: exact. Raises: nothing. Source: proofs/rules/curve.md.
    """
    leading = leading_order(series)
    if leading is None or series[leading] > 0:
        return None
    for halvings in count():
        moved, step = point, Fraction(1, 2**halvings)
        for power, coefficient in enumerate(curve, start=1):
            moved = moved.moved(coefficient, step**power)
        if moved.risk < point.risk:
            return DescentCurve(tuple(curve), leading, series[leading], LowerPoint(moved.parameters, moved.risk))
    return None
