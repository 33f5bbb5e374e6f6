"""Claims about the one critical point in a box (FORMAT.md, sections 10 and 23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.effort import price
from ..arithmetic.effort import spend as spend_steps
from ..arithmetic.interval import MAX_BITS, MIN_BITS, Interval, enclose
from ..arithmetic.interval_matrix import bad_pivot
from ..arithmetic.rational import Rational, display
from ..network import Parameters, read_parameters, vector_of
from ..risk_jet import Jet, curvature_along, derivatives_on, hessian_entry, risk_on
from ..smooth_problem import SmoothProblem, read_smooth_problem
from ..submission import Submission, check_sentence, counted

MAX_EFFORT = 10**8
ENDINGS = {
    "critical point in a box": "",
    "local minimum in a box": ", and this is a strict local minimum",
    "spurious local minimum in a box": ", and this is a strict local minimum, and a spurious one",
    "no local minimum in a box": ", and this is not a local minimum",
}


@dataclass(frozen=True)
class _Box:
    """The box: its centre as a vector, its radius in the free coordinates, and the precision in bits."""

    centre: list[Rational]
    free: list[int]
    radius: Rational
    bits: int

    @property
    def point(self) -> list[Interval]:
        """The centre."""
        return [enclose(value, self.bits) for value in self.centre]

    @property
    def intervals(self) -> list[Interval]:
        """The sides."""
        free = {*self.free}
        return [enclose(v, self.bits, self.radius if p in free else 0) for p, v in enumerate(self.centre)]


def check_critical_box(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    kind, done = submission.kind, submission.done
    _, claim, problem_field, parameters_field, evidence = submission.root.fields(
        "format", "claim", "problem", "parameters", "evidence"
    )
    _, sentence_field, radius_field, held_field, risk_field = claim.fields("kind", "sentence", "radius", "held", "risk")
    extra = {"no local minimum in a box": ["direction"], "spurious local minimum in a box": ["lower_point"]}.get(kind, [])
    bits_field, inverse_field, *extra_fields = evidence.fields("bits", "inverse", *extra)
    problem = read_smooth_problem(problem_field, submission.data_folder, True, submission.version, every_loss=True)
    done(f"problem: {counted(problem.samples, 'sample')}, {problem.architecture} network of {problem.activation.name} units")
    sentence = check_sentence(sentence_field, _sentence(kind, problem, bool(held_field.items())))
    parameters = read_parameters(parameters_field, problem.widths, problem.biases)
    bits = read_bits(bits_field)
    vector = vector_of(parameters)
    held = read_held(problem, parameters, held_field)
    free = [p for p in range(len(vector)) if p not in {*held, *problem.common}]
    box = _Box(vector, free, radius_field.positive(), bits)
    with at(problem_field.place):
        spend(problem, len(vector), bits)
    with at(parameters_field.place):
        centre, around = derivatives_on(problem, box.point, bits), derivatives_on(problem, box.intervals, bits)
    inverse = inverse_field.matrix(len(free), len(free))
    zero = Interval(0, 0, bits)
    with at(inverse_field.place):
        columns = [[hessian_entry(around, p, q, zero) for p in free] for q in free]
        check_contraction(
            inverse, [centre.gradient.get(p, zero) for p in free], columns, enclose(box.radius, bits), inverse_field
        )
    done(f"exactly one critical point in the box (Krawczyk, {len(free)} coordinates, {bits} bits)")
    low, high = check_risk(risk_field, around.value)
    shown = [display(value.numerator, value.denominator) for value in (low, high)]
    done(f"the risk on the box is from {shown[0]} to {shown[1]}")
    if kind == "no local minimum in a box":
        direction = read_parameters(extra_fields[0], problem.widths, problem.biases)
        with at(extra_fields[0].place):
            _check_direction(box, direction, around, extra_fields[0])
        done("the Hessian is negative in the given direction on the whole box")
    elif kind != "critical point in a box":
        with at(inverse_field.place):
            _check_definite(around, free, inverse_field)
        done("the Hessian is positive definite on the whole box")
    if kind == "spurious local minimum in a box":
        check_lower_point(problem, extra_fields[0], low, bits)
        done("the lower point has a risk below that on the box")
    return sentence, None


def read_bits(field: Field) -> int:
    """The precision that the evidence asks for."""
    bits = field.size(MIN_BITS)
    if bits > MAX_BITS:
        raise field.refuse(f"more than {MAX_BITS} bits are beyond the limits of this verifier")
    return bits


def _sentence(kind: str, problem: SmoothProblem, rescaled: bool) -> str:
    free = ["the scale of its hidden units"] if rescaled else []
    if problem.common:
        free.append("one function added to all outputs" if problem.decay is None else "one number added to all outputs")
    where = f"Up to {' and '.join(free)} the" if free else "The"
    return (
        f"{where} box holds exactly one critical point of the {problem.risk_name} of the {problem.architecture} network of"
        f" {problem.activation.name} units on {counted(problem.samples, 'sample')}{ENDINGS[kind]}."
    )


def read_held(problem: SmoothProblem, parameters: Parameters, field: Field) -> set[int]:
    """The coordinates that are held: none, or for every hidden unit one weight that reads it and is not 0."""
    entries = field.items()
    if not entries:
        return set()
    if not problem.activation.is_homogeneous or problem.decay is not None:
        raise field.reject("nothing is held where units cannot be rescaled")
    units = [(layer, unit) for layer, width in enumerate(problem.widths[1:-1], 1) for unit in range(width)]
    places, held = problem.places, set()
    for entry, (layer, unit) in zip(field.items(len(units)), units, strict=True):
        layer_field, unit_field, reader = entry.items(3)
        if (layer_field.size(), unit_field.size()) != (layer, unit):
            raise entry.reject(f"expected unit {unit} of layer {layer}")
        k = reader.index(problem.widths[layer + 1])
        weight, last = parameters.weights[layer][k][unit], layer + 2 == len(problem.widths)
        if not weight - (parameters.weights[layer][-1][unit] if last and problem.common else 0):
            raise reader.reject("the weight that is held is 0, or that of the last output")
        held.add(places[layer][k][unit])
    return held


def spend(problem: SmoothProblem, size: int, bits: int) -> None:
    """OverflowError if two derivatives by so many numbers at this precision are beyond the limits of this verifier."""
    connections = sum((below + 1) * above for below, above in zip(problem.widths, problem.widths[1:], strict=False))
    factor = 1 + (bits >> 8) ** 2
    if (problem.samples * connections * size * size * problem.activation.parts + size**3) * factor > MAX_EFFORT:
        raise OverflowError(f"more than {MAX_EFFORT} products of intervals are beyond the limits of this verifier")


def check_contraction(
    inverse: list[list[Rational]], gradient: list[Interval], columns: list[list[Interval]], radius: Interval, field: Field
) -> None:
    """|Y g(m)| + |I − Y H(X)| r < r in every coordinate, H by its columns."""
    bits = radius.bits
    zero, one = Interval(0, 0, bits), Interval(1 << bits, 1 << bits, bits)
    for i, row in enumerate(inverse):
        y = [enclose(value, bits) for value in row]
        shift = _dot(y, gradient, zero).magnitude()
        spread = sum((_dot(y, column, zero) - (one if i == j else zero)).magnitude() for j, column in enumerate(columns))
        # Upper bounds on the left, a lower bound on the right.
        if (shift << bits) + spread * radius.high >= radius.low << bits:
            raise Field(None, f"{field.place}[{i}]").reject("Krawczyk's operator does not map the box into its interior")


def _dot(first: Sequence[Interval], second: Sequence[Interval], zero: Interval) -> Interval:
    total = zero
    spend_steps(2 * len(first) * price(zero.bits))
    for a, b in zip(first, second, strict=True):
        total = total + a * b
    return total


def check_risk(field: Field, found: Interval) -> tuple[Rational, Rational]:
    """The two bounds of the field, which must hold for all numbers of the interval."""
    low_field, high_field = field.items(2)
    low, high = low_field.number(), high_field.number()
    for entry, holds in (
        (low_field, low * (1 << found.bits) <= found.low),
        (high_field, found.high <= high * (1 << found.bits)),
    ):
        if not holds:
            raise entry.reject("not a bound of the risk on the box, as far as these bits tell")
    return low, high


def _check_direction(box: _Box, direction: Parameters, around: Jet, field: Field) -> None:
    vector = vector_of(direction)
    if any(value for p, value in enumerate(vector) if p not in {*box.free}):
        raise field.reject("the direction moves a weight that is held")
    if curvature_along(around, vector).high >= 0:
        raise field.reject("the Hessian is not negative in this direction on the whole box, as far as these bits tell")


def _check_definite(around: Jet, free: list[int], field: Field) -> None:
    zero = Interval(0, 0, around.value.bits)
    pivot = bad_pivot([[hessian_entry(around, p, q, zero) for q in free] for p in free])
    if pivot is not None:
        raise field.reject(f"the Hessian is not positive definite on the whole box (pivot {pivot}), as far as these bits tell")


def check_lower_point(problem: SmoothProblem, field: Field, bound: Rational, bits: int) -> None:
    """A point whose risk is below a bound."""
    parameters_field, risk_field = field.fields("parameters", "risk")
    vector = vector_of(read_parameters(parameters_field, problem.widths, problem.biases))
    stated = risk_field.number()
    with at(parameters_field.place):
        found = risk_on(problem, [enclose(value, bits) for value in vector], bits)
    if found.high > stated * (1 << bits):
        raise risk_field.reject("the risk may be larger than stated, as far as these bits tell")
    if Fraction(stated) >= bound:
        raise risk_field.reject("not below the risk on the box")
