"""Predictions and risk of any network: exact where they are known to be rational, else enclosed in balls."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.errors import InputError
from exactsurf.exact.balls import BITS, Ball, finite, to_arb, working_precision
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.model.analytic_risk import analytic_risk, shifted
from exactsurf.model.loss_jet import loss_on
from exactsurf.model.smooth_expression import not_too_long

if TYPE_CHECKING:
    from flint import arb

    from exactsurf.model.parameters import Parameters
    from exactsurf.model.problem import Problem


def enclosed_predictions(problem: Problem, parameters: Parameters, bits: int = BITS) -> tuple[tuple[Fraction | Ball, ...], ...]:
    """The predictions sample by sample: rational numbers where all of a sample's are known to be, else balls.

    Parameters: `parameters` of the network; `bits`, the working precision. Exactness: balls hold the predictions.
    Raises: `UnsupportedError` for values beyond all bounds. Source: theory.md, section 7.
    """
    known = [_known_row(problem, parameters, inputs) for inputs in problem.data.inputs]
    with working_precision(bits):
        rows = zip(known, problem.data.inputs, strict=True)
        return tuple(row or tuple(map(finite, _outputs(problem, parameters, inputs))) for row, inputs in rows)


def known_predictions(problem: Problem, parameters: Parameters) -> tuple[Vector, ...] | None:
    """The predictions sample by sample, None unless all are known to be rational.

    A weight 0 forgets what it multiplies, and activations at equal pre-activations cancel where their weights do.

    Parameters: `parameters` of the network. Exactness: exact. Raises: nothing. Source: proofs/smooth.md, section 6.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1], "tanh"), es.Data.from_arrays([1], [0]))
    >>> known_predictions(problem, problem.parameters(W1=[[1], [1]], b1=[0, 0], W2=[[2, -2]], b2=["1/2"]))
    ((Fraction(1, 2),),)
    """
    if problem.network.is_piecewise_linear:
        return problem.predictions(parameters)
    found = []
    for inputs in problem.data.inputs:
        row = _known_row(problem, parameters, inputs)
        if row is None:
            return None
        found.append(row)
    return tuple(found)


def known_risk(problem: Problem, parameters: Parameters) -> Fraction | None:
    """The risk if all predictions are known to be rational, else None."""
    predictions = known_predictions(problem, parameters)
    if predictions is None:
        return None
    base, penalty = problem.without_decay, problem.penalty(parameters)
    if not base.loss.is_piecewise_quadratic:
        found = analytic_risk(base, [*predictions])
        return found + penalty if isinstance(found, Fraction) else None
    return base.risk_of(tuple(map(ScaledVector.from_fractions, zip(*predictions, strict=True)))) + penalty


def risk_ball(problem: Problem, parameters: Parameters, bits: int = BITS) -> Ball:
    """A ball with the risk at rational parameters; for the squared loss no number in it is negative.

    Parameters: `parameters` of the network; `bits`, the working precision. Exactness: the ball holds the risk.
    Raises: `ShapeError` for parameters of another network, `UnsupportedError` for values beyond all bounds.
    Source: theory.md, section 7.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], "sigmoid"), es.Data.from_arrays([0], [1]))
    >>> risk_ball(problem, problem.parameters(W1=[[3]], b1=[0], W2=[[1]], b2=[0])).contains("1/8")
    True
    """
    problem.check_shapes(parameters)
    base, penalty = problem.without_decay, problem.penalty(parameters)
    if problem.network.is_piecewise_linear and not base.loss.is_piecewise_quadratic:
        found = analytic_risk(base, base.predictions(parameters), bits)
        whole = shifted(found, penalty)
        return whole if isinstance(whole, Ball) else Ball(whole)
    with working_precision(bits):
        total = to_arb(penalty)
        for sample, inputs in enumerate(problem.data.inputs):
            value = loss_on(problem, sample, _outputs(problem, parameters, inputs))
            if value is None:
                raise InputError(
                    f"the {problem.loss_in_words} has no value that is known at the prediction of sample {sample}",
                    fix="take other parameters, or a loss that is defined everywhere",
                )
            total += value
        found = finite(total)
        return found.not_negative() if problem.loss.is_squared else found


def _outputs(problem: Problem, parameters: Parameters, inputs: Sequence[Fraction]) -> list[arb]:
    values, h = [to_arb(x) for x in inputs], problem.network.activation
    for layer, (matrix, biases) in enumerate(zip(parameters.weights, parameters.biases, strict=True)):
        if layer:
            values = [h.value(z) for z in values]
        shifts = biases if biases is not None else (Fraction(0),) * len(matrix)
        values = [
            sum((to_arb(weight) * value for weight, value in zip(row, values, strict=True)), to_arb(shift))
            for row, shift in zip(matrix, shifts, strict=True)
        ]
    return values


def _known_row(problem: Problem, parameters: Parameters, inputs: Sequence[Fraction]) -> Vector | None:
    h = problem.network.activation
    before: list[Fraction | None] = list(inputs)
    after = before
    for layer, (matrix, biases) in enumerate(zip(parameters.weights, parameters.biases, strict=True)):
        if layer:
            after = [None if z is None else h.exact_value(z) for z in before]
            if None in after and not h.is_total:
                return None
        shifts = biases if biases is not None else (Fraction(0),) * len(matrix)
        before = [_sum(row, before if layer else None, after, b) for row, b in zip(matrix, shifts, strict=True)]
    known = [value for value in before if value is not None]
    return tuple(known) if len(known) == len(before) else None


def _sum(
    row: Vector, arguments: Sequence[Fraction | None] | None, values: Sequence[Fraction | None], shift: Fraction
) -> Fraction | None:
    """shift + Σ row·values; `arguments` of the activations, by which values that are not rational may cancel."""
    total, open_terms = shift, dict[Fraction, Fraction]()
    for j, (weight, value) in enumerate(zip(row, values, strict=True)):
        if not weight:
            continue
        argument = None if arguments is None else arguments[j]
        if value is not None:
            total += weight * value
        elif argument is None:
            return None
        else:
            open_terms[argument] = open_terms.get(argument, Fraction(0)) + weight
    return None if any(open_terms.values()) else not_too_long(total)
