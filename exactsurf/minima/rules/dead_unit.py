"""Rule `dead unit`: a unit with output weight 0 whose use, after a move of its weights, lowers the risk."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.rules.dead_unit import DeadUnit
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.minima.local.coordinate_vector import single_entry, unit_direction
from exactsurf.minima.local.directional import one_sided_image
from exactsurf.minima.local.local_form import LocalForm
from exactsurf.model.point import Point


def revive(point: Point, unit: int, form: LocalForm) -> DeadUnit:
    """Evidence for a unit with output weight 0 whose local form is not zero (one hidden layer, one output).

    Parameters: a `point` where the loss is differentiable; `form`, the local form F of the unit, F ≢ 0.
    Exactness: exact. Raises: nothing. Source: theory.md, theorem A.2 (v_j = 0); proofs/rules/dead_unit.md.
    """
    problem, r = point.problem, point.subdifferentials[0][0]
    delta = nonzero_direction(form)
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


def nonzero_direction(form: LocalForm) -> Vector:
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
