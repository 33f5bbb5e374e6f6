"""Evidence that a point is not a local minimum: a descent direction, or a dead unit; and a lower point."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.evidence import DeadUnit, DescentDirection, LowerPoint
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.local.directional import directional_derivative, one_sided_image
from exactsurf.minima.local.local_form import LocalForm, dot
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem


def single_entry(problem: Problem, entries: dict[str, dict[tuple[int, ...], Fraction]]) -> Parameters:
    """A direction that is zero but for the given entries, e.g. ``{"W2": {(0, 1): Fraction(1)}, "b2": {(0,): …}}``."""
    zero = Fraction(0)
    weights, biases = [], []
    for layer, has_bias in enumerate(problem.network.biases, start=1):
        rows, columns = problem.network.shapes[f"W{layer}"]
        chosen = entries.get(f"W{layer}", {})
        weights.append(tuple(tuple(chosen.get((i, j), zero) for j in range(columns)) for i in range(rows)))
        shift = entries.get(f"b{layer}", {})
        biases.append(tuple(shift.get((i,), zero) for i in range(rows)) if has_bias else None)
    return Parameters(tuple(weights), tuple(biases))


def unit_direction(problem: Problem, unit: int, delta: Sequence[Fraction]) -> Parameters:
    """The direction that moves the weights (and the bias, if there is one) of a unit of layer 1 along `delta`."""
    width = problem.network.widths[0]
    entries: dict[str, dict[tuple[int, ...], Fraction]] = {"W1": {(unit, p): delta[p] for p in range(width)}}
    if problem.network.biases[0]:
        entries["b1"] = {(unit,): delta[width]}
    return single_entry(problem, entries)


def descend(point: Point, direction: Parameters) -> DescentDirection | None:
    """Evidence from a candidate direction: its derivative, if negative, and a rational step that lowers the risk.

    Exactness: exact. Raises: nothing. Source: proofs/rules/direction.md.
    """
    derivative = directional_derivative(point, direction)
    if derivative >= 0:
        return None
    step = Fraction(1)
    while True:
        moved = point.moved(direction, step)
        if moved.risk < point.risk:
            return DescentDirection(direction, derivative, LowerPoint(moved.parameters, moved.risk))
        step /= 2


def revive(point: Point, unit: int, form: LocalForm) -> DeadUnit:
    """Evidence for a unit with output weight 0 whose local form is not zero (one hidden layer, one output).

    Parameters: a `point` where the loss is differentiable; `form`, the local form F of the unit, F ≢ 0.
    Exactness: exact. Raises: nothing. Source: theory.md, theorem A.2 (v_j = 0); proofs/rules/dead_unit.md.
    """
    problem, r = point.problem, point.subdifferentials[0][0]
    delta = _nonzero_direction(form)
    width, h = problem.network.widths[0], problem.network.activation
    shift = delta[width] if problem.network.biases[0] else Fraction(0)
    motion = problem.data.inputs.affine_image([delta[:width]], [shift])[0]
    derivative = r.dot(one_sided_image(h, point.forward.pre_activations[0][unit], motion))
    move = unit_direction(problem, unit, delta)
    step = Fraction(1)
    while True:
        moved = point.moved(move, step)
        slope = r.dot(moved.forward.activations[0][unit])
        if slope:
            # The slope in the output weight is not zero, so short enough steps against it go down.
            weight = -slope
            while True:
                lower = moved.moved(single_entry(problem, {"W2": {(0, unit): weight}}), Fraction(1))
                if lower.risk < point.risk:
                    return DeadUnit(unit, 0, delta, derivative, LowerPoint(lower.parameters, lower.risk))
                weight /= 4
        step /= 2


def _nonzero_direction(form: LocalForm) -> Vector:
    """A δ with F(δ) ≠ 0 for a local form F ≢ 0."""
    if any(form.gradient):
        # F(g) − F(−g) = 2|g|² ≠ 0.
        return form.gradient if form(form.gradient) else tuple(-value for value in form.gradient)
    plane = form.hyperplanes[0]
    base = _generic_point(form)
    # Along u_C, through a point on no other hyperplane, F has a kink: its second difference there is not zero.
    on_plane = _projection(base, plane.normal)
    distance = Fraction(1)
    others = [h.normal for h in form.hyperplanes[1:] if dot(h.normal, on_plane)]
    for normal in others:
        along = abs(dot(normal, plane.normal))
        if along:
            distance = min(distance, abs(dot(normal, on_plane)) / along / 2)
    step = tuple(distance * value for value in plane.normal)
    candidates = [on_plane] + [tuple(b + s * v for b, v in zip(on_plane, step, strict=True)) for s in (1, -1)]
    return next(candidate for candidate in candidates if form(candidate))


def _generic_point(form: LocalForm) -> Vector:
    """A point whose projection to the first hyperplane lies on no other one (on the moment curve, finitely many fail)."""
    plane, size = form.hyperplanes[0].normal, len(form.gradient)
    t = 1
    while True:
        point = tuple(Fraction(t) ** k for k in range(size))
        shadow = _projection(point, plane)
        if all(dot(h.normal, shadow) for h in form.hyperplanes[1:]):
            return point
        t += 1


def _projection(point: Vector, normal: Vector) -> Vector:
    scale = dot(point, normal) / dot(normal, normal)
    return tuple(p - scale * n for p, n in zip(point, normal, strict=True))
