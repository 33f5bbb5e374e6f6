"""The rule `convex cells`: a local minimum of a network with one hidden layer, also with kinks (FORMAT.md, section 4.4)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from ..arithmetic.document import Field, at
from ..arithmetic.quadratic import Quadratic
from ..arithmetic.rational import Rational
from ..cells_at_point import CellsAtPoint, Pair, Signs
from ..problem import Point, Problem
from ..residuals import Name
from .leaf import Leaf, check_empty
from .tree import walk

_OUTPUT = 0  # the layer that stands for a unit of output weight 0 among pairs [layer, unit, sample]


def check_convex_cells(problem: Problem, point: Point, field: Field) -> list[str]:
    """Check the evidence; the summary of what was found."""
    rule, nodes = field.fields("rule", "nodes")
    if problem.hidden_layers != 1 or problem.widths[-1] != 1:
        raise rule.reject("this rule needs one hidden layer and one output")
    local = CellsAtPoint(problem, point)
    signed: dict[tuple[tuple[int, int], ...], CellsAtPoint] = {(): local}

    def output_weight(entry: Field) -> Pair:
        if entry.size() not in local.dead:
            raise entry.reject("not a unit of output weight 0")
        return _OUTPUT, entry.size(), 0

    def check_leaf(node: Field, signs: Signs) -> str:
        if node.has("empty"):
            check_empty(local, signs, node.fields("empty")[0])
            return "empty"
        weights = tuple(sorted((unit, sign) for (layer, unit, _), sign in signs.items() if layer == _OUTPUT))
        if weights not in signed:
            signed[weights] = replace(local, weight_signs=weights)
        _check_leaf(signed[weights], signs, node)
        return "multipliers"

    with at(nodes.place):
        leaves = walk(nodes, {"split": local.read_pair, "output weight": output_weight}, check_leaf)
    found = f"{len(local.all_pairs)} boundary pairs, {leaves['multipliers']} leaves with multipliers"
    return [f"rule convex cells: {found}, {leaves['empty']} empty leaves"]


def _check_leaf(local: CellsAtPoint, signs: Signs, node: Field) -> None:
    optional = ["unsplit"] if node.has("unsplit") else []
    names = ("multipliers", "subgradient", "positive", *optional)
    multipliers, subgradient, positive_field, *unsplit_fields = node.fields(*names)
    positive = _read_positive(local, node, positive_field)

    def unsplit_pair(entry: Field) -> Pair:
        pair = local.read_pair(entry)
        if pair in signs or pair[1] in positive:
            raise entry.reject("this pair is split on the way, or its unit is positive")
        return pair

    unsplit = [
        (entry, pair, value)
        for field in unsplit_fields
        for entry, (pair, value) in zip(field.items(), field.pairs(unsplit_pair), strict=True)
    ]
    leaf = Leaf.of(local, signs, node, {pair for _, pair, _ in unsplit}, positive)
    chosen, _ = leaf.add_subgradient(subgradient)
    leaf.add_multipliers(multipliers)
    for entry, pair, value in unsplit:
        if pair not in leaf.walls:
            raise entry.reject("another boundary pair of this sample is not split on the way and not listed")
        if not 0 <= value <= _bend(local, pair, chosen):
            raise entry.reject("μ is not between 0 and the growth of the slope")
        leaf.total.add(leaf.walls[pair], -value)
    _check_signed(local, leaf.total, node, positive)


def _read_positive(local: CellsAtPoint, leaf: Field, field: Field) -> set[int]:
    """The units of output weight 0 whose frozen risk is not 0; all units of output weight 0 were split on the way."""
    signs = dict(local.weight_signs)
    positive: set[int] = set()
    if missing := local.dead - signs.keys():
        raise leaf.reject(f"the output weight of unit {min(missing)} is 0, but not split on the way")
    for entry in field.items():
        unit = entry.size()
        if unit not in signs or unit in positive:
            raise entry.reject("not a unit of output weight 0, or listed twice")
        positive.add(unit)
    return positive


def _bend(local: CellsAtPoint, pair: Pair, chosen: dict[Name, Rational]) -> Rational:
    """How much r times the slope grows at a boundary pair of the hidden layer, times the output weight or its sign."""
    _, unit, sample = pair
    h, position = local.problem.activation, local.point.forward.positions[0][unit][sample]
    r = chosen.get((sample, 0), local.point.residuals.interval(sample, 0)[0])
    return local.weights[-1][0][unit] * r * (h.right(position) - h.left(position))


def _check_signed(local: CellsAtPoint, total: Quadratic, leaf: Field, positive: Set[int]) -> None:
    """The conditions of first order."""
    hidden, ((*outputs,),) = local.places
    free = {place for unit in positive for place in hidden[unit]}
    for unit, sign in local.weight_signs:
        phi = sign * total.linear.get(outputs[unit], 0)
        if phi < 0 or (not phi and unit in positive):
            raise leaf.reject(f"the frozen risk of unit {unit} does not have the sign of its output weight")
        free.add(outputs[unit])
    if any(value for place, value in total.linear.items() if place not in free):
        raise leaf.reject("the gradient of the Lagrangian is not 0")
