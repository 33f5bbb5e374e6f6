"""Certificates that parameters come near the least risk with weight decay, with dual vectors as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from exactsurf.certificate.claims.all_cells import ListedCell, cells_document, cells_of
from exactsurf.certificate.claims.global_minimum import TreeNode, node_document, node_of
from exactsurf.certificate.claims.unit_forms import UnitForm, form_document, form_of
from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import (
    named_risk,
    number_document,
    parameters_document,
    problem_document,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of, vector_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact, near
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

NEAR_GLOBAL_MINIMUM = "near global minimum"


@dataclass(frozen=True)
class DecayDual:
    """A dual vector, and by signed unit cell on which it holds a slope that bounds it there.

    `facets`, slopes that bound it where two signed unit cells of one sign meet, where claims ask for them.
    """

    vector: Vector
    slopes: tuple[tuple[int, Vector], ...]
    facets: tuple[tuple[int, int, Vector], ...] = ()


def duals_document(duals: Sequence[DecayDual]) -> list[dict[str, Any]]:
    """Dual vectors and their slopes as the JSON value of FORMAT.md, section 19."""
    return [
        {"vector": vector_document(dual.vector), "slopes": [[kind, vector_document(slope)] for kind, slope in dual.slopes]}
        for dual in duals
    ]


def duals_of(entries: Sequence[dict[str, Any]]) -> tuple[DecayDual, ...]:
    """Dual vectors from that JSON value."""
    return tuple(
        DecayDual(vector_of(entry["vector"]), tuple((kind, vector_of(slope)) for kind, slope in entry["slopes"]))
        for entry in entries
    )


def bounds_document(problem: Problem, duals: Sequence[DecayDual]) -> list[Any]:
    """Dual vectors of a problem with enclosed levels as a JSON value: with slopes if there is weight decay."""
    return [vector_document(dual.vector) for dual in duals] if problem.decay is None else duals_document(duals)


def bounds_of(problem: Problem, entries: Sequence[Any]) -> tuple[DecayDual, ...]:
    """Dual vectors from that JSON value."""
    return tuple(DecayDual(vector_of(vector), ()) for vector in entries) if problem.decay is None else duals_of(entries)


def evidence_document(
    problem: Problem,
    cells: Sequence[ListedCell],
    duals: Sequence[DecayDual],
    forms: Sequence[UnitForm],
    tree: Sequence[TreeNode],
) -> dict[str, Any]:
    """Dual vectors with all cells, or with a sign tree (FORMAT.md, section 39), as the fields of the evidence."""
    if not tree:
        return {"cells": cells_document(problem, cells), "duals": bounds_document(problem, duals)}
    proofs = {} if problem.decay is None else {"forms": list(map(form_document, forms))}
    return {"duals": [vector_document(dual.vector) for dual in duals], **proofs, "nodes": list(map(node_document, tree))}


@dataclass(frozen=True)
class BoundingEvidence:
    """Dual vectors with all cells, or with the forms and the nodes of a sign tree."""

    cells: tuple[ListedCell, ...]
    duals: tuple[DecayDual, ...]
    forms: tuple[UnitForm, ...]
    tree: tuple[TreeNode, ...]


def evidence_of(document: dict[str, Any], problem: Problem) -> BoundingEvidence:
    """The evidence from the JSON value of a certificate."""
    evidence = document["evidence"]
    if "nodes" not in evidence:
        return BoundingEvidence(cells_of(document), bounds_of(problem, evidence["duals"]), (), ())
    duals = tuple(DecayDual(vector_of(vector), ()) for vector in evidence["duals"])
    forms = tuple(map(form_of, evidence.get("forms", ())))
    return BoundingEvidence((), duals, forms, tuple(map(node_of, evidence["nodes"])))


@dataclass(frozen=True)
class NearGlobalMinimum(CertificateFile):
    """The claim that no parameters have a risk below `bound`, with parameters whose risk is near it.

    `problem` has weight decay, one hidden layer and one output; `cells` are all cells of one hidden unit; `embed` as in
    `problem_document`. With a `tree` there are no cells: its leaves name the dual vectors, and `forms` that prove them.
    Exactness: exact. Source: proofs/FORMAT.md, sections 19 and 39; proofs/claims/near_global_minimum.md.
    """

    problem: Problem
    bound: Fraction
    cells: tuple[ListedCell, ...]
    duals: tuple[DecayDual, ...]
    parameters: Parameters
    embed: bool | None = field(default=None, compare=False)
    forms: tuple[UnitForm, ...] = ()
    tree: tuple[TreeNode, ...] = ()
    kind: str = field(default=NEAR_GLOBAL_MINIMUM, init=False)

    @cached_property
    def risk(self) -> Fraction:
        """The risk of the parameters."""
        return self.problem.rational_risk(self.parameters)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        return (
            f"The given parameters have the risk {number_document(self.risk)}, and no parameters have a lower "
            f"{named_risk(problem)} than {number_document(self.bound)}, for the {architecture(problem)} network on "
            f"{counted(len(problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        risk, bound = number_document(self.risk), number_document(self.bound)
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "risk": risk, "bound": bound},
            "problem": problem_document(self.problem, embed=self.embed),
            "parameters": parameters_document(self.parameters),
            "evidence": evidence_document(self.problem, self.cells, self.duals, self.forms, self.tree),
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> NearGlobalMinimum:
        """The certificate from its JSON value and its problem."""
        own = evidence_of(document, problem)
        bound, point = exact(document["claim"]["bound"]), parameters_of(document["parameters"])
        return cls(problem, bound, own.cells, own.duals, point, embeds_data(document), own.forms, own.tree)

    def __repr__(self) -> str:
        between = f"between {near(self.bound)} and {near(self.risk)}"
        return f"NearGlobalMinimum({between}, {counted(len(self.duals), 'dual vector')}, {self.problem!r})"
