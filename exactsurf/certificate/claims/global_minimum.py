"""Certificates about the risk at all parameters: a global minimum, or a lower bound, with dual vectors as evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from exactsurf.certificate.claims.all_cells import ListedCell, cells_document, cells_of
from exactsurf.certificate.claims.region_nodes import RegionNode, region_document, region_of
from exactsurf.certificate.claims.unit_forms import FormLeaf, UnitForm, form_document, form_of
from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import (
    certificate_format,
    named_risk,
    number_document,
    parameters_document,
    problem_document,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import matrix_of, parameters_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import brief, exact
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

GLOBAL_MINIMUM = "global minimum"
LOWER_BOUND = "lower bound"


@dataclass(frozen=True)
class SignSplit:
    """A node of a sign tree that cuts the region of a unit at a wall (sample, breakpoint), or at the sign of v (None).

    `plus` and `minus` are the places of the children in the list of nodes.
    """

    unit: int
    wall: tuple[int, int] | None
    plus: int
    minus: int


TreeNode: TypeAlias = SignSplit | int | FormLeaf
"""A node of a sign tree: a split, or a leaf by the number of its dual vector, without forms that prove it or with them."""


@dataclass(frozen=True)
class GlobalMinimum(CertificateFile):
    """The claim that no parameters have a risk below `risk`: that of `parameters`, or, without these, a lower bound.

    `problem` has one hidden layer and one output, unless there are `regions`. `cells` are all cells of one hidden unit; every
    dual vector r in `duals` proves that the risk is at least `risk` on the signed cells on which Σ r_i f_i ≥ 0, and these are
    all signed cells.
    With a `tree` there are no `cells`: its leaves name the dual vectors, and it covers all parameters. With `forms` these prove
    the leaves, so that no vertices have to be found, and the checker that is proved correct in Coq knows the certificate.
    With `regions`, a tree for several outputs or several hidden layers, a dual vector has a number for each sample and output,
    sample by sample.
    `kind` is ``global minimum`` or ``lower bound``; `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, sections 7, 18, 25, 29 and 53; proofs/claims/global_minimum.md.
    """

    problem: Problem
    risk: Fraction
    cells: tuple[ListedCell, ...]
    duals: tuple[Vector, ...]
    parameters: Parameters | None = None
    embed: bool | None = field(default=None, compare=False)
    tree: tuple[TreeNode, ...] = ()
    forms: tuple[UnitForm, ...] = ()
    regions: tuple[RegionNode, ...] = ()
    kind: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", LOWER_BOUND if self.parameters is None else GLOBAL_MINIMUM)

    @property
    def _is_general(self) -> bool:
        """Whether the evidence is one that format 1 does not have."""
        return bool(self.tree or self.regions)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        loss = "risk" if self._is_general else named_risk(problem)
        risk = f"{loss} of the {architecture(problem)} network on {counted(len(problem.data), 'sample')}"
        if self.parameters is None:
            return f"The {risk} is at least {number_document(self.risk)} at all parameters."
        return f"The given parameters are a global minimum of the {risk}."

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        value = "bound" if self.parameters is None else "risk"
        point = {} if self.parameters is None else {"parameters": parameters_document(self.parameters)}
        return {
            "format": GENERAL_FORMAT if self._is_general else certificate_format(self.problem),
            "claim": {"kind": self.kind, "sentence": self.sentence, value: number_document(self.risk)},
            "problem": problem_document(self.problem, embed=self.embed, general=self._is_general),
            **point,
            "evidence": self._evidence(),
        }

    def _evidence(self) -> dict[str, Any]:
        if self.regions:
            outputs = self.problem.network.widths[-1]
            rows = [[dual[p : p + outputs] for p in range(0, len(dual), outputs)] for dual in self.duals]
            duals_of_rows = [[vector_document(row) for row in dual] for dual in rows]
            return {"duals": duals_of_rows, "tree": list(map(region_document, self.regions))}
        duals = {"duals": [vector_document(dual) for dual in self.duals]}
        if self.tree:
            forms = {"forms": list(map(form_document, self.forms))} if self.forms else {}
            return {**duals, **forms, "nodes": list(map(node_document, self.tree))}
        return {"cells": cells_document(self.problem, self.cells), **duals}

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> GlobalMinimum:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        joined = "tree" in evidence
        return cls(
            problem,
            exact(claim["risk"] if "risk" in claim else claim["bound"]),
            cells_of(document) if "cells" in evidence else (),
            matrix_of([[value for row in dual for value in row] if joined else dual for dual in evidence["duals"]]),
            parameters_of(document["parameters"]) if "parameters" in document else None,
            embed=embeds_data(document),
            tree=tuple(map(node_of, evidence.get("nodes", ()))),
            forms=tuple(map(form_of, evidence.get("forms", ()))),
            regions=tuple(map(region_of, evidence.get("tree", ()))),
        )

    def __repr__(self) -> str:
        return f"GlobalMinimum({self.kind} {brief(self.risk)}, {counted(len(self.duals), 'dual vector')}, {self.problem!r})"


def node_document(node: TreeNode) -> dict[str, Any]:
    """A node of a sign tree as a JSON value."""
    if isinstance(node, int):
        return {"dual": node}
    if isinstance(node, FormLeaf):
        return {"dual": node.dual, "forms": list(map(list, node.forms))}
    return {"split": [node.unit, *(node.wall or ())], "plus": node.plus, "minus": node.minus}


def node_of(entry: dict[str, Any]) -> TreeNode:
    """A node of a sign tree from its JSON value."""
    if "forms" in entry:
        return FormLeaf(entry["dual"], tuple(map(tuple, entry["forms"])))
    if "dual" in entry:
        return int(entry["dual"])
    unit, *wall = entry["split"]
    return SignSplit(unit, (wall[0], wall[1]) if wall else None, entry["plus"], entry["minus"])
