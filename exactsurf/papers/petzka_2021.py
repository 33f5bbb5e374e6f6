"""Petzka and Sminchisescu, "Non-attracting Regions of Local Minima…", JMLR 2021: splitting a unit of a local minimum."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.minima.decide import decide
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.petzka_smooth import smooth_unit_splitting, unit_curvature
from exactsurf.papers.petzka_split import split_unit
from exactsurf.theorems.hypotheses import DIFFERENTIABLE_LOSS, LOCAL_MINIMUM, ONE_HIDDEN_LAYER, ONE_OUTPUT
from exactsurf.theorems.network_conditions import differentiable_loss, hidden_layers, one_output
from exactsurf.theorems.references import PETZKA_2021
from exactsurf.theorems.theorem import ABOUT_LOCAL_MINIMA, SharpnessExample, Theorem

__all__ = ["smooth_unit_splitting", "split_unit", "unit_curvature", "unit_splitting"]

SHARES = (Fraction(1, 3), Fraction(1, 2), Fraction(9, 10))
"""The shares λ strictly between 0 and 1 that `conclusion` tries on every unit."""


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """Every unit, split with every share of `SHARES`: a local minimum of the wider network of the same risk."""
    assert parameters is not None
    risk = problem.rational_risk(parameters)
    if problem.network.layers < 2:
        return Verdict(Status.UNDECIDED, "there is no hidden unit to split")
    minimum = decide(problem, parameters)
    if minimum.status is not Status.PROVED:
        return Verdict(Status.UNDECIDED, "the point is not known to be a local minimum, so nothing is claimed", risk=risk)
    open_cases = []
    for layer, width in enumerate(problem.network.widths[1:-1], start=1):
        for unit in range(width):
            for share in SHARES:
                wide, theta = split_unit(problem, parameters, layer, unit, share)
                verdict = decide(wide, theta)
                if verdict.status is Status.REFUTED or wide.rational_risk(theta) != risk:
                    reason = f"split unit {unit} of layer {layer} with λ = {share}: {verdict.reason}"
                    return Verdict(Status.REFUTED, reason, verdict.certificate, verdict.lower_point, risk)
                if verdict.status is Status.UNDECIDED:
                    open_cases.append(verdict.reason)
    if open_cases:
        return Verdict(Status.UNDECIDED, f"{len(open_cases)} splittings are undecided: {open_cases[0]}", risk=risk)
    reason = "every unit, split with λ = 1/3, 1/2, 9/10, gives a local minimum of the same risk, each with its certificate"
    if not (differentiable_loss(problem)[0] and hidden_layers(1, 1)(problem)[0] and one_output(problem)[0]):
        return Verdict(Status.UNDECIDED, f"{reason}; other λ are not decided", risk=risk)
    # The unitwise criterion, which decides here, reads the signs of the output weights only.
    reason += "; the criterion reads signs, which are the same for every λ between 0 and 1"
    return Verdict(Status.PROVED, reason, minimum.certificate, risk=risk)


def _examples() -> tuple[SharpnessExample, ...]:
    # One unit gives the best matrix of rank 1, (3/2) 1 1ᵀ; two copies of it can move apart and gain rank.
    data = Data.from_arrays([[1, 0], [0, 1]], [[2, 1], [1, 2]])
    problem = Problem(Network([2, 1, 2], biases=False), data)
    point = problem.parameters(W1=[[1, 1]], W2=[["3/2"], ["3/2"]])
    return (SharpnessExample("d_y", "two outputs: the copies of a unit that fits rank 1 gain rank 2", problem, point),)


unit_splitting = Theorem(
    key="petzka_2021.unit_splitting",
    title="Splitting a unit of a local minimum gives local minima of a wider network",
    statement=(
        r"Replace a hidden unit by two with the same incoming weights and outgoing weights $\lambda v$ and $(1-\lambda) v$. The "
        r"function does not change and critical points stay critical. One hidden layer, one output, piecewise linear "
        r"activation, convex differentiable loss: if the point is a local minimum and $0 < \lambda < 1$, so is the new one."
    ),
    reference=PETZKA_2021,
    hypotheses=(ONE_HIDDEN_LAYER, ONE_OUTPUT, DIFFERENTIABLE_LOSS, LOCAL_MINIMUM),
    construct=split_unit,
    conclude=_conclude,
    without_example=(("minimum", ABOUT_LOCAL_MINIMA),),
    examples=_examples,
    remarks=(
        "The paper (Theorems 8, 9 and 13) is for C² activations and asks for a definite matrix of second derivatives, which is "
        "zero for piecewise linear units; their version, by the unitwise criterion, needs no condition (proofs/petzka_2021)."
    ),
)
