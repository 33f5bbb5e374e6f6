"""What a landscape is computed from: the signed cells of a problem modulo the order of the units, their facets and minima."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.least_count import least_count
from exactsurf.cells.unit_cells import unit_arrangement
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import integer_text
from exactsurf.exact.uncollected import uncollected
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.problem import Problem
from exactsurf.surface.batch import Batch, Sides, facet_sides, solve_batch
from exactsurf.surface.cell_minima import CellMinima, cell_minima
from exactsurf.surface.part_minima import PartMinima
from exactsurf.surface.run.batch_encoding import decoded_batch, encoded_batch
from exactsurf.surface.run.run import estimated_seconds
from exactsurf.surface.signed_cells import Crossing, Orbits, crossings
from exactsurf.surface.unit_table import UnitTable, unit_table

_UNIT_CELLS = 1000


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


def workload(problem: Problem, max_cells: int | None = None) -> Workload:
    """The workload of a problem.

    Parameters: a problem with one hidden layer and one output; `max_cells`, the most orbits (None: any number).
    Exactness: exact. Raises: `UnsupportedError` for deeper networks, several outputs, weight decay, losses by expression and
    losses that have kinks and curved pieces, `InputError` for a linear activation, and if there are more orbits than
    `max_cells`: with their number, or with a lower bound where that shows far more before any cell is listed.
    Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> work = workload(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> work.orbits.count, work.orbits.full_count, work.facets
    (136, 256, 384)
    """
    check_network(problem)
    if problem.decay is not None:
        raise UnsupportedError(
            "with weight decay minima over signed cells are algebraic numbers, not rational ones",
            "es.enclosed_landscape has them",
        )
    if not problem.loss.is_piecewise_quadratic:
        raise UnsupportedError(
            f"minima over signed cells are no rational numbers for the {problem.loss.title} loss",
            "es.enclosed_landscape encloses them for logistic, exponential, log_cosh, poisson and power(p) loss",
        )
    arrangement = unit_arrangement(problem)
    if max_cells is not None:
        check_least_size(problem, arrangement, max_cells)
    table = unit_table(problem, arrangement)
    orbits = Orbits(problem.network.widths[1], 2 * len(table.cells))
    work = Workload(cell_minima(problem, table), orbits, crossings(table.neighbours))
    if max_cells is not None and orbits.count > max_cells:
        raise InputError(
            f"{orbits.count} orbits of signed cells and {work.facets} facets, more than the limit of {max_cells} orbits; "
            f"one process would need about {estimated_seconds(work)} s",
            fix="raise max_cells (--max-cells), best with a checkpoint (--resume), or take fewer samples or units; "
            f"{less_to_list(problem)}",
        )
    return work


def check_network(problem: Problem, caller: str = "landscape") -> None:
    """Raise an error, with what to do instead, unless the problem is one of which there is a landscape.

    Parameters: a problem; `caller`, the name of what was asked for. Exactness: not needed. Raises: `UnsupportedError` for deeper
    networks, several outputs and restricted problems, `InputError` for a linear activation and smooth ones.
    Source: theory.md, theorem B.
    """
    check_piecewise_linear(problem, caller)
    network = problem.network
    instead = (
        "es.BoundSearch (--global-only) encloses the least risk; ask about one point with decide(problem, parameters), or about "
        "one cell with problem.cell(parameters)"
    )
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


def check_least_size(problem: Problem, arrangement: Arrangement, max_cells: int) -> None:
    """Raise `InputError` if a lower bound already shows far more orbits than `max_cells`, before any cell is listed.

    Parameters: a problem with the `arrangement` of one of its units; the limit. Exactness: the bound is proved, see
    `least_count`. Raises: `InputError` with the bound. Source: theory.md, section 2.
    """
    least = least_orbits(arrangement, problem.network.widths[1], max_cells)
    if least is not None:
        raise InputError(
            f"at least {large_number(least)} orbits of signed cells, more than the limit of {max_cells} orbits",
            fix="take fewer samples, inputs or units, or ask about one point with decide; max_cells (--max-cells) is the limit; "
            + less_to_list(problem),
        )


def less_to_list(problem: Problem) -> str:
    """What is advised where a landscape has too many signed cells. Exactness: none needed. Raises: nothing. Source: none."""
    exactly = problem.decay is None and problem.loss.is_piecewise_quadratic
    least = "es.certify_global_minimum" if exactly else "es.certify_near_global_minimum"
    return f"below=… (--below) lists what lies below a level, --global-only ({least}) finds the least risk alone"


def least_orbits(arrangement: Arrangement, units: int, max_cells: int) -> int | None:
    """A lower bound on the number of orbits that is far above `max_cells`, found without listing a cell; None if there is none.

    Parameters: `arrangement`, that of one unit; `units`, how many there are. Exactness: the bound is proved, see `least_count`.
    Raises: nothing. Source: theory.md, section 2.
    """
    cells = least_count(arrangement)
    least = Orbits(units, 2 * cells).count
    # Where there are few cells of a unit, or not many too many, the exact number and the time are worth the wait.
    return least if least > 1000 * max_cells or (least > max_cells and cells > _UNIT_CELLS) else None


def large_number(value: int) -> str:
    """An integer, by its power of ten where it is long."""
    return integer_text(value) if value < 10**12 else f"10^{len(integer_text(value)) - 1}"
