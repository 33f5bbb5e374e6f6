"""The claim `all cells`: the cells of a network with one hidden layer, every one of them (FORMAT.md, section 6)."""

from __future__ import annotations

from math import comb

from ..activation import Activation
from ..arithmetic.document import Field, at, quote
from ..arithmetic.rational import Rational
from ..arithmetic.region_count import Effort, count_regions
from ..arithmetic.table import affine
from ..problem import Problem
from .claim import Submission, check_sentence, counted, samples_text

MAX_CELLS = 1 << 30
_MAX_BITS = 1_000_000  # 250,000 hexadecimal digits


def check_all_cells(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    _, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    names = ("kind", "sentence", "cells_per_unit", "cells", "cells_modulo_permutation")
    _, sentence_field, single, total, classes = claim.fields(*names)
    (listed,) = evidence.fields("cells")
    problem = submission.problem(problem_field)
    if problem.hidden_layers != 1:
        raise problem_field.child("widths").reject(f"expected one hidden layer, found {problem.hidden_layers}")
    count, units = _positive(single), problem.widths[1]
    if count > MAX_CELLS:
        raise single.reject(f"more than {MAX_CELLS} cells are beyond the limits of this verifier")
    sentence = check_sentence(
        sentence_field,
        f"On {samples_text(problem)} each hidden unit of the {problem.architecture} network has exactly"
        f" {counted(count, 'activation cell')}, and the network exactly {count}^{units}.",
    )
    if (count.bit_length() - 1) * units > _MAX_BITS:
        raise total.reject("the number of cells is longer than a number of a certificate")
    for field, expected in ((total, count**units), (classes, comb(count + units - 1, units))):
        if _positive(field) != expected:
            raise field.reject(f"not the number that follows from {counted(count, 'cell')} per unit and {counted(units, 'unit')}")
    with at(single.place):
        regions = count_cells(problem)
    if regions != count:
        raise single.reject(f"deletion and restriction count {counted(regions, 'cell')}")
    submission.done(f"counted by deletion and restriction: {counted(count, 'cell')} per unit")
    read_cells(problem, listed, count)
    submission.done(f"{counted(count, 'listed cell')}, all different, each with a witness strictly inside")
    return sentence, None


def _positive(field: Field) -> int:
    value = field.number()
    if not isinstance(value, int) or value < 1:
        raise field.reject("expected a positive integer")
    return value


def count_cells(problem: Problem) -> int:
    """The cells of a unit: regions of the walls w·x̃_i = t; the denominator of a column of x only rescales a coordinate of w."""
    one = (1,) if problem.biases[0] else ()
    normals, constants = [], []
    for row in {*map(tuple, problem.x.rows)}:
        for t in problem.activation.breakpoints:
            normals.append([t.denominator * value for value in (*row, *one)])
            constants.append(-t.numerator)
    return count_regions(normals, constants, Effort())


def read_cells(problem: Problem, listed: Field, count: int) -> list[list[int]]:
    """The pieces of the cells of a list; every witness lies strictly inside the cell it is given for, and these are different."""
    silent = [not problem.biases[0] and not any(row) for row in problem.x.rows]
    size = len(problem.x.denominators) + problem.biases[0]
    effort, seen, cells = Effort(), set(), []
    for entry in listed.items(count):
        pieces_field, witness_field = entry.items(2)
        stated, witness = pieces_field.text(), witness_field.vector(size)
        longest = max(max(w.numerator.bit_length(), w.denominator.bit_length()) for w in witness)
        with at(witness_field.place):
            effort.spend(problem.samples * size * (1 + (longest >> 10) * (1 + (problem.x.bits >> 10))))
            positions = _positions(problem, witness)
        for sample, (position, forced) in enumerate(zip(positions, silent, strict=True)):
            if position % 2 and not forced:
                raise witness_field.reject(f"on a wall: sample {sample} is at a breakpoint")
        pieces = [position // 2 for position in positions]
        found = _text(pieces, problem.activation)
        if stated != found:
            raise pieces_field.reject(f"the witness is in the cell {quote(found)}")
        if stated in seen:
            raise pieces_field.reject("this cell was listed before")
        seen.add(stated)
        cells.append(pieces)
    return cells


def _positions(problem: Problem, witness: list[Rational]) -> list[int]:
    weights, bias = (witness[:-1], witness[-1:]) if problem.biases[0] else (witness, None)
    (column,) = affine(problem.x, [weights], bias)
    return problem.activation.positions(column)


def _text(pieces: list[int], activation: Activation) -> str:
    return ("" if len(activation.slopes) <= 10 else ".").join(map(str, pieces))
