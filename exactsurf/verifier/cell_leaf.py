"""Leaves of a sign tree that are within a signed cell, with a point in it (FORMAT.md, sections 20 and 54)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from .arithmetic.document import Field
from .arithmetic.effort import spend
from .arithmetic.rational import Rational
from .cell_list import UnitProblem
from .network import Parameters, Pass
from .sign_tree import Halves, Regions


class Placed(Protocol):
    """Parameters with their forward pass."""

    @property
    def parameters(self) -> Parameters:
        """The parameters."""

    @property
    def forward(self) -> Pass:
        """Their forward pass."""


def check_bound(dual: Field, bounds: Sequence[Rational], least: Rational, name: str) -> None:
    """Reject a dual vector whose bound is below a number of this name."""
    if bounds[dual.index(len(bounds))] < least:
        raise dual.reject(f"the bound of this dual vector is below {name}")


def check_cells(
    node: Field, regions: Regions, samples: int, breakpoints: int, is_one_sided: Callable[[int, int, int], bool]
) -> None:
    """Reject regions that are not within a signed cell; `is_one_sided` takes a unit, a sample and a breakpoint."""
    for unit, region in enumerate(regions):
        if not region.sign:
            raise node.reject(f"the region of unit {unit} requires no sign of the output weight")
        for sample in range(samples):
            for k in range(breakpoints):
                if not is_one_sided(unit, sample, k):
                    raise node.reject(f"the region of unit {unit} is cut by breakpoint {k} on sample {sample}")


def check_cells_by_generators(node: Field, regions: Regions, problem: UnitProblem, halves: Halves) -> None:
    """As `check_cells`, where regions are known by their generators."""
    breakpoints = len(problem.activation.breakpoints)
    spend(len(regions) * problem.samples * breakpoints * (1 + (len(halves.ranges) >> 9)))
    check_cells(
        node, regions, problem.samples, breakpoints, lambda unit, i, k: halves.is_one_sided(regions[unit].generators, i, k)
    )


def check_inside(order: Field, point: Placed, regions: Regions) -> None:
    """Reject an order of the units of a point in which one that is not off is not in its region."""
    units = [entry.index(len(regions)) for entry in order.items(len(regions))]
    if len(set(units)) < len(units):
        raise order.reject("a unit stands twice in the order")
    (outputs,) = point.parameters.weights[1]
    for place, (own, region) in enumerate(zip(units, regions, strict=True)):
        v, positions = outputs[own], point.forward.positions[0][own]
        if not v:
            continue
        spend(1 + len(region.walls))
        inside = all(side * (positions[sample] - 2 * k - 1) >= 0 for sample, k, side in region.walls)
        if (v > 0) != (region.sign > 0) or not inside:
            raise order.items()[place].reject(f"unit {own} of the point is not in the region of unit {place}")
