"""The certificate *these are all valleys below a level*: points to which descent leads from everywhere below it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from exactsurf.certificate.claims.global_minimum import TreeNode, node_document, node_of
from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import number_document, parameters_document, problem_document, vector_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import matrix_of, parameters_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import brief, exact
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

VALLEYS_BELOW = "all valleys below a level"


@dataclass(frozen=True)
class CellLeaf:
    """A leaf of a sign tree that is one signed cell: a dual vector, and a point with that bound in it.

    Unit k of the leaf is unit `order[k]` of the point. `forms`, with weight decay, as in `FormLeaf`.
    """

    dual: int
    point: int
    order: tuple[int, ...]
    forms: tuple[tuple[int, ...], ...] | None = None


LevelTreeNode: TypeAlias = TreeNode | CellLeaf
"""A node of a sign tree below a level: a split, a leaf that stays above (by its dual vector), or a signed cell."""


@dataclass(frozen=True)
class ValleysBelow(CertificateFile):
    """The claim that no valley of risk below `level` lacks a bottom among the first points: those that lead to no other.

    From all parameters of a risk below the level a path that never rises above it leads to one of these, up to the order of the
    hidden units. `points` has first the bottoms, then further minimisers of signed cells; each of these leads to the one before
    it that `leads_to` names. The `tree` covers all parameters; its leaves stay at the level or above, or are a signed cell with
    a point that is minimal there, as the dual vectors show. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 20; proofs/claims/valleys_below.md.
    """

    problem: Problem
    level: Fraction
    points: tuple[Parameters, ...]
    leads_to: tuple[int, ...]
    duals: tuple[Vector, ...]
    tree: tuple[LevelTreeNode, ...]
    embed: bool | None = field(default=None, compare=False)

    kind = VALLEYS_BELOW

    @property
    def valleys(self) -> int:
        """The number of bottoms."""
        return len(self.points) - len(self.leads_to)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        network = f"the {architecture(self.problem)} network on {counted(len(self.problem.data), 'sample')}"
        return (
            f"From all parameters of risk below {number_document(self.level)} some path that never rises above the risk of its "
            f"beginning leads, up to the order of the hidden units, to one of the first {counted(self.valleys, 'given point')}, "
            f"for {network}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        numbers = {"level": number_document(self.level), "valleys": number_document(Fraction(self.valleys))}
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, **numbers},
            "problem": problem_document(self.problem, embed=self.embed, general=True),
            "evidence": {
                "points": [parameters_document(point) for point in self.points],
                "leads_to": list(self.leads_to),
                "duals": [vector_document(dual) for dual in self.duals],
                "nodes": list(map(level_node_document, self.tree)),
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> ValleysBelow:
        """The certificate from its JSON value and its problem."""
        evidence = document["evidence"]
        return cls(
            problem,
            exact(document["claim"]["level"]),
            tuple(map(parameters_of, evidence["points"])),
            tuple(evidence["leads_to"]),
            matrix_of(evidence["duals"]),
            tuple(map(level_node_of, evidence["nodes"])),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"ValleysBelow({brief(self.level)}, {counted(self.valleys, 'valley')}, {self.problem!r})"


def level_node_document(node: LevelTreeNode) -> dict[str, Any]:
    """A node of a sign tree below a level as a JSON value."""
    if isinstance(node, CellLeaf):
        forms = {} if node.forms is None else {"forms": list(map(list, node.forms))}
        return {"dual": node.dual, **forms, "point": node.point, "order": list(node.order)}
    return node_document(node)


def level_node_of(entry: dict[str, Any]) -> LevelTreeNode:
    """A node of a sign tree below a level from its JSON value."""
    if "point" not in entry:
        return node_of(entry)
    forms = tuple(map(tuple, entry["forms"])) if "forms" in entry else None
    return CellLeaf(entry["dual"], entry["point"], tuple(entry["order"]), forms)
