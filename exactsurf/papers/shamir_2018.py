"""Shamir, "Are ResNets Provably Better than Linear Predictors?", NeurIPS 2018: local minima of one residual block.

The abstract was read; the statement for one block with free weights on both of its sides is proved in proofs/shamir_2018.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InputError
from exactsurf.exact.linear_algebra import Vector, dot, least_squares
from exactsurf.minima.decide import decide
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.data import Data
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restriction import Restriction
from exactsurf.model.restrictions import residual
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import WHOLE_DIFFERENTIABLE_LOSS
from exactsurf.theorems.outcome import nothing_claimed
from exactsurf.theorems.point_conditions import local_minimum
from exactsurf.theorems.references import SHAMIR_2018
from exactsurf.theorems.restricted_conditions import of_restricted, same_subspace
from exactsurf.theorems.theorem import ABOUT_LOCAL_MINIMA, Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem

__all__ = ["best_linear_predictor", "no_worse_than_linear", "units_of_the_block"]


def units_of_the_block(restriction: Restriction) -> int | NotProved:
    """The hidden units of the block, if a restriction is that of f(x) = w·(x + V h(Ux)) with free w, V, U, else why not.

    Exactness: exact. Raises: nothing. Source: `es.residual`.

    >>> import exactsurf as es
    >>> units_of_the_block(es.residual(2, 3, head=[None, None])), units_of_the_block(es.residual(1, 1)).reason
    (3, 'the restriction is not that of one residual block with a free row of output weights')
    """
    block = free_block(restriction)
    if block is None or not same_subspace(restriction, block):
        return NotProved("the restriction is not that of one residual block with a free row of output weights")
    return block.network.widths[1] - 2 * block.network.widths[0]


def free_block(restriction: Restriction) -> Restriction | None:
    """The residual block with all weights free on the network of a restriction; None if there is none.

    Exactness: exact. Raises: nothing. Source: `es.residual`.

    >>> import exactsurf as es
    >>> free_block(es.residual(1, 2, head=[1])).names, free_block(es.diagonal(2))
    (('W1_0_0', 'W1_1_0', 'V1_0_0', 'V1_0_1', 'v_0'), None)
    """
    network = restriction.network
    inputs = network.widths[0]
    hidden = network.widths[1] - 2 * inputs
    if network.layers != 3 or hidden < 1:
        return None
    try:
        block = residual(inputs, hidden, activation=network.activation, head=[None] * inputs)
    except InputError:
        return None
    return block if block.network == network else None


def best_linear_predictor(problem: RestrictedProblem) -> tuple[Vector, Fraction]:
    """The row w of least risk among all predictors w·x, for the squared loss, and its risk.

    Exactness: exact. Raises: `HypothesisError` for other losses. Source: least squares.

    >>> import exactsurf as es
    >>> problem = es.RestrictedProblem(es.residual(1, 1, head=[None]), es.Data.from_arrays([1, 2], [1, 1]))
    >>> best_linear_predictor(problem)
    ((Fraction(3, 5),), Fraction(1, 10))
    """
    inner = problem.unrestricted
    if not inner.is_least_squares or inner.network.widths[-1] != 1:
        raise HypothesisError("loss", f"the loss is {inner.loss!r}", "take the squared loss and samples of equal weights")
    goal = [y for (y,) in inner.data.y]
    row = least_squares(inner.data.x, goal)
    misfit = [dot(row, x) - y for x, y in zip(inner.data.x, goal, strict=True)]
    return row, inner.common_scale * dot(misfit, misfit)


def is_block(problem: RestrictedProblem) -> Check:
    """One residual block with free weights on all sides."""
    found = units_of_the_block(problem.restriction)
    if isinstance(found, NotProved):
        return False, found.reason, ()
    return True, f"one block of {found} unit{'s' * (found != 1)} on {problem.restriction.network.widths[0]} inputs", (found,)


def _conclude(problem: RestrictedProblem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    if not problem.unrestricted.is_least_squares or problem.restriction.network.widths[-1] != 1:
        return Verdict(Status.UNDECIDED, "the best linear predictor is known for the squared loss and one output")
    _row, least = best_linear_predictor(problem)
    verdict = decide(problem, parameters)
    risk = problem.unrestricted.rational_risk(parameters)
    if verdict.status is Status.REFUTED:
        return nothing_claimed(verdict, f"nothing is claimed about this point: {verdict.reason}")
    if risk <= least and verdict.status is Status.PROVED:
        return replace(verdict, reason=f"the risk {short(risk)} is at most {short(least)}, that of the best linear predictor")
    if verdict.status is Status.PROVED:
        why = f"a local minimum of risk {short(risk)}, more than {short(least)}, that of the best linear predictor"
        return replace(verdict, status=Status.REFUTED, reason=why)
    return Verdict(Status.UNDECIDED, verdict.reason)


def fixed_output_weight() -> tuple[RestrictedProblem, Parameters]:
    """A block whose output weight is held at 1, so that f(x) = x + V h(Ux): a dead unit is a bad local minimum.

    Exactness: exact. Source: proofs/shamir_2018.

    >>> import exactsurf as es
    >>> problem, point = fixed_output_weight()
    >>> problem.risk(point), best_linear_predictor(problem)[1], es.decide(problem, point).status
    (Fraction(5, 2), Fraction(0, 1), <Status.PROVED: 'PROVED'>)
    """
    problem = RestrictedProblem(residual(1, 1, head=[1]), Data.from_arrays([1, 2], [2, 4]))
    return problem, problem.parameters(W1_0_0=-1, V1_0_0=0)


def block_examples() -> tuple[SharpnessExample, ...]:
    """The bad local minimum of `fixed_output_weight`. Exactness: exact. Source: proofs/shamir_2018."""
    problem, point = fixed_output_weight()
    return (SharpnessExample("block", "output weights held at 1: a dead unit leaves f(x) = x", problem, point),)


no_worse_than_linear = Theorem(
    key="shamir_2018.no_worse_than_linear",
    title="One residual block: no local minimum is worse than the best linear predictor",
    statement=(
        r"Let $f(x) = w^T(x + V h(Ux))$ with free $w$, $V$, $U$, and a convex differentiable loss. Then the risk of a local "
        r"minimum is at most that of every linear predictor $x \mapsto u^T x$."
    ),
    reference=SHAMIR_2018,
    hypotheses=(
        WHOLE_DIFFERENTIABLE_LOSS,
        Hypothesis("block", "one residual block with a free row of output weights", of_restricted(is_block), True),
        PointHypothesis("minimum", "the point is a local minimum of the restricted risk", of_restricted(local_minimum)),
    ),
    conclude=_conclude,
    examples=block_examples,
    without_example=(("minimum", ABOUT_LOCAL_MINIMA),),
    has_restriction=True,
    remarks=(
        "The abstract was read: no local minima with value above what a linear predictor obtains, for arbitrary residual units. "
        "Proved here for one block of one hidden layer; the proof is the same for any network in its place. Decided for the "
        "squared loss."
    ),
)
