"""One file a rule: evidence that a point is, or is not, a local minimum; and the order in which `decide` asks them."""

from __future__ import annotations

from exactsurf.minima.rules import (
    convex_cells,
    curve,
    direction,
    kinked_paths,
    low_rank,
    paths,
    positive_products,
    second_order,
    unitwise,
    unitwise_decay,
    unitwise_vectors,
)
from exactsurf.minima.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    paths.RULE,
    unitwise.RULE,  # also refutes, by `direction` and `dead unit`
    direction.RULE,  # most points are refuted by backpropagation alone
    convex_cells.RULE,  # also refutes, by `direction` and `curve`
    curve.SHORT,  # finds most saddles of high order before the costly fan
    second_order.FEW_CONES,  # also refutes, by `direction` and `curve`
    unitwise_vectors.RULE,
    paths.MERGED,  # after the rules that the proved checker knows
    kinked_paths.RULE,
    curve.ESCAPE,
    low_rank.RULE,
    curve.SCALED,  # before what takes long and proves
    positive_products.RULE,
    second_order.MANY_CONES,
    curve.ARC,
    positive_products.EASY_SIGNS,
    positive_products.EASY_SQUARES,
    positive_products.SIGNS,
    positive_products.SQUARES,
    curve.SHORT_AT_LAST,
    curve.SCALED_AT_LAST,
)
"""The rules in the order in which they are asked: cheap ones and those that decide most come first."""

DECAY_RULES: tuple[Rule, ...] = (unitwise_decay.RULE, unitwise_decay.FALL, second_order.RULE)
"""The rules for risks with weight decay; the others do not know it."""
