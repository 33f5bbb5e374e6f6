"""Sublevel sets of deep linear networks whose layers are wide enough for every matrix: connected or not, decided by ranks."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.linear_algebra import Matrix, rank
from exactsurf.model.problem import Problem


def linear_sublevel_sets(problem: Problem) -> Verdict:
    """Whether all sublevel sets of the squared risk of a deep linear network are connected.

    With hidden layers wider than m = min(d_x, d_y) they are. With layers of width m, and none narrower, the lowest one has at
    least 2^b components, b the number of these layers, if the correlation Σ ω_i y_i x_iᵀ has rank m (with a bias of the
    output: of centred samples); if its rank is smaller, all are connected for b = 1.
    Parameters: `problem`, a linear network with the squared loss, without biases or with one of the output layer.
    Exactness: ranks of rational matrices. Raises: nothing. Source: proofs/freeman_2017.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([1, 2], [2, 3])
    >>> [str(linear_sublevel_sets(es.Problem(es.Network([1, n, 1], es.linear, biases=False), data)).status) for n in (1, 2)]
    ['REFUTED', 'PROVED']
    """
    widths = problem.network.widths
    least, hidden = min(widths[0], widths[-1]), widths[1:-1]
    narrow = sum(width == least for width in hidden)
    if min(hidden) < least:
        reason = f"a hidden layer is narrower than min(d_x, d_y) = {least}: not every matrix is a product"
        return Verdict(Status.UNDECIDED, reason)
    if not narrow:
        reason = (
            f"every sublevel set is connected: all hidden layers are wider than min(d_x, d_y) = {least}, and the loss is convex"
        )
        return Verdict(Status.PROVED, reason)
    found = rank(_correlation(problem))
    if found == least:
        reason = (
            f"the lowest sublevel set has at least {2**narrow} components: factors of matrices of rank {least}, which never drops"
        )
        return Verdict(Status.REFUTED, reason)
    low = f"the correlation of targets and inputs has rank {found} < {least}, so the lowest sublevel set holds such a matrix"
    if narrow == 1:
        return Verdict(Status.PROVED, f"every sublevel set is connected: {low}, where components join")
    return Verdict(Status.UNDECIDED, f"{narrow} hidden layers have the width {least}; {low}")


def _correlation(problem: Problem) -> Matrix:
    """Σ ω_i (y_i − ȳ)(x_i − x̄)ᵀ, d_y × d_x; without a bias of the output not centred."""
    x, y, weights = problem.data.x, problem.data.y, problem.shares
    if problem.network.biases[-1]:
        x, y = _centred(x, weights), _centred(y, weights)
    return tuple(
        tuple(
            sum((w * b[k] * a[j] for w, a, b in zip(weights, x, y, strict=True)), Fraction(0))
            for j in range(problem.network.widths[0])
        )
        for k in range(problem.network.widths[-1])
    )


def _centred(rows: Matrix, weights: tuple[Fraction, ...]) -> Matrix:
    total = sum(weights, Fraction(0))
    means = [sum((w * row[j] for w, row in zip(weights, rows, strict=True)), Fraction(0)) / total for j in range(len(rows[0]))]
    return tuple(tuple(v - mean for v, mean in zip(row, means, strict=True)) for row in rows)
