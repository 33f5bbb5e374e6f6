"""The tree over the cells at a point that the rules ``second order`` and ``convex cells`` share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from exactsurf.certificate.problem_document import number_document
from exactsurf.certificate.rules.boundary_pair import Pair, PairSplit, pair_of
from exactsurf.exact.number import exact


@dataclass(frozen=True)
class WeightSplit:
    """A node, in rule `convex cells`: split on the sign of an output weight that is 0."""

    unit: int
    plus: int
    minus: int

    def document(self) -> dict[str, Any]:
        """The node as a JSON value."""
        return {"output weight": self.unit, "plus": self.plus, "minus": self.minus}


@dataclass(frozen=True)
class EmptyCone:
    """A leaf that the other leaves cover: multipliers λ of boundary pairs of layer 1 show that its cone is flat."""

    multipliers: tuple[tuple[Pair, Fraction], ...]

    def document(self) -> dict[str, Any]:
        """The leaf as a JSON value."""
        return {"empty": numbers_document(self.multipliers)}


@dataclass(frozen=True)
class CriticalCone:
    """A leaf: the Lagrangian of its cells has gradient zero and is positive on the critical cone modulo invariances.

    Attributes: `multipliers` λ > 0 of boundary pairs; `subgradient` (sample, output, r) where the loss has a kink;
    `products` (pair, pair, ν ≥ 0), the multiples of products of two walls that are taken off the second-order form;
    `positive`, in rule `convex cells`, the units of output weight 0 whose frozen risk has strictly the sign of the leaf, and
    `unsplit` (pair, μ) for boundary pairs of other units that were not split: the slope is less than the right one by μ ≥ 0.
    """

    multipliers: tuple[tuple[Pair, Fraction], ...]
    subgradient: tuple[tuple[int, int, Fraction], ...] = ()
    products: tuple[tuple[Pair, Pair, Fraction], ...] = ()
    positive: tuple[int, ...] = ()
    unsplit: tuple[tuple[Pair, Fraction], ...] = ()

    def document(self) -> dict[str, Any]:
        """What both rules write of a leaf."""
        return {
            "multipliers": numbers_document(self.multipliers),
            "subgradient": [[sample, output, number_document(r)] for sample, output, r in self.subgradient],
        }


ConeNode: TypeAlias = PairSplit | WeightSplit | EmptyCone | CriticalCone


def numbers_document(numbers: Sequence[tuple[Pair, Fraction]]) -> list[Any]:
    """Numbers of boundary pairs as a JSON value."""
    return [[list(pair), number_document(value)] for pair, value in numbers]


def cone_nodes(nodes: Sequence[Mapping[str, Any]]) -> tuple[ConeNode, ...]:
    """Read the nodes of proofs/FORMAT.md, sections 4.3 and 4.4.

    Parameters: `nodes` as JSON has them. Exactness: every number passes through `exact`. Raises: `KeyError` and the like for
    nodes that the verifier would reject. Source: proofs/FORMAT.md.

    >>> cone_nodes([{"empty": [[[1, 0, 2], "1/3"]]}])
    (EmptyCone(multipliers=(((1, 0, 2), Fraction(1, 3)),)),)
    """
    return tuple(map(_node, nodes))


def _node(node: Mapping[str, Any]) -> ConeNode:
    if "split" in node:
        return PairSplit.read(node)
    if "output weight" in node:
        return WeightSplit(node["output weight"], node["plus"], node["minus"])
    if "empty" in node:
        return EmptyCone(_numbers(node["empty"]))
    return CriticalCone(
        _numbers(node["multipliers"]),
        tuple((i, k, exact(value)) for i, k, value in node["subgradient"]),
        tuple((pair_of(p), pair_of(q), exact(value)) for p, q, value in node.get("products", ())),
        tuple(node.get("positive", ())),
        _numbers(node.get("unsplit", ())),
    )


def _numbers(entries: Sequence[Any]) -> tuple[tuple[Pair, Fraction], ...]:
    return tuple((pair_of(pair), exact(value)) for pair, value in entries)
