"""Rule `direction`: a direction along which the one-sided derivative of the risk is negative; backpropagation proposes it."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.effort import Effort
from exactsurf.minima.local.cone_tree import decide_nonnegative
from exactsurf.minima.local.coordinate_vector import unit_direction
from exactsurf.minima.local.directional import descend, selected_gradient
from exactsurf.minima.local.first_layer_form import first_layer_form
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.rule import Answer, Refuted, Rule
from exactsurf.model.point import Point

FALLS = "the risk has a negative one-sided derivative along a rational direction"


def ask(point: Point, effort: Effort) -> Answer:
    """Refute by the direction against the selected gradient, or by one in which a unit of layer 1 moves off its kinks.

    Exactness: exact. Raises: `OutOfTime`. Source: proofs/rules/direction.md; theory.md, section 6.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1], [1]))
    >>> ask(Point(problem, problem.parameters(W1=[[0]], b1=[0])), es.Effort()).evidence.derivative
    Fraction(-2, 1)
    """
    gradient = selected_gradient(point)
    zero = gradient.moved(gradient, Fraction(-1))
    found = descend(point, zero.moved(gradient, Fraction(-1)), effort)
    found = found or _of_a_unit(point, effort)
    return NotProved("the gradient does not descend") if found is None else Refuted(found, FALLS)


def _of_a_unit(point: Point, effort: Effort) -> DescentDirection | None:
    """Where only layer 1 has kinks, units are asked one by one whether their part of the derivative falls somewhere."""
    form = first_layer_form(point)
    if isinstance(form, NotProved):
        return None
    for j, unit in enumerate(form.units):
        delta = decide_nonnegative(unit, effort=effort) if unit.hyperplanes else None
        if isinstance(delta, tuple):
            return descend(point, unit_direction(point.problem, j, delta), effort)
    return None


RULE = Rule("direction", ask, share=Fraction(1, 4))
