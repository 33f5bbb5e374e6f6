"""Boundary pairs, on which the trees over the cells at a point split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Pair: TypeAlias = tuple[int, int, int]
"""A hidden layer (from 1), a unit of it and a sample (both from 0)."""


@dataclass(frozen=True)
class PairSplit:
    """A node of the tree of the fan: split on the side on which the pre-activation of a boundary pair moves."""

    pair: Pair
    plus: int
    minus: int

    def document(self) -> dict[str, Any]:
        """The node as a JSON value."""
        return {"split": list(self.pair), "plus": self.plus, "minus": self.minus}

    @staticmethod
    def read(node: Mapping[str, Any]) -> PairSplit:
        """The node from its JSON value."""
        return PairSplit(pair_of(node["split"]), node["plus"], node["minus"])


def pair_of(triple: Sequence[int]) -> Pair:
    """A boundary pair from its JSON value."""
    layer, unit, sample = triple
    return layer, unit, sample
