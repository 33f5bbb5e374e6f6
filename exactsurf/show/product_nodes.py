"""The tree of the rule ``positive products``, read from a certificate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exactsurf.certificate.rules.boundary_pair import Pair, PairSplit
from exactsurf.certificate.rules.positive_products import PolynomialTerms, Product, ProductLeaf, ProductNode, VanishingLeaf
from exactsurf.exact.number import exact


def product_nodes(nodes: Sequence[dict[str, Any]]) -> tuple[ProductNode, ...]:
    """Read the nodes of proofs/FORMAT.md, section 4.7.

    Parameters: `nodes` as JSON has them. Exactness: every number passes through `exact`. Raises: `KeyError` and the like for
    nodes that the verifier would reject. Source: proofs/FORMAT.md.

    >>> product_nodes([{"vanishing": [[[[1, 0, 2]], [["1/3", []], ["-2", [0, 4]]]]]}])
    (VanishingLeaf(products=((((1, 0, 2),), ((Fraction(1, 3), ()), (Fraction(-2, 1), (0, 4)))),)),)
    """
    return tuple(map(_node, nodes))


def _node(node: dict[str, Any]) -> ProductNode:
    if "split" in node:
        return PairSplit(_pair(node["split"]), node["plus"], node["minus"])
    if "vanishing" in node:
        return VanishingLeaf(tuple(map(_product, node["vanishing"])))
    return ProductLeaf(
        _polynomial(node["unit"]),
        tuple(map(_product, node["products"])),
        tuple((i, k, _polynomial(terms)) for i, k, terms in node["kinks"]),
    )


def _product(entry: list[Any]) -> Product:
    pairs, factor = entry
    return tuple(map(_pair, pairs)), _polynomial(factor)


def _polynomial(terms: list[Any]) -> PolynomialTerms:
    return tuple((exact(value), tuple(positions)) for value, positions in terms)


def _pair(triple: list[int]) -> Pair:
    layer, unit, sample = triple
    return layer, unit, sample
