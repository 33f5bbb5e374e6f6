"""Yun, Sra and Jadbabaie, "Global optimality conditions for deep neural networks", ICLR 2018: Theorems 2.1 and 2.2."""

from __future__ import annotations

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.linear_algebra import rank
from exactsurf.model.activation import linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.descent_lines import not_a_local_minimum
from exactsurf.theorems.constructions.linear_network import (
    is_global_minimum,
    linear_without_biases,
    product,
    silent_verdict,
    two_best_products,
)
from exactsurf.theorems.data_conditions import distinct_singular_values
from exactsurf.theorems.hypotheses import (
    CRITICAL,
    DEEP_LINEAR,
    FULL_RANK_INPUTS,
    SOME_HIDDEN_LAYER,
    SQUARED_LOSS,
    WIDTHS_AT_LEAST_THE_ENDS,
)
from exactsurf.theorems.network_conditions import squared_loss, widths_at_least_the_ends
from exactsurf.theorems.point_conditions import certified_global
from exactsurf.theorems.references import YUN_2018
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, Check, Hypothesis, SharpnessExample, Theorem


def _enough_samples(problem: Problem) -> Check:
    inputs, outputs, size = problem.data.inputs.columns, problem.data.targets.columns, len(problem.data)
    return max(inputs, outputs) <= size, f"d_x = {inputs}, d_y = {outputs}, {size} samples", (inputs, outputs, size)


def _narrow(problem: Problem) -> Check:
    holds, witness, data = widths_at_least_the_ends(problem)
    return not holds, witness, data


def _by_rank(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """Theorem 2.1: critical points with a product of rank min(d_x, d_y) are global minima, the others saddles."""
    assert parameters is not None
    return _conclude(problem, parameters, rank(product(parameters)) == min(problem.network.widths))


def _by_column_space(problem: Problem, parameters: Parameters | None, other: Parameters | None) -> Verdict:
    """Theorem 2.2: the critical points with the best column space are global minima, the others saddles."""
    assert parameters is not None
    twice = two_best_products(problem, parameters, other)
    if twice is not None:
        # Whatever the first k left singular vectors are taken to be, one of the two points has another column space.
        return twice
    return _conclude(problem, parameters, is_global_minimum(problem, parameters)[0])


def _conclude(problem: Problem, parameters: Parameters, predicted: bool) -> Verdict:
    silent = silent_verdict(problem, parameters, linear_without_biases, squared_loss)
    if silent is not None:
        return silent
    best, why = is_global_minimum(problem, parameters)
    risk = problem.rational_risk(parameters)
    if best:
        certified = certified_global(problem, parameters, why)
        if predicted or certified.status is not Status.PROVED:
            return certified
        reason = f"predicted: a saddle; it is a global minimum: {why}"
        return Verdict(Status.REFUTED, reason, certified.certificate, risk=risk)
    verdict = not_a_local_minimum(problem, parameters)
    if predicted:
        reason = f"predicted: a global minimum; it is not: {why}"
        return Verdict(Status.REFUTED, reason, verdict.certificate, verdict.lower_point, risk)
    if verdict.status is Status.REFUTED:
        reason = f"predicted: a saddle; it is one: {verdict.reason}"
        return Verdict(Status.PROVED, reason, verdict.certificate, verdict.lower_point, risk)
    if verdict.status is Status.PROVED:
        return Verdict(Status.REFUTED, f"predicted: a saddle; it is a local minimum: {why}", verdict.certificate, risk=risk)
    return Verdict(Status.UNDECIDED, f"predicted: a saddle; no descent was found ({verdict.reason})", risk=risk)


def _examples() -> tuple[SharpnessExample, ...]:
    data = Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    narrow = Problem(Network([2, 1, 2], linear, biases=False), data)
    second = narrow.parameters(W1=[[0, 1]], W2=[[0], [1]])
    flat = Problem(Network([2, 2, 2], linear, biases=False), Data.from_arrays([[1, 0], [0, 1]], [[1, 0], [0, 0]]))
    low = flat.parameters(W1=[[1, 0], [0, 0]], W2=[[1, 0], [0, 0]])
    return (
        SharpnessExample("widths", "a bottleneck: the second singular vector has full rank and is a saddle", narrow, second),
        SharpnessExample("singular values", "a singular value 0: the best product has rank 1 and fits", flat, low),
    )


def _examples_of_2_2() -> tuple[SharpnessExample, ...]:
    data = Data.from_arrays([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    round_one = Problem(Network([2, 1, 2], linear, biases=False), data)
    first, second = round_one.parameters(W1=[[1, 0]], W2=[[1], [0]]), round_one.parameters(W1=[[0, 1]], W2=[[0], [1]])
    title = "a singular value twice: two global minima with different column spaces"
    return (SharpnessExample("singular values", title, round_one, first, second),)


_COMMON = (
    DEEP_LINEAR,
    SOME_HIDDEN_LAYER,
    SQUARED_LOSS,
    Hypothesis("samples", "d_x ≤ N and d_y ≤ N", _enough_samples),
    FULL_RANK_INPUTS,
    Hypothesis("singular values", "the singular values of Y Xᵀ (X Xᵀ)⁻¹ X are distinct and not zero", distinct_singular_values),
)
_CRITICAL = CRITICAL

theorem_2_1 = Theorem(
    key="yun_2018.theorem_2_1",
    title="Deep linear networks without bottleneck: global minima are the critical points of full rank",
    statement=(
        r"Let $k = \min_i d_i = \min(d_x, d_y)$. Critical points of the squared risk with "
        r"$\mathrm{rank}(W_{H+1} \cdots W_1) = k$ are global minima, all others are saddles."
    ),
    reference=YUN_2018,
    hypotheses=(*_COMMON, WIDTHS_AT_LEAST_THE_ENDS, _CRITICAL),
    conclude=_by_rank,
    without_example=(
        ("samples", "no instance is known on which the conclusion fails without it"),
        ("rank X", "it cannot fail alone: the singular values are those of a matrix with the factor (X Xᵀ)⁻¹"),
        ("critical", ABOUT_CRITICAL_POINTS),
    ),
    examples=_examples,
)

theorem_2_2 = Theorem(
    key="yun_2018.theorem_2_2",
    title="Deep linear networks with a bottleneck: global minima are the critical points with the best column space",
    statement=(
        r"Let $k = \min_i d_i < \min(d_x, d_y)$, $p$ a narrowest layer and $\hat U$ the first $k$ left singular vectors of "
        r"$YX^T(XX^T)^{-1}X$. Critical points with $\mathrm{rank}(W_{H+1} \cdots W_1) = k$ and "
        r"$\mathrm{col}(W_{H+1} \cdots W_{p+1}) = \mathrm{col}(\hat U)$ are global minima, all others are saddles."
    ),
    reference=YUN_2018,
    hypotheses=(*_COMMON, Hypothesis("widths", "some hidden width is less than min(d_x, d_y)", _narrow), _CRITICAL),
    conclude=_by_column_space,
    without_example=(
        ("samples", "no instance is known on which the conclusion fails without it"),
        ("rank X", "it cannot fail alone: the singular values are those of a matrix with the factor (X Xᵀ)⁻¹"),
        ("widths", "where it fails there is no bottleneck, and Theorem 2.1 says the same with rank k alone"),
        ("critical", ABOUT_CRITICAL_POINTS),
    ),
    examples=_examples_of_2_2,
    remarks="The column space, which may be irrational, is compared through eigenvalues of Σ, without computing them.",
)
