"""Complete lists of the cells of a hidden unit (FORMAT.md, section 6)."""

from __future__ import annotations

from typing import Protocol

from .activation import Activation
from .arithmetic.document import Field, at, quote
from .arithmetic.rational import MemoisedNumbers, Rational, certificate_number
from .arithmetic.region_count import Effort, count_regions
from .arithmetic.table import Table, affine


class UnitProblem(Protocol):
    """What the cells of a unit depend on; a problem, with whatever loss."""

    @property
    def widths(self) -> list[int]:
        """n₀, …, n_{L+1}."""

    @property
    def biases(self) -> list[bool]:
        """Whether the layers have biases."""

    @property
    def activation(self) -> Activation:
        """h."""

    @property
    def x(self) -> Table:
        """The inputs."""

    @property
    def samples(self) -> int:
        """N."""

    @property
    def hidden_layers(self) -> int:
        """L."""


def count_cells(problem: UnitProblem) -> int:
    """The cells of a unit: regions of the walls w·x̃_i = t; the denominator of a column of x only rescales a coordinate of w."""
    one = (1,) if problem.biases[0] else ()
    normals, constants = [], []
    for row in {*map(tuple, problem.x.rows)}:
        for t in problem.activation.breakpoints:
            normals.append([t.denominator * value for value in (*row, *one)])
            constants.append(-t.numerator)
    return count_regions(normals, constants, Effort())


def read_cells(problem: UnitProblem, listed: Field, count: int) -> list[list[int]]:
    """The pieces of the cells of a list; every witness lies strictly inside the cell it is given for, and these are different."""
    silent = [not problem.biases[0] and not any(row) for row in problem.x.rows]
    size = len(problem.x.denominators) + problem.biases[0]
    effort, seen, cells = Effort(), set(), []
    numbers = MemoisedNumbers(certificate_number)
    for entry in listed.items(count):
        pieces_field, witness_field = entry.items(2)
        stated, witness = pieces_field.text(), witness_field.vector(size, numbers)
        longest = max([max(map(int.bit_length, w.as_integer_ratio())) for w in witness])
        with at(witness_field.place):
            effort.spend(problem.samples * size * (1 + (longest >> 10) * (1 + (problem.x.bits >> 10))))
            positions = _positions(problem, witness)
        walls = [sample for sample, position in enumerate(positions) if position % 2 and not silent[sample]]
        if walls:
            raise witness_field.reject(f"on a wall: sample {walls[0]} is at a breakpoint")
        pieces = [position // 2 for position in positions]
        found = _text(pieces, problem.activation)
        if stated != found:
            raise pieces_field.reject(f"the witness is in the cell {quote(found)}")
        if stated in seen:
            raise pieces_field.reject("this cell was listed before")
        seen.add(stated)
        cells.append(pieces)
    return cells


def _positions(problem: UnitProblem, witness: list[Rational]) -> list[int]:
    weights, bias = (witness[:-1], witness[-1:]) if problem.biases[0] else (witness, None)
    (column,) = affine(problem.x, [weights], bias)
    return problem.activation.positions(column)


def _text(pieces: list[int], activation: Activation) -> str:
    return ("" if len(activation.slopes) <= 10 else ".").join(map(str, pieces))
