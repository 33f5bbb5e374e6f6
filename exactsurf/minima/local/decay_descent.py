"""Risks with weight decay near a point: what the loss does along a direction or a curve, and what the penalty adds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.minima.local.directional import directional_derivative, short_descent
from exactsurf.minima.local.risk_series import lower_on_curve, risk_series
from exactsurf.minima.local.second_order_form import Accumulator
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.weight_decay import WeightDecay


def decay_of(point: Point) -> WeightDecay:
    """The weight decay of a point's problem. Exactness: exact. Raises: `UnsupportedError` if it has none. Source: none needed."""
    if point.problem.decay is None:
        raise UnsupportedError("this needs a risk with weight decay", "give weight_decay= to the problem")
    return point.problem.decay


def descend_with_decay(point: Point, direction: Parameters, effort: Effort = UNBOUNDED) -> DescentDirection | None:
    """Evidence from a candidate direction, if the one-sided derivative of the whole risk is negative.

    Parameters: `point` of a problem with weight decay; `direction` of the network's shapes. Exactness: exact.
    Raises: `UnsupportedError` without weight decay. Source: proofs/rules/direction.md; FORMAT.md, section 16.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1], biases=False), es.Data.from_arrays([1], [0]), weight_decay=2)
    >>> theta, back = (problem.parameters(W1=[[w]]) for w in (1, -1))
    >>> descend_with_decay(Point(problem, theta), back).derivative
    Fraction(-3, 1)
    """
    decay_of(point)
    return short_descent(point, direction, whole_derivative, effort)


def whole_derivative(point: Point, direction: Parameters) -> Fraction:
    """The one-sided derivative of the risk along a direction, with that of weight decay if there is one.

    Exactness: exact. Raises: `ShapeError` for a direction of another network. Source: FORMAT.md, section 16.
    """
    decay, found = point.problem.decay, directional_derivative(point.undecayed, direction)
    return found if decay is None else found + decay.factor * decay.product(point.parameters, direction)


def whole_series(point: Point, curve: Sequence[Parameters], order: int) -> Vector:
    """The coefficients of the risk along θ + t c_1 + t² c_2 + …, with those of weight decay if there is one.

    Exactness: exact. Raises: as `risk_series`. Source: proofs/rules/curve.md; FORMAT.md, section 16.
    """
    decay = point.problem.decay
    series = risk_series(point.undecayed, curve, order)
    if decay is None:
        return series
    return tuple(a + b for a, b in zip(series, decay.changes([point.parameters, *curve], order), strict=True))


def descend_along_with_decay(point: Point, curve: Sequence[Parameters], order: int) -> DescentCurve | None:
    """Evidence from a candidate curve θ + t c_1 + t² c_2 + …, if the first coefficient of the risk that is not 0 is negative.

    Parameters: `point` of a problem with weight decay; `curve`; `order`, up to which to look. Exactness: exact.
    Raises: `UnsupportedError` without weight decay. Source: proofs/rules/curve.md; FORMAT.md, section 16.
    """
    decay_of(point)
    return lower_on_curve(point, curve, whole_series(point, curve, order))


def add_decay(total: Accumulator, point: Point, decay: WeightDecay) -> None:
    """Add gradient and Hessian of the penalty at a point. Exactness: exact. Raises: nothing. Source: FORMAT.md, section 16."""
    from flint import fmpq

    factor, values = fmpq(decay.factor.numerator, decay.factor.denominator), vector_of(point.parameters)
    for rows, bias in zip(row_positions(point.problem.network), point.problem.network.biases, strict=True):
        for row in rows:
            for p in row if decay.biases or not bias else row[:-1]:
                total.vector[p] += factor * fmpq(values[p].numerator, values[p].denominator)
                total.add(p, p, factor)
