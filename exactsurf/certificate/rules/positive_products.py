"""Rule ``positive products``: on every cell an identity of polynomials (proofs/rules/positive_products.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, TypeAlias

from exactsurf.certificate.problem_document import number_document
from exactsurf.certificate.rules.boundary_pair import Pair, PairSplit, pair_of
from exactsurf.exact.number import exact

PolynomialTerms: TypeAlias = tuple[tuple[Fraction, tuple[int, ...]], ...]
"""A polynomial in the changes of parameters: coefficients, each with the numbers of the parameters that it multiplies."""

Wall: TypeAlias = Pair | int
"""What is ≥ 0 on a cell: the wall of a boundary pair, or a polynomial of the evidence, by its number, times its sign."""

Product: TypeAlias = tuple[tuple[Wall, ...], PolynomialTerms]
"""Walls that are multiplied, and the polynomial factor of their product."""


@dataclass(frozen=True)
class ProductLeaf:
    """A leaf of rule `positive products`: an identity that shows the risk not to fall below the point's on the leaf's cells.

    Attributes: `unit`, positive at the point, which multiplies the change of the frozen risk; `products`, whose factors are
    positive at the point; `kinks` (sample, term, subgradient times `unit`) where the loss has a kink; `squares` (sample, term)
    where the curvature of the loss is used.
    """

    unit: PolynomialTerms
    products: tuple[Product, ...]
    kinks: tuple[tuple[int, int, PolynomialTerms], ...] = ()
    squares: tuple[tuple[int, int], ...] = ()

    def document(self) -> dict[str, Any]:
        """The leaf as a JSON value."""
        return {
            "unit": _polynomial_document(self.unit),
            "products": _products_document(self.products),
            "kinks": [[sample, term, _polynomial_document(r)] for sample, term, r in self.kinks],
            **({"squares": [list(name) for name in self.squares]} if self.squares else {}),
        }


@dataclass(frozen=True)
class VanishingLeaf:
    """A leaf that the other leaves cover: a sum of products with positive factors is 0, and not every product is."""

    products: tuple[Product, ...]

    def document(self) -> dict[str, Any]:
        """The leaf as a JSON value."""
        return {"vanishing": _products_document(self.products)}


@dataclass(frozen=True)
class SignSplit:
    """A node that splits on the sign of a polynomial of the evidence, by its number."""

    polynomial: int
    plus: int
    minus: int

    def document(self) -> dict[str, Any]:
        """The node as a JSON value."""
        return {"sign": self.polynomial, "plus": self.plus, "minus": self.minus}


ProductNode: TypeAlias = PairSplit | SignSplit | ProductLeaf | VanishingLeaf


@dataclass(frozen=True)
class PositiveProducts:
    """Rule `positive products`: a tree over the cells at the point, node 0 its root.

    Attributes: `nodes`; `fixed`, the parameters that do not change on the slice of coordinates, or None for the slice that is
    orthogonal to all tangents of invariances; `polynomials`, on whose signs nodes split.
    """

    nodes: tuple[ProductNode, ...]
    fixed: tuple[int, ...] | None = None
    polynomials: tuple[PolynomialTerms, ...] = ()

    rule: ClassVar[str] = "positive products"

    @property
    def compact(self) -> PositiveProducts:
        """The same evidence without the polynomials that it does not use."""
        leaves = [node for node in self.nodes if isinstance(node, ProductLeaf | VanishingLeaf)]
        used = {wall for leaf in leaves for walls, _ in leaf.products for wall in walls if isinstance(wall, int)}
        used |= {node.polynomial for node in self.nodes if isinstance(node, SignSplit)}
        names = {old: new for new, old in enumerate(sorted(used))}
        return replace(
            self,
            nodes=tuple(_renamed(node, names) for node in self.nodes),
            polynomials=tuple(self.polynomials[n] for n in sorted(used)),
        )

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        found: dict[str, Any] = {"rule": self.rule, "nodes": [node.document() for node in self.nodes]}
        if self.fixed is not None:
            found |= {"fixed": list(self.fixed), "polynomials": list(map(_polynomial_document, self.polynomials))}
        return found

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> PositiveProducts:
        """The evidence from its JSON value."""
        nodes = tuple(map(_node, document["nodes"]))
        if "fixed" not in document:
            return cls(nodes)
        return cls(nodes, tuple(document["fixed"]), tuple(map(_polynomial, document["polynomials"])))


def _renamed(node: ProductNode, names: Mapping[int, int]) -> ProductNode:
    """A node with other numbers of polynomials."""
    if isinstance(node, SignSplit):
        return replace(node, polynomial=names[node.polynomial])
    if isinstance(node, PairSplit):
        return node
    products = [(tuple(names[w] if isinstance(w, int) else w for w in walls), factor) for walls, factor in node.products]
    return replace(node, products=tuple(products))


def _products_document(products: Sequence[Product]) -> list[Any]:
    return [
        [[wall if isinstance(wall, int) else list(wall) for wall in walls], _polynomial_document(factor)]
        for walls, factor in products
    ]


def _polynomial_document(terms: PolynomialTerms) -> list[Any]:
    return [[number_document(value), list(positions)] for value, positions in terms]


def _node(node: Mapping[str, Any]) -> ProductNode:
    if "split" in node:
        return PairSplit.read(node)
    if "sign" in node:
        return SignSplit(node["sign"], node["plus"], node["minus"])
    if "vanishing" in node:
        return VanishingLeaf(tuple(map(_product, node["vanishing"])))
    return ProductLeaf(
        _polynomial(node["unit"]),
        tuple(map(_product, node["products"])),
        tuple((i, k, _polynomial(terms)) for i, k, terms in node["kinks"]),
        tuple((i, k) for i, k in node.get("squares", ())),
    )


def _product(entry: Sequence[Any]) -> Product:
    walls, factor = entry
    return tuple(wall if isinstance(wall, int) else pair_of(wall) for wall in walls), _polynomial(factor)


def _polynomial(terms: Sequence[Any]) -> PolynomialTerms:
    return tuple((exact(value), tuple(positions)) for value, positions in terms)
