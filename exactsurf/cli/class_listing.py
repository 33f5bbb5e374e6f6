"""``exactsurf cells --up-to-symmetry``: the cells of one unit in classes."""

from __future__ import annotations

from exactsurf.cells.cell_classes import cell_classes
from exactsurf.certificate.claims.all_cells import pieces_text
from exactsurf.cli.terminal import DONE, print_json, stdout
from exactsurf.exact.number import integer_text
from exactsurf.model.problem import Problem


def show_classes(problem: Problem, *, count: bool, limit: int, as_json: bool) -> int:
    """Print the number of classes and, unless `count`, the size and a pattern of up to `limit` of them, the largest first."""
    found = cell_classes(problem)
    breakpoints = len(problem.network.activation.breakpoints)
    listed = [] if count else found.classes[:limit]
    rows = [(one.size, pieces_text(one.cell.pieces, breakpoints)) for one in listed]
    if as_json:
        numbers = {
            "cells_per_unit": integer_text(found.cells),
            "symmetries": integer_text(found.symmetries),
            "is_turned": found.is_turned,
            "classes": integer_text(len(found.classes)),
        }
        patterns = [{"cells": integer_text(size), "pattern": text} for size, text in rows]
        print_json(numbers if count else {**numbers, "patterns": patterns, "complete": len(rows) == len(found.classes)})
        return DONE
    console = stdout()
    turned = " and turning the unit round" if found.is_turned else ""
    symmetries = f"{found.symmetries} symmetries of the inputs{turned}"
    console.print(f"{len(found.classes)} classes of the {found.cells} cells of a unit, under {symmetries}")
    for size, text in rows:
        console.print(f"{size}  {text}", markup=False)
    if not count and len(rows) != len(found.classes):
        console.print(f"… only the first {len(rows)} are listed; raise --limit, or use --count")
    return DONE
