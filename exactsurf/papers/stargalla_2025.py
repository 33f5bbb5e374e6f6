"""Stargalla, Hertrich and Reichman, "Counting linear regions in ReLU neural networks", 2025: six numbers of linear regions."""

from __future__ import annotations

from itertools import pairwise

from exactsurf.cells.inputs.linear_regions import linear_regions
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import Effort, OutOfTime
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.network_conditions import hidden_layers
from exactsurf.theorems.references import STARGALLA_2025
from exactsurf.theorems.theorem import Check, Hypothesis, PointHypothesis, Theorem

__all__ = ["linear_regions", "six_counts"]

EFFORT = Effort(seconds=20)


def _any_point(problem: Problem, parameters: Parameters) -> Check:
    return True, "any point", ()


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    try:
        found = linear_regions(problem.network, parameters, effort=EFFORT)
    except OutOfTime as error:
        return Verdict(Status.UNDECIDED, str(error))
    low, high = found.convex_regions
    above = (found.activation_regions, found.proper_activation_regions, low)
    below = (high, found.open_connected_regions, found.closed_connected_regions, found.affine_regions)
    if any(a < b for a, b in (*pairwise(above), *pairwise(below))):
        return Verdict(Status.REFUTED, f"the numbers do not fall: {found!r}", found.certificate)
    return Verdict(Status.PROVED, f"{found!r}", found.certificate)


six_counts = Theorem(
    key="stargalla_2025.six_counts",
    title="Six ways to count linear regions, each no larger than the one before",
    statement=(
        r"The numbers of activation regions, of those with inner points, of convex sets that are needed, of open connected and "
        r"of closed connected regions and of affine functions of a ReLU network do not increase in this order, and no two of "
        r"them are always equal."
    ),
    reference=STARGALLA_2025,
    hypotheses=(
        Hypothesis("depth", "one hidden layer or more", hidden_layers(1), setting=True),
        PointHypothesis("point", "any parameters", _any_point, setting=True),
    ),
    conclude=_conclude,
    remarks=(
        "The abstract and the introduction were read; the six definitions are recalled. The order is proved here and asked of "
        "the numbers of an instance, of which the number of convex sets has two bounds. es.linear_regions(network, parameters)."
    ),
)
