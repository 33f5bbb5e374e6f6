"""The risk of `elu` and `selu` along a polynomial curve, as a power series in t > 0: rational where known, else balls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.exact.balls import to_arb
from exactsurf.exact.convex_pieces import ConvexPieces
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.model.loss_jet import loss_jet
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.smooth_activation import SmoothActivation

if TYPE_CHECKING:
    from flint import arb

    Number: TypeAlias = Fraction | arb
    Series = list[Number]

_ZERO, _ONE, _HALF = Fraction(0), Fraction(1), Fraction(1, 2)


def order_of_fall(point: EnclosedPoint, curve: Sequence[Sequence[Fraction]], order: int) -> int | None:
    """The order n to which the risk is seen to fall along θ + t c_1 + t² c_2 + …: the coefficients of lower orders are not
    positive, and that of tⁿ is negative. None if none is seen up to `order`.

    Parameters: `point` of a network with ELU or SELU units; `curve`, the coefficients as vectors.
    Exactness: proved by rational numbers and balls at the working precision. Raises: nothing.
    Source: proofs/smooth.md, section 10.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], "selu", biases=False), es.Data.from_arrays([1], [1]))
    >>> point = EnclosedPoint(problem, problem.parameters(W1=[[0]], W2=[[0]]))
    >>> order_of_fall(point, [[Fraction(1), Fraction(1)]], 4), order_of_fall(point, [[Fraction(1), Fraction(-1)]], 4)
    (2, None)
    """
    changes = risk_changes(point, curve, order)
    for n, value in enumerate(changes, start=1):
        side = _sign(value)
        if side is None or side > 0:
            return None
        if side < 0:
            return n
    return None


def risk_changes(point: EnclosedPoint, curve: Sequence[Sequence[Fraction]], order: int) -> Series:
    """The coefficients of t, t², … of the risk, up to `order` or as far as they are known.

    Parameters: as of `order_of_fall`. Exactness: rational where known to be; balls hold the others. Raises: nothing.
    Source: proofs/smooth.md, section 10.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], es.elu(), biases=False), es.Data.from_arrays([-1], [1]))
    >>> point = EnclosedPoint(problem, problem.parameters(W1=[[0]], W2=[[1]]))
    >>> risk_changes(point, [[Fraction(1), Fraction(0)]], 3) == [1, 0, Fraction(-1, 3)]
    True
    """
    terms = [vector_of(point.parameters), *curve][: order + 1]
    length, problem, base = order, point.problem, point.problem.without_decay
    columns: list[Series] = []
    for sample, row in enumerate(base.data.inputs):
        outputs = _outputs(point, terms, row, order)
        if outputs is None:
            return []
        if base.loss.is_piecewise_quadratic:
            for k in range(len(outputs)):
                parts = base.term_outputs(sample, k)
                if parts:
                    f = [_total(_times(Fraction(sign), outputs[j][n]) for j, sign in parts) for n in range(order + 1)]
                    changes = _loss_changes(base.term_function(sample, k), f)
                    if changes is None:
                        return []
                    columns.append(changes)
        else:
            first = min((n for f in outputs for n, value in enumerate(f) if n and not _is_zero(value)), default=order)
            length = min(length, 2 * first)
            changes = _to_second_order(point, sample, outputs)
            if changes is None:
                return []
            columns.append(changes)
    if problem.decay is not None:
        coefficients = [parameters_of(problem.network, term) for term in terms]
        columns.append([*problem.decay.changes(coefficients, order)[1:]])
    return [_total(column[n] for column in columns) for n in range(length)]


def _is_zero(value: Number) -> bool:
    return isinstance(value, Fraction) and not value


def _sign(value: Number) -> int | None:
    if value > 0 or value < 0:
        return 1 if value > 0 else -1
    return 0 if isinstance(value, Fraction) else None


def _ball(value: Number) -> arb:
    return to_arb(value) if isinstance(value, Fraction) else value


def _times(first: Number, second: Number) -> Number:
    """The product: 0 if a factor is known to be 0."""
    if _is_zero(first) or _is_zero(second):
        return _ZERO
    if isinstance(first, Fraction) and isinstance(second, Fraction):
        return first * second
    return _ball(first) * _ball(second)


def _total(terms: Iterable[Number]) -> Number:
    found: Number = _ZERO
    for term in terms:
        if isinstance(found, Fraction) and isinstance(term, Fraction):
            found += term
        elif not _is_zero(term):
            found = _ball(found) + _ball(term)
    return found


def _convolution(left: Series, right: Series, places: range, degree: int) -> Number:
    return _total(_times(left[k], right[degree - k]) for k in places)


def _outputs(point: EnclosedPoint, terms: Sequence[Sequence[Fraction]], row: Vector, order: int) -> list[Series] | None:
    """The series of the outputs; None where the side of 0 on which a unit is cannot be told."""
    h = point.problem.network.activation
    assert isinstance(h, SmoothActivation)
    below: list[Series] = [[value, *([_ZERO] * order)] for value in row]
    for layer, units in enumerate(point.positions):
        one: Series = [_ONE, *([_ZERO] * order)]
        above: list[Series] = []
        for unit in units:
            reads = below if len(unit) == len(below) else [*below, one]
            parts: list[list[Number]] = [[] for _ in range(order + 1)]
            for shift, term in enumerate(terms):
                for p, series in zip(unit, reads, strict=True):
                    if term[p]:
                        for n in range(order + 1 - shift):
                            parts[n + shift].append(_times(term[p], series[n]))
            z = [_total(part) for part in parts]
            image = _activated(h, z) if layer + 1 < len(point.positions) else z
            if image is None:
                return None
            above.append(image)
        below = above
    return below


def _lead(series: Series) -> Number:
    return next((value for value in series[1:] if not _is_zero(value)), _ZERO)


def _activated(h: SmoothActivation, z: Series) -> Series | None:
    *scale, alpha = h.constants
    right = scale[0] if scale else _ONE
    side = _sign(_lead(z) if _is_zero(z[0]) else z[0])
    if side is None:
        return None
    if side >= 0:
        return [_times(right, value) for value in z]
    slopes = [_times(Fraction(k), value) for k, value in enumerate(z)]
    powers: Series = [_ONE]
    for n in range(1, len(z)):
        powers.append(_times(Fraction(1, n), _convolution(slopes, powers, range(1, n + 1), n)))
    if _is_zero(z[0]):
        return [_ZERO, *(_times(right * alpha, value) for value in powers[1:])]
    start = _ball(z[0])
    power = to_arb(right * alpha) * start.exp()
    return [h.value(start), *(_times(power, value) for value in powers[1:])]


def _loss_changes(function: ConvexPieces, f: Series) -> Series | None:
    """The series of a convex piecewise quadratic function, in the piece into which its argument moves."""
    if isinstance(f[0], Fraction):
        left, right = function.sides(f[0])
        side = _sign(_lead(f)) if left != right else 0
        if side is None:
            return None
        piece = right if side > 0 else left
    else:
        points = [to_arb(t) for t in function.breakpoints]
        piece = sum(bool(f[0] > t) for t in points)
        if piece != sum(not f[0] < t for t in points):
            return None
    a, b, _ = function.pieces[piece]
    return [_total((_times(a, _convolution(f, f, range(n + 1), n)), _times(b, f[n]))) for n in range(1, len(f))]


def _to_second_order(point: EnclosedPoint, sample: int, outputs: list[Series]) -> Series | None:
    found = loss_jet(point.problem, sample, [_ball(f[0]) for f in outputs])
    if found is None:
        return None
    _, slopes, curvatures = found
    changes: Series = []
    for n in range(1, len(outputs[0])):
        parts = [_times(slope, f[n]) for slope, f in zip(slopes, outputs, strict=True)]
        for (k, m), curvature in curvatures.items():
            square = _convolution(outputs[k], outputs[m], range(1, n), n)
            parts.append(_times(_times(_HALF if k == m else _ONE, curvature), square))
        changes.append(_total(parts))
    return changes
