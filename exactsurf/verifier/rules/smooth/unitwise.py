"""The rule `unitwise` of smooth activations: theorem A, unit by unit (FORMAT.md, section 13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from ...arithmetic.document import Field
from ...arithmetic.interval import Interval, enclose
from ...arithmetic.interval_matrix import bad_pivot
from ...arithmetic.quadratic import Quadratic, is_positive_on, null_space
from ...arithmetic.rational import Rational
from ...network import Parameters
from ...smooth_problem import SmoothProblem
from .fit import Row, sums_by_key


def check_unitwise(
    problem: SmoothProblem, parameters: Parameters, residuals: Sequence[Sequence[Rational]], field: Field, bits: int
) -> None:
    """Theorem A, unit by unit."""
    if len(problem.widths) != 3 or problem.widths[-1] != 1:
        raise field.reject("this rule is for networks with one hidden layer and one output")
    r = [row[0] for row in residuals]
    if problem.biases[1] and sum(r, Fraction(0)):
        raise field.reject("the residuals do not add up to 0")
    has_bias = problem.biases[0]
    inputs: list[Row] = [(*x, 1) if has_bias else x for x in problem.inputs]
    for unit, (weights, v) in enumerate(zip(parameters.weights[0], parameters.weights[1][0], strict=True)):
        own = [*weights, *((parameters.biases[0] or [])[unit : unit + 1])]
        reason = _fault(problem, inputs, r, own, v, bits)
        if reason:
            raise field.reject(f"unit {unit}: {reason}")


def _fault(
    problem: SmoothProblem, inputs: Sequence[Row], r: Sequence[Rational], weights: Sequence[Rational], v: Rational, bits: int
) -> str:
    h, size = problem.activation, len(weights)
    if h.name == "quadratic":
        return _quadratic_fault(inputs, r, weights, v)
    z = [sum(a * b for a, b in zip(weights, x, strict=True)) for x in inputs]
    if not h.is_analytic and 0 in z:
        return "a pre-activation is 0, where this activation has no second derivative"
    straight = [i for i in range(len(r)) if h.is_straight_near(z[i])]
    if any(sum(r[i] * inputs[i][p] for i in straight) for p in range(size)):
        return "the affine part of the frozen risk has a slope"
    groups: dict[Rational, list[int]] = {}
    for i in range(len(r)):
        if not h.is_straight_near(z[i]):
            groups.setdefault(z[i], []).append(i)
    if not v:
        curved = [i for members in groups.values() for i in members]
        sums = sums_by_key([inputs[i] for i in curved], [[r[i]] for i in curved])
        return "the output weight is 0 and the frozen risk is not constant" if any(s for (s,) in sums.values()) else ""
    for members in groups.values():
        if sum(r[i] for i in members) or any(sum(r[i] * inputs[i][p] for i in members) for p in range(size)):
            return "the residuals of samples with equal pre-activation do not cancel"
    convex = _is_convex_across(problem, inputs, [v * value for value in r], groups, bits)
    return "" if convex else "the frozen risk is not convex across equal pre-activations, as these bits tell"


def _is_convex_across(
    problem: SmoothProblem,
    inputs: Sequence[Row],
    weighted: Sequence[Rational],
    groups: Mapping[Rational, Sequence[int]],
    bits: int,
) -> bool:
    """Whether Σ v r h″(z) x̃x̃ᵀ is positive definite across the directions that change no pre-activation within a group."""
    size = len(inputs[0])
    moved = [[inputs[i][p] - inputs[members[0]][p] for p in range(size)] for members in groups.values() for i in members]
    chosen = _complement(moved, size)
    zero = Interval(0, 0, bits)
    form = [[zero] * len(chosen) for _ in chosen]
    for z, members in groups.items():
        curvature = problem.activation.jet(enclose(z, bits))[2]
        for a, p in enumerate(chosen):
            for b, q in enumerate(chosen):
                moment = sum((weighted[i] * inputs[i][p] * inputs[i][q] for i in members), Fraction(0))
                form[a][b] = form[a][b] + enclose(moment, bits) * curvature
    return bad_pivot(form) is None


def _quadratic_fault(inputs: Sequence[Row], r: Sequence[Rational], weights: Sequence[Rational], v: Rational) -> str:
    """The frozen risk of a quadratic unit is wᵀMw; the rule needs Mw = 0 and vM without negative eigenvalue, or M = 0."""
    size = len(weights)
    moment = [[sum(r[i] * inputs[i][p] * inputs[i][q] for i in range(len(r))) for q in range(size)] for p in range(size)]
    if not v:
        return "the output weight is 0 and the frozen risk is not constant" if any(map(any, moment)) else ""
    if any(sum(a * b for a, b in zip(row, weights, strict=True)) for row in moment):
        return "the frozen risk has a slope"
    chosen = _complement(moment, size)
    sign = 1 if v > 0 else -1
    form = Quadratic(square={(p, q): sign * moment[p][q] * (1 if p == q else 2) for p in chosen for q in chosen if p <= q})
    basis = [[int(p == q) for q in range(size)] for p in chosen]
    return "" if is_positive_on(form, basis) else "the frozen risk falls in some direction"


def _complement(rows: Sequence[Sequence[Rational]], size: int) -> list[int]:
    """Coordinates whose unit vectors span a complement of the vectors that are orthogonal to all rows."""
    whole = []
    for row in rows:
        common = lcm(*(value.denominator for value in row))
        whole.append([value.numerator * (common // value.denominator) for value in row])
    kernel = null_space(whole, size)
    # A basis vector of the kernel has its own coordinate, in which the others are 0: those span the quotient by the rest.
    free: set[int] = set()
    for vector in kernel:
        free.add(next(p for p in range(size) if vector[p] and not any(w[p] for w in kernel if w is not vector)))
    return [p for p in range(size) if p not in free]
