"""The trees over the cells at a point (rules ``second order`` and ``convex cells``), read from a certificate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exactsurf.certificate.rules.boundary_pair import Pair, PairSplit
from exactsurf.certificate.rules.cone_tree import ConeNode, CriticalCone, EmptyCone, WeightSplit
from exactsurf.exact.number import exact


def cone_nodes(nodes: Sequence[dict[str, Any]]) -> tuple[ConeNode, ...]:
    """Read the nodes of proofs/FORMAT.md, sections 4.3 and 4.4.

    Parameters: `nodes` as JSON has them. Exactness: every number passes through `exact`. Raises: `KeyError` and the like for
    nodes that the verifier would reject. Source: proofs/FORMAT.md.

    >>> cone_nodes([{"empty": [[[1, 0, 2], "1/3"]]}])
    (EmptyCone(multipliers=(((1, 0, 2), Fraction(1, 3)),)),)
    """
    return tuple(map(_node, nodes))


def _node(node: dict[str, Any]) -> ConeNode:
    if "split" in node:
        return PairSplit(_pair(node["split"]), node["plus"], node["minus"])
    if "output weight" in node:
        return WeightSplit(node["output weight"], node["plus"], node["minus"])
    if "empty" in node:
        return EmptyCone(tuple((_pair(pair), exact(value)) for pair, value in node["empty"]))
    return CriticalCone(
        tuple((_pair(pair), exact(value)) for pair, value in node["multipliers"]),
        tuple((i, k, exact(value)) for i, k, value in node["subgradient"]),
        tuple((_pair(p), _pair(q), exact(value)) for p, q, value in node.get("products", ())),
        tuple(node.get("positive", ())),
        tuple((_pair(pair), exact(value)) for pair, value in node.get("unsplit", ())),
    )


def _pair(triple: list[int]) -> Pair:
    layer, unit, sample = triple
    return layer, unit, sample
