"""Claims about the one critical point in a box of values of free parameters (FORMAT.md, section 60.1)."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.effort import price
from ..arithmetic.effort import spend as spend_steps
from ..arithmetic.interval import Interval, enclose
from ..arithmetic.interval_matrix import bad_pivot
from ..arithmetic.rational import Rational, display
from ..network import vector_of
from ..restricted_jet import FreeCoordinates, Row
from ..restriction import read_restriction_of_layers
from ..risk_jet import derivatives_on, risk_on
from ..smooth_problem import read_smooth_problem
from ..submission import Submission, check_sentence, counted
from .critical_box import ENDINGS, check_contraction, check_risk, read_bits, spend

KINDS = {kind.replace("a box", "a restricted box"): ending for kind, ending in ENDINGS.items()}


def check_restricted_box(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    kind, done = submission.kind, submission.done
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    names = ("kind", "sentence", "radius", "held", "risk", "values")
    _, sentence_field, radius_field, held_field, risk_field, values_field = claim.fields(*names)
    extra = {"no local minimum in a restricted box": ["direction"], "spurious local minimum in a restricted box": ["lower_point"]}
    bits_field, inverse_field, flows_field, *extra_fields = evidence.fields("bits", "inverse", "flows", *extra.get(kind, []))
    bits = read_bits(bits_field)
    here, free_text = read_free_coordinates(submission, problem_field, bits)
    problem, restriction = here.problem, here.restriction
    held = _read_held(held_field, restriction.free)
    invariances = f"Up to {counted(len(held), 'invariance')} of the network the" if held else "The"
    sentence = check_sentence(
        sentence_field,
        f"{invariances} box of values of the {free_text} holds exactly one critical point of the restricted {problem.risk_name}"
        f" of the {problem.architecture} network of {problem.activation.name} units on {counted(problem.samples, 'sample')}"
        f"{KINDS[kind]}.",
    )
    values, radius = values_field.vector(restriction.free), radius_field.positive()
    free = [k for k in range(restriction.free) if k not in held]
    radii = [0 if k in held else radius for k in range(restriction.free)]
    with at(problem_field.place):
        spend(problem, len(restriction.origin), bits)
    with at(values_field.place):
        centre = derivatives_on(problem, here.box(values, [0] * restriction.free), bits)
        around = derivatives_on(problem, here.box(values, radii), bits)
    inverse = inverse_field.matrix(len(free), len(free))
    with at(inverse_field.place):
        gradient, hessian = here.gradient(centre), here.hessian(around)
        columns = [[hessian[p][q] for p in free] for q in free]
        check_contraction(inverse, [gradient[p] for p in free], columns, enclose(radius, bits), inverse_field)
    done(f"exactly one critical point in the box (Krawczyk, {len(free)} coordinates, {bits} bits)")
    with at(flows_field.place):
        _check_flows(here, held, values, radii, flows_field)
    if held:
        done(f"{counted(len(held), 'flow')} of the network leads out of the box in the coordinates that are held")
    low, high = check_risk(risk_field, around.value)
    shown = [display(value.numerator, value.denominator) for value in (low, high)]
    done(f"the risk on the box is from {shown[0]} to {shown[1]}")
    if kind == "no local minimum in a restricted box":
        _check_direction(hessian, held, extra_fields[0], bits)
        done("the Hessian is negative in the given direction on the whole box")
    elif kind != "critical point in a restricted box":
        with at(inverse_field.place):
            pivot = bad_pivot([[hessian[p][q] for q in free] for p in free])
        if pivot is not None:
            raise inverse_field.reject(
                f"the Hessian is not positive definite on the box (pivot {pivot}), as far as these bits tell"
            )
        done("the Hessian is positive definite on the whole box")
    if kind == "spurious local minimum in a restricted box":
        check_lower_values(here, extra_fields[0], low)
        done("the lower point has a risk below that on the box")
    return sentence, None


def read_free_coordinates(submission: Submission, field: Field, bits: int) -> tuple[FreeCoordinates, str]:
    """The field `problem` with a restriction, and its free parameters in words."""
    problem = read_smooth_problem(
        field, submission.data_folder, True, submission.version, every_loss=True, beside=("restriction",)
    )
    done = submission.done
    done(f"problem: {counted(problem.samples, 'sample')}, {problem.architecture} network of {problem.activation.name} units")
    restriction = read_restriction_of_layers(field.child("restriction"), problem.widths, problem.biases, problem.x)
    free = counted(restriction.free, "free parameter")
    done(f"restriction: {free} of {len(restriction.origin)}")
    return FreeCoordinates(problem, restriction, bits), free


def _read_held(field: Field, size: int) -> list[int]:
    """The indices of the free parameters that are held, which rise."""
    held = [entry.index(size) for entry in field.items()]
    if held != sorted({*held}):
        raise field.reject("expected indices that rise")
    return held


def _check_flows(here: FreeCoordinates, held: list[int], values: Row, radii: Row, field: Field) -> None:
    """Their entries in the coordinates that are held are close to the identity on the box."""
    size, bits = len(values), here.bits
    one = Interval(1 << bits, 1 << bits, bits)
    sides = [enclose(value, bits, radius) for value, radius in zip(values, radii, strict=True)]
    for a, entry in enumerate(field.items(len(held))):
        start, *images = here.flow(entry)
        total = 0
        spend_steps(3 * len(held) * size * price(bits))
        for b, place in enumerate(held):
            found = enclose(start[place], bits) - (one if a == b else Interval(0, 0, bits))
            for side, image in zip(sides, images, strict=True):
                if image[place]:
                    found = found + side * enclose(image[place], bits)
            total += found.magnitude()
        if total >= 1 << bits:
            raise entry.reject("the flows may not move the coordinates that are held independently, as far as these bits tell")


def _check_direction(hessian: list[list[Interval]], held: list[int], field: Field, bits: int) -> None:
    vector = field.vector(len(hessian))
    if any(vector[k] for k in held):
        raise field.reject("the direction moves a coordinate that is held")
    if curvature(hessian, vector, bits).high >= 0:
        raise field.reject("the Hessian is not negative in this direction on the whole box, as far as these bits tell")


def curvature(hessian: list[list[Interval]], vector: Row, bits: int) -> Interval:
    """dᵀHd."""
    total = Interval(0, 0, bits)
    spend_steps(6 * len(vector) ** 2 * price(bits))
    for row, a in zip(hessian, vector, strict=True):
        for entry, b in zip(row, vector, strict=True):
            if a and b:
                total = total + entry * enclose(a * b, bits)
    return total


def check_lower_values(here: FreeCoordinates, field: Field, bound: Rational) -> None:
    """Values of the free parameters whose risk is below a bound."""
    values, stated_field = field.fields("values", "risk")
    found, stated = risk_at(here, values), stated_field.number()
    if found.high > stated * (1 << here.bits):
        raise stated_field.reject("the risk may be larger than stated, as far as these bits tell")
    if Fraction(stated) >= bound:
        raise stated_field.reject("not below the risk of the claim")


def risk_at(here: FreeCoordinates, field: Field) -> Interval:
    """An interval with the risk at values of the free parameters that stand in a field."""
    vector = vector_of(here.restriction.parameters(field.vector(here.restriction.free)))
    with at(field.place):
        return risk_on(here.problem, [enclose(value, here.bits) for value in vector], here.bits)
