"""The rules `second order` and `convex cells`: a local minimum, cone by cone (FORMAT.md, sections 4.3 and 4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.quadratic import Quadratic, is_positive_on, null_space, whole_vector
from ..arithmetic.rational import Rational
from ..cells_at_point import CellsAtPoint, Pair, Signs
from ..invariance import size
from ..problem import Point, Problem


def check_second_order(problem: Problem, point: Point, field: Field) -> str:
    """Check the evidence; the summary of what was found."""
    rule, nodes = field.fields("rule", "nodes")
    convex = rule.text() == "convex cells"
    if convex and (problem.hidden_layers != 1 or problem.widths[-1] != 1):
        raise rule.reject("this rule needs one hidden layer and one output")
    local = CellsAtPoint(problem, point, convex)
    entries = nodes.items()
    if not entries:
        raise nodes.reject("node 0 is missing")
    with at(nodes.place):
        leaves, empty = _check_tree(local, entries)
        rank = size(problem) - len(null_space(local.tangents, size(problem)))
    found = f"{len(local.all_pairs)} boundary pairs, {leaves} leaves with multipliers, {empty} empty leaves"
    return f"rule {rule.text()}: {found}" + ("" if convex else f", {rank} dimensions of invariance")


def _check_tree(local: CellsAtPoint, entries: Sequence[Field]) -> tuple[int, int]:
    """Walk through the tree (without recursion) and check every leaf; how many there are of each kind."""
    children: set[int] = set()
    leaves = [0, 0]
    walk: list[tuple[int, Signs]] = [(0, {})]
    signed: dict[tuple[tuple[int, int], ...], CellsAtPoint] = {(): local}
    while walk:
        index, signs = walk.pop()
        node = entries[index]
        if node.has("split") or (local.is_convex and node.has("output weight")):
            name = "split" if node.has("split") else "output weight"
            split, plus, minus = node.fields(name, "plus", "minus")
            pair = _pair(local, split) if name == "split" else _output_weight(local, split)
            if pair in signs:
                raise split.reject("was already split on the way from the root")
            for child in (plus, minus):
                number = child.index(len(entries))
                if number <= index or number in children:
                    raise child.reject("a child has a larger index than its node, and one parent")
                children.add(number)
            walk += [(minus.size(), {**signs, pair: -1}), (plus.size(), {**signs, pair: 1})]
        elif node.has("empty"):
            _check_empty(local, signs, node.fields("empty")[0])
            leaves[1] += 1
        else:
            weights = tuple(sorted((unit, sign) for (layer, unit, _), sign in signs.items() if not layer))
            if weights not in signed:
                signed[weights] = replace(local, weight_signs=weights)
            _check_leaf(signed[weights], signs, node)
            leaves[0] += 1
    if len(children) != len(entries) - 1:
        orphan = min(set(range(1, len(entries))) - children)
        raise entries[orphan].reject("the child of no node")
    return leaves[0], leaves[1]


def _pair(local: CellsAtPoint, field: Field) -> Pair:
    layer, unit, sample = (entry.size() for entry in field.items(3))
    if (layer, unit, sample) not in local.all_pairs:
        raise field.reject("not a boundary pair")
    return layer, unit, sample


def _output_weight(local: CellsAtPoint, field: Field) -> Pair:
    """A unit of output weight 0, as a pair of a layer 0 that there is not."""
    unit = field.size()
    if unit not in local.dead:
        raise field.reject("not a unit of output weight 0")
    return 0, unit, 0


def _split_pair(local: CellsAtPoint, field: Field, signs: Signs) -> Pair:
    pair = _pair(local, field)
    if pair not in signs:
        raise field.reject("this pair is not split on the way")
    return pair


def _check_empty(local: CellsAtPoint, signs: Signs, field: Field) -> None:
    total = Quadratic()
    weights = field.pairs(lambda entry: _split_pair(local, entry, signs))
    for entry, (pair, weight) in zip(field.items(), weights, strict=True):
        if pair[0] != 1:
            raise entry.reject("only pairs of layer 1 may stand here")
        if weight < 0:
            raise entry.reject("λ is negative")
        total.add(local.pre_activations(pair[2], {})[0][pair[1]], signs[pair] * weight)
    if not any(weight for _, weight in weights):
        raise field.reject("some λ must not be 0")
    if any(total.linear.values()):
        raise field.reject("the sum of λτ∇z is not 0")


def _check_leaf(local: CellsAtPoint, signs: Signs, leaf: Field) -> None:
    third = "positive" if local.is_convex else "products"
    optional = ["unsplit"] if local.is_convex and leaf.has("unsplit") else []
    multipliers_field, subgradient_field, third_field, *unsplit_fields = leaf.fields(
        "multipliers", "subgradient", third, *optional
    )
    positive = _read_positive(local, leaf, third_field) if local.is_convex else set()
    unsplit = [
        (entry, *pair)
        for field in unsplit_fields
        for entry, pair in zip(field.items(), field.pairs(lambda name: _unsplit(local, name, signs, positive)), strict=True)
    ]
    named = {*signs, *(pair for _, pair, _ in unsplit)}
    kept = {i for i, pairs in local.pairs.items() if all(pair in named or pair[1] in positive for pair in pairs)}
    for i in local.pairs.keys() - kept:
        local.check_slack(i, leaf)
    start, corners = local.plain
    total, corners, walls = start.copy(), dict(corners), {}
    for i in sorted(kept):
        layers = local.pre_activations(i, signs)
        corners.update(local.add_loss(total, i, layers[-1]))
        walls.update({pair: layers[pair[0] - 1][pair[1]] for pair in local.pairs[i]})
    forced: list[dict[int, Rational]] = []
    chosen: dict[int, Rational] = {}
    for entry, r in zip(subgradient_field.items(), _read_subgradient(subgradient_field, corners), strict=True):
        (sample, output), value = r
        low, high = local.point.residuals.interval(sample, output)
        if not low <= value <= high:
            raise entry.reject("not in the subdifferential of the loss")
        total.add(corners[sample, output], value)
        chosen[sample] = value
        if low < value < high:
            forced.append(corners[sample, output].linear)

    def wall(field: Field) -> Pair:
        pair = _split_pair(local, field, signs)
        if pair not in walls:
            raise field.reject("another boundary pair of this sample is not split on the way")
        return pair

    multipliers = multipliers_field.pairs(wall)
    for entry, (pair, value) in zip(multipliers_field.items(), multipliers, strict=True):
        if value <= 0:
            raise entry.reject("λ is not positive")
        total.add(walls[pair], -signs[pair] * value)
        forced.append(walls[pair].linear)
    if local.is_convex:
        for entry, pair, value in unsplit:
            if pair not in walls:
                raise entry.reject("another boundary pair of this sample is not split on the way and not listed")
            if not 0 <= value <= _bend(local, pair, chosen):
                raise entry.reject("μ is not between 0 and the growth of the slope")
            total.add(walls[pair], -value)
        _check_signed(local, total, leaf, positive)
        return
    if any(total.linear.values()):
        raise leaf.reject("the gradient of the Lagrangian is not 0")
    for entry in third_field.items():
        first, second, weight = entry.items(3)
        p, q = wall(first), wall(second)
        factor = weight.number()
        if factor < 0:
            raise weight.reject("ν is negative")
        total.add_linear_product(walls[p].linear, walls[q].linear, -signs[p] * signs[q] * factor * Fraction(1, 2))
    count = size(local.problem)
    basis = null_space([*(whole_vector(entries, count) for entries in forced if entries), *local.tangents], count)
    if not is_positive_on(total, basis):
        raise leaf.reject("the second-order form is not positive on the critical space")


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


def _unsplit(local: CellsAtPoint, field: Field, signs: Signs, positive: set[int]) -> Pair:
    pair = _pair(local, field)
    if pair in signs or pair[1] in positive:
        raise field.reject("this pair is split on the way, or its unit is positive")
    return pair


def _bend(local: CellsAtPoint, pair: Pair, chosen: dict[int, Rational]) -> Rational:
    """How much r times the slope grows at a boundary pair of the hidden layer, times the output weight or its sign."""
    _, unit, sample = pair
    position, slopes = local.point.forward.positions[0][unit][sample], local.problem.activation.slopes
    growth = slopes[(position + 1) // 2] - slopes[position // 2]
    return local.weights[-1][0][unit] * chosen.get(sample, local.point.residuals.interval(sample, 0)[0]) * growth


def _check_signed(local: CellsAtPoint, total: Quadratic, leaf: Field, positive: set[int]) -> None:
    """The first-order conditions of rule `convex cells`."""
    hidden, ((*outputs,),) = local.places
    free = {place for unit in positive for place in hidden[unit]}
    for unit, sign in local.weight_signs:
        phi = sign * total.linear.get(outputs[unit], 0)
        if phi < 0 or (not phi and unit in positive):
            raise leaf.reject(f"the frozen risk of unit {unit} does not have the sign of its output weight")
        free.add(outputs[unit])
    if any(value for place, value in total.linear.items() if place not in free):
        raise leaf.reject("the gradient of the Lagrangian is not 0")


def _read_subgradient(field: Field, corners: dict[tuple[int, int], Quadratic]) -> list[tuple[tuple[int, int], Rational]]:
    found: dict[tuple[int, int], Rational] = {}
    for entry in field.items():
        sample, output, value = entry.items(3)
        name = (sample.size(), output.size())
        if name not in corners:
            raise entry.reject("the loss has no kink there, or the sample is left out")
        if name in found:
            raise entry.reject("occurs twice in this list")
        found[name] = value.number()
    missing = corners.keys() - found.keys()
    if missing:
        i, k = min(missing)
        raise field.reject(f"output {k} of sample {i} is missing, where the loss is not differentiable")
    return list(found.items())
