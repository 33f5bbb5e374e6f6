"""What an accepted certificate about a point says, as frozen values. Nothing is decided or checked here."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.reading.claim_view import ClaimView, Point, Texts, activation_view, point_view, stated, texts
from exactsurf.certificate.rules.cone_tree import ConeNode
from exactsurf.certificate.rules.positive_products import ProductNode
from exactsurf.certificate.rules.unitwise import EmptyLeaf, MultiplierLeaf, Node, Split
from exactsurf.exact.number import exact
from exactsurf.model.activation import Activation
from exactsurf.show.cone_nodes import cone_nodes
from exactsurf.show.product_nodes import product_nodes


@dataclass(frozen=True)
class LowerPointView:
    """A point of lower risk; `gap` is what it is lower by."""

    parameters: Point
    risk: Fraction
    gap: Fraction


@dataclass(frozen=True)
class DescentView:
    """Evidence that a point is no local minimum.

    `derivative` is the coefficient of t^`order` along a ``curve``; `unit`, `output` and `delta` belong to ``dead unit``.
    """

    rule: str
    derivative: Fraction
    lower_point: LowerPointView
    direction: Point = ()
    unit: int = 0
    output: int = 0
    delta: tuple[Fraction, ...] = ()
    curve: tuple[Point, ...] = ()
    order: int = 1


@dataclass(frozen=True)
class CertificateView(ClaimView):
    """A certificate about a point, read.

    Attributes: as in proofs/FORMAT.md; `rule` is the rule of the evidence (``paths``, ``unitwise``, ``unitwise vectors``,
    ``second order``, ``convex cells``, ``positive products``, ``low rank``, ``direction``, ``dead unit``, ``curve``), `units`
    holds the trees of the rule ``unitwise``, `vector_units` the names of the fields of the nodes of ``unitwise vectors``, `cones`
    the tree over the cells at the point of ``second order`` and ``convex cells``, `products` that of ``positive products``.
    Exactness: numbers are Fractions, or the certificate's own text where they are shown in part only. Source: proofs/FORMAT.md.
    """

    risk: Fraction
    activation: Activation
    parameters: Point
    rule: str
    lower_points: tuple[LowerPointView, ...]
    subgradient: Texts | None
    units: tuple[tuple[Node, ...], ...]
    vector_units: tuple[tuple[frozenset[str], ...], ...]
    cones: tuple[ConeNode, ...]
    products: tuple[ProductNode, ...]
    descent: DescentView | None

    @property
    def all_lower_points(self) -> tuple[LowerPointView, ...]:
        """The lower points of the claim, or the one of the descent."""
        return self.lower_points if self.descent is None else (self.descent.lower_point,)


def certificate_view(document: dict[str, Any]) -> CertificateView:
    """Read the parsed JSON document of a certificate that the verifier has accepted.

    Parameters: `document`. Returns: a `CertificateView`. Exactness: every number passes through `exact`.
    Raises: `KeyError` and the like for documents that the verifier would reject. Source: proofs/FORMAT.md.
    """
    evidence, biases = document["evidence"], tuple(document["problem"]["biases"])
    risk = exact(document["claim"]["risk"])
    minimum, descent = evidence.get("local_minimum", {}), evidence.get("descent")
    vectors, products = (minimum.get("rule") == rule for rule in ("unitwise vectors", "positive products"))
    return CertificateView(
        **stated(document),
        risk=risk,
        activation=activation_view(document),
        parameters=point_view(document["parameters"], biases),
        rule=(minimum or descent)["rule"],
        lower_points=tuple(_lower_point(point, biases, risk) for point in evidence.get("lower_points", ())),
        subgradient=texts(minimum["subgradient"]) if "subgradient" in minimum else None,
        units=() if vectors else tuple(tuple(map(_node, unit["nodes"])) for unit in minimum.get("units", ())),
        vector_units=tuple(tuple(map(frozenset, unit["nodes"])) for unit in minimum["units"]) if vectors else (),
        cones=() if products else cone_nodes(minimum.get("nodes", ())),
        products=product_nodes(minimum["nodes"]) if products else (),
        descent=None if descent is None else _descent(descent, biases, risk),
    )


def _lower_point(point: dict[str, Any], biases: tuple[bool, ...], risk: Fraction) -> LowerPointView:
    lower = exact(point["risk"])
    return LowerPointView(point_view(point["parameters"], biases), lower, risk - lower)


def _node(node: dict[str, Any]) -> Node:
    if "split" in node:
        return Split(node["split"], node["plus"], node["minus"])
    kind = "empty" if "empty" in node else "multipliers"
    pairs = tuple((name, exact(value)) for name, value in node[kind])
    return EmptyLeaf(pairs) if kind == "empty" else MultiplierLeaf(pairs)


def _descent(descent: dict[str, Any], biases: tuple[bool, ...], risk: Fraction) -> DescentView:
    lower = _lower_point(descent["lower_point"], biases, risk)
    if descent["rule"] == "curve":
        curve = tuple(point_view(direction, biases) for direction in descent["curve"])
        return DescentView("curve", exact(descent["coefficient"]), lower, curve=curve, order=descent["order"])
    derivative = exact(descent["derivative"])
    if descent["rule"] == "direction":
        return DescentView("direction", derivative, lower, direction=point_view(descent["direction"], biases))
    delta = tuple(exact(value) for value in descent["delta"])
    return DescentView("dead unit", derivative, lower, unit=descent["unit"], output=descent["output"], delta=delta)
