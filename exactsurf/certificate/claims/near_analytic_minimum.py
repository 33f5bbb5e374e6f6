"""Certificates that parameters come near the least risk where the loss is an expression, with dual vectors as evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.all_cells import ListedCell
from exactsurf.certificate.claims.global_minimum import TreeNode
from exactsurf.certificate.claims.near_global_minimum import DecayDual, evidence_document, evidence_of
from exactsurf.certificate.claims.unit_forms import UnitForm
from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import named_risk, number_document, parameters_document, problem_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.exact.number import exact, near
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

NEAR_ANALYTIC_MINIMUM = "near global minimum of an analytic risk"


@dataclass(frozen=True)
class NearAnalyticMinimum(CertificateFile):
    """The claim that no parameters have a risk below `bound`, and that those given have one of at most `risk`.

    `problem` has one hidden layer and one output; `cells` are all cells of one hidden unit; `duals` have slopes with weight decay
    only; `bits`, with which the verifier encloses; `embed` as in `problem_document`; `forms`, `tree` as in `NearGlobalMinimum`.
    Exactness: exact. Source: proofs/FORMAT.md, sections 22 and 39; proofs/claims/near_analytic_minimum.md.
    """

    problem: Problem
    bound: Fraction
    risk: Fraction
    cells: tuple[ListedCell, ...]
    duals: tuple[DecayDual, ...]
    parameters: Parameters
    bits: int
    embed: bool | None = field(default=None, compare=False)
    forms: tuple[UnitForm, ...] = ()
    tree: tuple[TreeNode, ...] = ()
    kind: str = field(default=NEAR_ANALYTIC_MINIMUM, init=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        return (
            f"The given parameters have a risk of at most {number_document(self.risk)}, and no parameters have a lower "
            f"{named_risk(problem)} than {number_document(self.bound)}, for the {architecture(problem)} network on "
            f"{counted(len(problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        risk, bound = number_document(self.risk), number_document(self.bound)
        evidence = evidence_document(self.problem, self.cells, self.duals, self.forms, self.tree)
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "risk": risk, "bound": bound},
            "problem": problem_document(self.problem, embed=self.embed),
            "parameters": parameters_document(self.parameters),
            "evidence": {"bits": self.bits, **evidence},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> NearAnalyticMinimum:
        """The certificate from its JSON value and its problem."""
        claim, own = document["claim"], evidence_of(document, problem)
        point, bits = parameters_of(document["parameters"]), document["evidence"]["bits"]
        risk, bound = exact(claim["risk"]), exact(claim["bound"])
        return cls(problem, bound, risk, own.cells, own.duals, point, bits, embeds_data(document), own.forms, own.tree)

    def __repr__(self) -> str:
        between = f"between {near(self.bound)} and {near(self.risk)}"
        return f"NearAnalyticMinimum({between}, {counted(len(self.duals), 'dual vector')}, {self.problem!r})"
