"""Hardt and Ma, "Identity Matters in Deep Learning", ICLR 2017: linear residual networks near the identity.

The introduction was read. The statement is proved in proofs/hardt_2017: layers I + A with |A| < 1 are invertible.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, dot
from exactsurf.minima.decide import decide
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.activation import linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restriction import Restriction
from exactsurf.model.restrictions import residual
from exactsurf.theorems.hypotheses import WHOLE_DIFFERENTIABLE_LOSS
from exactsurf.theorems.network_conditions import differentiable_loss
from exactsurf.theorems.outcome import nothing_claimed
from exactsurf.theorems.references import HARDT_2017
from exactsurf.theorems.restricted_conditions import critical_among_free, of_restricted, of_whole, same_subspace
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem

__all__ = ["blocks_of", "near_identity"]


def blocks_of(restriction: Restriction) -> int | NotProved:
    """The number of blocks x ↦ (I + A)x, all A free, of which a restriction is made, else why not.

    Exactness: exact. Raises: nothing. Source: `es.residual` with a linear activation.

    >>> import exactsurf as es
    >>> blocks_of(es.residual(2, 2, blocks=3, activation="linear")), blocks_of(es.diagonal(2)).reason
    (3, 'the layers are not blocks I + A with free A')
    """
    network = restriction.network
    inputs, layers = network.widths[0], network.layers
    no = NotProved("the layers are not blocks I + A with free A")
    if set(network.widths) != {inputs} or network.activation != linear or any(network.biases):
        return no
    return layers if same_subspace(restriction, residual(inputs, inputs, blocks=layers, activation=linear)) else no


def _is_residual(problem: RestrictedProblem) -> Check:
    found = blocks_of(problem.restriction)
    if isinstance(found, NotProved):
        return False, found.reason, ()
    return True, f"{found} block{'s' * (found != 1)} I + A of {problem.restriction.network.widths[0]} entries", (found,)


def _near_identity(problem: RestrictedProblem, parameters: Parameters) -> Check:
    """I − AᵀA is positive definite for every block: the spectral norm of A is less than 1."""
    for block, rows in enumerate(parameters.weights, start=1):
        size = len(rows)
        if any(len(row) != size for row in rows):
            return None, "the layers are not square", ()
        off = [[value - (j == k) for k, value in enumerate(row)] for j, row in enumerate(rows)]
        columns = list(zip(*off, strict=True))
        gram: Matrix = tuple(
            tuple(Fraction(p == q) - dot(first, second) for q, second in enumerate(columns)) for p, first in enumerate(columns)
        )
        if ldlt(gram).inertia[0] < size:
            return False, f"the spectral norm of A is at least 1 in block {block}", (block,)
    return True, "the spectral norm of A is less than 1 in every block", ()


def _is_best_map(problem: RestrictedProblem, parameters: Parameters) -> bool:
    """Whether the derivatives of the risk by the entries of the product of all layers are 0."""
    product: Matrix = parameters.weights[0]
    for rows in parameters.weights[1:]:
        columns = list(zip(*product, strict=True))
        product = tuple(tuple(dot(row, column) for column in columns) for row in rows)
    inner = problem.unrestricted
    one = Problem(Network([inner.network.widths[0], inner.network.widths[-1]], linear, biases=False), inner.data, inner.loss)
    gradient = selected_gradient(Point(one, Parameters((product,), (None,))))
    return not any(map(any, gradient.weights[0]))


def _conclude(problem: RestrictedProblem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    for check in (_is_residual, of_whole(differentiable_loss)):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    critical, witness, _data = critical_among_free(problem, parameters)
    if critical is None:
        return Verdict(Status.UNDECIDED, witness)
    if not critical:
        return nothing_claimed(Verdict(Status.UNDECIDED, ""), f"nothing is claimed about this point: {witness}")
    is_best = _is_best_map(problem, parameters)
    verdict = decide(problem, parameters, spurious=not is_best)
    if is_best and verdict.status is Status.PROVED:
        return replace(verdict, reason="a global minimum: no linear map has a lower risk than the product of the layers")
    if not is_best and (verdict.status is Status.REFUTED or verdict.lower_point is not None):
        return replace(verdict, status=Status.REFUTED, reason=f"no global minimum: {verdict.reason}")
    return Verdict(Status.UNDECIDED, verdict.reason)


def _examples() -> tuple[SharpnessExample, ...]:
    problem = RestrictedProblem(residual(1, 1, blocks=2, activation=linear), Data.from_arrays([1], [1]))
    zero = problem.parameters(A1_0_0=-1, A2_0_0=-1)
    return (SharpnessExample("near identity", "both layers are 0: a saddle", problem, zero),)


near_identity = Theorem(
    key="hardt_2017.near_identity",
    title="Linear residual networks near the identity: critical points are global minima",
    statement=(
        r"In a linear residual network $(I + A_L) \cdots (I + A_1) x$ with a convex differentiable loss, a critical point with "
        r"$\|A_l\| < 1$ for all $l$ (spectral norms) is a global minimum of the risk."
    ),
    reference=HARDT_2017,
    hypotheses=(
        Hypothesis("blocks", "all layers are I + A with free A", of_restricted(_is_residual), True),
        WHOLE_DIFFERENTIABLE_LOSS,
        PointHypothesis("critical", "the derivatives by all entries of the A are 0", of_restricted(critical_among_free)),
        PointHypothesis("near identity", "all spectral norms of the A are less than 1", of_restricted(_near_identity)),
    ),
    conclude=_conclude,
    examples=_examples,
    without_example=(("critical", ABOUT_CRITICAL_POINTS),),
    has_restriction=True,
    remarks=(
        "The introduction was read, of the theorem a summary; the paper has the squared population risk. Norms are compared "
        "with 1 by the inertia of I − AᵀA. Enough is that all layers are invertible (proofs/hardt_2017)."
    ),
)
