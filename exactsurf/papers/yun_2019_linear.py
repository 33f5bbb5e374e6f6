"""Yun, Sra and Jadbabaie, "Small nonlinearities…", ICLR 2019, Theorem 4 and Corollary 5: deep linear networks."""

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
    product_gradient,
    silent_verdict,
)
from exactsurf.theorems.hypotheses import CRITICAL, DEEP_LINEAR, WIDTHS_AT_LEAST_THE_ENDS
from exactsurf.theorems.network_conditions import differentiable_loss
from exactsurf.theorems.point_conditions import certified_global
from exactsurf.theorems.references import YUN_2019
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, Hypothesis, SharpnessExample, Theorem


def full_rank_around(parameters: Parameters) -> int | None:
    """A layer j* with W_{H+1} ⋯ W_{j*+1} of full row rank and W_{j*−1} ⋯ W_1 of full column rank (part 3), or None.

    Empty products count as full. Exactness: exact. Raises: nothing. Source: papers.md, section 1, Theorem 4.
    """
    count = len(parameters.weights)
    for layer in range(1, count + 1):
        above = product(parameters, layer + 1) if layer < count else None
        below = product(parameters, 1, layer - 1) if layer > 1 else None
        if (above is None or rank(above) == len(above)) and (below is None or rank(below) == len(below[0])):
            return layer
    return None


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    silent = silent_verdict(problem, parameters, linear_without_biases, differentiable_loss)
    if silent is not None:
        return silent
    risk = problem.rational_risk(parameters)
    if not any(map(any, product_gradient(problem, parameters))):
        return certified_global(problem, parameters, "∇ℓ₀ = 0 at the product, and ℓ₀ is convex")
    layer = full_rank_around(parameters)
    if layer is not None:
        return Verdict(Status.REFUTED, f"layer {layer} has full ranks around it, and ∇ℓ₀ ≠ 0", risk=risk)
    verdict = not_a_local_minimum(problem, parameters)
    if verdict.status is Status.REFUTED:
        reason = f"∇ℓ₀ ≠ 0 and the point is a saddle: {verdict.reason}"
        return Verdict(Status.PROVED, reason, verdict.certificate, verdict.lower_point, risk)
    if verdict.status is Status.PROVED:
        return Verdict(Status.REFUTED, f"∇ℓ₀ ≠ 0, but {verdict.reason}", verdict.certificate, risk=risk)
    if problem.is_least_squares:
        best, why = is_global_minimum(problem, parameters)
        if best:
            return Verdict(Status.REFUTED, f"∇ℓ₀ ≠ 0, but the point is a global minimum: {why}", risk=risk)
    return Verdict(Status.UNDECIDED, f"∇ℓ₀ ≠ 0, and no descent was found ({verdict.reason})", risk=risk)


def _examples() -> tuple[SharpnessExample, ...]:
    data = Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    narrow = Problem(Network([2, 1, 2], linear, biases=False), data)
    best = narrow.parameters(W1=[[1, 0]], W2=[[2], [0]])
    return (SharpnessExample("widths", "a bottleneck: the best matrix of rank 1 has ∇ℓ₀ ≠ 0", narrow, best),)


_HYPOTHESES = (
    DEEP_LINEAR,
    WIDTHS_AT_LEAST_THE_ENDS,
    Hypothesis("loss", "ℓ₀ is differentiable", differentiable_loss),
    CRITICAL,
)

theorem_4 = Theorem(
    key="yun_2019.theorem_4",
    title="Critical points of deep linear networks are decided by the gradient at the product",
    statement=(
        r"Let $\ell((W_j)) = \ell_0(W_{H+1} \cdots W_1)$ with $\ell_0$ differentiable and all hidden widths at least "
        r"$\min(d_x, d_y)$, and let $(W_j)$ be critical, $P$ the product. If $\nabla\ell_0(P) \ne 0$, it is a saddle. If "
        r"$\nabla\ell_0(P) = 0$, local minima of $\ell_0$ give local minima, and it is a global minimum if and only if $P$ is "
        r"one of $\ell_0$. If some $j^*$ has $W_{H+1:j^*+1}$ of full row rank and $W_{j^*-1:1}$ of full column rank, then "
        r"$\nabla\ell_0(P) = 0$, and local minimality of the two is equivalent."
    ),
    reference=YUN_2019,
    hypotheses=_HYPOTHESES,
    conclude=_conclude,
    without_example=(
        ("loss", "critical points are not defined where the loss has no derivative"),
        ("critical", ABOUT_CRITICAL_POINTS),
    ),
    examples=_examples,
    remarks="The losses of exactsurf are convex, so a zero of the gradient of ℓ₀ is a global minimum of ℓ₀.",
)

corollary_5 = Theorem(
    key="yun_2019.corollary_5",
    title="Deep linear networks: every critical point is a global minimum or a saddle",
    statement=(
        r"If in addition to the hypotheses of Theorem 4 every critical point of $\ell_0$ is a global minimum, then a critical "
        r"point with $\nabla\ell_0(P) \ne 0$ is a saddle, and one with $\nabla\ell_0(P) = 0$ a global minimum. For the squared "
        r"loss the test is $(PX - Y)X^T = 0$."
    ),
    reference=YUN_2019,
    hypotheses=_HYPOTHESES,
    conclude=_conclude,
    without_example=(
        ("loss", "critical points are not defined where the loss has no derivative"),
        ("critical", ABOUT_CRITICAL_POINTS),
    ),
    examples=_examples,
    remarks="Every critical point of a convex ℓ₀ is a global minimum, so this holds for all differentiable losses of exactsurf.",
)
