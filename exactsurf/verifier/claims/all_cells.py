"""The claim `all cells`: the cells of a network with one hidden layer, every one of them (FORMAT.md, section 6)."""

from __future__ import annotations

from math import comb

from ..arithmetic.document import Field, at
from ..cell_list import count_cells, read_cells
from ..submission import Submission, check_sentence, counted, samples_text

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
        raise single.refuse(f"more than {MAX_CELLS} cells are beyond the limits of this verifier")
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
