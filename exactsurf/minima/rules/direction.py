"""Rule `direction`: a direction along which the one-sided derivative of the risk is negative; backpropagation proposes it."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.effort import Effort
from exactsurf.minima.local.directional import descend, selected_gradient
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.rule import Answer, Refuted, Rule
from exactsurf.model.point import Point

FALLS = "the risk has a negative one-sided derivative along a rational direction"


def ask(point: Point, _: Effort) -> Answer:
    """Refute by the direction against the selected gradient.

    Exactness: exact. Raises: nothing. Source: proofs/rules/direction.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1], [1]))
    >>> ask(Point(problem, problem.parameters(W1=[[0]], b1=[0])), es.Effort()).evidence.derivative
    Fraction(-2, 1)
    """
    gradient = selected_gradient(point)
    zero = gradient.moved(gradient, Fraction(-1))
    found = descend(point, zero.moved(gradient, Fraction(-1)))
    return NotProved("the gradient does not descend") if found is None else Refuted(found, FALLS)


RULE = Rule("direction", ask)
