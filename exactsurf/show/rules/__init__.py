"""The proof of every rule in words and formulas, one module each, and the table of them by the rules' names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.show.rules import (
    convex_cells,
    curve,
    dead_unit,
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
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.text.prose import Blocks

Proof: TypeAlias = Callable[[Any, PointView, SampleValues | None], Blocks]
"""Evidence of the rule, the certificate, and the values of its samples if they were recomputed."""

RULES: dict[str, Proof] = {
    "paths": paths.proof,
    "unitwise": unitwise.proof,
    "second order": second_order.proof,
    "convex cells": convex_cells.proof,
    "unitwise vectors": unitwise_vectors.proof,
    "low rank": low_rank.proof,
    "positive products": positive_products.proof,
    "unitwise decay": unitwise_decay.proof,
    "kinked paths": kinked_paths.proof,
    "direction": direction.proof,
    "dead unit": dead_unit.proof,
    "curve": curve.proof,
}
"""The rules of proofs/FORMAT.md, sections 4, 16, 63 and 5, in its order."""
