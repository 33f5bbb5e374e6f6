"""Descents of a risk with weight decay: what the loss does along a direction or a curve, and what the penalty adds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.errors import UnsupportedError
from exactsurf.minima.local.directional import directional_derivative, lower_step
from exactsurf.minima.local.risk_series import lower_on_curve, risk_series
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.weight_decay import WeightDecay


def decay_of(point: Point) -> WeightDecay:
    """The weight decay of a point's problem. Exactness: exact. Raises: `UnsupportedError` if it has none. Source: none needed."""
    if point.problem.decay is None:
        raise UnsupportedError("this needs a risk with weight decay", "give weight_decay= to the problem")
    return point.problem.decay


def without_decay(point: Point) -> Point:
    """The same parameters in the problem without weight decay. Exactness: exact. Raises: nothing. Source: none needed."""
    return Point(point.problem.without_decay, point.parameters)


def descend_with_decay(point: Point, direction: Parameters) -> DescentDirection | None:
    """Evidence from a candidate direction, if the one-sided derivative of the whole risk is negative.

    Parameters: `point` of a problem with weight decay; `direction` of the network's shapes. Exactness: exact.
    Raises: `UnsupportedError` without weight decay. Source: proofs/rules/direction.md; FORMAT.md, section 16.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1], biases=False), es.Data.from_arrays([1], [0]), weight_decay=2)
    >>> theta, back = (problem.parameters(W1=[[w]]) for w in (1, -1))
    >>> descend_with_decay(Point(problem, theta), back).derivative
    Fraction(-3, 1)
    """
    decay = decay_of(point)
    derivative = directional_derivative(without_decay(point), direction)
    derivative += decay.factor * decay.product(point.parameters, direction)
    return lower_step(point, direction, derivative)


def descend_along_with_decay(point: Point, curve: Sequence[Parameters], order: int) -> DescentCurve | None:
    """Evidence from a candidate curve θ + t c_1 + t² c_2 + …, if the first coefficient of the risk that is not 0 is negative.

    Parameters: `point` of a problem with weight decay; `curve`; `order`, up to which to look. Exactness: exact.
    Raises: `UnsupportedError` without weight decay. Source: proofs/rules/curve.md; FORMAT.md, section 16.
    """
    decay, terms = decay_of(point), [point.parameters, *curve]
    series = list(risk_series(without_decay(point), curve, order))
    for n in range(1, order + 1):
        pairs = [(m, n - m) for m in range(n + 1) if max(m, n - m) < len(terms)]
        series[n] += decay.factor / 2 * sum((decay.product(terms[a], terms[b]) for a, b in pairs), Fraction(0))
    return lower_on_curve(point, curve, series)
