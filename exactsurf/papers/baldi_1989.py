"""Baldi and Hornik, "Neural networks and principal component analysis", 1989: all critical points of a linear network."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InputError, UnsupportedError
from exactsurf.exact.linear_algebra import Matrix, Vector, from_flint, kernel, rank, to_flint
from exactsurf.exact.spectrum import rational_eigenvalues
from exactsurf.model.activation import linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.linear_network import (
    global_or_saddle,
    is_global_minimum,
    two_best_products,
)
from exactsurf.theorems.data_conditions import distinct_eigenvalues, explained_covariance, full_rank_correlation, full_rank_inputs
from exactsurf.theorems.hypotheses import CRITICAL, LINEAR, ONE_HIDDEN_LAYER, SQUARED_LOSS
from exactsurf.theorems.references import BALDI_1989
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, Hypothesis, SharpnessExample, Theorem


def eigenvalues(problem: Problem) -> Vector:
    """The eigenvalues of Σ = Y Xᵀ (X Xᵀ)⁻¹ X Yᵀ in descending order, if they are distinct and rational.

    Exactness: exact. Raises: `HypothesisError` if X Xᵀ is not invertible or an eigenvalue is repeated, `UnsupportedError` if
    one is irrational.
    """
    check_problem(problem)
    for name, check in (("rank X", full_rank_inputs), ("eigenvalues", distinct_eigenvalues)):
        holds, witness, _ = check(problem)
        if not holds:
            raise HypothesisError(name, witness)
    found = rational_eigenvalues(explained_covariance(problem.data))
    if found is None:
        raise UnsupportedError(
            "an eigenvalue of Σ is irrational, so the critical points are too", "take data of which all eigenvalues are rational"
        )
    return tuple(sorted(found, reverse=True))


def critical_values(problem: Problem) -> dict[tuple[int, ...], Fraction]:
    """The risk at the critical points, by the index set I of the eigenvalues that they capture: scale·(tr YYᵀ − Σ_I λ_i).

    Parameters: a deep linear `problem` without biases. Index sets have at most as many elements as the least width.
    Exactness: exact. Raises: as `eigenvalues`. Source: papers.md, A5 (Fact 4) and A2.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    >>> values = critical_values(es.Problem(es.Network([2, 2, 2], es.linear, biases=False), data))
    >>> {members: str(value) for members, value in values.items()}
    {(): '5/2', (0,): '1/2', (1,): '2', (0, 1): '0'}
    """
    check_problem(problem)
    found, data = eigenvalues(problem), problem.data
    total = sum((value**2 for row in data.y for value in row), Fraction(0))
    scale = problem.common_scale
    return {
        members: scale * (total - sum((found[i] for i in members), Fraction(0)))
        for size in range(min(problem.network.widths) + 1)
        for members in combinations(range(len(found)), size)
    }


def critical_point(problem: Problem, members: tuple[int, ...]) -> Parameters:
    """A critical point that captures the eigenvalues with these indices (in descending order), at any depth.

    Parameters: a deep linear `problem` without biases; `members`, at most as many as the least width.
    Exactness: exact; the eigenvectors are rational where the eigenvalues are. Raises: as `eigenvalues`, `InputError` for
    indices that do not exist. Source: papers.md, A5: A = U_I C, B = C⁻¹ U_Iᵀ Σ_YX Σ_XX⁻¹.
    """
    check_problem(problem)
    found, data, widths = eigenvalues(problem), problem.data, problem.network.widths
    if len(set(members)) != len(members) or len(members) > min(widths) or not all(0 <= i < len(found) for i in members):
        raise InputError(f"the members are at most {min(widths)} different indices from 0 to {len(found) - 1}", text=str(members))
    sigma, zero = explained_covariance(data), Fraction(0)
    vectors: list[Vector] = []
    for i in members:
        shifted = [[value - found[i] * (j == k) for k, value in enumerate(row)] for j, row in enumerate(sigma)]
        vectors.extend(kernel(shifted))
    if vectors:
        columns = to_flint(vectors).transpose()
        x, y = to_flint(data.x), to_flint(data.y)
        best = (x.transpose() * x).solve(x.transpose() * y).transpose()
        lower = from_flint((columns.transpose() * columns).solve(columns.transpose() * best))
        upper = from_flint(columns)
    else:
        lower, upper = (), ((),) * len(sigma)
    one = Fraction(1)
    identity = tuple(tuple(one if i == j else zero for j in range(len(members))) for i in range(len(members)))
    blocks = [lower, *[identity] * (problem.network.layers - 2), upper]
    weights = tuple(_padded(block, above, below) for block, above, below in zip(blocks, widths[1:], widths, strict=False))
    return Parameters(weights, (None,) * problem.network.layers)


def _padded(rows: Matrix, height: int, width: int) -> Matrix:
    zero = Fraction(0)
    full = tuple((*row, *(zero,) * (width - len(row))) for row in rows)
    return (*full, *((zero,) * width,) * (height - len(full)))


def construct(problem: Problem) -> dict[tuple[int, ...], Parameters]:
    """One critical point for every index set; the one that captures the largest eigenvalues is a global minimum.

    Exactness: exact. Raises: as `eigenvalues`. Source: papers.md, A5.
    """
    check_problem(problem)
    return {members: critical_point(problem, members) for members in critical_values(problem)}


def _conclude(problem: Problem, parameters: Parameters | None, other: Parameters | None) -> Verdict:
    """Global minimum or saddle; of lower rank: a saddle; and the global minimum is one map."""
    assert parameters is not None
    twice = two_best_products(problem, parameters, other)
    if twice is not None:
        return twice
    verdict = global_or_saddle(problem, parameters)
    if verdict.status is not Status.PROVED or not is_global_minimum(problem, parameters)[0]:
        return verdict
    full, ranks = min(problem.network.widths), tuple(map(rank, parameters.weights))
    if min(ranks) == full:
        return verdict
    reason = f"predicted: a saddle, because a factor has rank {min(ranks)} < {full}; it is {verdict.reason}"
    return Verdict(Status.REFUTED, reason, verdict.certificate, risk=verdict.risk)


def _examples() -> tuple[SharpnessExample, ...]:
    inputs = [[1, 0], [0, 1]]
    twice = Problem(Network([2, 1, 2], linear, biases=False), Data.from_arrays(inputs, inputs))
    first, second = twice.parameters(W1=[[1, 0]], W2=[[1], [0]]), twice.parameters(W1=[[0, 1]], W2=[[0], [1]])
    flat = Problem(Network([2, 2, 2], linear, biases=False), Data.from_arrays(inputs, [[1, 0], [0, 0]]))
    low = flat.parameters(W1=[[1, 0], [0, 0]], W2=[[1, 0], [0, 0]])
    return (
        SharpnessExample("eigenvalues", "Σ = I: two global minima that are different maps", twice, first, second),
        SharpnessExample("rank Σ", "an eigenvalue 0: a critical point of lower rank fits the data", flat, low),
    )


landscape = Theorem(
    key="baldi_1989.landscape",
    title="Linear networks with one hidden layer: one minimum, all other critical points are saddles",
    statement=(
        r"Let $\Sigma_{XX}$ be invertible and $\Sigma = \Sigma_{YX}\Sigma_{XX}^{-1}\Sigma_{XY}$ have full rank and distinct "
        r"eigenvalues $\lambda_1 > \dots > \lambda_n$. $A$, $B$ of full rank $p$ are critical if and only if $A = U_I C$ and "
        r"$B = C^{-1}U_I^T\Sigma_{YX}\Sigma_{XX}^{-1}$ for $p$ indices $I$ and an invertible $C$; then $E = \mathrm{tr}\,"
        r"\Sigma_{YY} - \sum_{i\in I}\lambda_i$. $I = \{1,\dots,p\}$ gives the unique local and global minimum; the other "
        r"$\binom np - 1$ index sets, and all critical points of lower rank, are saddles."
    ),
    reference=BALDI_1989,
    hypotheses=(
        LINEAR,
        ONE_HIDDEN_LAYER,
        SQUARED_LOSS,
        Hypothesis("rank X", "Σ_XX is invertible", full_rank_inputs),
        Hypothesis("rank Σ", "Σ has full rank", full_rank_correlation),
        Hypothesis("eigenvalues", "Σ has distinct eigenvalues", distinct_eigenvalues),
        CRITICAL,
    ),
    construct=construct,
    conclude=_conclude,
    without_example=(
        ("rank X", "not needed: W_1 acts on the span of the inputs only, and there the same theorem has an invertible X Xᵀ"),
        ("critical", ABOUT_CRITICAL_POINTS),
    ),
    examples=_examples,
    remarks="critical_values and critical_point work at any depth (Kawaguchi 2016); both need rational eigenvalues.",
)
