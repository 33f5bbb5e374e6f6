"""Rule `unitwise decay`: theorem A with weight decay decides one hidden layer, one output, differentiable loss."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.certificate.rules.unitwise_decay import IdleUnit, LiveUnit, UnitwiseDecay
from exactsurf.effort import RAISE_CONES, Effort
from exactsurf.errors import InternalError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.local.bounded_slope import decide_bounded
from exactsurf.minima.local.cone_tree import ConeTree, TooManyCones, decide_nonnegative
from exactsurf.minima.local.coordinate_vector import single_entry, unit_direction
from exactsurf.minima.local.decay_descent import decay_of, descend_along_with_decay, descend_with_decay
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.local.local_form import LocalForm, local_form
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.curve import falls_along
from exactsurf.minima.rules.direction import FALLS
from exactsurf.minima.rules.rule import Answer, Proved, Refuted, Rule
from exactsurf.minima.rules.unitwise import not_one_by_one
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point

_ZERO = Fraction(0)


def ask(point: Point, effort: Effort) -> Answer:
    """Decide local minimality of a risk with weight decay, unit by unit.

    Parameters: a `point` of a problem with weight decay, one hidden layer and one output, where the loss is differentiable.
    Exactness: exact; complete but for `effort` if h(cz) = c h(z) for c > 0 and everything that hidden units read is penalised
    or the output has a bias that is not. Raises: `OutOfTime`. Source: proofs/rules/unitwise_decay.md.

    >>> import exactsurf as es
    >>> network = es.Network([1, 1, 1], biases=False)
    >>> problem = es.Problem(network, es.Data.from_arrays([1], [2]), weight_decay=1)
    >>> ask(Point(problem, problem.parameters(W1=[[1]], W2=[[1]])), es.Effort()).reason
    'every unit passes the unitwise criterion for weight decay'
    """
    decay, plain, problem = decay_of(point), point.undecayed, point.problem
    r, output_bias = plain.subdifferentials[0][0], point.parameters.biases[1]
    if output_bias is not None:
        slope = r.sum() + (decay.factor * output_bias[0] if decay.biases else 0)
        if slope:
            return _down(point, single_entry(problem, {"b2": {(0,): -slope}}))
    units: list[LiveUnit | IdleUnit] = []
    left_open: list[str] = []
    for j, (z, values) in enumerate(zip(plain.forward.pre_activations[0], plain.forward.activations[0], strict=True)):
        weight = point.parameters.weights[1][0][j]
        slope = r.dot(values) + decay.factor * weight
        if slope:
            return _down(point, single_entry(problem, {"W2": {(0, j): -slope}}))
        penalised, form = _penalised(point, j), local_form(plain.problem, z, r)
        found: LiveUnit | IdleUnit | Refuted | NotProved
        if weight:
            found = _live(point, j, form, penalised, effort)
        elif any(penalised):
            return _down(point, unit_direction(problem, j, tuple(-value for value in penalised)))
        else:
            found = _idle(point, j, form, effort)
        if isinstance(found, Refuted):
            return found
        if isinstance(found, NotProved):
            left_open.append(found.reason)
        else:
            units.append(found)
    if left_open:
        return NotProved(left_open[0])
    return Proved(UnitwiseDecay(tuple(units)), "every unit passes the unitwise criterion for weight decay")


def _penalised(point: Point, unit: int) -> Vector:
    """The weights of a unit with 0 in the place of a bias that is not penalised."""
    weights, biases = point.parameters.weights[0][unit], point.parameters.biases[0]
    if biases is None:
        return weights
    return (*weights, biases[unit] if decay_of(point).biases else _ZERO)


def _live(point: Point, unit: int, form: LocalForm, penalised: Vector, effort: Effort) -> LiveUnit | Refuted | NotProved:
    """A unit with output weight v ≠ 0: sign(v)·F(δ) + (λ/|v|) w′·δ′ is nowhere negative, and |w′| ≤ |v|."""
    weight, factor = point.parameters.weights[1][0][unit], decay_of(point).factor
    signed = form.scaled(1 if weight > 0 else -1)
    pulled = tuple(g + factor / abs(weight) * w for g, w in zip(signed.gradient, penalised, strict=True))
    answer = decide_nonnegative(LocalForm(pulled, signed.hyperplanes), effort=effort)
    if isinstance(answer, TooManyCones):
        return _crowded(unit, answer, effort)
    if not isinstance(answer, ConeTree):
        return _down(point, unit_direction(point.problem, unit, answer))
    if sum((w * w for w in penalised), _ZERO) > weight * weight:
        return NotProved(f"the weights of unit {unit} are longer than its output weight, and the activation does not scale")
    return LiveUnit(answer.nodes)


def _idle(point: Point, unit: int, form: LocalForm, effort: Effort) -> IdleUnit | Refuted | NotProved:
    """A unit whose penalised weights are all 0: |F(δ)| ≤ λ|δ′|."""
    decay, problem = decay_of(point), point.problem
    free = problem.network.biases[0] and not decay.biases
    trees = []
    for sign in (1, -1):
        answer = decide_bounded(form.scaled(sign), decay.factor, free, effort=effort)
        if isinstance(answer, TooManyCones):
            return _crowded(unit, answer, effort)
        if not isinstance(answer, ConeTree):
            found = _revived(point, unit, answer, form(answer))
            return falls_along(found) if found else NotProved(f"unit {unit} is idle, and no output bias takes up what it adds")
        trees.append(answer.nodes)
    return IdleUnit(trees[0], trees[1])


def _revived(point: Point, unit: int, delta: Vector, change: Fraction) -> DescentCurve | None:
    """The curve on which the unit moves along δ, its output weight along −F(δ)/λ, and an output bias takes up the constant."""
    problem, output = point.problem, -change / decay_of(point).factor
    move = unit_direction(problem, unit, delta)
    entries: dict[str, dict[tuple[int, ...], Fraction]] = {"W2": {(0, unit): output}}
    biases = point.parameters.biases[0]
    start = problem.network.activation(_ZERO if biases is None else biases[unit])
    if problem.network.biases[1] and start:
        entries |= {"b2": {(0,): -output * start}}
    return descend_along_with_decay(point, [move.moved(single_entry(problem, entries), Fraction(1))], 2)


def _down(point: Point, direction: Parameters) -> Refuted:
    found: DescentDirection | None = descend_with_decay(point, direction)
    if found is None:
        raise InternalError("a direction with a negative derivative of the frozen risk does not descend")
    return Refuted(found, FALLS)


def _crowded(unit: int, answer: TooManyCones, effort: Effort) -> NotProved:
    walls = f"unit {unit} sits on {answer.hyperplanes} walls: more than {effort.cones} cones to examine"
    return NotProved(f"{walls}; {RAISE_CONES}")


def fall(point: Point, effort: Effort) -> Answer:
    """Refute by the direction against a selected gradient, at any depth. Exactness: exact. Raises: `OutOfTime`.

    Source: proofs/rules/direction.md; proofs/FORMAT.md, section 16.
    """
    decay, gradient = decay_of(point), selected_gradient(point.undecayed)
    pulled = gradient.moved(decay.gradient(point.parameters), Fraction(1))
    zero = pulled.moved(pulled, Fraction(-1))
    found = descend_with_decay(point, zero.moved(pulled, Fraction(-1)), effort)
    if found is None:
        return NotProved("the gradient does not descend")
    return Refuted(found, FALLS)


def _not_one_by_one(point: Point) -> str:
    return not_one_by_one(point.undecayed)


RULE = Rule("unitwise decay", ask, _not_one_by_one, is_complete=True)
FALL = Rule("direction", fall)
