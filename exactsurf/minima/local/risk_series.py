"""The risk along a polynomial curve θ + t c_1 + t² c_2 + …, as a power series in t > 0, exactly and at any point."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import count

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.evidence import LowerPoint
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

    >>> from exactsurf.model.data import Data
    >>> from exactsurf.model.network import Network
    >>> problem = Problem(Network([1, 1, 1]), Data.from_arrays([1], [0]))
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
    share = Fraction(1, len(problem.data)) if problem.loss.averaged else Fraction(1)
    total = [_ZERO] * (order + 1)
    for row, targets in zip(problem.data.x, problem.data.y, strict=True):
        for term, target in _loss_terms(problem, _output_series(problem, terms, row, order), targets):
            total = [a + share * b for a, b in zip(total, _loss_series(problem, term, target, order), strict=True)]
    return tuple(total)


def _loss_terms(problem: Problem, outputs: Sequence[Series], targets: Vector) -> list[tuple[Series, Fraction]]:
    """Pairs of a series and a target for the loss of one output; a wrong class leads the right one against the label −1."""
    if problem.right_outputs is None:
        return list(zip(outputs, targets, strict=True))
    right = targets.index(1)
    leads = (tuple(a - b for a, b in zip(f, outputs[right], strict=True)) for k, f in enumerate(outputs) if k != right)
    return [(lead, Fraction(-1)) for lead in leads]


def _output_series(problem: Problem, terms: Sequence[Parameters], row: Vector, order: int) -> list[Series]:
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


def _lead(series: Series) -> int:
    """The sign of the first coefficient behind the constant one that is not zero, or 0."""
    value = next((c for c in series[1:] if c), _ZERO)
    return (value > 0) - (value < 0)


def _image(h: Activation, z: Series) -> Series:
    left, right = bisect_left(h.breakpoints, z[0]), bisect_right(h.breakpoints, z[0])
    slope, intercept = h.lines[right if _lead(z) > 0 else left]
    return (slope * z[0] + intercept, *(slope * c for c in z[1:]))


def _loss_series(problem: Problem, f: Series, y: Fraction, order: int) -> Series:
    loss = problem.loss
    gap = (1 - y * f[0], *(-y * c for c in f[1:])) if loss.name == "hinge" else (f[0] - y, *f[1:])
    sign = (gap[0] > 0) - (gap[0] < 0) or _lead(gap)
    if loss.name == "hinge":
        return tuple(loss.scale * c if sign > 0 else _ZERO for c in gap)
    if loss.name == "absolute":
        return tuple(loss.scale * sign * c for c in gap)
    square = tuple(sum((gap[k] * gap[n - k] for k in range(n + 1)), _ZERO) for n in range(order + 1))
    if loss.name == "squared":
        return tuple(loss.scale * c for c in square)
    assert loss.delta is not None
    beyond = (abs(gap[0]) > loss.delta) - (abs(gap[0]) < loss.delta) or sign * _lead(gap)
    if beyond <= 0:
        return tuple(loss.scale * c / 2 for c in square)
    linear = (loss.delta * abs(gap[0]) - loss.delta**2 / 2, *(loss.delta * sign * c for c in gap[1:]))
    return tuple(loss.scale * c for c in linear)


def descend_along(point: Point, curve: Sequence[Parameters], order: int) -> DescentCurve | None:
    """Evidence from a candidate curve: its first coefficient up to t^order that is not zero, if negative, and a lower point.

    Parameters: `curve` and `order` as in `risk_series`. Returns: evidence, or None if the curve
    does not go down or nothing can be said up to t^order.
    Exactness: exact. Raises: as `risk_series`. Source: proofs/rules/curve.md.
    """
    series = risk_series(point, curve, order)
    leading = next((n for n in range(1, order + 1) if series[n]), None)
    if leading is None or series[leading] > 0:
        return None
    for halvings in count():
        moved, step = point, Fraction(1, 2**halvings)
        for power, coefficient in enumerate(curve, start=1):
            moved = moved.moved(coefficient, step**power)
        if moved.risk < point.risk:
            return DescentCurve(tuple(curve), leading, series[leading], LowerPoint(moved.parameters, moved.risk))
    return None
