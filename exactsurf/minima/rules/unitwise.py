"""The unitwise criterion (theory.md, theorem A): it decides one hidden layer, one output, differentiable loss."""

from __future__ import annotations

from exactsurf.certificate.rules.dead_unit import DeadUnit
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.certificate.rules.unitwise import Node, Unitwise
from exactsurf.effort import RAISE_CONES, UNBOUNDED, Effort
from exactsurf.errors import InternalError
from exactsurf.minima.local.cone_tree import ConeTree, TooManyCones, decide_nonnegative
from exactsurf.minima.local.coordinate_vector import single_entry, unit_direction
from exactsurf.minima.local.directional import descend
from exactsurf.minima.local.local_form import local_form
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.dead_unit import revive
from exactsurf.minima.rules.direction import FALLS
from exactsurf.minima.rules.rule import Answer, Proved, Refuted, Rule
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point


def decide_unitwise(point: Point, *, effort: Effort = UNBOUNDED) -> Unitwise | DescentDirection | DeadUnit | NotProved:
    """Decide local minimality: evidence for it, evidence against it, or why the work was too much.

    Parameters: a `point` of a network with one hidden layer and one output, where the loss is differentiable; `effort`,
    whose `cones` bound those of one unit.
    Exactness: exact; complete but for `effort`. Raises: `OutOfTime`. Source: theory.md, section 3; proofs/rules/unitwise.md.
    """

    problem, forward, r = point.problem, point.forward, point.subdifferentials[0][0]

    def direction(candidate: Parameters) -> DescentDirection:
        found = descend(point, candidate)
        if found is None:
            raise InternalError("a direction with a negative derivative of the frozen risk does not descend")
        return found

    total = r.sum()
    if problem.network.biases[1] and total:
        return direction(single_entry(problem, {"b2": {(0,): -total}}))
    for j, values in enumerate(forward.activations[0]):
        phi = r.dot(values)
        if phi:
            return direction(single_entry(problem, {"W2": {(0, j): -phi}}))
    units: list[tuple[Node, ...]] = []
    crowded = ""
    for j, z in enumerate(forward.pre_activations[0]):
        form, weight = local_form(problem, z, r), point.parameters.weights[1][0][j]
        if weight == 0:
            if not form.is_zero:
                return revive(point, j, form)
            units.append(())
            continue
        answer = decide_nonnegative(form.scaled(1 if weight > 0 else -1), effort=effort)
        if isinstance(answer, TooManyCones):
            much = f"unit {j} sits on {answer.hyperplanes} concave walls: more than {effort.cones} cones to examine"
            crowded = crowded or f"{much}; {RAISE_CONES}"
        elif isinstance(answer, ConeTree):
            units.append(answer.nodes)
        else:
            return direction(unit_direction(problem, j, answer))
    return NotProved(crowded) if crowded else Unitwise(tuple(units))


def not_one_by_one(point: Point) -> str:
    """Why units cannot be treated one by one with one output and a differentiable loss, or nothing.

    Exactness: exact. Raises: nothing. Source: theory.md, theorem A.
    """
    network = point.problem.network
    if point.kink is not None:
        return f"the {point.problem.loss.title} loss is not differentiable at the prediction of sample {point.kink}"
    if network.layers != 2:
        return f"the unitwise criterion needs one hidden layer (here {network.layers - 1})"
    return "" if network.widths[-1] == 1 else f"the unitwise criterion needs one output (here {network.widths[-1]})"


def ask(point: Point, effort: Effort) -> Answer:
    """`decide_unitwise` as a rule. Exactness: exact. Raises: `OutOfTime`. Source: theory.md, theorem A."""
    found = decide_unitwise(point, effort=effort)
    if isinstance(found, NotProved):
        return found
    if isinstance(found, Unitwise):
        return Proved(found, "every unit passes the unitwise criterion (theorem A)")
    if isinstance(found, DeadUnit):
        return Refuted(found, f"unit {found.unit} has output weight 0, and moving it opens a descent")
    return Refuted(found, FALLS)


RULE = Rule("unitwise", ask, not_one_by_one, is_complete=True)
