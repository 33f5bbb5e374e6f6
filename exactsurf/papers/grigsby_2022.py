"""Grigsby, Lindsey, Meyerhoff and Wu, "Functional dimension of feedforward ReLU neural networks", 2022: the upper bound."""

from __future__ import annotations

from exactsurf.cells.inputs.functional_dimension import functional_dimension
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import Effort, OutOfTime
from exactsurf.model.activation import hard_tanh
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.hypotheses import ANY_POINT
from exactsurf.theorems.network_conditions import hidden_layers
from exactsurf.theorems.references import GRIGSBY_2022
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem

__all__ = ["functional_dimension", "upper_bound"]

EFFORT = Effort(seconds=20)


def rescalable(problem: Problem) -> Check:
    """Whether h(cz) = c h(z) for c > 0."""
    h = problem.network.activation
    return h.degree == 1, f"h(cz) = c h(z) for c > 0 {'holds' if h.degree == 1 else 'fails'} for {h!r}", (h,)


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    try:
        found = functional_dimension(problem.network, parameters, effort=EFFORT)
    except OutOfTime as error:
        return Verdict(Status.UNDECIDED, str(error))
    hidden = sum(problem.network.widths[1:-1])
    most = found.parameters - hidden
    status = Status.PROVED if found.dimension <= most else Status.REFUTED
    reason = f"the functional dimension is {found.dimension}, of {found.parameters} parameters and {hidden} hidden units"
    return Verdict(status, reason, found.certificate)


def _examples() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([1, 1, 1], hard_tanh), Data.from_arrays([0, 2], [0, 1]))
    point = problem.parameters(W1=[[1]], b1=[0], W2=[[2]], b2=[1])
    return (SharpnessExample("activation", "hard tanh: all four parameters of 1-1-1 matter", problem, point),)


upper_bound = Theorem(
    key="grigsby_2022.upper_bound",
    title="Each hidden ReLU unit takes one off the functional dimension",
    statement=(
        r"The functional dimension of a ReLU network at any parameters, the largest rank of the derivatives of the outputs by "
        r"the parameters over all finite batches of inputs, is at most the number of parameters less the number of hidden units."
    ),
    reference=GRIGSBY_2022,
    hypotheses=(
        Hypothesis("depth", "one hidden layer or more", hidden_layers(1), setting=True),
        ANY_POINT,
        Hypothesis("activation", "positively homogeneous of degree 1", rescalable),
    ),
    conclude=_conclude,
    examples=_examples,
    remarks=(
        "Only an abstract and a summary were read; the bound is proved here. The conclusion is decided with a certificate by the "
        "regions of input space, for at most 20 seconds. es.functional_dimension(network, parameters) gives the number."
    ),
)
