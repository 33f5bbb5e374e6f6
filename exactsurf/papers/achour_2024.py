"""Achour, Malgouyres and Gerchinovitz, "The Loss Landscape of Deep Linear Neural Networks: a Second-order Analysis", 2024."""

from __future__ import annotations

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.linear_algebra import Matrix, from_flint, rank, to_flint
from exactsurf.minima.deep_linear.best_rank import is_best_of_its_rank
from exactsurf.minima.deep_linear.classification import PointKind, classify_deep_linear
from exactsurf.model.activation import linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.descent_lines import not_a_local_minimum
from exactsurf.theorems.constructions.linear_network import (
    column_basis,
    linear_without_biases,
    product,
    silent_verdict,
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
from exactsurf.theorems.point_conditions import certified_global
from exactsurf.theorems.references import ACHOUR_2024
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, SharpnessExample, Theorem

_GLOBAL, _STRICT, _FLAT = "a global minimum", "a strict saddle", "a saddle without negative eigenvalue"


def predicted_class(problem: Problem, parameters: Parameters) -> tuple[str, str]:
    """The class that the theorem gives a critical point, and the quantities that it reads it from.

    Parameters: a critical point of a deep linear `problem` without biases and with the squared loss. Exactness: exact: ranks,
    and a comparison of the eigenvalues that the product captures with the others. Raises: `ShapeError`. Source: papers.md, B.
    """
    whole = product(parameters)
    found, most = rank(whole), min(problem.network.widths)
    leads = captures_the_largest(problem, whole)
    words = f"rank {found} of at most {most}, {'the' if leads else 'not the'} {found} largest eigenvalues"
    if found == most:
        return (_GLOBAL if leads else _STRICT), words
    tightened = classify_deep_linear(problem, parameters).is_tightened
    words += f", {'' if tightened else 'not '}tightened"
    return (_FLAT if leads and tightened else _STRICT), words


def captures_the_largest(problem: Problem, whole: Matrix) -> bool:
    """Whether a matrix of rank r at a critical point is a best fit of rank r: it captures the r largest eigenvalues of Σ.

    Exactness: exact. Raises: nothing for fitting shapes. Source: Eckart and Young 1936.
    """
    if not any(map(any, whole)):
        return True
    upper = to_flint(column_basis(whole))
    lower = (upper.transpose() * upper).solve(upper.transpose() * to_flint(whole))
    return is_best_of_its_rank(problem, [from_flint(lower), from_flint(upper)], has_column=False)


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    silent = silent_verdict(problem, parameters, linear_without_biases, squared_loss, hidden_layers(1))
    if silent is not None:
        return silent
    predicted, why = predicted_class(problem, parameters)
    seen, risk = classify_deep_linear(problem, parameters), problem.rational_risk(parameters)
    if seen.kind is PointKind.GLOBAL_MINIMUM:
        verdict, observed = certified_global(problem, parameters, seen.reason), _GLOBAL
        settled = verdict.status is Status.PROVED
    else:
        verdict, observed = not_a_local_minimum(problem, parameters), _STRICT if seen.strict is Status.PROVED else _FLAT
        settled = verdict.status is Status.REFUTED and seen.strict is not Status.UNDECIDED
    if not settled:
        return Verdict(Status.UNDECIDED, f"predicted: {predicted} ({why}); {verdict.reason}", risk=risk)
    status = Status.PROVED if predicted == observed else Status.REFUTED
    reason = f"predicted: {predicted} ({why}); it is {observed}"
    return Verdict(status, reason, verdict.certificate, verdict.lower_point, risk)


def _examples() -> tuple[SharpnessExample, ...]:
    flat = Problem(Network([2, 2, 2], linear, biases=False), Data.from_arrays([[1, 0], [0, 1]], [[1, 0], [0, 0]]))
    low = flat.parameters(W1=[[1, 0], [0, 0]], W2=[[1, 0], [0, 0]])
    return (SharpnessExample("rank XY", "an eigenvalue 0: a global minimum of rank 1, predicted to be a saddle", flat, low),)


second_order = Theorem(
    key="achour_2024.second_order",
    title="Global minima, strict and non-strict saddles of deep linear networks, told by ranks",
    statement=(
        r"Let $XX^T$ be invertible, $d_y \le d_x$, $\Sigma_{XY}$ of rank $d_y$ and $\Sigma = YX^T(XX^T)^{-1}XY^T$ with distinct "
        r"eigenvalues. A critical point whose product has rank $r$ captures $r$ eigenvalues of $\Sigma$. If $r$ is the least "
        r"width, it is a global minimum if these are the $r$ largest, else a strict saddle. If $r$ is less, it is a non-strict "
        r"saddle (no negative eigenvalue of the Hessian) if they are the $r$ largest and the point is tightened (any two layers "
        r"split the others into three products, one of them non-empty and of rank $r$), else a strict saddle."
    ),
    reference=ACHOUR_2024,
    hypotheses=(
        DEEP_LINEAR,
        SOME_HIDDEN_LAYER,
        SQUARED_LOSS,
        FULL_RANK_INPUTS,
        FEWER_TARGETS_THAN_INPUTS,
        FULL_RANK_CORRELATION,
        DISTINCT_EIGENVALUES,
        CRITICAL,
    ),
    conclude=_conclude,
    examples=_examples,
    without_example=(
        ("rank X", "none is known: W_1 acts on the span of the inputs only"),
        ("d_y", "no instance is known on which the conclusion fails without it"),
        ("eigenvalues", "none is known: 'the r largest' is read as 'a best fit of rank r', which makes sense for equal ones"),
        ("critical", ABOUT_CRITICAL_POINTS),
    ),
    remarks=(
        "The abstract was read, the theorem recalled; the tests compare it with the exact inertia of the Hessian "
        "at planted critical points. Local minima and their refutations come with certificates, the inertia is an exact LDLᵀ."
    ),
)
