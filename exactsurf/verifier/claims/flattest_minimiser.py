"""The claim `flattest minimiser`: the least sharpness in a signed cell with given predictions (FORMAT.md, section 48)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.rational import Rational
from ..arithmetic.rational_rows import dot, is_nowhere_negative
from ..fibre import Fibre, Rows, check_shape, positions_of, predictions_of, read_fibre, signed_cell, unit_weights
from ..network import read_parameters
from ..point_hessian import hessian_at
from ..problem import Point, Problem, evaluated
from ..sharpness_bounds import check_above, read_bounds
from ..submission import Submission, counted


def check_flattest_minimiser(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and the risk at the parameters."""
    stated = read_bounds(
        submission,
        check_shape,
        "Among all parameters of the {architecture} network in the signed cell of the given ones that have the same predictions"
        " on {samples}, the least trace of the Hessian of the {risk} is ",
    )
    problem = stated.problem
    (a, b), (c, _) = stated.trace.ends, stated.eigenvalue.ends
    with at(stated.parameters.place):
        fibre = read_fibre(problem, stated.point, stated.parameters)
    submission.done(f"the point: no unit at a kink, {counted(len(fibre.signs), 'unit')} with a zero gradient")
    point_field, multipliers, prices = stated.trace.evidence.fields("point", "multipliers", "prices")
    hessian = _hessian(problem, fibre, point_field)
    if sum(hessian[p][p] for p in range(len(hessian))) > stated.trace.high:
        raise b.reject("the point does not prove this bound")
    curved = [i for i, bend in enumerate(fibre.bends) if bend]
    density: list[list[Rational]] = [[fibre.bends[i] if i == k else 0 for k in curved] for i in curved]
    if _below(fibre, curved, density, multipliers, prices) < stated.trace.low:
        raise a.reject("the multipliers do not prove this bound")
    submission.done("the least trace: a point, and multipliers that bound all of the signed cell")
    point_field, density_field, multipliers, prices = stated.eigenvalue.evidence.fields(
        "point", "density", "multipliers", "prices"
    )
    hessian, size = _hessian(problem, fibre, point_field), len(curved)
    check_above(stated.eigenvalue, hessian, [1] * len(hessian), "the point does not prove this bound")
    density = density_field.matrix(size, size)
    if any(density[i][k] != density[k][i] for i in range(size) for k in range(i)):
        raise density_field.reject("not symmetric")
    with at(density_field.place):
        if not is_nowhere_negative(density):
            raise density_field.reject("not positive semidefinite")
    mass = sum((Fraction(density[n][n], fibre.bends[i]) for n, i in enumerate(curved)), Fraction(0))
    found = _below(fibre, curved, density, multipliers, prices)
    low = stated.eigenvalue.low
    if found < low * mass or (not mass and low > 0):
        raise c.reject("the matrix and the multipliers do not prove this bound")
    submission.done("the least largest eigenvalue: a point, a matrix and multipliers that bound all of the signed cell")
    return stated.sentence, stated.point.risk


def _hessian(problem: Problem, fibre: Fibre, field: Field) -> list[list[Rational]]:
    """The Hessian at a point of the signed cell with the same predictions."""
    parameters = read_parameters(field, problem.widths, problem.biases)
    with at(field.place):
        passed, fit = evaluated(problem, parameters)
        positions = positions_of(passed.positions[0], field)
        (outputs,) = parameters.weights[1]
        signs, slopes, sides = signed_cell(problem, positions, outputs)
        if signs != list(fibre.signs) or sides != [list(own) for own in fibre.sides] or slopes != [list(s) for s in fibre.slopes]:
            raise field.reject("not in the signed cell of the given parameters")
        weights = unit_weights(parameters.weights[0], parameters.biases[0])
        biases = parameters.biases[1]
        if predictions_of(fibre.rows, slopes, weights, outputs, 0 if biases is None else biases[0]) != list(fibre.predictions):
            raise field.reject("the predictions are not those of the given parameters")
        return hessian_at(problem, Point(parameters, passed, fit, 0))


def _below(fibre: Fibre, curved: Sequence[int], density: Rows, multipliers_field: Field, prices_field: Field) -> Rational:
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
