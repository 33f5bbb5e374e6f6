"""Kawaguchi, "Deep Learning without Poor Local Minima", NIPS 2016: Theorem 2.3 and Corollary 2.4 for deep linear networks."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InternalError, UnsupportedError
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import from_flint, rank, scaled, to_flint
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.kawaguchi_expected import (
    ASSUMPTIONS,
    Assumption,
    contradicted_instance,
    contradiction,
    corollary_3_2,
    reduced_problem,
)
from exactsurf.papers.kawaguchi_saddles import BadSaddle, bad_saddle, bad_saddles, corollary_2_4
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.descent_lines import hessian
from exactsurf.theorems.constructions.linear_network import (
    global_or_saddle,
    linear_without_biases,
    product,
)
from exactsurf.theorems.data_conditions import (
    correlation,
)
from exactsurf.theorems.hypotheses import (
    CRITICAL,
    DEEP_LINEAR,
    DISTINCT_EIGENVALUES,
    FEWER_TARGETS_THAN_INPUTS,
    FULL_RANK_CORRELATION,
    FULL_RANK_INPUTS,
    SOME_HIDDEN_LAYER,
    SQUARED_LOSS,
)
from exactsurf.theorems.network_conditions import hidden_layers, squared_loss
from exactsurf.theorems.references import KAWAGUCHI_2016
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, Theorem

__all__ = [
    "ASSUMPTIONS",
    "Assumption",
    "BadSaddle",
    "Segment",
    "bad_saddle",
    "bad_saddles",
    "contradicted_instance",
    "contradiction",
    "convexity_witnesses",
    "corollary_2_4",
    "corollary_3_2",
    "reduced_problem",
    "theorem_2_3",
]


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """(ii) and (iii): global minimum or saddle; (iv): a strict saddle if rank(W_H ⋯ W_2) is the least hidden width."""
    assert parameters is not None
    verdict = global_or_saddle(problem, parameters)
    if verdict.status is not Status.PROVED or verdict.lower_point is None:
        return verdict  # a saddle is proved by a point of lower risk
    count, least = problem.network.layers, min(problem.network.widths[1:-1])
    middle = rank(product(parameters, 2, count - 1)) if count > 2 else least
    if middle < least:
        reason = f"{verdict.reason}; (iv) claims nothing: rank W_H ⋯ W_2 = {middle} < {least}"
        return Verdict(Status.PROVED, reason, verdict.certificate, verdict.lower_point, verdict.risk)
    try:
        factors = ldlt(hessian(problem, parameters))
    except UnsupportedError as error:
        return Verdict(Status.UNDECIDED, f"{verdict.reason}; (iv): {error}", risk=verdict.risk)
    if factors.negative_direction is None:
        reason = "(iv) fails: rank W_H ⋯ W_2 is the least hidden width, and the Hessian is positive semidefinite at a saddle"
        return Verdict(Status.REFUTED, reason, verdict.certificate, verdict.lower_point, verdict.risk)
    reason = f"{verdict.reason}; (iv): the Hessian has {factors.inertia[1]} negative eigenvalues"
    return Verdict(Status.PROVED, reason, verdict.certificate, verdict.lower_point, verdict.risk)


@dataclass(frozen=True)
class Segment:
    """Two points and the exact risks at the first, in the middle and at the second.

    Exactness: exact. Source: Kawaguchi 2016, Theorem 2.3 (i); proofs/kawaguchi_2016.
    """

    first: Parameters
    second: Parameters
    risks: tuple[Fraction, Fraction, Fraction]


def convexity_witnesses(problem: Problem) -> tuple[Segment, Segment]:
    """Part (i): a segment with a middle above the mean of its ends (not convex), and one with a middle below it (not concave).

    The first turns the signs of W_1 and W_2, which keeps the product, and has W_1 = W_2 = 0 in the middle; the second changes one
    entry of W_1, in which the risk is a parabola.
    Parameters: a deep linear `problem` without biases, squared loss, X Yᵀ ≠ 0. Exactness: exact.
    Raises: `HypothesisError` for other problems: for X Yᵀ = 0 part (i) is not decided. Source: proofs/kawaguchi_2016.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    >>> bent, hollow = convexity_witnesses(es.Problem(es.Network([2, 2, 2], es.linear, biases=False), data))
    >>> [str(risk) for risk in bent.risks], [str(risk) for risk in hollow.risks]
    (['0', '5/2', '0'], ['9/2', '0', '9/2'])
    """
    check_problem(problem)
    for check in (linear_without_biases, squared_loss, hidden_layers(1)):
        holds, witness, _ = check(problem)
        if not holds:
            raise HypothesisError("Theorem 2.3 (i)", witness)
    table = correlation(problem.data)
    place = next(((b, a) for b, row in enumerate(table) for a, value in enumerate(row) if value), None)
    if place is None:
        raise HypothesisError("Theorem 2.3 (i)", "X Yᵀ = 0", "take targets that are correlated with the inputs")
    theta = _good_point(problem, place)
    first, second, *rest = theta.weights
    turned = Parameters((scaled(first, -1), scaled(second, -1), *rest), theta.biases)
    moved = []
    for step in (3, -3):
        row = tuple(value + step * (a == place[1]) for a, value in enumerate(first[0]))
        moved.append(Parameters(((row, *first[1:]), second, *rest), theta.biases))
    found = _segment(problem, theta, turned), _segment(problem, *moved)
    (one, middle, two), (low, centre, high) = found[0].risks, found[1].risks
    if not (2 * middle > one + two and 2 * centre < low + high):
        raise InternalError("the segments do not show that the risk is neither convex nor concave")
    return found


def _good_point(problem: Problem, place: tuple[int, int]) -> Parameters:
    """A point below the risk at 0: the least squares fit where the layers carry it, else its best multiple of one entry."""
    data, widths, zero = problem.data, problem.network.widths, Fraction(0)
    outputs, (b, a) = widths[-1], place
    x, y = to_flint(data.x), to_flint(data.y)
    if min(widths[1:-1]) >= outputs and rank(data.x) == widths[0]:
        best = from_flint((x.transpose() * x).solve(x.transpose() * y).transpose())
        kept = [(k, k) for k in range(outputs)]
    else:
        factor = correlation(data)[b][a] / sum((row[a] ** 2 for row in data.x), zero)
        best, kept = ((*(zero,) * a, factor, *(zero,) * (widths[0] - a - 1)),), [(0, 0)]
    weights = [(*best, *((zero,) * widths[0],) * (widths[1] - len(best)))]
    for layer, (below, above) in enumerate(itertools.pairwise(widths[1:]), start=2):
        last = layer == problem.network.layers and len(kept) == 1
        ones = {(b, 0)} if last else set(kept)
        weights.append(tuple(tuple(Fraction(int((p, q) in ones)) for q in range(below)) for p in range(above)))
    return Parameters(tuple(weights), (None,) * problem.network.layers)


def _segment(problem: Problem, first: Parameters, second: Parameters) -> Segment:
    middle = first.moved(second.moved(first, Fraction(-1)), Fraction(1, 2))
    low, centre, high = map(problem.rational_risk, (first, middle, second))
    return Segment(first, second, (low, centre, high))


theorem_2_3 = Theorem(
    key="kawaguchi_2016.theorem_2_3",
    title="Deep linear networks have no poor local minima",
    statement=(
        r"Let $XX^T$ and $XY^T$ have full rank, $d_y \le d_x$, and let $\Sigma = YX^T(XX^T)^{-1}XY^T$ have $d_y$ distinct "
        r"eigenvalues. Then for the squared risk of a deep linear network: (i) it is neither convex nor concave; (ii) every "
        r"local minimum is a global minimum; (iii) every other critical point is a saddle; (iv) if "
        r"$\mathrm{rank}(W_H \cdots W_2) = p$, the least hidden width, the Hessian at any saddle has a negative eigenvalue."
    ),
    reference=KAWAGUCHI_2016,
    hypotheses=(
        DEEP_LINEAR,
        SOME_HIDDEN_LAYER,
        SQUARED_LOSS,
        FULL_RANK_INPUTS,
        FULL_RANK_CORRELATION,
        FEWER_TARGETS_THAN_INPUTS,
        DISTINCT_EIGENVALUES,
        CRITICAL,
    ),
    construct=bad_saddle,
    conclude=_conclude,
    without_example=(
        (
            "rank X",
            "none is known: W_1 acts on the span of the inputs only, so (iv) alone may need it",
        ),
        ("rank XY", "none is known: (ii) and (iii) hold without it (trager_2020), so (iv) alone may need it"),
        ("d_y", "none is known: (ii) and (iii) hold without it (trager_2020), so (iv) alone may need it"),
        ("eigenvalues", "none is known: (ii) and (iii) hold without it (trager_2020), so (iv) alone may need it"),
        ("critical", ABOUT_CRITICAL_POINTS),
    ),
    remarks=(
        "construct builds the bad saddle of Corollary 2.4; convexity_witnesses gives two segments that decide (i). Corollary 3.2 "
        "on ReLU networks is a theorem of its own, kawaguchi_2016.corollary_3_2."
    ),
)
