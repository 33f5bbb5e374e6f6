"""The strictly better point of Yun, Sra and Jadbabaie (2019), Theorem 1: their own case 1 and case 2."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from exactsurf.exact.linear_algebra import Matrix, Vector, dot
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_HALVINGS = 64
_MOST = 2_000  # places at which a hinge is tried


def better_point(problem: Problem) -> tuple[str, Parameters] | None:
    """The point of case 1, or of case 2 if case 1 does not apply: ("case 1", parameters), with strictly lower squared risk.

    Parameters: a problem with the squared loss, one hidden layer of at least two units, one output, biases, an activation
    h_{s₊,s₋} with s₊ + s₋ ≠ 0, and an affine fit that is not perfect. None if the paper's construction does not apply (case 2
    needs distinct samples). Exactness: exact. Raises: nothing. Source: papers.md, section 1.
    """
    slopes = problem.network.activation.two_slopes
    if slopes is None or slopes[0] + slopes[1] == 0 or problem.network.layers != 2 or problem.network.widths[-1] != 1:
        return None
    fit = problem.data.affine_fit
    (weights,), (constant,), (predictions,), (residual,) = fit.slopes, fit.constants, fit.predictions, fit.residuals
    found = _case_1(problem, weights, constant, residual, predictions)
    if found is not None:
        return "case 1", found
    found = _case_2(problem, weights, constant, residual, predictions)
    return ("case 2", found) if found is not None else None


def _two_units(problem: Problem, w: Vector, constant: Fraction, beta: Fraction, gamma: Fraction) -> Parameters:
    """W1 = [w; −w; 0], b1 = [c − β + γ; −c + β + γ; 0], W2 = [1, −1, 0]/(s₊ + s₋), b2 = β."""
    slopes = problem.network.activation.two_slopes
    assert slopes is not None
    share, zero, width = 1 / (slopes[0] + slopes[1]), Fraction(0), problem.network.widths[1]
    idle = width - 2
    first: Matrix = (w, tuple(-v for v in w), *(((zero,) * len(w),) * idle))
    bias = (constant - beta + gamma, -constant + beta + gamma, *((zero,) * idle))
    return Parameters((first, ((share, -share, *((zero,) * idle)),)), (bias, (beta,)))


def _kappa(problem: Problem) -> Fraction:
    slopes = problem.network.activation.two_slopes
    assert slopes is not None
    return (slopes[0] - slopes[1]) / (slopes[0] + slopes[1])


def _case_1(
    problem: Problem, w: Vector, constant: Fraction, residual: ScaledVector, predictions: ScaledVector
) -> Parameters | None:
    """A gap between consecutive predictions with a non-zero partial residual sum; the one with the largest exact gain."""
    kappa, size = _kappa(problem), len(residual)
    order = sorted(range(size), key=predictions.numerators.__getitem__)
    values = [predictions.numerators[i] for i in order]
    partial = list(accumulate(residual.numerators[i] for i in order))
    best: tuple[Fraction, Fraction, Fraction] | None = None
    for j in _promising(values, partial):
        gap = Fraction(values[j + 1] - values[j], predictions.denominator)
        total = Fraction(partial[j], residual.denominator)
        gamma = 2 * total / (size * kappa)
        limit = gap / 4
        gamma = max(-limit, min(limit, gamma))
        gain = 2 * total * kappa * gamma - Fraction(size, 2) * (kappa * gamma) ** 2
        if best is None or gain > best[0]:
            best = gain, Fraction(values[j] + values[j + 1], 2 * predictions.denominator), gamma
    return None if best is None else _two_units(problem, w, constant, best[1], best[2])


def _promising(values: Sequence[int], partial: Sequence[int]) -> list[int]:
    """The indices j of the paper's set J; on large data those with the largest partial sums, which gain most."""
    members = [j for j in range(len(values) - 1) if partial[j] and values[j] < values[j + 1]]
    if len(members) > _MOST:
        members = sorted(sorted(members, key=lambda j: -abs(partial[j]) * (values[j + 1] - values[j]))[:_MOST])
    return members


def _case_2(
    problem: Problem, w: Vector, constant: Fraction, residual: ScaledVector, predictions: ScaledVector
) -> Parameters | None:
    """A group of equal predictions with misfits: tilt the weights so that the samples of the group come apart."""
    (s_plus, s_minus), kappa = problem.network.activation.two_slopes or (Fraction(1), Fraction(0)), _kappa(problem)
    misfits = [i for i, n in enumerate(residual.numerators) if n]
    lowest = min(predictions.numerators[i] for i in misfits)
    group = [i for i, n in enumerate(predictions.numerators) if n == lowest]
    x = problem.data.inputs.row
    squared_norm = {i: dot(x(i), x(i)) for i in group}
    first = max((i for i in misfits if predictions.numerators[i] == lowest), key=lambda i: (squared_norm[i], -i))
    inner = {i: dot(x(i), x(first)) for i in group}
    below = [i for i in group if inner[i] < squared_norm[first]]
    if not below:
        return None
    second = max(below, key=lambda i: (inner[i], -i))
    largest = max(dot(row, row) for row in problem.data.inputs)
    levels = sorted(set(predictions.numerators))
    gaps = [Fraction(b - a, predictions.denominator) for a, b in pairwise(levels)]
    # If all predictions coincide the paper's gap is not defined, and any positive one works (papers.md, section 1, caveat i).
    g = min(gaps) / 4 if gaps else Fraction(1)
    v = tuple(g / largest * value for value in x(first))
    level = Fraction(lowest, predictions.denominator)
    along_first, along_second = dot(v, x(first)), dot(v, x(second))
    sign = 1 if (residual[first] > 0) == (s_plus > s_minus) else -1
    before = residual.dot(residual) / 2
    alpha = Fraction(1)
    for _ in range(_HALVINGS):
        beta = level - alpha / 2 * (along_first + along_second)
        gamma = sign * alpha / 4 * (along_first - along_second)
        tilted = tuple(a - alpha * b for a, b in zip(w, v, strict=True))
        point = _two_units(problem, tilted, constant, beta, gamma)
        errors = [f - t for (f,), (t,) in zip(problem.predictions(point), problem.data.y, strict=True)]
        if kappa and sum((e * e for e in errors), Fraction(0)) / 2 < before:
            return point
        alpha /= 2
    return None
