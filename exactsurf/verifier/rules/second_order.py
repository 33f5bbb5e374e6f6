"""The rule `second order`: a local minimum, cone by cone, modulo invariances (FORMAT.md, section 4.3)."""

from __future__ import annotations

from ..arithmetic.document import Field, at
from ..arithmetic.quadratic import is_positive_on, null_space, whole_vector
from ..cells_at_point import CellsAtPoint, Signs, Squares
from ..invariance import size
from ..problem import Point, Problem
from .leaf import Leaf, check_empty
from .tree import walk


def check_second_order(problem: Problem, point: Point, field: Field, squares: Squares | None = None) -> list[str]:
    """Check the evidence; the summary of what was found."""
    _, nodes = field.fields("rule", "nodes")
    local = CellsAtPoint(problem, point, squares=squares)

    def check_leaf(node: Field, signs: Signs) -> str:
        if node.has("empty"):
            check_empty(local, signs, node.fields("empty")[0])
            return "empty"
        _check_leaf(local, signs, node)
        return "multipliers"

    with at(nodes.place):
        leaves = walk(nodes, {"split": local.read_pair}, check_leaf)
        rank = size(problem) - len(null_space(local.tangents, size(problem)))
    found = f"{len(local.all_pairs)} boundary pairs, {leaves['multipliers']} leaves with multipliers"
    return [f"rule second order: {found}, {leaves['empty']} empty leaves, {rank} dimensions of invariance"]


def _check_leaf(local: CellsAtPoint, signs: Signs, node: Field) -> None:
    multipliers, subgradient, products = node.fields("multipliers", "subgradient", "products")
    leaf = Leaf.of(local, signs, node)
    leaf.add_decay()
    _, inside = leaf.add_subgradient(subgradient)
    forced = [*inside, *leaf.add_multipliers(multipliers)]
    if any(leaf.total.linear.values()):
        raise node.reject("the gradient of the Lagrangian is not 0")
    leaf.add_products(products)
    count = size(local.problem)
    basis = null_space([*(whole_vector(entries, count) for entries in forced if entries), *local.tangents], count)
    if not is_positive_on(leaf.total, basis):
        raise node.reject("the second-order form is not positive on the critical space")
