"""The closed cells of one hidden unit as polyhedra: generators and neighbours (proofs/claims/global_minimum.md, section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import gcd
from operator import mul

from .activation import Activation
from .arithmetic.document import Field, at
from .arithmetic.region_count import Effort, Row, eliminated, hyperplanes, traces
from .arithmetic.table import Column, common_denominator, numerators, weighted_sums
from .cell_list import UnitProblem, count_cells, read_cells
from .submission import Note, counted


@dataclass(frozen=True)
class UnitCells:
    """The cells of a unit.

    `pieces[c]` are those of cell c, `members[c]` is the set (as bits) of its generators, `beside[c]` are the cells that share
    a facet with it; `predictions[g]` is a positive multiple of what generator g of the cells predicts.
    """

    pieces: list[list[int]]
    predictions: list[list[int]]
    members: list[int]
    beside: list[list[int]]


def check_shape(problem: UnitProblem, field: Field) -> None:
    """Reject a problem whose signed cells are not those of proofs/claims/global_minimum.md."""
    if problem.hidden_layers != 1:
        raise field.child("widths").reject(f"expected one hidden layer, found {problem.hidden_layers}")
    if problem.widths[-1] != 1:
        raise field.child("widths").reject(f"expected one output, found {problem.widths[-1]}")
    if not problem.activation.breakpoints:
        raise field.child("activation").child("breakpoints").reject("expected at least one breakpoint")


def read_unit_cells(problem: UnitProblem, problem_field: Field, field: Field, effort: Effort, done: Note) -> UnitCells:
    """The field `cells` of the evidence, a complete list of the cells of a unit, as polyhedra."""
    check_shape(problem, problem_field)
    with at(field.place):
        count = count_cells(problem)
    done(f"counted by deletion and restriction: {counted(count, 'cell')} per unit")
    cells = read_cells(problem, field, count)
    with at(field.place):
        units = unit_cells(problem, cells, effort)
    done(f"{counted(count, 'listed cell')}, all different, with {counted(len(units.predictions), 'generator')} together")
    return units


def read_all_cells(problem: UnitProblem, listed: Field, done: Note) -> list[list[int]]:
    """The pieces of the cells of a list that is complete: as many as deletion and restriction count."""
    with at(listed.place):
        count = count_cells(problem)
    cells = read_cells(problem, listed, count)
    done(f"{counted(count, 'listed cell')}, all different, and as many as there are")
    return cells


def unit_cells(problem: UnitProblem, cells: list[list[int]], effort: Effort) -> UnitCells:
    """The polyhedra of all cells of a unit, which are given by their pieces. OverflowError beyond the effort."""
    samples, function, walls = _arrangement(problem)
    predictions, ranges = unit_generators(problem, effort)
    closures = [_bits(pieces, function) for pieces in ranges]
    own = [_bits([(piece, piece) for piece in cell], function) for cell in cells]
    effort.spend(len(own) * len(closures) * (1 + (max(own).bit_length() >> 6)))
    effort.spend(len(own) * len(walls) * 2)
    members = [sum(1 << g for g, closure in enumerate(closures) if not cell & ~closure) for cell in own]
    return UnitCells(cells, predictions, members, _beside(samples, function, walls, cells))


def cells_beside(problem: UnitProblem, cells: list[list[int]]) -> list[list[int]]:
    """For every cell those that share a facet with it."""
    samples, function, walls = _arrangement(problem)
    return _beside(samples, function, walls, cells)


def unit_generators(problem: UnitProblem, effort: Effort) -> tuple[list[list[int]], list[list[tuple[int, int]]]]:
    """The vertices and rays of all closed cells: a positive multiple of what each predicts, and its pieces on every sample.

    The pieces are a first and a last one. Vertex and ray lie in the closed cells whose pieces are between. OverflowError beyond
    the effort.
    """
    samples, function, walls = _arrangement(problem)
    size = len(samples[0])
    if any(wall[-1] for wall in walls):
        lines = _lines([(*(0,) * size, 1), *walls], size + 1, effort)
    else:  # all walls contain 0, which is the only vertex
        lines = {(*line, 0) for line in _lines([wall[:-1] for wall in walls], size, effort)} | {(*(0,) * size, 1)}
    outer, last = [function.slopes[0], function.slopes[-1]], len(function.breakpoints)
    left, right = numerators(outer, common_denominator(outer))
    beside = (0, last), (last, last), (0, 0)  # of 0, and of numbers above and below
    predictions: list[list[int]] = []
    ranges: list[list[tuple[int, int]]] = []
    for line in lines:
        *weights, height = line if line[-1] >= 0 else [-value for value in line]
        effort.spend(len(samples) * (size + 1))
        values = weighted_sums(samples, weights)
        if height:
            column = Column(values, height)
            positions = function.positions(column)
            predictions.append(list(function.apply(column, positions).numerators))
            ranges.append([(p // 2, (p + 1) // 2) for p in positions])
            continue
        for ray in (values, [-z for z in values]):
            # The growth of h along a ray, times a positive number.
            predictions.append([left * z if z < 0 else right * z for z in ray])
            ranges.append([beside[(z > 0) - (z < 0)] for z in ray])
    return predictions, ranges


def central_rays(problem: UnitProblem, effort: Effort) -> list[Row] | None:
    """The rays of the closed cells where all walls contain 0, both ways along each line; None if samples do not span.

    Coordinates are those of x over its denominators. OverflowError beyond the effort.
    """
    samples, _, walls = _arrangement(problem)
    size = len(samples[0])
    if size < len(problem.x.denominators) + problem.biases[0]:
        return None
    lines = _lines([wall[:-1] for wall in walls], size, effort)
    return [tuple(sign * value for value in line) for line in sorted(lines) for sign in (1, -1)]


def _arrangement(problem: UnitProblem) -> tuple[list[Row], Activation, list[Row]]:
    """The samples in independent columns, the activation, and the walls."""
    one = (1,) if problem.biases[0] else ()
    samples = _independent_columns([(*row, *one) for row in problem.x.rows])
    return samples, problem.activation, _walls(samples, problem.activation)


def _walls(samples: Sequence[Row], function: Activation) -> list[Row]:
    """The different walls {w : normal·w + constant = 0} as (normal, constant)."""
    rows = [sample for sample in dict.fromkeys(samples) if any(sample)]
    return hyperplanes((*(t.denominator * v for v in row), -t.numerator) for row in rows for t in function.breakpoints)


def _independent_columns(rows: Sequence[Row]) -> list[Row]:
    """The rows with a basis of their columns only: the weights of the other columns change no pre-activation."""
    kept: list[Row] = []
    reduced: list[tuple[int, Row]] = []
    for column in zip(*rows, strict=True):
        rest = column
        for place, above in reduced:
            if rest[place]:
                rest = tuple([above[place] * a - rest[place] * b for a, b in zip(rest, above, strict=True)])
        common = gcd(*rest)
        if common:
            rest = tuple([value // common for value in rest])
            reduced.append((next(place for place, value in enumerate(rest) if value), rest))
            kept.append(column)
    return list(zip(*kept, strict=True)) if kept else [()] * len(rows)


def _lines(rows: Sequence[Row], dimension: int, effort: Effort) -> set[Row]:
    """The lines in which different central hyperplanes meet, each as one primitive vector."""
    if dimension == 1:
        return {(1,)}
    if dimension == 2:
        return {*hyperplanes((-b, a) for a, b in rows)}
    if dimension == 3:
        effort.spend(len(rows) * len(rows) * 3)
        pairs = combinations(rows, 2)
        return {*hyperplanes((b * r - c * q, c * p - a * r, a * q - b * p) for (a, b, c), (p, q, r) in pairs)}
    found: set[Row] = set()
    for k, onto in enumerate(rows):
        effort.spend((len(rows) - k) * dimension)
        place = eliminated(onto)
        factor, others = onto[place], [value for p, value in enumerate(onto) if p != place]
        lines = _lines(traces(list(rows[k + 1 :]), onto), dimension - 1, effort)
        found.update(
            hyperplanes(
                (*[factor * v for v in line[:place]], -sum(map(mul, others, line)), *[factor * v for v in line[place:]])
                for line in lines
            )
        )
    return found


def _bits(ranges: Iterable[tuple[int, int]], function: Activation) -> int:
    """One bit for each piece of each sample: 1 from the first to the last piece of its range."""
    width, total = len(function.slopes), 0
    texts = ["0" * (width - 1 - last) + "1" * (last - first + 1) + "0" * first for first, last in ranges]
    for start in range(0, len(texts), 4096):
        block = texts[start : start + 4096]
        total |= int("".join(reversed(block)), 2) << start * width
    return total


def _beside(
    samples: Sequence[Row], function: Activation, walls: Sequence[Row], cells: Sequence[Sequence[int]]
) -> list[list[int]]:
    """The cells that differ by one wall only."""
    number = {wall: k for k, wall in enumerate(walls)}
    cuts: dict[int, tuple[int, int]] = {}
    for i, sample in enumerate(samples):
        for piece, t in enumerate(function.breakpoints):
            for wall in hyperplanes([(*(t.denominator * v for v in sample), -t.numerator)]) if any(sample) else ():
                cuts.setdefault(number[wall], (i, piece))
    sides = [sum(1 << k for k, (i, piece) in cuts.items() if cell[i] > piece) for cell in cells]
    index = {side: c for c, side in enumerate(sides)}
    found = []
    for side in sides:
        across = (index.get(side ^ 1 << k) for k in range(len(walls)))
        found.append([c for c in across if c is not None])
    return found
