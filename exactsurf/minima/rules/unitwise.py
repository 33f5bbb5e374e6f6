"""The unitwise criterion (theory.md, theorem A): it decides one hidden layer, one output, differentiable loss."""

from __future__ import annotations

from exactsurf.certificate.evidence import DeadUnit, DescentDirection, Node, Unitwise
from exactsurf.errors import InternalError
from exactsurf.minima.local.cone_tree import MAX_CONES, ConeTree, TooManyCones, decide_nonnegative
from exactsurf.minima.local.local_form import local_form
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.descent import descend, revive, single_entry, unit_direction
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point


def decide_unitwise(point: Point, *, max_cones: int = MAX_CONES) -> Unitwise | DescentDirection | DeadUnit | NotProved:
    """Decide local minimality: evidence for it, evidence against it, or why the work was too much.

    Parameters: a `point` of a network with one hidden layer and one output, where the loss is differentiable; `max_cones`
    per unit.
    Exactness: exact; complete but for `max_cones`. Raises: nothing. Source: theory.md, section 3; proofs/rules/unitwise.md.
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
        answer = decide_nonnegative(form.scaled(1 if weight > 0 else -1), max_cones=max_cones)
        if isinstance(answer, TooManyCones):
            much = f"unit {j} sits on {answer.hyperplanes} concave walls: more than {max_cones} cones to examine"
            crowded = crowded or f"{much}; raise max_cones (--max-cones)"
        elif isinstance(answer, ConeTree):
            units.append(answer.nodes)
        else:
            return direction(unit_direction(problem, j, answer))
    return NotProved(crowded) if crowded else Unitwise(tuple(units))
