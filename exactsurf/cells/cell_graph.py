"""The adjacency graph of cells: a node for every activation cell, an edge for every facet that two cells share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.arrangement.wall import Wall
from exactsurf.cells.unit_cells import UnitCell, count_cells, count_unit_cells, enumerate_unit_cells, unit_arrangement
from exactsurf.certificate.claims.all_cells import pieces_text
from exactsurf.errors import InputError
from exactsurf.exact.number import integer_text, whole_number
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    import networkx

    CellGraph: TypeAlias = networkx.Graph[str]

Step: TypeAlias = tuple[int, Wall]


def cell_graph(problem: Problem, *, modulo_permutation: bool = False, limit: int = 100_000) -> CellGraph:
    """The graph of the activation cells of a network with one hidden layer; neighbours share a facet.

    Nodes are the patterns as text, unit by unit, the piece on every sample in order ("0011 0110"; `read_pattern` reads
    them). Their attributes: `pattern` (the same text), `pieces` (by unit and sample), `witness` (for every unit its row of
    W1 and the bias behind it; any output weights go with it), `active_pairs` (units and samples on a piece with a slope
    other than 0) and `risk_constant` (whether the risk has one value on the whole cell, for all its output weights). Edges
    carry the wall: `unit`, `samples` and `breakpoints` (of all the walls that coincide; they flip together), and `below`,
    the node where the unit is below the first of these breakpoints on the first of these samples.
    Parameters: `problem`, with any loss (the cells do not depend on it); `modulo_permutation` makes one node of the cells
    that differ by the order of the units (`unit` then counts in the node `below`); `limit`, the most nodes to build.
    Returns: a `networkx.Graph`. Exactness: exact and complete. Two cells on different sides of one wall alone share a
    facet: the segment between points inside them meets that wall and no other.
    Raises: `InputError` with the exact number of cells if there are more than `limit`, and without hidden layer or
    breakpoint; `UnsupportedError` for deeper networks. Source: theory.md, section 2.

    >>> import exactsurf as es
    >>> graph = es.cell_graph(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1])))
    >>> sorted(graph), graph.edges["00", "01"]["samples"], graph.nodes["01"]["witness"]
    (['00', '01', '10', '11'], (1,), ((Fraction(2, 1), Fraction(-1, 1)),))
    """
    import networkx

    check_piecewise_linear(problem, "cell_graph")
    _check_size(problem, modulo_permutation, limit)
    units = problem.network.widths[1]
    single = _unit_graph(problem)
    texts, steps, range_of = single.texts, single.steps, range(len(single.cells))
    points = problem.network.activation.breakpoints
    has_output_bias = problem.network.biases[1]
    graph: CellGraph = networkx.Graph(
        problem=repr(problem), units=units, cells_per_unit=len(single.cells), modulo_permutation=modulo_permutation
    )
    choices = combinations_with_replacement(range_of, units) if modulo_permutation else product(range_of, repeat=units)
    for chosen in choices:
        label = " ".join([texts[k] for k in chosen])
        graph.add_node(
            label,
            pattern=label,
            pieces=tuple([single.cells[k].pieces for k in chosen]),
            witness=tuple([single.cells[k].witness for k in chosen]),
            active_pairs=sum([single.active[k] for k in chosen]),
            risk_constant=not has_output_bias and all(single.silent[k] for k in chosen),
        )
        for unit, other, wall in _steps(chosen, steps, modulo_permutation):
            graph.add_edge(
                label,
                " ".join([texts[k] for k in other]),
                unit=unit,
                samples=tuple([row // len(points) for row in wall.rows]),
                breakpoints=tuple([points[row % len(points)] for row in wall.rows]),
                below=label,
            )
    return graph


def _check_size(problem: Problem, modulo_permutation: bool, limit: int) -> None:
    whole_number(limit, "the limit of nodes")
    count = count_cells(problem, modulo_permutation=modulo_permutation)
    if count > limit:
        single = count_unit_cells(problem)
        raise InputError(
            f"the graph has {integer_text(count)} nodes ({integer_text(single)} cells per unit), more than the limit of {limit}",
            fix="raise the limit, take the graph of one unit (a network of width 1; all of them are its products), "
            "or go through the cells with enumerate_patterns",
        )


@dataclass(frozen=True)
class _UnitGraph:
    """The cells of one unit with what the products need; `steps[k]` are the neighbours of cell k beyond a wall, upwards."""

    cells: tuple[UnitCell, ...]
    texts: tuple[str, ...]
    active: tuple[int, ...]
    silent: tuple[bool, ...]
    steps: tuple[tuple[Step, ...], ...]


def _unit_graph(problem: Problem) -> _UnitGraph:
    h, cells = problem.network.activation, tuple(enumerate_unit_cells(problem))
    walls = unit_arrangement(problem).walls
    has_bias = problem.network.biases[0]
    fixed = [not has_bias and not any(row) for row in problem.data.x]

    def is_silent(cell: UnitCell) -> bool:
        """Whether h(z) is zero on the whole cell, on every sample."""
        lines = [h.lines[k] for k in cell.pieces]
        return all(not c and (not slope or zero) for (slope, c), zero in zip(lines, fixed, strict=True))

    return _UnitGraph(
        cells,
        tuple(pieces_text(cell.pieces, len(h.breakpoints)) for cell in cells),
        tuple(sum(h.slopes[k] != 0 for k in cell.pieces) for cell in cells),
        tuple(map(is_silent, cells)),
        _upward_steps(cells, walls, len(h.breakpoints)),
    )


def _upward_steps(cells: Sequence[UnitCell], walls: Sequence[Wall], breakpoints: int) -> tuple[tuple[Step, ...], ...]:
    """For every cell the cells that differ from it by one wall of which it is on the negative side.

    Bit k of a key says that the cell is on the positive side of wall k, in the orientation of the wall's first row.
    """
    sides = [(wall.rows[0] // breakpoints, wall.rows[0] % breakpoints) for wall in walls]
    keys = [sum(1 << k for k, (sample, piece) in enumerate(sides) if cell.pieces[sample] > piece) for cell in cells]
    place = {key: k for k, key in enumerate(keys)}
    found = []
    for key in keys:
        above = ((place.get(key | 1 << k), wall) for k, wall in enumerate(walls) if not key >> k & 1)
        found.append(tuple((other, wall) for other, wall in above if other is not None))
    return tuple(found)


def _steps(
    chosen: tuple[int, ...], steps: Sequence[Sequence[Step]], modulo_permutation: bool
) -> Iterator[tuple[int, tuple[int, ...], Wall]]:
    """(unit, cells of all units after the step, wall) for every wall of one unit that is crossed upwards."""
    for unit, cell in enumerate(chosen):
        if modulo_permutation and unit and chosen[unit - 1] == cell:
            continue
        for other, wall in steps[cell]:
            after = (*chosen[:unit], other, *chosen[unit + 1 :])
            yield unit, tuple(sorted(after)) if modulo_permutation else after, wall
