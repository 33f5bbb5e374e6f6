"""Rule ``positive products``: on every cell an identity of polynomials (proofs/rules/positive_products.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, TypeAlias

from exactsurf.certificate.problem_document import number_document
from exactsurf.certificate.rules.boundary_pair import Pair, PairSplit, pair_of
from exactsurf.exact.number import exact

PolynomialTerms: TypeAlias = tuple[tuple[Fraction, tuple[int, ...]], ...]
"""A polynomial in the changes of parameters: coefficients, each with the numbers of the parameters that it multiplies."""

Product: TypeAlias = tuple[tuple[Pair, ...], PolynomialTerms]
"""Boundary pairs, whose walls are multiplied, and the polynomial factor of their product."""


@dataclass(frozen=True)
class ProductLeaf:
    """A leaf of rule `positive products`: an identity that shows the risk not to fall below the point's on the leaf's cells.

    Attributes: `unit`, positive at the point, which multiplies the change of the frozen risk; `products`, whose factors are
    positive at the point; `kinks` (sample, term, subgradient times `unit`) where the loss has a kink.
    """

    unit: PolynomialTerms
    products: tuple[Product, ...]
    kinks: tuple[tuple[int, int, PolynomialTerms], ...] = ()

    def document(self) -> dict[str, Any]:
        """The leaf as a JSON value."""
        return {
            "unit": _polynomial_document(self.unit),
            "products": _products_document(self.products),
            "kinks": [[sample, term, _polynomial_document(r)] for sample, term, r in self.kinks],
        }


@dataclass(frozen=True)
class VanishingLeaf:
    """A leaf that the other leaves cover: a sum of products with positive factors is 0, and not every product is."""

    products: tuple[Product, ...]

    def document(self) -> dict[str, Any]:
        """The leaf as a JSON value."""
        return {"vanishing": _products_document(self.products)}


ProductNode: TypeAlias = PairSplit | ProductLeaf | VanishingLeaf


@dataclass(frozen=True)
class PositiveProducts:
    """Rule `positive products`: a tree over the cells at the point, node 0 its root."""

    nodes: tuple[ProductNode, ...]

    rule: ClassVar[str] = "positive products"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule, "nodes": [node.document() for node in self.nodes]}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> PositiveProducts:
        """The evidence from its JSON value."""
        return cls(tuple(map(_node, document["nodes"])))


def _products_document(products: Sequence[Product]) -> list[Any]:
    return [[[list(pair) for pair in pairs], _polynomial_document(factor)] for pairs, factor in products]


def _polynomial_document(terms: PolynomialTerms) -> list[Any]:
    return [[number_document(value), list(positions)] for value, positions in terms]


def _node(node: Mapping[str, Any]) -> ProductNode:
    if "split" in node:
        return PairSplit.read(node)
    if "vanishing" in node:
        return VanishingLeaf(tuple(map(_product, node["vanishing"])))
    return ProductLeaf(
        _polynomial(node["unit"]),
        tuple(map(_product, node["products"])),
        tuple((i, k, _polynomial(terms)) for i, k, terms in node["kinks"]),
    )


def _product(entry: Sequence[Any]) -> Product:
    pairs, factor = entry
    return tuple(map(pair_of, pairs)), _polynomial(factor)


def _polynomial(terms: Sequence[Any]) -> PolynomialTerms:
    return tuple((exact(value), tuple(positions)) for value, positions in terms)
