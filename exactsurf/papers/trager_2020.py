"""Trager, Kohn and Bruna, "Pure and Spurious Critical Points: a Geometric Study of Linear Networks", ICLR 2020."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import identity, rank, to_flint
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.descent_lines import not_a_local_minimum
from exactsurf.theorems.constructions.linear_network import (
    is_global_minimum,
    linear_without_biases,
    product,
    product_gradient,
)
from exactsurf.theorems.hypotheses import CRITICAL, DEEP_LINEAR
from exactsurf.theorems.network_conditions import differentiable_loss
from exactsurf.theorems.point_conditions import certified_global
from exactsurf.theorems.references import TRAGER_2020
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, Check, Hypothesis, Theorem


def differential_rank(parameters: Parameters) -> int:
    """The rank of the differential of (W_1, …, W_h) ↦ W_h ⋯ W_1: the span of W_{>l} Ẇ W_{<l} over the layers l.

    Exactness: exact. Raises: nothing. Source: papers.md, B (Trager et al.).
    """
    weights, one = parameters.weights, Fraction(1)
    height, width = len(weights[-1]), len(weights[0][0])
    rows = []
    for layer in range(1, len(weights) + 1):
        above = product(parameters, layer + 1) if layer < len(weights) else identity(height)
        below = product(parameters, 1, layer - 1) if layer > 1 else identity(width)
        for column in zip(*above, strict=True):
            for row in below:
                rows.append([one * a * b for a in column for b in row])
    return rank(rows)


def fibre_components(widths: tuple[int, ...], product_rank: int) -> int:
    """The number of path components of {(W_h, …, W_1) : W_h ⋯ W_1 = W} for a matrix W of rank `product_rank`.

    Parameters: `widths` d_0, …, d_h. Exactness: exact: 2^b for rank r = min d_i, b the number of hidden layers of width r,
    and 1 for smaller ranks. Raises: `InputError` for a rank beyond min d_i. Source: papers.md, B (Trager et al.).

    >>> fibre_components((1, 1, 1), 1), fibre_components((1, 1, 1), 0), fibre_components((2, 2, 2, 2), 2)
    (2, 1, 4)
    """
    least = min(widths)
    if not 0 <= product_rank <= least:
        raise InputError(f"the rank of a product is from 0 to {least}", text=str(product_rank))
    return 1 if product_rank < least else int(2 ** sum(width == least for width in widths[1:-1]))


def is_pure(problem: Problem, parameters: Parameters) -> Check:
    """Whether a critical point is pure: its product is critical for ℓ₀ on the matrices of rank ≤ min d_i (at a smooth point).

    Exactness: exact; also says whether the differential of the product map has its maximal rank, which implies it.
    Raises: `ShapeError`. Source: papers.md, B (Trager et al.).
    """
    whole, gradient = product(parameters), product_gradient(problem, parameters)
    least, found = min(problem.network.widths), rank(whole)
    height, width = len(whole), len(whole[0])
    full = differential_rank(parameters) == least * (height + width - least)
    words = "the differential of the product map has maximal rank" if full else "the differential of the product map drops rank"
    if not any(map(any, gradient)):
        return True, f"∇ℓ₀ = 0; {words}", (found,)
    if least == min(height, width):
        return False, f"every matrix is a product, and ∇ℓ₀ ≠ 0; {words}", (found,)
    if found < least:
        return False, f"the product has rank {found} < {least}, a singular point of the determinantal variety; {words}", (found,)
    p, g = to_flint(whole), to_flint(gradient)
    normal = not any((p.transpose() * g).entries()) and not any((g * p.transpose()).entries())
    place = "is" if normal else "is not"
    return normal, f"∇ℓ₀ {place} normal to the matrices of rank {least} at the product; {words}", (found,)


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    holds, witness, _data = linear_without_biases(problem)
    if not holds or not problem.loss.is_smooth:
        return Verdict(Status.UNDECIDED, witness if not holds else f"the loss is {problem.loss!r}")
    pure, why, _data = is_pure(problem, parameters)
    risk = problem.rational_risk(parameters)
    if pure:
        return Verdict(Status.PROVED, f"the point is pure: {why}", risk=risk)
    best = problem.is_least_squares and is_global_minimum(problem, parameters)[0]
    if best:
        return certified_global(problem, parameters, "nothing is claimed about it")
    verdict = not_a_local_minimum(problem, parameters)
    if verdict.status is Status.REFUTED:
        reason = f"the point is spurious ({why}), and {verdict.reason}"
        return Verdict(Status.PROVED, reason, verdict.certificate, verdict.lower_point, risk)
    if verdict.status is Status.PROVED and problem.is_least_squares:
        return Verdict(Status.REFUTED, f"a local minimum, not global, not pure: {why}", verdict.certificate, risk=risk)
    return Verdict(Status.UNDECIDED, f"the point is spurious ({why}); {verdict.reason}", risk=risk)


local_minima_are_pure = Theorem(
    key="trager_2020.local_minima_are_pure",
    title="Local minima of linear networks that are not global are pure",
    statement=(
        r"Let $\ell$ be smooth and convex and $L = \ell \circ \mu$ with $\mu(W_1,\dots,W_h) = W_h \cdots W_1$. A critical point "
        r"is pure if $\mu$ of it is critical for $\ell$ on the matrices of rank at most $\min_i d_i$, else spurious. Every "
        r"local minimum that is not global is pure; if $\min_i d_i = \min(d_0, d_h)$, every local minimum is global."
    ),
    reference=TRAGER_2020,
    hypotheses=(
        DEEP_LINEAR,
        Hypothesis("loss", "a smooth and convex loss", differentiable_loss, setting=True),
        CRITICAL,
    ),
    conclude=_conclude,
    without_example=(("critical", ABOUT_CRITICAL_POINTS),),
    remarks="The number of path components of the fibres of μ: fibre_components(widths, rank).",
)
