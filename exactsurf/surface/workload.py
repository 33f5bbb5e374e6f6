"""What a landscape is computed from: the signed cells of a problem modulo the order of the units, their facets and minima."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.uncollected import uncollected
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.problem import Problem
from exactsurf.surface.batch import Batch, Sides, facet_sides, solve_batch
from exactsurf.surface.cell_minima import CellMinima, cell_minima
from exactsurf.surface.part_minima import PartMinima
from exactsurf.surface.run.batch_encoding import decoded_batch, encoded_batch
from exactsurf.surface.signed_cells import Crossing, Orbits, crossings
from exactsurf.surface.unit_table import UnitTable, unit_table


@dataclass(frozen=True)
class Workload:
    """What a landscape is computed from: the minima, the orbits and the facets of the unit cells; one for each process."""

    minima: CellMinima
    orbits: Orbits
    ways: tuple[tuple[Crossing, ...], ...]

    def __getstate__(self) -> dict[str, Any]:
        # What is cached is long, and quickly found again.
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.minima.problem

    @property
    def table(self) -> UnitTable:
        """The cells of one unit."""
        return self.minima.table

    @property
    def again(self) -> Callable[[Problem], Workload]:
        """What makes the workload of a problem, in another process."""
        return workload

    def encoded(self, batch: Batch) -> bytes:
        """The bytes of a batch."""
        return encoded_batch(batch)

    def decoded(self, content: bytes) -> Batch:
        """The batch of bytes; `ValueError` for others."""
        return decoded_batch(content)

    @property
    def facets(self) -> int:
        """The number of pairs of orbits with a common facet: others times ways of one unit."""
        others = Orbits(self.orbits.units - 1, self.orbits.kinds).count if self.orbits.units > 1 else 1
        return others * sum(crossing.beyond > kind for kind, ways in enumerate(self.ways) for crossing in ways)

    @cached_property
    def sides(self) -> Sides:
        """The masks of the facets of signed unit cells."""
        return facet_sides(self.minima, self.ways)

    @cached_property
    def parts(self) -> PartMinima:
        """The minima with one unit less; one table for each process."""
        return PartMinima(self.minima, self.orbits)

    def solve(self, begin: int, end: int) -> Batch:
        """The batch of the orbits begin, …, end − 1."""
        with uncollected():
            return solve_batch(self.parts, begin, end)


def workload(problem: Problem) -> Workload:
    """The workload of a problem.

    Parameters: a problem with one hidden layer and one output. Exactness: exact.
    Raises: `UnsupportedError` for deeper networks, several outputs and losses that have kinks and curved pieces, `InputError`
    for a linear activation.
    Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> work = workload(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> work.orbits.count, work.orbits.full_count, work.facets
    (136, 256, 384)
    """
    check_network(problem)
    table = unit_table(problem)
    orbits = Orbits(problem.network.widths[1], 2 * len(table.cells))
    return Workload(cell_minima(problem, table), orbits, crossings(table.neighbours))


def check_network(problem: Problem) -> None:
    """Raise an error, with what to do instead, unless the problem is one of which there is a landscape.

    Parameters: a problem. Exactness: not needed. Raises: `UnsupportedError` for deeper networks and several outputs, `InputError`
    for a linear activation and smooth ones. Source: theory.md, theorem B.
    """
    check_piecewise_linear(problem, "the landscape")
    network = problem.network
    instead = "ask about one point with decide(problem, parameters), or about one cell with problem.cell(parameters)"
    if network.activation.is_linear or network.layers == 1:
        raise InputError(
            f"{network!r} is linear: no cells cut its parameter space, and the landscape has nothing to list",
            fix="classify_deep_linear(problem, parameters) tells global minima from saddles, and decide(problem, parameters) "
            "says of any point whether it is a local minimum",
        )
    if network.layers != 2:
        what = f"the landscape (theorem B) needs one hidden layer; {network!r} has {network.layers - 1}"
        raise UnsupportedError(what, instead)
    if network.widths[-1] != 1:
        what = f"the landscape (theorem B) needs scalar output; {network!r} has {network.widths[-1]} outputs"
        raise UnsupportedError(what, f"{instead}; or take one target at a time")
