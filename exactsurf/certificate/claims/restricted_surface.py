"""Certificates of claims about all values of the free parameters of a restricted problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from typing import Any

from exactsurf.certificate.claims.free_tree import (
    FreeNode,
    ScaledTrees,
    free_node_document,
    free_node_of,
    scaled_trees_document,
    scaled_trees_of,
)
from exactsurf.certificate.claims.restricted_point import AboutValues, restricted_sentence
from exactsurf.certificate.encoding import counted
from exactsurf.certificate.problem_document import number_document, vector_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.restriction import restricted_problem_of
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import brief, exact
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem

RESTRICTED_GLOBAL_MINIMUM = "global minimum of a restricted risk"


@dataclass(frozen=True)
class RestrictedGlobalMinimum(AboutValues):
    """The claim that no values of the free parameters have a restricted risk below `risk`, that of `values`.

    `evidence`: the nodes of a tree over the free parameters whose leaves each prove it for their region, or such a tree for each
    choice of the signs of scales; `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, sections 45 and 56; proofs/claims/restricted_surface.md, scaled_surface.md.
    """

    restricted: RestrictedProblem
    values: Vector
    risk: Fraction
    evidence: tuple[FreeNode, ...] | ScaledTrees
    embed: bool | None = field(default=None, compare=False)
    kind: str = field(default=RESTRICTED_GLOBAL_MINIMUM, init=False)

    @property
    def nodes(self) -> tuple[FreeNode, ...]:
        """The nodes of the tree, or of all trees one after the other."""
        return tuple(chain(*self.evidence.trees)) if isinstance(self.evidence, ScaledTrees) else self.evidence

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return restricted_sentence(self.restricted, "a global minimum")

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        claim = {"risk": number_document(self.risk), "values": vector_document(self.values)}
        return self.stated(claim, _evidence_document(self.evidence))

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> RestrictedGlobalMinimum:
        """The certificate from its JSON value and its problem."""
        claim = document["claim"]
        restricted = restricted_problem_of(document, problem)
        given = document["evidence"]
        evidence = tuple(map(free_node_of, given["nodes"])) if "nodes" in given else scaled_trees_of(given)
        return cls(restricted, vector_of(claim["values"]), exact(claim["risk"]), evidence, embed=embeds_data(document))

    def __repr__(self) -> str:
        return f"RestrictedGlobalMinimum({brief(self.risk)}, {counted(len(self.nodes), 'node')}, {self.restricted!r})"


def _evidence_document(evidence: tuple[FreeNode, ...] | ScaledTrees) -> dict[str, Any]:
    if isinstance(evidence, ScaledTrees):
        return scaled_trees_document(evidence)
    return {"nodes": list(map(free_node_document, evidence))}
