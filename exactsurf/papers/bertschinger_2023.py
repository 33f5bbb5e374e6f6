"""Bertschinger et al., "Training Fully Connected Neural Networks is ∃R-Complete", NeurIPS 2023: algebraic weights are needed."""

from __future__ import annotations

from exactsurf.certificate.claims.algebraic_point import AlgebraicPoint
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import Effort, OutOfTime
from exactsurf.errors import InputError
from exactsurf.minima.algebraic.algebraic_minimum import algebraic_minimum
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.hypotheses import ONE_HIDDEN_LAYER, SQUARED_LOSS
from exactsurf.theorems.references import BERTSCHINGER_2023
from exactsurf.theorems.theorem import Check, Hypothesis, PointHypothesis, Theorem

__all__ = ["algebraic_minimum", "golden_ratio", "irrational_minima"]

EFFORT = Effort(seconds=20)


def golden_ratio(problem: Problem) -> tuple[Problem, Parameters]:
    """The smallest instance: X = I, Y = (1, 1; 1, 0), one unit; a point near its local minimum of risk (3 − √5)/4.

    Parameters: `problem` is not used but for its activation. Returns: the problem, and rational parameters near the minimum.
    Exactness: exact. Raises: nothing. Source: proofs/claims/algebraic_point.md.

    >>> import exactsurf as es
    >>> problem, near = golden_ratio(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0], [0])))
    >>> es.algebraic_minimum(problem, near).certificate.risk
    AlgebraicNumber(≈ 0.190983006, coefficients (1, -6, 4))
    """
    network = Network([2, 1, 2], problem.network.activation, biases=False)
    found = Problem(network, Data.from_arrays([[1, 0], [0, 1]], [[1, 1], [1, 0]]))
    return found, found.parameters(W1=[["1", "3/5"]], W2=[["6/5"], ["7/10"]])


def _outputs(problem: Problem) -> Check:
    count = problem.network.widths[-1]
    return count >= 2, f"{count} output{'s' * (count != 1)}", (count,)


def _near(problem: Problem, parameters: Parameters) -> Check:
    try:
        verdict = algebraic_minimum(problem, parameters, effort=EFFORT)
    except (InputError, OutOfTime) as error:
        return None, str(error), ()
    if verdict.status is Status.PROVED:
        return True, verdict.reason, ()
    return None, verdict.reason, ()


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    try:
        verdict = algebraic_minimum(problem, parameters, effort=EFFORT)
    except (InputError, OutOfTime) as error:
        return Verdict(Status.UNDECIDED, str(error))
    if not isinstance(verdict.certificate, AlgebraicPoint):
        return verdict
    degree = len(verdict.certificate.risk.polynomial) - 1
    if degree == 1:
        return Verdict(Status.UNDECIDED, "the coordinates are irrational, the risk is rational", verdict.certificate)
    return Verdict(Status.PROVED, f"{verdict.reason}, of degree {degree}", verdict.certificate, risk=verdict.risk)


irrational_minima = Theorem(
    key="bertschinger_2023.irrational_minima",
    title="With two outputs local minima need irrational weights",
    statement=(
        r"For two inputs and two outputs there are rational training data such that every optimal choice of the weights of a "
        r"network with one hidden layer needs algebraic numbers of arbitrarily high degree. On an instance: the risk of the "
        r"local minimum near the given point is irrational, so that no rational point has it."
    ),
    reference=BERTSCHINGER_2023,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        SQUARED_LOSS,
        Hypothesis("outputs", "two outputs or more", _outputs, setting=True),
        PointHypothesis("near", "a local minimum of algebraic coordinates is near the point", _near),
    ),
    construct=golden_ratio,
    conclude=_conclude,
    without_example=(("near", "the conclusion is about that local minimum"),),
    remarks=(
        "The statement is recalled; the paper's universality is about exact fits and arbitrary algebraic numbers, what is "
        "decided here is one local minimum of an instance. construct gives the instance with the golden ratio."
    ),
)
