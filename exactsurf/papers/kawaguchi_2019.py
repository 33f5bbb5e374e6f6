"""Kawaguchi and Bengio, "Depth with Nonlinearity Creates No Bad Local Minima in ResNets", Neural Networks 2019.

The abstract was read; the statement for one output and one residual block is proved in proofs/kawaguchi_2019.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.linear_algebra import combination
from exactsurf.minima.decide import decide
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.activation import linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.papers.shamir_2018 import block_examples, free_block, is_block
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import WHOLE_DIFFERENTIABLE_LOSS
from exactsurf.theorems.network_conditions import differentiable_loss
from exactsurf.theorems.outcome import nothing_claimed
from exactsurf.theorems.point_conditions import local_minimum
from exactsurf.theorems.references import KAWAGUCHI_2019
from exactsurf.theorems.restricted_conditions import of_restricted, of_whole
from exactsurf.theorems.theorem import ABOUT_LOCAL_MINIMA, Hypothesis, PointHypothesis, Theorem

__all__ = ["no_bad_local_minima", "with_fixed_features"]


def with_fixed_features(problem: RestrictedProblem, parameters: Parameters) -> tuple[Problem, Parameters] | NotProved:
    """The linear model w·x + r·z on inputs x and features z = h(Ux) of a point, and what the point is in it: r = Vᵀw.

    Parameters: `problem`, one residual block, some of whose weights may be held; `parameters`, which obey its restriction.
    Returns: a problem in which all of w and r are free, and parameters with the same predictions; why not, for other
    restrictions. Exactness: exact. Raises: nothing. Source: proofs/kawaguchi_2019.

    >>> import exactsurf as es
    >>> problem = es.RestrictedProblem(es.residual(1, 1, head=[None]), es.Data.from_arrays([1, -2], [1, 1]))
    >>> point = problem.parameters(W1_0_0=-1, V1_0_0=3, v_0=2)
    >>> model, there = with_fixed_features(problem, point)
    >>> [[str(v) for v in row] for row in model.data.x], [str(v) for v in there.weights[0][0]]
    ([['1', '0'], ['-2', '2']], ['2', '6'])
    """
    block = free_block(problem.restriction)
    if block is None or not block.holds(parameters):
        return NotProved("the restriction is not that of one residual block")
    inner, network = problem.unrestricted, block.network
    inputs, samples = network.widths[0], len(inner.data)
    hidden, span = network.widths[1] - 2 * inputs, sum(network.activation.slopes, Fraction(0))
    features = [unit.fractions() for unit in inner.forward(parameters).activations[0][:hidden]]
    head = [value * span for value in parameters.weights[2][0][:inputs]]
    mixed = combination(head, [row[:hidden] for row in parameters.weights[1][:inputs]])
    rows = [[*inner.data.x[i], *(feature[i] for feature in features)] for i in range(samples)]
    data = Data.from_arrays(rows, inner.data.y, weights=inner.data.weights)
    model = Problem(Network([inputs + hidden, 1], linear, biases=False), data, inner.loss)
    return model, model.parameters(W1=[[*head, *mixed]])


def _conclude(problem: RestrictedProblem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """Whether a local minimum is a global minimum of the linear model on its inputs and features."""
    assert parameters is not None
    holds, witness, _data = of_whole(differentiable_loss)(problem)
    found = with_fixed_features(problem, parameters)
    if not holds or isinstance(found, NotProved):
        return Verdict(Status.UNDECIDED, found.reason if isinstance(found, NotProved) else witness)
    verdict = decide(problem, parameters)
    if verdict.status is Status.REFUTED:
        return nothing_claimed(verdict, f"nothing is claimed about this point: {verdict.reason}")
    if verdict.status is Status.UNDECIDED:
        return verdict
    model, there = found
    risk = problem.unrestricted.rational_risk(parameters)
    least = decide(model, there)
    if least.status is Status.PROVED:
        reason = f"no linear predictor on the inputs and the features of the block has a lower risk than {short(risk)}"
        return replace(least, reason=reason)
    if least.status is Status.REFUTED:
        why = f"a local minimum of risk {short(risk)}, and some linear predictor on inputs and features has a lower one"
        return replace(verdict, status=Status.REFUTED, reason=why)
    return least


def _construct(problem: RestrictedProblem, parameters: Parameters) -> tuple[Problem, Parameters] | NotProved:
    return with_fixed_features(problem, parameters)


no_bad_local_minima = Theorem(
    key="kawaguchi_2019.no_bad_local_minima",
    title="One residual block: local minima are least among all linear predictors on the inputs and the features",
    statement=(
        r"Let $f(x) = w^T(x + V z(x))$ with features $z(x) = h(Ux)$, free $w$, $V$, $U$, and a convex differentiable loss. Then "
        r"a local minimum has a risk that no $x \mapsto u^T x + r^T z(x)$ with its features goes below. So it is no worse than "
        r"every linear predictor, and better by what the features can add."
    ),
    reference=KAWAGUCHI_2019,
    hypotheses=(
        WHOLE_DIFFERENTIABLE_LOSS,
        Hypothesis("block", "one residual block with a free row of output weights", of_restricted(is_block), True),
        PointHypothesis("minimum", "the point is a local minimum of the restricted risk", of_restricted(local_minimum)),
    ),
    construct=_construct,
    conclude=_conclude,
    examples=block_examples,
    without_example=(("minimum", ABOUT_LOCAL_MINIMA),),
    has_restriction=True,
    remarks=(
        "The abstract was read: local minima are no worse than the global minima of shallow linear predictors with fixed "
        "features, and residual representations improve on these. Proved here for one output; the proof is the same for any "
        "features. construct(problem, parameters) gives the linear model on the features of a point."
    ),
)
