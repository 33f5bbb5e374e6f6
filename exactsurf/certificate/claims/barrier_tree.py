"""Regions on two sides of a barrier, with reasons where they meet, as certificates carry them (proofs/FORMAT.md, section 9.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from exactsurf.certificate.claims.global_minimum import SignSplit, node_document, node_of
from exactsurf.certificate.claims.unit_forms import FormLeaf, UnitForm, form_document, form_of
from exactsurf.certificate.problem_document import vector_document
from exactsurf.certificate.reading.values import matrix_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class SideLeaf:
    """A leaf whose region lies on the side of the first point, or of the `last`."""

    last: bool


BarrierNode: TypeAlias = SignSplit | FormLeaf | SideLeaf


@dataclass(frozen=True)
class BarrierTree:
    """Why no path stays below a level: a tree of regions on two sides, and dual vectors with forms where the sides meet.

    `meetings` has an entry for every pair of leaves on the two sides, those of the first leaf first.
    """

    duals: tuple[Vector, ...]
    forms: tuple[UnitForm, ...]
    nodes: tuple[BarrierNode, ...]
    meetings: tuple[FormLeaf, ...]

    def document(self, problem: Problem) -> dict[str, Any]:
        """The fields ``duals``, ``forms``, ``nodes`` and ``meetings`` of the evidence."""
        return {
            "duals": [vector_document(dual) for dual in self.duals],
            "forms": list(map(form_document, self.forms)),
            "nodes": list(map(_node_document, self.nodes)),
            "meetings": list(map(node_document, self.meetings)),
        }

    @staticmethod
    def read(document: Mapping[str, Any]) -> BarrierTree:
        """The tree in the evidence of an accepted certificate."""
        evidence = document["evidence"]
        meetings = tuple(FormLeaf(entry["dual"], tuple(map(tuple, entry["forms"]))) for entry in evidence["meetings"])
        forms, nodes = map(form_of, evidence["forms"]), map(_node_of, evidence["nodes"])
        return BarrierTree(matrix_of(evidence["duals"]), tuple(forms), tuple(nodes), meetings)


def _node_document(node: BarrierNode) -> dict[str, Any]:
    return {"side": int(node.last)} if isinstance(node, SideLeaf) else node_document(node)


def _node_of(entry: dict[str, Any]) -> BarrierNode:
    if "side" in entry:
        return SideLeaf(bool(entry["side"]))
    node = node_of(entry)
    assert not isinstance(node, int)
    return node
