"""Hypotheses at a point of a network with a smooth activation: values are enclosed in balls; None where these do not decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.balls import Ball, matrix_to_arb, working_precision
from exactsurf.exact.linear_algebra import rank
from exactsurf.minima.decide import decide
from exactsurf.minima.smooth.smooth_derivatives import risk_derivatives
from exactsurf.model.activation import Activation
from exactsurf.model.enclosed_risk import enclosed_predictions, known_predictions
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.point_conditions import certified_global
from exactsurf.theorems.theorem import Check

BITS = 256


@dataclass(frozen=True)
class EnclosedLayers:
    """Balls with all pre-activations and activations: ``[layer][sample][unit]``, layers from the first hidden one."""

    pre_activations: tuple[tuple[tuple[Ball, ...], ...], ...]
    activations: tuple[tuple[tuple[Ball, ...], ...], ...]


def enclosed_layers(problem: Problem, parameters: Parameters) -> EnclosedLayers:
    """What the hidden units of a network compute, in balls.

    Exactness: the balls hold the values. Raises: `ShapeError`, `InputError` where an activation has no value.
    Source: theory.md, section 7.
    """
    problem.check_shapes(parameters)
    h, values = problem.network.activation, tuple(tuple(map(Ball, x)) for x in problem.data.x)
    before, after = [], []
    for matrix, shift in zip(parameters.weights[:-1], parameters.biases[:-1], strict=True):
        shifts = shift or (Fraction(0),) * len(matrix)
        inputs = tuple(tuple(_affine(row, b, sample) for row, b in zip(matrix, shifts, strict=True)) for sample in values)
        values = tuple(tuple(h.enclosure(z, BITS) for z in sample) for sample in inputs)
        before.append(inputs)
        after.append(values)
    return EnclosedLayers(tuple(before), tuple(after))


def _affine(row: Sequence[Fraction], shift: Fraction, values: Sequence[Ball]) -> Ball:
    middle = sum((w * value.midpoint for w, value in zip(row, values, strict=True)), shift)
    return Ball(middle, sum((abs(w) * value.radius for w, value in zip(row, values, strict=True)), Fraction(0)))


def has_full_row_rank(rows: Sequence[Sequence[Ball]]) -> bool | None:
    """Whether a matrix of numbers in balls has linearly independent rows; None where the balls do not decide.

    Exactness: True if the determinant of the Gram matrix is not 0, False if all entries are exact and the rank is lower, or if
    there are fewer columns than rows. Raises: nothing. Source: Gram.

    >>> one, two = Ball(Fraction(1)), Ball(Fraction(2), Fraction(1, 100))
    >>> has_full_row_rank([[one, two], [one, one]]), has_full_row_rank([[one], [two]])
    (True, False)
    """
    entries = [value for row in rows for value in row]
    if all(value.is_exact for value in entries):
        return rank([[value.midpoint for value in row] for row in rows]) == len(rows)
    if len(rows[0]) < len(rows):
        return False
    with working_precision(BITS):
        matrix = matrix_to_arb(rows)
        determinant = (matrix * matrix.transpose()).det()
        return True if not determinant.contains(0) else None


def positive_slopes(h: Activation, layers: EnclosedLayers) -> Check:
    """σ′ > 0 at every pre-activation.

    Exactness: by balls; None where they hold 0. Raises: nothing. Source: papers.md, A5 (Lemma 3.5).
    """
    undecided: Check | None = None
    for depth, layer in enumerate(layers.pre_activations, start=1):
        for i, sample in enumerate(layer):
            for unit, z in enumerate(sample):
                jet = h.derivatives(z, BITS)
                place = f"unit {unit} of layer {depth} on sample {i}"
                if jet is None:
                    return None, f"σ may have no second derivative at {place}", (depth, unit, i)
                if jet[1] <= 0:
                    return False, f"the slope of {place} is not positive", (depth, unit, i)
                if not jet[1].lower > 0:
                    undecided = None, f"the sign of the slope of {place} is not decided", (depth, unit, i)
    return undecided or (True, "every unit has a positive slope on every sample, by balls", ())


def critical(problem: Problem, parameters: Parameters, layer: int | None = None) -> Check:
    """The gradient is zero (of the weights and biases of one layer, from 1, if it is named).

    Exactness: True where every residual is known to be 0 or every derivative is exact, False where a ball excludes 0, else
    None. Raises: `ShapeError`. Source: theory.md, section 7.
    """
    if fits_exactly(problem, parameters):
        return True, "every prediction is the target, so the gradient is zero", ()
    found = risk_derivatives(problem, parameters, bits=BITS)
    if found is None:
        return None, "the risk may have no second derivative at the point", ()
    names = _names(parameters)
    gradient = [(name, g) for name, g in zip(names, found.gradient, strict=True) if layer is None or name == layer]
    for name, entry in gradient:
        if entry.sign in (1, -1):
            return False, f"a derivative with respect to layer {name} is {entry!r}", (name, entry)
    if all(entry.is_exact for _, entry in gradient):
        return True, "the gradient is zero", ()
    return None, "whether the gradient is zero is not decided by balls", ()


def _names(parameters: Parameters) -> list[int]:
    """The layer of every coordinate, in the order of `vector_of`."""
    marked = Parameters(
        tuple(tuple((Fraction(k),) * len(row) for row in matrix) for k, matrix in enumerate(parameters.weights, start=1)),
        tuple(None if b is None else (Fraction(k),) * len(b) for k, b in enumerate(parameters.biases, start=1)),
    )
    return [int(value) for value in vector_of(marked)]


def fits_exactly(problem: Problem, parameters: Parameters) -> bool:
    """Whether every prediction is known to be its target, and the loss is squared. Exactness: exact; False is no proof."""
    return problem.is_least_squares and known_predictions(problem, parameters) == tuple(problem.data.y)


def no_residual(problem: Problem, parameters: Parameters) -> Verdict:
    """Whether a point of a smooth network fits the data: PROVED with a certificate, REFUTED where a residual is not 0.

    Exactness: by balls. Raises: `ShapeError`. Source: papers.md, A5.
    """
    if not problem.is_least_squares:
        return Verdict(Status.UNDECIDED, "with a smooth activation it is decided for the squared loss")
    if fits_exactly(problem, parameters):
        return certified_global(problem, parameters, "every prediction is the target")
    for i, (row, target) in enumerate(zip(enclosed_predictions(problem, parameters, BITS), problem.data.y, strict=True)):
        for k, (f, y) in enumerate(zip(row, target, strict=True)):
            ball = f if isinstance(f, Ball) else Ball(f)
            if not ball.contains(y):
                found = decide(problem, parameters)
                reason = f"output {k} misses the target of sample {i}; {found.reason}"
                return Verdict(Status.REFUTED, reason, found.certificate, found.lower_point, found.risk)
    return Verdict(Status.UNDECIDED, "the balls of the predictions hold the targets, which proves nothing")
