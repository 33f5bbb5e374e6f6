"""Zhou and Liang, "Critical Points of Linear Neural Networks", ICLR 2018: the form and the value of every critical point."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.linear_algebra import Matrix, from_flint, rank, to_flint
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.linear_network import column_projector, is_critical, linear_without_biases, product
from exactsurf.theorems.data_conditions import explained_covariance, full_rank_inputs, short
from exactsurf.theorems.network_conditions import hidden_layers, squared_loss
from exactsurf.theorems.outcome import NothingClaimed
from exactsurf.theorems.references import ZHOU_2018
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, Hypothesis, PointHypothesis, Theorem


def captured(problem: Problem, parameters: Parameters) -> Matrix | None:
    """P Σ for the projector P onto the column space of A_2 A_1, if A_2 A_1 = P Y Xᵀ(X Xᵀ)⁻¹ and P Σ = Σ P, else None.

    Parameters: a linear `problem` without biases, X Xᵀ invertible. Exactness: exact, although eigenvectors may be irrational.
    Raises: `ShapeError`. Source: papers.md, A5 (Zhou and Liang) and Baldi and Hornik, Fact 3.
    """
    whole, data = product(parameters), problem.data
    sigma, projector = to_flint(explained_covariance(data)), to_flint(column_projector(whole))
    x, y = to_flint(data.x), to_flint(data.y)
    best = (x.transpose() * x).solve(x.transpose() * y).transpose()
    if projector * best != to_flint(whole) or projector * sigma != sigma * projector:
        return None
    return from_flint(projector * sigma)


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    for check in (linear_without_biases, squared_loss, full_rank_inputs):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    risk = problem.rational_risk(parameters)
    part = captured(problem, parameters)
    critical, witness, _data = is_critical(problem, parameters)
    if part is None:
        if critical:
            return Verdict(Status.REFUTED, "critical, but the product has not the form", risk=risk)
        return NothingClaimed(Status.PROVED, f"nothing is claimed about this point: {witness}", risk=risk)
    total = sum((value**2 for row in problem.data.y for value in row), Fraction(0))
    trace = sum((part[i][i] for i in range(len(part))), Fraction(0))
    value = problem.common_scale * (total - trace)
    if value != risk:
        return Verdict(Status.REFUTED, f"the form gives the value {short(value)}, the risk is {short(risk)}", risk=risk)
    kind = "critical" if critical else "not critical"
    reason = f"the product is of rank {rank(product(parameters))}, captures eigenvalues of Σ with sum {short(trace)} ({kind})"
    return Verdict(Status.PROVED, f"{reason}, and the risk is that of the form: {short(value)}", risk=risk)


critical_points = Theorem(
    key="zhou_2018.critical_points",
    title="Linear networks with one hidden layer: the form and the value of every critical point",
    statement=(
        r"Let $XX^T$ be invertible. If $(A_1, A_2)$ is a critical point of $\frac12\|A_2 A_1 X - Y\|^2$, the product is "
        r"$P\,YX^T(XX^T)^{-1}$ with a projector $P$ that commutes with $\Sigma = YX^T(XX^T)^{-1}XY^T$, and the value is "
        r"$\frac12(\mathrm{tr}\,YY^T - \sum_i p_i \sigma_i)$, $p_i$ the dimension that $P$ takes of the eigenspace of "
        r"$\sigma_i$."
    ),
    reference=ZHOU_2018,
    hypotheses=(
        Hypothesis("network", "a linear network without biases", linear_without_biases, setting=True),
        Hypothesis("depth", "one hidden layer", hidden_layers(1, 1), setting=True),
        Hypothesis("loss", "the squared loss", squared_loss, setting=True),
        Hypothesis("rank X", "X Xᵀ is invertible", full_rank_inputs),
        PointHypothesis("critical", "the point is critical", is_critical),
    ),
    conclude=_conclude,
    without_example=(
        ("rank X", "the form of the critical points is stated with (X Xᵀ)⁻¹"),
        ("critical", ABOUT_CRITICAL_POINTS),
    ),
    remarks=(
        "The abstract was read; the form is Baldi and Hornik's Fact 3 with repeated eigenvalues allowed. That one-hidden-layer "
        "ReLU networks have local minima that are not global: see yun_2019.theorem_1."
    ),
)
