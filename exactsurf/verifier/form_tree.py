"""Sign trees whose leaves name forms that are proved by sums of lines (FORMAT.md, section 25)."""

from __future__ import annotations

from collections.abc import Sequence

from .arithmetic.document import Field
from .arithmetic.effort import spend
from .arithmetic.rational import Rational
from .arithmetic.region_count import Effort
from .cell_list import UnitProblem
from .dual_bounds import read_duals
from .problem import Problem
from .sign_tree import Halves, Regions, walk
from .submission import Note, counted
from .unit_cells import UnitCells, check_shape
from .unit_forms import UnitForm, read_forms


def check_form_tree(
    problem: Problem, problem_field: Field, fields: tuple[Field, Field, Field], bound: Rational, done: Note
) -> int:
    """Check that the dual vectors bound the risk at all parameters, by the fields `duals`, `forms` and `nodes`; how many."""
    duals_field, forms_field, nodes = fields
    check_shape(problem, problem_field)
    count = len(read_duals(problem, UnitCells([], [], [], []), duals_field, bound, Effort()).bounds)
    duals = [entry.vector(problem.samples) for entry in duals_field.items()]
    forms = read_forms(problem, duals, forms_field)
    done(f"{counted(len(forms), 'form')} of a unit, each proved on its region by sums of lines")

    walk_forms(problem, nodes, forms, count, done)
    return count


def walk_forms(problem: UnitProblem, nodes: Field, forms: Sequence[UnitForm], count: int, done: Note) -> list[int]:
    """Check a tree whose leaves name one of `count` dual vectors, and forms that show that it holds; what is named."""

    def leaf(node: Field, regions: Regions) -> int:
        dual, named = node.fields("dual", "forms")
        return check_forms(dual, named, regions, forms, count)

    leaves = walk(problem, nodes, Halves([]), leaf)
    done(f"tree of {counted(len(nodes.items()), 'node')}, {len(leaves)} of them with a dual vector and forms")
    return leaves


def check_forms(dual: Field, named: Field, regions: Regions, forms: Sequence[UnitForm], count: int) -> int:
    """The index of the dual vector of a leaf, one of `count`, which must hold on all regions by the forms that are named."""
    number = dual.index(count)
    for unit, (region, own) in enumerate(zip(regions, named.items(len(regions)), strict=True)):
        chosen = [forms[entry.index(len(forms))] for entry in own.items()]
        spend(len(chosen) * (1 + len(region.walls)))
        for sign in (1, -1):
            if region.sign != -sign and not any(_says(form, number, sign, region.walls) for form in chosen):
                side = "≥" if sign > 0 else "≤"
                raise own.reject(f"no form shows that dual vector {number} holds for unit {unit} with v {side} 0")
    return number


def _says(form: UnitForm, dual: int, sign: int, walls: frozenset[tuple[int, int, int]]) -> bool:
    return form.dual == dual and form.sign == sign and form.walls <= walls
