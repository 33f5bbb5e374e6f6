"""Stargalla, Hertrich and Reichman, "Counting linear regions in ReLU neural networks", 2025: six numbers of linear regions."""

from __future__ import annotations

from itertools import pairwise

from exactsurf.cells.inputs.linear_regions import linear_regions
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import Effort, OutOfTime
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.hypotheses import ANY_POINT
from exactsurf.theorems.network_conditions import hidden_layers
from exactsurf.theorems.references import STARGALLA_2025
from exactsurf.theorems.theorem import Hypothesis, Theorem

__all__ = ["linear_regions", "six_counts"]

EFFORT = Effort(seconds=20)


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    running = EFFORT.started()
    try:
        found = linear_regions(problem.network, parameters, effort=running)
        low, high = found.count_convex_regions(running)
        closed = found.count_closed_regions(running)
    except OutOfTime as error:
        return Verdict(Status.UNDECIDED, str(error))
    above = (found.activation_regions, found.proper_activation_regions, low)
    below = (high, found.open_connected_regions, closed, found.affine_regions)
    convex = str(low) if low == high else f"{low} to {high}"
    names = ("activation", "proper", "convex", "open", "closed", "affine")
    told = ", ".join(f"{number} {name}" for number, name in zip((*above[:2], convex, *below[1:]), names, strict=True))
    if any(a < b for a, b in (*pairwise(above), *pairwise(below))):
        return Verdict(Status.REFUTED, f"the numbers of regions do not fall: {told}", found.certificate)
    return Verdict(Status.PROVED, f"the numbers of regions: {told}", found.certificate)


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
        ANY_POINT,
    ),
    conclude=_conclude,
    remarks=(
        "The abstract and the introduction were read; the six definitions are recalled. The order is proved here and asked of "
        "the numbers of an instance, of which the number of convex sets has two bounds. es.linear_regions(network, parameters)."
    ),
)
