"""The claim `flattest minimiser`: the least sharpness in a signed cell with given predictions (FORMAT.md, section 48)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.rational import Rational
from ..arithmetic.rational_rows import bits_of, dot, is_nowhere_negative
from ..network import read_parameters
from ..point_hessian import check_second_derivatives, hessian_at
from ..problem import Point, Problem, evaluated, read_point
from ..submission import Submission, check_sentence, counted, samples_text

_Rows = Sequence[Sequence[Rational]]


@dataclass(frozen=True)
class _Fibre:
    """`rows` x̃_i; by unit and sample `slopes` a_ij and `sides` ς_ij; κ_i; predictions f_i; signs of the v_j."""

    rows: _Rows
    slopes: _Rows
    sides: Sequence[Sequence[int]]
    bends: Sequence[Rational]
    predictions: Sequence[Rational]
    signs: Sequence[int]
    has_bias: bool


def check_flattest_minimiser(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and the risk at the parameters."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, stated, trace_field, eigenvalue_field = claim.fields("kind", "sentence", "risk", "trace", "eigenvalue")
    trace_evidence, eigenvalue_evidence = evidence.fields("trace", "eigenvalue")
    problem = submission.problem(problem_field)
    _check_shape(problem, problem_field)
    point = read_point(problem, parameters_field, stated)
    (a, b), (c, d) = trace_field.items(2), eigenvalue_field.items(2)
    bounds = trace_field.vector(2), eigenvalue_field.vector(2)
    sentence = check_sentence(
        sentence_field,
        f"Among all parameters of the {problem.architecture} network in the signed cell of the given ones that have the same"
        f" predictions on {samples_text(problem)}, the least trace of the Hessian of the {problem.loss.risk} is at least"
        f" {a.text()} and at most {b.text()}, and its least largest eigenvalue is at least {c.text()} and at most {d.text()}.",
    )
    check_second_derivatives(problem, point, parameters_field)
    with at(parameters_field.place):
        fibre = _fibre(problem, point, parameters_field)
    submission.done(f"the point: no unit at a kink, {counted(len(fibre.signs), 'unit')} with a zero gradient")
    point_field, multipliers, prices = trace_evidence.fields("point", "multipliers", "prices")
    hessian = _hessian(problem, fibre, point_field)
    if sum(hessian[p][p] for p in range(len(hessian))) > bounds[0][1]:
        raise b.reject("the point does not prove this bound")
    curved = [i for i, bend in enumerate(fibre.bends) if bend]
    density: list[list[Rational]] = [[fibre.bends[i] if i == k else 0 for k in curved] for i in curved]
    if _below(fibre, curved, density, multipliers, prices) < bounds[0][0]:
        raise a.reject("the multipliers do not prove this bound")
    submission.done("the least trace: a point, and multipliers that bound all of the signed cell")
    point_field, density_field, multipliers, prices = eigenvalue_evidence.fields("point", "density", "multipliers", "prices")
    hessian, size = _hessian(problem, fibre, point_field), len(curved)
    with at(d.place):
        high = bounds[1][1]
        if not is_nowhere_negative(
            [[(high if p == q else 0) - value for q, value in enumerate(row)] for p, row in enumerate(hessian)]
        ):
            raise d.reject("the point does not prove this bound")
    density = density_field.matrix(size, size)
    if any(density[i][k] != density[k][i] for i in range(size) for k in range(i)):
        raise density_field.reject("not symmetric")
    with at(density_field.place):
        if not is_nowhere_negative(density):
            raise density_field.reject("not positive semidefinite")
    mass = sum((Fraction(density[n][n], fibre.bends[i]) for n, i in enumerate(curved)), Fraction(0))
    found = _below(fibre, curved, density, multipliers, prices)
    low = bounds[1][0]
    if found < low * mass or (not mass and low > 0):
        raise c.reject("the matrix and the multipliers do not prove this bound")
    submission.done("the least largest eigenvalue: a point, a matrix and multipliers that bound all of the signed cell")
    return sentence, point.risk


def _check_shape(problem: Problem, field: Field) -> None:
    if problem.loss.gap == "lead":
        raise field.child("loss").reject("this claim is not for losses of classes")
    if len(problem.widths) != 3 or problem.widths[-1] != 1:
        raise field.child("widths").reject("expected one hidden layer and one output")
    if any(problem.activation.intercepts) or any(problem.activation.breakpoints):
        raise field.child("activation").reject("expected h(cz) = c h(z) for c > 0, with no breakpoint but 0")


def _rows_of(problem: Problem) -> list[list[Rational]]:
    rows: list[list[Rational]] = []
    for row in problem.x.rows:
        found: list[Rational] = [Fraction(v, d) for v, d in zip(row, problem.x.denominators, strict=True)]
        rows.append([*found, 1] if problem.biases[0] else found)
    return rows


def _positions(passed: Sequence[Sequence[int]], field: Field) -> list[list[int]]:
    """Where every unit lies on every sample; a rejection at a breakpoint."""
    for j, positions in enumerate(passed):
        for i, position in enumerate(positions):
            if position % 2:
                raise field.reject(f"unit {j} is at a breakpoint on sample {i}")
    return [list(positions) for positions in passed]


def _predictions(rows: _Rows, slopes: _Rows, weights: _Rows, outputs: Sequence[Rational], bias: Rational) -> list[Rational]:
    found: list[Rational] = []
    for i, row in enumerate(rows):
        total = Fraction(bias)
        for own, w, v in zip(slopes, weights, outputs, strict=True):
            total += v * own[i] * sum((a * b for a, b in zip(w, row, strict=True)), Fraction(0))
            spend(len(row) * price(bits_of([total, *w])))
        found.append(total)
    return found


def _unit_weights(point_weights: _Rows, biases: Sequence[Rational] | None) -> list[list[Rational]]:
    return [[*row] if biases is None else [*row, biases[j]] for j, row in enumerate(point_weights)]


def _fibre(problem: Problem, point: Point, field: Field) -> _Fibre:
    rows, h = _rows_of(problem), problem.activation
    positions = _positions(point.forward.positions[0], field)
    (outputs,) = point.parameters.weights[1]
    if not all(outputs):
        raise field.child("W2").reject("an output weight is 0")
    signs = [1 if v > 0 else -1 for v in outputs]
    slopes = [[h.slopes[position // 2] for position in own] for own in positions]
    sides = [
        [(sign if position // 2 else -sign) if h.breakpoints else 0 for position in own]
        for sign, own in zip(signs, positions, strict=True)
    ]
    derivative = point.residuals.derivative
    pull = [value * derivative.factor for value in derivative.values[0]]
    for j, own in enumerate(slopes):
        for column in range(len(rows[0])):
            total = sum((r * a * row[column] for r, a, row in zip(pull, own, rows, strict=True)), Fraction(0))
            spend(len(rows) * price(bits_of([total, *pull])))
            if total:
                raise field.reject(f"the gradient of unit {j} is not zero")
    weights = _unit_weights(point.parameters.weights[0], point.parameters.biases[0])
    biases = point.parameters.biases[1]
    predictions = _predictions(rows, slopes, weights, outputs, 0 if biases is None else biases[0])
    bends = [point.residuals.curvature(i, 0) for i in range(problem.samples)]
    return _Fibre(rows, slopes, sides, bends, predictions, signs, problem.biases[1])


def _hessian(problem: Problem, fibre: _Fibre, field: Field) -> list[list[Rational]]:
    """The Hessian at a point of the signed cell with the same predictions."""
    parameters = read_parameters(field, problem.widths, problem.biases)
    with at(field.place):
        passed, fit = evaluated(problem, parameters)
        positions = _positions(passed.positions[0], field)
        (outputs,) = parameters.weights[1]
        slopes = [[problem.activation.slopes[position // 2] for position in own] for own in positions]
        signs = [(v > 0) - (v < 0) for v in outputs]
        sides = [
            [(sign if position // 2 else -sign) if problem.activation.breakpoints else 0 for position in own]
            for sign, own in zip(signs, positions, strict=True)
        ]
        if signs != list(fibre.signs) or sides != [list(own) for own in fibre.sides] or slopes != [list(s) for s in fibre.slopes]:
            raise field.reject("not in the signed cell of the given parameters")
        weights = _unit_weights(parameters.weights[0], parameters.biases[0])
        biases = parameters.biases[1]
        if _predictions(fibre.rows, slopes, weights, outputs, 0 if biases is None else biases[0]) != list(fibre.predictions):
            raise field.reject("the predictions are not those of the given parameters")
        return hessian_at(problem, Point(parameters, passed, fit, 0))


def _below(fibre: _Fibre, curved: Sequence[int], density: _Rows, multipliers_field: Field, prices_field: Field) -> Rational:
    """What bounds the trace of ZK from below on the fibre, as the numbers of samples and of walls show."""
    samples, size = len(fibre.rows), len(fibre.rows[0])
    multipliers = multipliers_field.vector(samples)
    if fibre.has_bias and dot(multipliers, [1] * samples):
        raise multipliers_field.reject("their sum is not 0, and the output has a bias")
    for j, item in enumerate(prices_field.items(len(fibre.slopes))):
        prices, slopes, sides = item.vector(samples), fibre.slopes[j], fibre.sides[j]
        for entry, value, side in zip(item.items(samples), prices, sides, strict=True):
            if value < 0 or (value and not side):
                raise entry.reject("expected a number that is not negative, and 0 where there is no wall")
        with at(item.place):
            features = [[slopes[i] * x for x in fibre.rows[i]] for i in curved]
            factors = [m * slope + value * side for m, slope, value, side in zip(multipliers, slopes, prices, sides, strict=True)]
            line = [dot(factors, column) for column in zip(*fibre.rows, strict=True)]
            columns = list(zip(*features, strict=True)) if features else [()] * size
            images = [[dot(row, column) for column in columns] for row in density]
            form = [[dot(column, [image[k] for image in images]) for k in range(size)] for column in columns]
            mass = 4 * dot([1] * size, [form[n][n] for n in range(size)])
            if not is_nowhere_negative(
                [
                    [dot([mass, -a], [value, b]) for value, b in zip(row, line, strict=True)]
                    for row, a in zip(form, line, strict=True)
                ]
            ):
                raise item.reject(f"the line of unit {j} is not below its term")
    found = dot(multipliers, fibre.predictions)
    return found + (sum((dot(row, [1] * len(row)) for row in density), start=0) if fibre.has_bias else 0)
