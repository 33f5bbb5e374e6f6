"""Certificates of claims about one point, with their evidence, and their documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from exactsurf.certificate.encoding import FORMAT, CertificateFile, architecture, counted, data_folder
from exactsurf.certificate.evidence import (
    ConeNode,
    ConvexCells,
    DeadUnit,
    Descent,
    DescentCurve,
    EmptyCone,
    EmptyLeaf,
    LocalMinimum,
    LowerPoint,
    LowRank,
    Node,
    PairSplit,
    Paths,
    PolynomialTerms,
    PositiveProducts,
    ProductLeaf,
    ProductNode,
    SecondOrder,
    Split,
    Unitwise,
    UnitwiseVectors,
    VectorLeaf,
    VectorNode,
    WeightSplit,
)
from exactsurf.certificate.problem_document import (
    number_document,
    parameters_document,
    problem_document,
    restates_data,
    vector_document,
)
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

LOCAL_MINIMUM = "local minimum"
SPURIOUS_LOCAL_MINIMUM = "spurious local minimum"
NOT_A_LOCAL_MINIMUM = "not a local minimum"

_PHRASES = {
    LOCAL_MINIMUM: "a local minimum",
    SPURIOUS_LOCAL_MINIMUM: "a spurious local minimum",
    NOT_A_LOCAL_MINIMUM: "not a local minimum",
}
CLAIMS_ABOUT_A_POINT = tuple(_PHRASES)


@dataclass(frozen=True)
class Certificate(CertificateFile):
    """A claim about `parameters` in `problem`, with the evidence that the verifier checks.

    Attributes: `kind` (one of the three claims), `risk` of `parameters`; `local_minimum` and `lower_points`, or `descent`;
    `embed` as in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md.
    """

    kind: str
    problem: Problem
    parameters: Parameters
    risk: Fraction
    local_minimum: LocalMinimum | None = None
    descent: Descent | None = None
    lower_points: tuple[LowerPoint, ...] = ()
    embed: bool | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"The given parameters are {_PHRASES[self.kind]} of the {self.problem.loss.name} risk of the "
            f"{architecture(self.problem)} network on {counted(len(self.problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        evidence: dict[str, Any] = {}
        if self.local_minimum is not None:
            evidence["local_minimum"] = _local_minimum_document(self.local_minimum)
        if self.lower_points:
            evidence["lower_points"] = [_lower_point_document(point) for point in self.lower_points]
        if self.descent is not None:
            evidence["descent"] = _descent_document(self.descent)
        return {
            "format": FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "risk": number_document(self.risk)},
            "problem": problem_document(self.problem, embed=self.embed),
            "parameters": parameters_document(self.parameters),
            "evidence": evidence,
        }

    @property
    def names_data_file(self) -> bool:
        """Whether the data are not restated but named by a file's SHA-256."""
        return restates_data(self.problem, self.embed) is False

    @property
    def data_folder(self) -> Path | None:
        """The folder of the data file that the certificate names, if it names one."""
        return data_folder(self.problem)

    def __repr__(self) -> str:
        return f"Certificate({self.kind!r}, {self.problem!r})"


def _lower_point_document(point: LowerPoint) -> dict[str, Any]:
    return {"parameters": parameters_document(point.parameters), "risk": number_document(point.risk)}


def _local_minimum_document(evidence: LocalMinimum) -> dict[str, Any]:
    if isinstance(evidence, Paths):
        document: dict[str, Any] = {"rule": "paths"}
        if evidence.subgradient is not None:
            document["subgradient"] = [vector_document(row) for row in evidence.subgradient]
        return document
    if isinstance(evidence, (SecondOrder, ConvexCells)):
        rule = "second order" if isinstance(evidence, SecondOrder) else "convex cells"
        return {"rule": rule, "nodes": [_cone_node_document(node, rule) for node in evidence.nodes]}
    if isinstance(evidence, PositiveProducts):
        return {"rule": "positive products", "nodes": [_product_node_document(node) for node in evidence.nodes]}
    if isinstance(evidence, LowRank):
        return {"rule": "low rank"}
    rule = "unitwise" if isinstance(evidence, Unitwise) else "unitwise vectors"
    document = {"rule": rule, "units": [{"nodes": [_node_document(node) for node in nodes]} for nodes in evidence.units]}
    if isinstance(evidence, UnitwiseVectors) and evidence.subgradient is not None:
        document["subgradient"] = [vector_document(row) for row in evidence.subgradient]
    return document


def _node_document(node: Node | VectorNode) -> dict[str, Any]:
    if isinstance(node, Split):
        return {"split": node.hyperplane, "plus": node.plus, "minus": node.minus}
    if isinstance(node, VectorLeaf):
        return {"multipliers": [[hyperplane, vector_document(values)] for hyperplane, values in node.multipliers]}
    name = "empty" if isinstance(node, EmptyLeaf) else "multipliers"
    return {name: [[hyperplane, number_document(value)] for hyperplane, value in node.multipliers]}


def _cone_node_document(node: ConeNode, rule: str) -> dict[str, Any]:
    if isinstance(node, PairSplit):
        return {"split": list(node.pair), "plus": node.plus, "minus": node.minus}
    if isinstance(node, WeightSplit):
        return {"output weight": node.unit, "plus": node.plus, "minus": node.minus}
    multipliers = [[list(pair), number_document(value)] for pair, value in node.multipliers]
    if isinstance(node, EmptyCone):
        return {"empty": multipliers}
    subgradient = [[sample, output, number_document(r)] for sample, output, r in node.subgradient]
    if rule == "convex cells":
        convex: dict[str, Any] = {"multipliers": multipliers, "subgradient": subgradient, "positive": list(node.positive)}
        if node.unsplit:
            convex["unsplit"] = [[list(pair), number_document(value)] for pair, value in node.unsplit]
        return convex
    return {
        "multipliers": multipliers,
        "subgradient": subgradient,
        "products": [[list(p), list(q), number_document(value)] for p, q, value in node.products],
    }


def _product_node_document(node: ProductNode) -> dict[str, Any]:
    if isinstance(node, PairSplit):
        return {"split": list(node.pair), "plus": node.plus, "minus": node.minus}
    products = [[[list(pair) for pair in pairs], _polynomial_document(factor)] for pairs, factor in node.products]
    if not isinstance(node, ProductLeaf):
        return {"vanishing": products}
    kinks = [[sample, term, _polynomial_document(r)] for sample, term, r in node.kinks]
    return {"unit": _polynomial_document(node.unit), "products": products, "kinks": kinks}


def _polynomial_document(terms: PolynomialTerms) -> list[Any]:
    return [[number_document(value), list(positions)] for value, positions in terms]


def _descent_document(evidence: Descent) -> dict[str, Any]:
    if isinstance(evidence, DeadUnit):
        return {
            "rule": "dead unit",
            "unit": evidence.unit,
            "output": evidence.output,
            "delta": vector_document(evidence.delta),
            "derivative": number_document(evidence.derivative),
            "lower_point": _lower_point_document(evidence.lower_point),
        }
    if isinstance(evidence, DescentCurve):
        return {
            "rule": "curve",
            "curve": [parameters_document(coefficient) for coefficient in evidence.curve],
            "order": evidence.order,
            "coefficient": number_document(evidence.coefficient),
            "lower_point": _lower_point_document(evidence.lower_point),
        }
    return {
        "rule": "direction",
        "direction": parameters_document(evidence.direction),
        "derivative": number_document(evidence.derivative),
        "lower_point": _lower_point_document(evidence.lower_point),
    }
