"""Outputs and risk of a network on one cell, as exact polynomials in its weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeVar

from exactsurf.cells.activation_pattern import ActivationPattern
from exactsurf.cells.coordinates import weight_names
from exactsurf.errors import UnsupportedError
from exactsurf.exact.number import brief
from exactsurf.exact.polynomial import Polynomial
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

MAX_TERMS = 2_000_000
"""A polynomial that may have more terms than this is not expanded."""

Number = TypeVar("Number", Polynomial, Fraction)
LossPieces = tuple[tuple[int, ...], ...]


def pre_activation_polynomials(problem: Problem, pattern: ActivationPattern) -> tuple[tuple[tuple[Polynomial, ...], ...], ...]:
    """z of every layer, unit and sample on the cell; the last layer is the output: [layer][unit][sample].

    Parameters: an interior `pattern` of the problem. Exactness: exact.
    Raises: `UnsupportedError` if the outputs may have more than `MAX_TERMS` terms together.
    Source: theory.md, section 1.
    """
    network, names = problem.network, weight_names(problem.network)
    bound = sum(sample_terms(problem, pattern)) * network.widths[-1]
    if bound > MAX_TERMS:
        raise _too_many("the outputs", bound)
    weights = dict(zip(names, Polynomial.generators(names), strict=True))
    zero, samples, lines = Polynomial.constant(names, 0), range(len(problem.data)), network.activation.lines
    below: list[list[Polynomial | Fraction]] = [list(row) for row in problem.data.x]  # by sample
    layers = []
    for layer in range(1, network.layers + 1):
        units = []
        for j in range(network.widths[layer]):
            row = [weights[f"W{layer}_{j}_{k}"] for k in range(network.widths[layer - 1])]
            start = weights[f"b{layer}_{j}"] if network.biases[layer - 1] else zero
            units.append(tuple(_affine(start, row, below[i]) for i in samples))
        layers.append(tuple(units))
        if layer < network.layers:
            chosen = [[lines[k or 0] for k in unit] for unit in pattern.pieces[layer - 1]]
            below = [[_image(unit[i], line[i]) for unit, line in zip(units, chosen, strict=True)] for i in samples]
    return tuple(layers)


def _affine(start: Polynomial, row: list[Polynomial], below: list[Polynomial | Fraction]) -> Polynomial:
    total = start
    for weight, value in zip(row, below, strict=True):
        if value:
            total = total + weight * value
    return total


def _image(z: Polynomial, line: tuple[Fraction, Fraction]) -> Polynomial | Fraction:
    slope, intercept = line
    if not slope or z.is_zero:
        return intercept
    scaled = z if slope == 1 else z * slope
    return scaled + intercept if intercept else scaled


def loss_gaps(problem: Problem, outputs: Sequence[Sequence[Number]]) -> Iterator[tuple[int, int, Number]]:
    """The gaps u of the loss as (output, sample, u): each adds φ(u), times scale and share, with φ the loss's function.

    Parameters: `outputs`, [output][sample], polynomials or values. Exactness: exact. Raises: nothing.
    Source: `Problem.loss_terms`.
    """
    right = problem.right_outputs
    for k, column in enumerate(outputs):
        targets = problem.data.targets.column(k).fractions()
        for i, (f, y) in enumerate(zip(column, targets, strict=True)):
            if right is None or right[i] != k:
                slope, intercept = problem.loss.gap_line(y if right is None else Fraction(-1))
                term = f if right is None else f - outputs[right[i]][i]
                term = term if slope == 1 else term * slope
                yield k, i, term + intercept if intercept else term


def risk_polynomial(problem: Problem, outputs: tuple[tuple[Polynomial, ...], ...], pieces: LossPieces | None) -> Polynomial:
    """The risk from the outputs on a cell, [output][sample].

    Parameters: `outputs`; `pieces`, the pieces of the loss by output and sample (`loss_pieces`), None if it has one piece.
    Exactness: exact. Raises: nothing. Source: theory.md, section 1.
    """
    equal = problem.has_equal_weights
    total = Polynomial.constant(outputs[0][0].variables, 0)
    for k, i, u in loss_gaps(problem, outputs):
        a, b, c = problem.loss.pieces[0 if pieces is None else pieces[k][i]]
        value = Polynomial.constant(total.variables, c)
        if b:
            value = value + u * b
        if a:
            value = value + (u * u if a == 1 else u * u * a)
        total = total + (value if equal else value * problem.shares[i])
    return total * (problem.common_scale if equal else problem.loss.scale)


def loss_pieces(problem: Problem, parameters: Parameters) -> LossPieces | None:
    """The pieces of the loss at a point, by output and sample: numbers into `Loss.pieces`; None if there is one piece.

    Parameters: `parameters` of the problem's network. Exactness: exact.
    Raises: `UnsupportedError` naming the sample where the point does not fix the piece. Source: theory.md, section 1.
    """
    loss = problem.loss
    if loss.is_quadratic:
        return None
    outputs = [vector.fractions() for vector in problem.forward(parameters).outputs]
    found = [[0] * len(problem.data) for _ in outputs]
    for k, i, u in loss_gaps(problem, outputs):
        left, right = loss.function.sides(u)
        if left != right:
            what = f"prediction {brief(outputs[k][i])}, target {brief(problem.data.y[i][k])}"
            if problem.right_outputs is not None:
                known = problem.right_outputs[i]
                what = f"{brief(outputs[known][i] - outputs[k][i])} below output {known}, the class of the sample"
            raise UnsupportedError(
                f"sample {i} sits at a kink of the {loss.title} loss (output {k}, {what}), so the risk is no polynomial near "
                "this point",
                "move the point, or use cell.outputs",
            )
        found[k][i] = left
    return tuple(map(tuple, found))


def count_terms_bound(problem: Problem, pattern: ActivationPattern) -> int:
    """At least as many terms as the risk has on the cell, without expanding anything.

    Parameters: an interior `pattern` of the problem. Exactness: an exact integer, an upper bound. Raises: nothing.
    Source: paths through live units; a squared sum of n terms has at most n(n + 1)/2.
    """
    single = [terms + 1 for terms in sample_terms(problem, pattern)]
    merged = _path_terms(problem, pattern, range(len(problem.data))) + 1
    if not problem.loss.is_piecewise_linear:
        together = min(merged * (merged + 1) // 2, sum(n * (n + 1) // 2 for n in single))
    else:
        together = min(merged, sum(single))
    return together * problem.network.widths[-1]


def check_size(problem: Problem, pattern: ActivationPattern) -> None:
    """Raise `UnsupportedError` if the risk may have more than `MAX_TERMS` terms."""
    bound = count_terms_bound(problem, pattern)
    if bound > MAX_TERMS:
        raise _too_many("the risk", bound)


def sample_terms(problem: Problem, pattern: ActivationPattern) -> list[int]:
    """For every sample a bound on the number of terms of one output."""
    return [_path_terms(problem, pattern, [i]) for i in range(len(problem.data))]


def _path_terms(problem: Problem, pattern: ActivationPattern, samples: Sequence[int]) -> int:
    network, x = problem.network, problem.data.x
    below = [int(any(x[i][k] for i in samples)) for k in range(network.widths[0])]
    steep = [slope != 0 for slope, _ in network.activation.lines]
    shifted = [intercept != 0 for _, intercept in network.activation.lines]
    terms = sum(below) + network.biases[0]
    for layer, units in enumerate(pattern.pieces, start=1):
        live = [{unit[i] or 0 for i in samples} for unit in units]
        below = [terms * any(steep[k] for k in pieces) + any(shifted[k] for k in pieces) for pieces in live]
        terms = sum(below) + network.biases[layer]
    return terms


def _too_many(what: str, bound: int) -> UnsupportedError:
    return UnsupportedError(
        f"{what} on this cell may have {bound} terms, and at most {MAX_TERMS} are expanded",
        "values need no expansion: use problem.risk and exact backpropagation, or take fewer samples",
    )
