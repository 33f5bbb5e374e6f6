"""Outputs and risk of a network on one cell, as exact polynomials in its weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeVar

from exactsurf.cells.activation_pattern import ActivationPattern
from exactsurf.cells.coordinates import weight_names
from exactsurf.errors import UnsupportedError
from exactsurf.exact.number import to_text
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


def loss_terms(problem: Problem, outputs: Sequence[Sequence[Number]]) -> Iterator[tuple[int, int, Number, Fraction]]:
    """The terms of the loss as (output, sample, f, y): each adds ℓ(f, y), f being a prediction, or the lead of a wrong class.

    Parameters: `outputs`, [output][sample], polynomials or values. Exactness: exact. Raises: nothing.
    Source: `Problem.loss_terms`.
    """
    for k, column in enumerate(outputs):
        targets = problem.data.targets.column(k).fractions()
        for i, (f, y) in enumerate(zip(column, targets, strict=True)):
            if problem.right_outputs is None:
                yield k, i, f, y
            elif problem.right_outputs[i] != k:
                yield k, i, f - outputs[problem.right_outputs[i]][i], Fraction(-1)


def risk_polynomial(problem: Problem, outputs: tuple[tuple[Polynomial, ...], ...], pieces: LossPieces | None) -> Polynomial:
    """The risk from the outputs on a cell, [output][sample].

    Parameters: `outputs`; `pieces`, the pieces of the loss by output and sample (`loss_pieces`), None for the squared loss.
    Exactness: exact. Raises: nothing. Source: theory.md, section 1.
    """
    loss = problem.loss
    total = Polynomial.constant(outputs[0][0].variables, 0)
    for k, i, f, y in loss_terms(problem, outputs):
        if pieces is None:
            residual = f - y if y else f
            total = total + residual * residual
        elif loss.name == "hinge":
            total = total + (1 - f * y) if pieces[k][i] else total
        elif loss.name == "absolute" or pieces[k][i]:
            edge = Fraction(0) if loss.delta is None else loss.delta
            linear = (f - y) * pieces[k][i]
            total = total + (linear if loss.delta is None else linear * edge - edge * edge / 2)
        else:
            total = total + (f - y) * (f - y) * Fraction(1, 2)
    return total * loss.total_scale(len(problem.data))


def loss_pieces(problem: Problem, parameters: Parameters) -> LossPieces | None:
    """The pieces of the loss at a point, by output and sample; None for the squared loss, which has one piece.

    Absolute: the sign of f − y. Hinge: 1 where 1 − yf > 0 (for a wrong class k: where 1 + f_k − f_y > 0), else 0. Huber: the
    sign of f − y where |f − y| > δ, else 0.
    Parameters: `parameters` of the problem's network. Exactness: exact.
    Raises: `UnsupportedError` naming the sample where the point does not fix the piece. Source: theory.md, section 1.
    """
    loss = problem.loss
    if loss.name == "squared":
        return None
    outputs = [vector.fractions() for vector in problem.forward(parameters).outputs]
    found = [[0] * len(problem.data) for _ in outputs]
    for k, i, f, y in loss_terms(problem, outputs):
        edge, sign = _loss_piece(loss.name, f, y, loss.delta)
        if edge == 0:
            what = f"prediction {to_text(f)}, target {to_text(y)}"
            if problem.right_outputs is not None:
                what = f"{to_text(-f)} below output {problem.right_outputs[i]}, the class of the sample"
            raise UnsupportedError(
                f"sample {i} sits at a kink of the {loss.name} loss (output {k}, {what}), so the risk is no polynomial near "
                "this point",
                "move the point, or use cell.outputs",
            )
        found[k][i] = sign
    return tuple(map(tuple, found))


def _loss_piece(name: str, f: Fraction, y: Fraction, delta: Fraction | None) -> tuple[Fraction, int]:
    """How far the nearest kink is (0 at a kink), and the piece."""
    sign = (f > y) - (f < y)
    if name == "hinge":
        return 1 - y * f, int(1 - y * f > 0)
    if name == "huber" and delta is not None:
        edge = abs(f - y) - delta
        return edge, sign if edge > 0 else 0
    return f - y, sign


def count_terms_bound(problem: Problem, pattern: ActivationPattern) -> int:
    """At least as many terms as the risk has on the cell, without expanding anything.

    Parameters: an interior `pattern` of the problem. Exactness: an exact integer, an upper bound. Raises: nothing.
    Source: paths through live units; a squared sum of n terms has at most n(n + 1)/2.
    """
    single = [terms + 1 for terms in sample_terms(problem, pattern)]
    merged = _path_terms(problem, pattern, range(len(problem.data))) + 1
    if problem.loss.name in ("squared", "huber"):
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
