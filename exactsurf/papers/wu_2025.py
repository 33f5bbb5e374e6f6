"""Wu, Simsek and Ged, "Loss Landscape of Shallow ReLU-like Neural Networks", ICLR 2025: escape neurons."""

from __future__ import annotations

from dataclasses import replace

from exactsurf.certificate.encoding import counted
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import UnsupportedError
from exactsurf.minima.decide import decide
from exactsurf.minima.escape_neurons import escape_neurons
from exactsurf.minima.senses.stationarity import stationarity
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.hypotheses import DIFFERENTIABLE_LOSS, HOMOGENEOUS, ONE_HIDDEN_LAYER, ONE_OUTPUT
from exactsurf.theorems.references import WU_2025
from exactsurf.theorems.theorem import Check, PointHypothesis, SharpnessExample, Theorem


def _stationary(problem: Problem, parameters: Parameters) -> Check:
    found = next(sense for sense in stationarity(problem, parameters).senses if sense.name == "directionally stationary")
    return {Status.PROVED: True, Status.REFUTED: False}.get(found.status), found.reason, (found,)


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """A local minimum if and only if no unit is an escape neuron, whether or not the point is stationary."""
    assert parameters is not None
    try:
        found = escape_neurons(problem, parameters)
    except UnsupportedError as error:
        return Verdict(Status.UNDECIDED, str(error))
    verdict = decide(problem, parameters)
    if verdict.status is Status.UNDECIDED:
        return verdict
    what = counted(len(found), "escape neuron") + (f", unit {found[0].unit} first" if found else "")
    agrees = (verdict.status is Status.PROVED) is not bool(found)
    return replace(verdict, status=Status.PROVED if agrees else Status.REFUTED, reason=f"{what}; {verdict.reason}")


def _examples() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([1, 1, 1]), Data.from_arrays([0, 1], [0, 1]))
    point = problem.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[0])
    return (SharpnessExample("stationary", "no unit has output weight 0, and the gradient is not 0", problem, point),)


local_minima = Theorem(
    key="wu_2025.local_minima",
    title="A stationary point is a local minimum if and only if it has no escape neurons",
    statement=(
        r"One hidden layer of ReLU-like units, one output. Let $\theta$ be a point at which no one-sided directional derivative "
        r"of the risk is negative. A unit with output weight 0 escapes if $\sum_i r_i h(w \cdot \tilde x_i)$, $r_i$ the "
        r"derivatives of the loss, changes to first order near its $w$. $\theta$ is a local minimum if and only if none does."
    ),
    reference=WU_2025,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        ONE_OUTPUT,
        HOMOGENEOUS,
        DIFFERENTIABLE_LOSS,
        PointHypothesis("stationary", "no one-sided directional derivative is negative", _stationary),
    ),
    construct=escape_neurons,
    conclude=_conclude,
    examples=_examples,
    remarks=(
        "The paper has the squared loss; the proof here is the unitwise criterion, for every convex differentiable loss. For "
        "several outputs the paper has one direction only: without escape neurons a stationary point is a local minimum."
    ),
)
