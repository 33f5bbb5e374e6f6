"""Vardi, Shamir and Srebro, "On Margin Maximization in Linear and ReLU Networks", NeurIPS 2022: KKT points and local optima."""

from __future__ import annotations

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError
from exactsurf.minima.margin_point import margin_point
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.hypotheses import ONE_HIDDEN_LAYER, ONE_OUTPUT
from exactsurf.theorems.network_conditions import one_output
from exactsurf.theorems.outcome import nothing_claimed
from exactsurf.theorems.references import VARDI_2022
from exactsurf.theorems.theorem import Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem

__all__ = ["kkt_is_optimal", "margin_point"]


def _homogeneous(problem: Problem) -> Check:
    network = problem.network
    holds = network.activation.degree == 1 and not any(network.biases)
    return holds, f"{network!r}", (network.activation,)


def _labels(problem: Problem) -> Check:
    holds = all(abs(value) == 1 for row in problem.data.y for value in row)
    return holds, "all targets are 1 or -1" if holds else "some target is neither 1 nor -1", ()


def _separates(problem: Problem, parameters: Parameters) -> Check:
    outputs = problem.forward(parameters).outputs[0].fractions()
    margin = min(row[0] * value for row, value in zip(problem.data.y, outputs, strict=True))
    return margin > 0, f"the least margin is {margin}", (margin,)


def _kkt(problem: Problem, parameters: Parameters) -> Check:
    if not _separates(problem, parameters)[0]:
        return False, "some sample is not classified correctly", ()
    verdict = margin_point(problem, parameters).kkt
    return {Status.PROVED: True, Status.REFUTED: False}.get(verdict.status), verdict.reason, ()


def _linear(problem: Problem) -> Check:
    h = problem.network.activation
    return h.is_linear, f"the activation is {h!r}", (h,)


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    if not (_homogeneous(problem)[0] and _labels(problem)[0] and one_output(problem)[0] and problem.network.layers > 1):
        return Verdict(Status.UNDECIDED, "the margin problem is that of homogeneous networks of one output with labels 1 and -1")
    try:
        found = margin_point(problem, parameters)
    except InputError as error:
        return nothing_claimed(Verdict(Status.UNDECIDED, ""), str(error))
    if found.kkt.status is Status.REFUTED:
        return nothing_claimed(found.kkt, f"the point is no KKT point: {found.kkt.reason}")
    return found.local_optimum


def _examples() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([2, 2, 1], biases=False), Data.from_arrays([[1, "1/4"], [-1, "1/4"]], [1, 1]))
    zero = problem.parameters(W1=[[0, 2], [0, 0]], W2=[[2, 0]])
    return (SharpnessExample("linear", "ReLU and a unit of weights 0: a KKT point, no local optimum", problem, zero),)


kkt_is_optimal = Theorem(
    key="vardi_2022.kkt_is_optimal",
    title="KKT points of the margin problem are optimal for linear networks, not for ReLU",
    statement=(
        r"Gradient flow on the logistic loss of a homogeneous network that comes to separate the data converges in direction to "
        r"a KKT point of $\min \frac12|\theta|^2$, $y_i f(x_i; \theta) \ge 1$ (Lyu and Li). For linear networks such points are "
        r"optimal; for ReLU networks a KKT point at which some unit has no incoming weights need not be a local optimum."
    ),
    reference=VARDI_2022,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        ONE_OUTPUT,
        Hypothesis("network", "no biases, positively homogeneous", _homogeneous, setting=True),
        Hypothesis("labels", "targets 1 and -1", _labels, setting=True),
        PointHypothesis("margin", "the point classifies all samples correctly", _separates, setting=True),
        PointHypothesis("KKT", "the point is, up to a factor, a KKT point", _kkt),
        Hypothesis("linear", "the activation is linear", _linear),
    ),
    conclude=_conclude,
    examples=_examples,
    without_example=(("KKT", "the conclusion is about KKT points: at others it claims nothing"),),
    remarks=(
        "The abstract was read. Multipliers are found by linear programming, local optimality is decided by second order and by "
        "curves; both with certificates. es.margin_point(problem, parameters)."
    ),
)
