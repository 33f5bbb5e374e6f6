"""Rule `unitwise` for smooth activations: theorem A for every unit of one hidden layer, where its equations are rational."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.rules.smooth.unitwise import SmoothUnitwise
from exactsurf.effort import Effort
from exactsurf.exact.balls import PRECISIONS, matrix_to_arb, to_arb, working_precision
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Vector, pivot_columns
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.hessian_box import is_positive_definite
from exactsurf.minima.smooth.rules.fit import IRRATIONAL, WITH_DECAY, adds_up
from exactsurf.minima.smooth.rules.rule import Answer, Rule, Seen
from exactsurf.model.activation import Activation

_REASON = "a local minimum: every unit passes the unitwise criterion (theorem A)"


def _ask(point: EnclosedPoint, effort: Effort) -> Answer:
    """Equal pre-activations make the equations between real numbers rational ones, and the inequalities are strict."""
    problem, parameters = point.problem, point.parameters
    if problem.decay is not None:
        return NotProved(WITH_DECAY)
    if point.residuals is None:
        return NotProved(IRRATIONAL)
    if len(problem.network.widths) != 3 or problem.network.widths[-1] != 1:
        return NotProved("theorem A needs one hidden layer and one output")
    r = [row[0] for row in point.residuals]
    if problem.network.biases[1] and sum(r, Fraction(0)):
        return NotProved("the residuals do not add up to 0")
    bits = PRECISIONS[0]
    shifts = parameters.biases[0] or (None,) * problem.network.widths[1]
    for unit, (weights, shift, v) in enumerate(zip(parameters.weights[0], shifts, parameters.weights[1][0], strict=True)):
        effort.check("theorem A, unit by unit")
        extended = [(*x, Fraction(1)) if shift is not None else tuple(x) for x in problem.data.inputs]
        own = weights if shift is None else (*weights, shift)
        found = _check_unit(_Unit(problem.network.activation, extended, r, own, v), effort)
        if isinstance(found, NotProved):
            return NotProved(f"unit {unit}: {found.reason}")
        bits = max(bits, found)
    return Seen(SmoothUnitwise(), _REASON, bits)


@dataclass(frozen=True)
class _Unit:
    """A hidden unit with the samples that it sees: `inputs` with a 1 behind them if there is a bias, residuals `r`."""

    activation: Activation
    inputs: Sequence[Vector]
    r: Sequence[Fraction]
    weights: Vector
    output_weight: Fraction

    def sums(self, members: Sequence[int]) -> list[Fraction]:
        """Σ r_i x_i over some samples."""
        return [sum((self.r[i] * self.inputs[i][p] for i in members), Fraction(0)) for p in range(len(self.weights))]

    def moment(self, members: Iterable[int]) -> list[list[Fraction]]:
        """Σ r_i x_i x_iᵀ over some samples."""
        chosen, size = list(members), range(len(self.weights))
        rows = self.inputs
        return [[sum((self.r[i] * rows[i][p] * rows[i][q] for i in chosen), Fraction(0)) for q in size] for p in size]


def _check_unit(unit: _Unit, effort: Effort) -> int | NotProved:
    """The bits at which vφ is seen to have a local minimum at the weights with φ = 0, or why it is not."""
    if unit.activation.name == "quadratic":
        return _check_quadratic(unit)
    h, r = unit.activation, unit.r
    z = [sum((a * b for a, b in zip(unit.weights, x, strict=True)), Fraction(0)) for x in unit.inputs]
    if h.has_corner and 0 in z:
        return NotProved("a pre-activation is 0, where the activation has no second derivative")
    if any(unit.sums([i for i in range(len(r)) if h.slope_near(z[i]) is not None])):
        return NotProved("the affine part of its frozen risk has a slope")
    groups: dict[Fraction, list[int]] = {}
    for i in range(len(r)):
        if h.slope_near(z[i]) is None:
            groups.setdefault(z[i], []).append(i)
    for members in groups.values():
        if sum(r[i] for i in members) or any(unit.sums(members)):
            return NotProved("residuals of samples with equal pre-activation do not cancel, as exact arithmetic would need")
    if unit.output_weight:
        return _check_convex(unit, groups, effort)
    curved = [i for members in groups.values() for i in members]
    fits = adds_up([unit.inputs[i] for i in curved], [(r[i],) for i in curved])
    return PRECISIONS[0] if fits else NotProved("its output weight is 0, and its frozen risk is not constant")


def _check_quadratic(unit: _Unit) -> int | NotProved:
    """The frozen risk of a quadratic unit is a quadratic form in its weights."""
    moment, v = unit.moment(range(len(unit.r))), unit.output_weight
    if not v:
        constant = not any(map(any, moment))
        return PRECISIONS[0] if constant else NotProved("its output weight is 0, and moving it opens a descent")
    if any(sum((a * b for a, b in zip(row, unit.weights, strict=True)), Fraction(0)) for row in moment):
        return NotProved("its frozen risk has a slope")
    signed = [[value if v > 0 else -value for value in row] for row in moment]
    return NotProved("its frozen risk falls in some direction") if ldlt(signed).inertia[1] else PRECISIONS[0]


def _check_convex(unit: _Unit, groups: Mapping[Fraction, Sequence[int]], effort: Effort) -> int | NotProved:
    """v Σ_groups h″(z)·moment must be positive definite across the samples of equal pre-activation z."""
    chosen = pivot_columns(
        [
            tuple(a - b for a, b in zip(unit.inputs[i], unit.inputs[members[0]], strict=True))
            for members in groups.values()
            for i in members
        ]
    )
    moments: dict[Fraction, list[list[Fraction]]] = {}
    for at, members in groups.items():
        effort.check("theorem A, unit by unit")
        moments[at] = unit.moment(members)
    for bits in PRECISIONS:
        with working_precision(bits):
            form = matrix_to_arb([[Fraction(0)] * len(chosen)] * len(chosen)) if chosen else None
            for at, moment in moments.items():
                jet = unit.activation.jet(to_arb(at))
                if jet is None:
                    return NotProved("the activation may have no second derivative at a pre-activation")
                if form is None:
                    break
                form += matrix_to_arb([[unit.output_weight * moment[p][q] for q in chosen] for p in chosen]) * jet[2]
            if form is None or is_positive_definite(form, effort):
                return bits
    return NotProved("its frozen risk is not seen to be convex across the samples of equal pre-activation")


RULE = Rule(SmoothUnitwise.rule, _ask)
