"""The claim `sharpness`: the largest eigenvalue of the Hessian at a point, and its trace (FORMAT.md, section 33.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.rational import Rational
from ..arithmetic.rational_rows import bits_of, dot, is_nowhere_negative
from ..problem import Point, Problem, read_point
from ..submission import Submission, check_sentence, counted, samples_text

_MOST = 200


def check_sharpness(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and the risk at the parameters."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, stated, bounds_field, trace_field = claim.fields("kind", "sentence", "risk", "bounds", "trace")
    (vector_field,) = evidence.fields("vector")
    problem = submission.problem(problem_field)
    if problem.loss.gap == "lead":
        raise problem_field.child("loss").reject("this claim is not for losses of classes")
    point = read_point(problem, parameters_field, stated)
    low, high = bounds_field.vector(2)
    trace = trace_field.number()
    first, second = bounds_field.items(2)
    sentence = check_sentence(
        sentence_field,
        f"At the given parameters the largest eigenvalue of the Hessian of the {problem.loss.risk} of the {problem.architecture}"
        f" network on {samples_text(problem)} is at least {first.text()} and at most {second.text()}, and the trace of the"
        f" Hessian is {trace_field.text()}.",
    )
    _check_smooth(problem, point, parameters_field)
    with at(parameters_field.place):
        hessian = _hessian(problem, point)
    size = len(hessian)
    submission.done(f"the Hessian by {counted(size, 'parameter')}, from the second derivatives along lines")
    if sum(hessian[p][p] for p in range(size)) != trace:
        raise trace_field.reject("not the trace of the Hessian")
    vector = vector_field.vector(size)
    if not any(vector):
        raise vector_field.reject("expected a vector that is not 0")
    with at(vector_field.place):
        image = [dot(row, vector) for row in hessian]
    if dot(vector, image) < low * dot(vector, vector):
        raise first.reject("the given vector does not prove this bound")
    with at(second.place):
        if not is_nowhere_negative([[(high if p == q else 0) - hessian[p][q] for q in range(size)] for p in range(size)]):
            raise second.reject("some eigenvalue is larger")
    submission.done("the vector proves the lower bound, symmetric elimination the upper one")
    return sentence, point.risk


def _check_smooth(problem: Problem, point: Point, field: Field) -> None:
    for layer, units in enumerate(point.forward.positions, 1):
        for j, positions in enumerate(units):
            for i, position in enumerate(positions):
                if position % 2 and problem.activation.is_kink(position):
                    raise field.reject(f"unit {j} of layer {layer} is at a kink on sample {i}")
    for positions in point.residuals.positions:
        for i, position in enumerate(positions):
            if position % 2:
                raise field.reject(f"the prediction of sample {i} is at a breakpoint of the loss")


@dataclass(frozen=True)
class _Direction:
    """One entry of the parameters that moves: a layer (from 0), a unit of it, and what it multiplies (None: the bias)."""

    layer: int
    unit: int
    source: int | None


def _directions(problem: Problem) -> list[_Direction]:
    found = []
    for layer, (below, width) in enumerate(zip(problem.widths, problem.widths[1:], strict=False)):
        found += [_Direction(layer, unit, source) for unit in range(width) for source in range(below)]
        if problem.biases[layer]:
            found += [_Direction(layer, unit, None) for unit in range(width)]
    return found


def _hessian(problem: Problem, point: Point) -> list[list[Rational]]:
    """Second derivatives along all e_p and e_p + e_q, polarised: 2 H_pq = Q(e_p + e_q) − Q(e_p) − Q(e_q)."""
    directions = _directions(problem)
    size = len(directions)
    if size > _MOST:
        raise OverflowError(f"more than {_MOST} parameters are beyond the limits of this verifier")
    slopes = point.residuals.derivative
    pull = [[value * slopes.factor for value in column] for column in slopes.values]
    samples = problem.samples
    bend = [[point.residuals.curvature(i, k) for i in range(samples)] for k in range(problem.widths[-1])]
    own = [_second_derivative(problem, point, (d,), pull, bend) for d in directions]
    table: list[list[Rational]] = [[0] * size for _ in range(size)]
    for p in range(size):
        table[p][p] = own[p]
        for q in range(p):
            both = _second_derivative(problem, point, (directions[p], directions[q]), pull, bend)
            table[p][q] = table[q][p] = Fraction(both - own[p] - own[q], 2)
    return table


def _second_derivative(
    problem: Problem,
    point: Point,
    moving: Sequence[_Direction],
    pull: list[list[Rational]],
    bend: list[list[Rational]],
) -> Rational:
    """The second derivative of the risk along a direction: values are series a + bt + ct² with the slopes of the point."""
    total: Rational = 0
    h = problem.activation
    weights, biases = point.parameters.weights, point.parameters.biases
    spend(problem.samples * sum(len(rows) * len(rows[0]) for rows in weights) * 4)
    for i in range(problem.samples):
        row = problem.x.rows[i]
        values: list[tuple[Rational, Rational, Rational]] = [
            (Fraction(value, denominator), 0, 0) for value, denominator in zip(row, problem.x.denominators, strict=True)
        ]
        for layer, (rows, shifts) in enumerate(zip(weights, biases, strict=True)):
            after: list[tuple[Rational, Rational, Rational]] = []
            for unit, entries in enumerate(rows):
                a = sum((w * v[0] for w, v in zip(entries, values, strict=True)), Fraction(0 if shifts is None else shifts[unit]))
                b = sum((w * v[1] for w, v in zip(entries, values, strict=True)), Fraction(0))
                c = sum((w * v[2] for w, v in zip(entries, values, strict=True)), Fraction(0))
                for one in moving:
                    if (one.layer, one.unit) == (layer, unit):
                        source = (1, 0, 0) if one.source is None else values[one.source]
                        b, c = b + source[0], c + source[1]
                spend(12 * len(entries) * (price(bits_of((a, b, c))) - 1))
                after.append((a, b, c))
            if layer < len(weights) - 1:
                pieces = [positions[i] // 2 for positions in point.forward.positions[layer]]
                after = [
                    (h.slopes[m] * a + h.intercepts[m], h.slopes[m] * b, h.slopes[m] * c)
                    for m, (a, b, c) in zip(pieces, after, strict=True)
                ]
            values = after
        for k, (_, b, c) in enumerate(values):
            total += bend[k][i] * b * b + 2 * pull[k][i] * c
            spend(4 * (price(bits_of([total])) - 1))
    return total
