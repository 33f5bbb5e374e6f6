"""One file a rule: what is required of its evidence. `RULES` names the function that checks it; files are read when needed."""

from __future__ import annotations

from typing import Any

from ..loading import function

MINIMUM = {
    "paths": "paths.check_paths",
    "unitwise": "unitwise.check_unitwise",
    "unitwise vectors": "unitwise_vectors.check_unitwise_vectors",
    "second order": "second_order.check_second_order",
    "convex cells": "convex_cells.check_convex_cells",
    "positive products": "positive_products.check_positive_products",
    "low rank": "low_rank.check_low_rank",
    "kinked paths": "kinked_paths.check_kinked_paths",
    "unitwise decay": "unitwise_decay.check_unitwise_decay",
}
"""Rules that a point is a local minimum."""

DESCENT = {
    "direction": "direction.check_direction",
    "dead unit": "dead_unit.check_dead_unit",
    "curve": "curve.check_curve",
}
"""Rules that a point is none."""

RULES = {**MINIMUM, **DESCENT}

DECAY = ("unitwise decay", "second order", "direction", "curve")
"""The rules that know weight decay; all others are rejected where there is some."""


def checker(rule: str) -> Any:
    """The function that checks a rule: it takes problem, point and the field of the evidence, and says what was found."""
    return function(__name__, RULES[rule])
