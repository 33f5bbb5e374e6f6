"""How large the landscape of a restricted problem is, and about how long it takes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import islice

from exactsurf.cells.affine_network import affine_network, arrangement_of
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.scales import scales_where_needed
from exactsurf.surface.restricted.affine_cells import AffineCells
from exactsurf.surface.restricted.scaled_cells import networks_and_hyperplanes

_TRIED = 40


@dataclass(frozen=True)
class RestrictedSize:
    """The number of cells and of the hyperplanes between them, and about how many milliseconds the minima over them take.

    `milliseconds` is None where there are more cells than were allowed.
    """

    cells: int
    hyperplanes: int
    milliseconds: int | None


def restricted_size(problem: RestrictedProblem, max_cells: int, effort: Effort = UNBOUNDED) -> RestrictedSize:
    """How many cells the landscape of a restricted problem has, before any minimum is computed but those of some of them.

    With one hidden layer cells are counted without a list; with more, cells of the layers below are listed.
    Parameters: `problem`, of degree at most 1 or with scales; `max_cells`, the most cells to list; `effort`.
    Exactness: counts are exact, the time is an estimate in processor time. Raises: as `affine_network`; `InputError` for more
    cells of layers below than `max_cells`, and more choices of signs of scales; `OutOfTime`.
    Source: proofs/claims/restricted_surface.md, proofs/scaled_surface.md.

    >>> import exactsurf as es
    >>> filters = es.convolution(4, [2], strides=2, head=[1, 1])
    >>> found = restricted_size(es.RestrictedProblem(filters, es.Data.from_arrays([[1, 0, 0, 1]], [2])), 100)
    >>> found.cells, found.hyperplanes
    (4, 2)
    """
    scales = scales_where_needed(problem)
    if scales is None:
        network, orthants = affine_network(problem), 1
        hyperplanes = network.kinks(max_cells, effort)
    else:
        networks, hyperplanes = networks_and_hyperplanes(problem, scales, max_cells, effort)
        network, orthants = networks[0], len(networks)
    arrangement = arrangement_of(hyperplanes, network.dimension)
    count = arrangement.count_cells() * orthants
    if count > max_cells:
        return RestrictedSize(count, len(hyperplanes), None)
    cells = AffineCells(network, hyperplanes, tuple(islice(arrangement.cells(), _TRIED)))
    start = time.process_time_ns()
    for cell in range(len(cells.cells)):
        cells.minimum(cell, effort)
    spent = time.process_time_ns() - start
    return RestrictedSize(count, len(hyperplanes), spent * count // (len(cells.cells) * 10**6))
