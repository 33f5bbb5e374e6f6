"""A loss is asked for properties: its name is for display, and only the table of names and the first format read it."""

from __future__ import annotations

import ast
from pathlib import Path

import exactsurf
from exactsurf.model.losses import FAMILIES

PACKAGE = Path(exactsurf.__file__).parent
ALSO_ELSEWHERE = {"absolute", "power"}
"""Words that name an activation, or an operation of an expression, as well."""
READERS = {"model/losses.py", "model/loss.py", "interop/problem_writer.py"}
"""The table of names, the repr of a loss, and the writer of problem files, which hold names."""


def comparisons_of_names(tree: ast.AST) -> list[int]:
    """Lines that compare a `.name` of something called loss, or compare anything with the name of a loss."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            parts = [
                part for side in sides for part in (side.elts if isinstance(side, (ast.Tuple, ast.List, ast.Set)) else [side])
            ]
            named = any(
                isinstance(part, ast.Attribute) and part.attr == "name" and "loss" in ast.unparse(part.value) for part in parts
            )
            literal = any(isinstance(part, ast.Constant) and part.value in {*FAMILIES} - ALSO_ELSEWHERE for part in parts)
            lines += [node.lineno] if named or literal else []
    return lines


def test_no_consumer_compares_the_name_of_a_loss():
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = str(path.relative_to(PACKAGE))
        if name in READERS or name.startswith(("verifier/", "formal/")):
            continue
        lines = comparisons_of_names(ast.parse(path.read_text(encoding="utf-8")))
        if lines:
            found[name] = lines
    assert found == {}


def test_the_finder_finds_comparisons():
    text = 'a = problem.loss.name == "squared"\nb = loss.name in ("x", "y")\nc = kind == "hinge"\nd = network.name == "q"'
    assert comparisons_of_names(ast.parse(text)) == [1, 2, 3]
