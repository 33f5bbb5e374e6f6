"""Certificates of the claim `all cells`, with witnesses from a grid, and a slow count by Whitney's theorem."""

from __future__ import annotations

import copy
from fractions import Fraction
from itertools import combinations, product
from math import comb
from typing import Any

from tests.verifier.examples import HALF, RELU, STEPS, XOR, text
from tests.verifier.oracle import Document, number, numbers

Row = tuple[Fraction, ...]


def extended(problem: Document) -> list[Row]:
    one = (Fraction(1),) if problem["biases"][0] else ()
    return [(*row, *one) for row in numbers(problem["data"]["x"])]


def pieces_at(problem: Document, witness: Row) -> list[int] | None:
    """The pieces at a point, None on a wall."""
    breakpoints = numbers(problem["activation"]["breakpoints"])
    found = []
    for row in extended(problem):
        z = sum((a * b for a, b in zip(row, witness, strict=True)), Fraction(0))
        if z in breakpoints and any(row):
            return None
        found.append(sum(t < z for t in breakpoints))
    return found


def pieces_text(problem: Document, pieces: list[int]) -> str:
    return ("." if len(problem["activation"]["breakpoints"]) >= 10 else "").join(map(str, pieces))


def sentence(problem: Document, count: int) -> str:
    samples, widths = len(problem["data"]["x"]), problem["widths"]
    return (
        f"On {samples} sample{'s' if samples > 1 else ''} each hidden unit of the {'-'.join(map(str, widths))} network has "
        f"exactly {count} activation cell{'s' if count > 1 else ''}, and the network exactly {count}^{widths[1]}."
    )


def certificate(
    widths: list[int], x: Any, biases: list[bool], activation: Document = RELU, *, radius: int = 3, step: str = "1/2"
) -> Document:
    """All cells that a grid of witnesses meets; the caller sees to it that the grid is fine enough."""
    y = [["0"] * widths[-1] for _ in x]
    problem = {"widths": widths, "biases": biases, "activation": activation, "loss": HALF, "data": {"x": text(x), "y": y}}
    size = len(extended(problem)[0])
    steps = [Fraction(step) * k for k in range(-radius * int(1 / Fraction(step)), radius * int(1 / Fraction(step)) + 1)]
    cells: dict[str, list[str]] = {}
    for witness in product(steps, repeat=size):
        pieces = pieces_at(problem, witness)
        if pieces is not None:
            cells.setdefault(pieces_text(problem, pieces), text(list(witness)))
    return claimed(problem, [[pieces, witness] for pieces, witness in cells.items()])


def claimed(problem: Document, cells: list[Any]) -> Document:
    """The certificate that these are all the cells."""
    count, units = len(cells), problem["widths"][1]
    claim = {
        "kind": "all cells",
        "sentence": sentence(problem, count),
        "cells_per_unit": str(count),
        "cells": str(count**units),
        "cells_modulo_permutation": str(comb(count + units - 1, units)),
    }
    return {"format": "exactsurf-certificate/1", "claim": claim, "problem": problem, "evidence": {"cells": cells}}


MANY = {"breakpoints": text(list(range(-5, 5))), "slopes": text(list(range(11))), "value_at_0": "0"}
AFFINE = {"breakpoints": [], "slopes": ["3"], "value_at_0": "1"}
NO_KINK = {"breakpoints": ["0", "1"], "slopes": ["1", "1", "0"], "value_at_0": "0"}

CELL_EXAMPLES = {
    "cells_line": certificate([1, 2, 1], [[0], [1]], [True, True]),
    "cells_xor": certificate([2, 2, 1], XOR, [True, True]),
    "cells_degenerate": certificate([2, 1, 1], [[0, 0], [1, 0], [2, 0], [-3, 0], [0, "1/5"], [0, 0]], [False, True]),
    "cells_parallel": certificate([1, 3, 2], [[1], [2], [0], [-1]], [False, False], STEPS, step="1/4"),
    "cells_steps": certificate([1, 1, 1], [["1/2"], [-2]], [True, True], STEPS, radius=4),
    "cells_many_pieces": certificate([1, 1, 1], [[1], [-1]], [False, True], MANY, radius=6),
    "cells_no_wall": certificate([1, 2, 1], [[1], [2]], [True, True], AFFINE),
    "cells_equal_slopes": certificate([1, 1, 1], [[0], [2]], [True, True], NO_KINK),
    "cells_one_sample": certificate([2, 1, 1], [["2/3", -1]], [True, True]),
    "cells_silent": certificate([2, 2, 1], [[0, 0]], [False, True]),
}


def get(name: str) -> Document:
    return copy.deepcopy(CELL_EXAMPLES[name])


def rank(rows: list[Row]) -> int:
    matrix, found = [list(row) for row in rows], 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((r for r in range(found, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        for r in range(found + 1, len(matrix)):
            factor = matrix[r][column] / matrix[found][column]
            matrix[r] = [a - factor * b for a, b in zip(matrix[r], matrix[found], strict=True)]
        found += 1
    return found


def whitney_count(problem: Document) -> int:
    """Σ (−1)^(|B| − rank B) over the sets B of different walls that have a point in common (Whitney 1932)."""
    walls = set()
    for row, t in product(extended(problem), numbers(problem["activation"]["breakpoints"])):
        lead = next((value for value in row if value), None)
        if lead is not None:
            walls.add((tuple(value / lead for value in row), t / lead))
    total = 0
    for size in range(len(walls) + 1):
        for chosen in combinations(walls, size):
            normals = [normal for normal, _ in chosen]
            found = rank(normals)
            if found == rank([(*normal, t) for normal, t in chosen]):
                total += (-1) ** (size - found)
    return total


def assert_cells_true(document: Document) -> None:
    """Fail if the claim of a document is false, or its evidence not what it should be."""
    problem, claim, cells = document["problem"], document["claim"], document["evidence"]["cells"]
    assert document["claim"]["kind"] == "all cells" and "parameters" not in document
    count, units = len(cells), problem["widths"][1]
    assert len(problem["widths"]) == 3 and count == whitney_count(problem)
    assert claim["sentence"] == sentence(problem, count)
    assert number(claim["cells_per_unit"]) == count
    assert number(claim["cells"]) == count**units
    assert number(claim["cells_modulo_permutation"]) == sum(1 for _ in _multisets(count, units))
    assert len({pieces for pieces, _ in cells}) == count
    for pieces, witness in cells:
        there = pieces_at(problem, tuple(numbers(witness)))
        assert there is not None and pieces == pieces_text(problem, there)


def _multisets(count: int, units: int) -> Any:
    return (choice for choice in product(range(count), repeat=units) if list(choice) == sorted(choice))
