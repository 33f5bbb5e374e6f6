"""The claim `flattest rescaling`: the least sharpness among rescalings of hidden units (FORMAT.md, section 42)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.rational import Rational
from ..arithmetic.rational_rows import bits_of, dot
from ..problem import Problem
from ..rescaled_units import Unit, check_shape, read_hessian, units_of
from ..sharpness_bounds import Bounds, check_above, read_bounds
from ..submission import Submission


def check_flattest_rescaling(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and the risk at the parameters."""
    stated = read_bounds(
        submission,
        check_shape,
        "Rescaling the hidden units of the {architecture} network at the given parameters, the least trace of the Hessian of the"
        " {risk} on {samples} is ",
    )
    problem = stated.problem
    hessian = read_hessian(submission, problem, stated.point, stated.parameters)
    units = units_of(problem)
    _check_trace(problem, units, hessian, stated.trace)
    submission.done("the least trace: a value, and a flow that bounds all values")
    _check_eigenvalue(problem, units, hessian, stated.eigenvalue)
    submission.done("the least largest eigenvalue: a value, and vectors and a flow that bound all values")
    return stated.sentence, stated.point.risk


def _squared_scales(problem: Problem, units: Sequence[tuple[Unit | None, Unit | None]], field: Field) -> list[Rational]:
    """The s_p² of the factors in a field."""
    layers = field.items(len(problem.widths) - 2)
    factors = [
        [item.positive() for item in layer.items(width)] for layer, width in zip(layers, problem.widths[1:-1], strict=True)
    ]
    found: list[Rational] = []
    for into, out_of in units:
        above = factors[into[0]][into[1]] if into is not None else 1
        below = factors[out_of[0]][out_of[1]] if out_of is not None else 1
        spend(4 * price(bits_of([above, below])))
        found.append(Fraction(above, below) ** 2)
    return found


def _flow_total(field: Field, masses: Sequence[Rational], units: Sequence[tuple[Unit | None, Unit | None]]) -> Rational:
    """The sum of a flow that is balanced below the masses."""
    flow = field.vector(len(masses))
    excess: dict[Unit, Rational] = {}
    total: Rational = 0
    for item, value, mass, (into, out_of) in zip(field.items(len(masses)), flow, masses, units, strict=True):
        if not 0 <= value <= mass:
            raise item.reject("expected a number from 0 to the mass of this parameter")
        spend(3 * price(bits_of([value, total])))
        total += value
        if into is not None:
            excess[into] = excess.get(into, 0) + value
        if out_of is not None:
            excess[out_of] = excess.get(out_of, 0) - value
    for (layer, unit), value in excess.items():
        if value:
            raise field.reject(f"what comes into unit {unit} of layer {layer + 1} is not what goes out of it")
    return total


def _check_trace(
    problem: Problem,
    units: Sequence[tuple[Unit | None, Unit | None]],
    hessian: Sequence[Sequence[Rational]],
    bounds: Bounds,
) -> None:
    factors, flow = bounds.evidence.fields("factors", "flow")
    below, above = bounds.ends
    scales = _squared_scales(problem, units, factors)
    masses = [Fraction(hessian[p][p], scale) for p, scale in enumerate(scales)]
    spend(len(masses) * price(bits_of(masses)))
    if sum(masses) > bounds.high:
        raise above.reject("the factors do not prove this bound")
    if _flow_total(flow, masses, units) < bounds.low:
        raise below.reject("the flow does not prove this bound")


def _check_eigenvalue(
    problem: Problem,
    units: Sequence[tuple[Unit | None, Unit | None]],
    hessian: Sequence[Sequence[Rational]],
    bounds: Bounds,
) -> None:
    factors, flow, vectors_field = bounds.evidence.fields("factors", "flow", "vectors")
    scales = _squared_scales(problem, units, factors)
    size = len(hessian)
    check_above(bounds, hessian, scales, "the factors do not prove this bound")
    mass: Rational = 0
    masses: list[Rational] = [0] * size
    for item in vectors_field.items():
        vector = item.vector(size)
        with at(item.place):
            image = [dot(row, vector) for row in hessian]
            mass += dot(vector, image)
            spend(4 * size * price(bits_of(image), bits_of(scales), bits_of(masses)))
            masses = [t + Fraction(value * value, scale) for t, value, scale in zip(masses, image, scales, strict=True)]
    if _flow_total(flow, masses, units) < bounds.low * mass or (not mass and bounds.low > 0):
        raise bounds.ends[0].reject("the vectors and the flow do not prove this bound")
