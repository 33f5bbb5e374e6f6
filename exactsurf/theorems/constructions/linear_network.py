"""Deep linear networks without biases: the product map, and whether a point is a global minimum, decided exactly."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.linear_algebra import Matrix, from_flint, rank, row_echelon, to_flint
from exactsurf.minima.deep_linear.best_rank import is_best_of_its_rank
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.descent_lines import not_a_local_minimum
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.network_conditions import linear_network, no_biases, squared_loss
from exactsurf.theorems.outcome import NothingClaimed
from exactsurf.theorems.point_conditions import certified_global
from exactsurf.theorems.theorem import Check


def linear_without_biases(problem: Problem) -> Check:
    """h(z) = z and no biases: the network computes x ↦ W_{H+1} ⋯ W_1 x."""
    for check in (linear_network, no_biases):
        holds, witness, data = check(problem)
        if not holds:
            return holds, witness, data
    return True, "h(z) = z, no biases", ()


def product(parameters: Parameters, first: int = 1, last: int | None = None) -> Matrix:
    """W_last ⋯ W_first (layers count from 1; all of them by default)."""
    chosen = parameters.weights[first - 1 : last]
    total = to_flint(chosen[0])
    for matrix in chosen[1:]:
        total = to_flint(matrix) * total
    return from_flint(total)


def product_gradient(problem: Problem, parameters: Parameters) -> Matrix:
    """∇ℓ₀ at the product R = W_{H+1} ⋯ W_1, d_y × d_x, for a loss that is differentiable at the predictions."""
    outputs = problem.forward(parameters).outputs
    return problem.data.inputs.weighted_sums([low for low, _ in problem.subdifferentials(outputs)])


def is_global_minimum(problem: Problem, parameters: Parameters) -> tuple[bool, str]:
    """Whether a point of a deep linear network is a global minimum of the squared risk, at any widths, and why.

    Parameters: `problem` with a linear activation, no biases and the squared loss; `parameters`, critical or not.
    Exactness: exact: ∇ℓ₀(R) = 0 decides for convex ℓ₀; else the rank must be the least width, and the product must be the
    best fit of its rank (Eckart and Young; no eigenvalue is computed). Raises: `ShapeError`.
    Source: papers.md, A2 (global test).

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    >>> problem = es.Problem(es.Network([2, 1, 2], es.linear, biases=False), data)
    >>> is_global_minimum(problem, problem.parameters(W1=[[1, 0]], W2=[[2], [0]]))[0]
    True
    >>> is_global_minimum(problem, problem.parameters(W1=[[0, 1]], W2=[[0], [1]]))[0]
    False
    """
    if not any(map(any, product_gradient(problem, parameters))):
        return True, "∇ℓ₀ = 0 at the product, and ℓ₀ is convex"
    widths = problem.network.widths
    least, found = min(widths), rank(product(parameters))
    if found < least:
        return False, f"the product has rank {found} < {least} and ∇ℓ₀ ≠ 0: a product of rank {found + 1} is lower"
    if least == min(widths[0], widths[-1]):
        return False, "∇ℓ₀ ≠ 0, and every matrix is a product"
    if is_best_of_its_rank(problem, parameters.weights, has_column=False):
        return True, f"the product is the best one of rank {found} (it captures the largest eigenvalues of Σ)"
    return False, f"the product of rank {found} is not the best one: it does not capture the {found} largest eigenvalues of Σ"


def two_best_products(problem: Problem, parameters: Parameters, other: Parameters | None) -> Verdict | None:
    """REFUTED if both points are global minima of the squared risk with different products; else None.

    Exactness: exact, by `is_global_minimum`; for these points the certificate format has no rule. Raises: `ShapeError`.
    Source: papers.md, A4 and A5 (where eigenvalues are repeated).
    """
    if other is None or not linear_without_biases(problem)[0] or not problem.is_least_squares:
        return None
    if product(parameters) == product(other):
        return None
    if not (is_global_minimum(problem, parameters)[0] and is_global_minimum(problem, other)[0]):
        return None
    reason = "both points are global minima, by exact tests of rank and definiteness, and their products are different matrices"
    return Verdict(Status.REFUTED, reason, risk=problem.rational_risk(parameters))


def column_projector(rows: Matrix) -> Matrix:
    """The orthogonal projector onto the column space of a matrix."""
    if not any(map(any, rows)):
        return ((Fraction(0),) * len(rows),) * len(rows)
    columns = to_flint(column_basis(rows))
    return from_flint(columns * (columns.transpose() * columns).solve(columns.transpose()))


def column_basis(rows: Matrix) -> Matrix:
    """A basis of the column space, as columns."""
    columns = tuple(zip(*rows, strict=True))
    return tuple(zip(*row_echelon(columns), strict=True))


def is_critical(problem: Problem, parameters: Parameters) -> Check:
    """The gradient is zero (deep linear network, loss differentiable at the predictions)."""
    gradient = product_gradient(problem, parameters)
    count = problem.network.layers
    for layer in range(1, count + 1):
        total = to_flint(gradient)
        if layer < count:
            total = to_flint(product(parameters, layer + 1)).transpose() * total
        if layer > 1:
            total = total * to_flint(product(parameters, 1, layer - 1)).transpose()
        for i, row in enumerate(from_flint(total)):
            for j, value in enumerate(row):
                if value:
                    return False, f"the derivative with respect to W{layer}[{i}, {j}] is {short(value)}", (layer, i, j, value)
    return True, "the gradient is zero", ()


def silent_verdict(problem: Problem, parameters: Parameters, *setting: Callable[[Problem], Check]) -> Verdict | None:
    """The verdict where a theorem on the critical points of deep linear networks claims nothing, or None where it does.

    Parameters: `setting`, the checks without which criticality is not decided. Returns: UNDECIDED if one of them fails, PROVED
    at a point that is not critical. Exactness: exact. Raises: `ShapeError`. Source: `is_critical`.
    """
    for check in setting:
        holds, witness, _ = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    holds, witness, _ = is_critical(problem, parameters)
    return None if holds else NothingClaimed(Status.PROVED, f"nothing is claimed about this point: {witness}")


def global_or_saddle(problem: Problem, parameters: Parameters | None, other: Parameters | None = None) -> Verdict:
    """The conclusion that this critical point is a global minimum or a saddle: PROVED, REFUTED or UNDECIDED.

    A critical point that is not a local minimum is a saddle unless the risk is constant near it, for it is no strict local
    maximum: the risk is convex in each layer. `other` is not used. Exactness: exact. Raises: `ShapeError`. Source: papers.md, A2.
    """
    assert parameters is not None
    silent = silent_verdict(problem, parameters, linear_without_biases, squared_loss)
    if silent is not None:
        return silent
    best, why = is_global_minimum(problem, parameters)
    risk = problem.rational_risk(parameters)
    if best:
        return certified_global(problem, parameters, why)
    verdict = not_a_local_minimum(problem, parameters)
    if verdict.status is Status.REFUTED:
        return Verdict(Status.PROVED, f"a saddle: {verdict.reason}", verdict.certificate, verdict.lower_point, risk)
    if verdict.status is Status.PROVED:
        return Verdict(Status.REFUTED, f"a local minimum that is not global: {why}", verdict.certificate, risk=risk)
    return Verdict(Status.UNDECIDED, f"not shown to be a saddle or global: {why}; {verdict.reason}", risk=risk)
