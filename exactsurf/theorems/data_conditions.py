"""Hypotheses on the data, each decided exactly with a witness: distinct, not affine, ranks, eigenvalues, separable, balanced."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.exact.linear_algebra import Matrix, Vector, from_flint, kernel, rank, to_flint, transposed
from exactsurf.exact.number import approximate, to_text
from exactsurf.exact.spectrum import repeated_eigenvalues
from exactsurf.exact.strict_system import MotzkinMultipliers, solve_strict_system
from exactsurf.model.data import Data
from exactsurf.model.problem import Problem
from exactsurf.theorems.theorem import Check


def not_affine(problem: Problem) -> Check:
    """No affine model fits the data exactly."""
    fit = problem.data.affine_fit
    if fit.is_perfect:
        return False, "an affine model fits every sample exactly", (fit.slopes, fit.constants)
    k, i = next((k, i) for k, r in enumerate(fit.residuals) for i, n in enumerate(r.numerators) if n)
    return True, f"the least squares fit misses sample {i} by {short(fit.residuals[k][i])}", (i, fit.residuals[k][i])


def distinct_inputs(problem: Problem) -> Check:
    """All samples have different inputs."""
    seen: dict[tuple[int, ...], int] = {}
    for i in range(len(problem.data)):
        first = seen.setdefault(problem.data.inputs.integer_row(i), i)
        if first != i:
            targets = problem.data.targets
            labels = "equal" if targets.integer_row(first) == targets.integer_row(i) else "different"
            return False, f"samples {first} and {i} have the same inputs ({labels} targets)", (first, i)
    return True, f"all {len(problem.data)} samples have different inputs", ()


def target_is_function(problem: Problem) -> Check:
    """Samples with the same inputs have the same targets."""
    first: dict[tuple[int, ...], int] = {}
    for i in range(len(problem.data)):
        k = first.setdefault(problem.data.inputs.integer_row(i), i)
        if problem.data.y[k] != problem.data.y[i]:
            return False, f"samples {k} and {i} have the same inputs and different targets", (k, i)
    return True, f"{len(first)} different inputs, each with one target", (len(first),)


def full_rank_inputs(problem: Problem) -> Check:
    """rank X = d_x, so that X Xᵀ is invertible."""
    x = problem.data.x
    found, width = rank(x), len(x[0])
    if found == width:
        return True, f"rank X = {found}", (found,)
    vector = kernel(x)[0]
    return False, f"rank X = {found} < {width}: the combination {_vector(vector)} of the inputs is 0 on every sample", (vector,)


def full_rank_targets(problem: Problem) -> Check:
    """rank Y = d_y."""
    return _full_rank(problem.data.y, "Y", "of the targets is 0 on every sample")


def full_rank_correlation(problem: Problem) -> Check:
    """rank X Yᵀ = d_y."""
    return _full_rank(transposed(correlation(problem.data)), "X Yᵀ", "of the targets is uncorrelated with every input")


def _full_rank(rows: Matrix, name: str, meaning: str) -> Check:
    """Whether a matrix has full column rank."""
    found, width = rank(rows), len(rows[0])
    if found == width:
        return True, f"rank {name} = {found}", (found,)
    vector = kernel(rows)[0]
    return False, f"rank {name} = {found} < {width}: the combination {_vector(vector)} {meaning}", (vector,)


def fewer_targets_than_inputs(problem: Problem) -> Check:
    """d_y ≤ d_x."""
    outputs, inputs = problem.data.targets.columns, problem.data.inputs.columns
    return outputs <= inputs, f"d_y = {outputs}, d_x = {inputs}", (outputs, inputs)


def distinct_eigenvalues(problem: Problem) -> Check:
    """Σ = Y Xᵀ (X Xᵀ)⁻¹ X Yᵀ has d_y distinct eigenvalues."""
    if rank(problem.data.x) < problem.data.inputs.columns:
        return None, "X Xᵀ is not invertible, so Σ is not defined", ()
    sigma = explained_covariance(problem.data)
    common = repeated_eigenvalues(sigma)
    if common is None:
        return True, f"the characteristic polynomial of Σ ({len(sigma)} × {len(sigma)}) has no repeated root", ()
    if len(common) == 2:
        return False, f"{short(-common[0])} is a repeated eigenvalue of Σ", (-common[0],)
    return False, f"the roots of a factor of degree {len(common) - 1} of det(tI − Σ) are repeated eigenvalues", common


def distinct_singular_values(problem: Problem) -> Check:
    """The non-zero singular values of Y Xᵀ (X Xᵀ)⁻¹ X are distinct, and there are min(d_x, d_y) of them."""
    data = problem.data
    if rank(data.x) < data.inputs.columns:
        return None, "X Xᵀ is not invertible", ()
    sigma = explained_covariance(data)
    # The squares of the singular values are the eigenvalues of Σ; for d_y > d_x at least d_y − d_x of them vanish.
    excess = max(0, data.targets.columns - data.inputs.columns)
    found = rank(sigma)
    if found < len(sigma) - excess:
        return False, f"only {found} singular values are not 0", (found,)
    common = repeated_eigenvalues(sigma)
    if common is None or (excess > 1 and len(common) == excess and not any(common[:-1])):
        return True, f"{found} distinct non-zero singular values", ()
    return False, "a non-zero singular value is repeated", common


def correlation(data: Data) -> Matrix:
    """Y Xᵀ = Σ_i y_i x_iᵀ, d_y × d_x."""
    return from_flint(to_flint(data.y).transpose() * to_flint(data.x))


def explained_covariance(data: Data) -> Matrix:
    """Σ = Y Xᵀ (X Xᵀ)⁻¹ X Yᵀ, d_y × d_y, for X Xᵀ invertible."""
    x, y = to_flint(data.x), to_flint(data.y)
    gram, moment = x.transpose() * x, x.transpose() * y
    return from_flint(moment.transpose() * gram.solve(moment))


def two_classes(problem: Problem) -> Check:
    """Binary labels −1 and 1, one output."""
    outputs = problem.data.targets.columns
    if outputs != 1:
        return False, f"there are {outputs} outputs", (outputs,)
    for i, (label,) in enumerate(problem.data.y):
        if abs(label) != 1:
            return False, f"sample {i} has the label {short(label)}", (i,)
    return True, "one output, labels −1 and 1", ()


def separable(problem: Problem) -> Check:
    """Some (q, β) has y_i (q·x_i + β) ≥ 1 for all samples."""
    holds, why, data = two_classes(problem)
    if not holds:
        return None, why, data
    found = separating_hyperplane(problem.data)
    if isinstance(found, MotzkinMultipliers):
        used = [i for i, value in enumerate(found.strict) if value]
        return False, f"the convex hulls of the two classes meet (multipliers on samples {_list(used)})", found.strict
    return True, f"q = {_vector(found[:-1])}, β = {short(found[-1])} separates the classes", found


def separating_hyperplane(data: Data) -> Vector | MotzkinMultipliers:
    """(q, β) with y_i (q·x_i + β) ≥ 1 for all samples with labels ±1, or multipliers λ ≥ 0 that show there is none.

    The multipliers satisfy Σ λ_i y_i x_i = 0, Σ λ_i y_i = 0, Σ λ_i = 1. Exactness: exact. Raises: nothing.
    Source: standard (Motzkin).

    >>> import exactsurf as es
    >>> separating_hyperplane(es.Data.from_arrays([-1, 1], [-1, 1]))
    (Fraction(1, 1), Fraction(0, 1))
    """
    return solve_strict_system([[label * v for v in (*row, Fraction(1))] for row, (label,) in zip(data.x, data.y, strict=True)])


def balanced_classes(problem: Problem) -> Check:
    """Both classes have the same total weight."""
    holds, why, data = two_classes(problem)
    if not holds:
        return None, why, data
    zero = Fraction(0)
    pairs = list(zip(problem.data.y, problem.data.weights or (Fraction(1),) * len(problem.data), strict=True))
    positive, negative = (sum((weight for (label,), weight in pairs if label == sign), zero) for sign in (1, -1))
    told = f"class 1 weighs {short(positive)}, class −1 {short(negative)}"
    if problem.data.weights is None:
        told = f"{positive} samples of class 1, {negative} of class −1"
    return positive == negative, told, (positive, negative)


def short(value: Fraction) -> str:
    """A number in few characters, exact where it is short."""
    text = to_text(value)
    return text if len(text) <= 24 else f"≈ {approximate(value)}"


def _vector(values: Vector) -> str:
    shown = ", ".join(map(short, values[:6]))
    return f"({shown}{', …' if len(values) > 6 else ''})"


def _list(indices: list[int]) -> str:
    return ", ".join(map(str, indices[:6])) + (", …" if len(indices) > 6 else "")
