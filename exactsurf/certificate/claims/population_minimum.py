"""The certificate *this box of units holds one critical point of a risk on normal inputs, a spurious local minimum*."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateDocument, counted
from exactsurf.certificate.problem_document import number_document, vector_document
from exactsurf.certificate.reading.values import matrix_of, vector_of
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import exact
from exactsurf.model.student_teacher import StudentTeacher

POPULATION_MINIMUM = "spurious local minimum of a population risk in a box"


@dataclass(frozen=True)
class PopulationMinimumInBox(CertificateDocument):
    """The claim that within `radius` of `weights` in every entry lies exactly one critical point, a spurious local minimum.

    Attributes: `problem`; `weights`, rational rows w_i; `radius`; `risk`, bounds on the box, of which the first is positive while
    the least risk of all is 0; `larger`, whether the claim holds in every larger dimension, too, with zeros behind all rows;
    `bits` of the intervals; `curvature`, a lower bound of the eigenvalues of the Hessian on the box.
    Exactness: exact. Source: proofs/FORMAT.md, section 26; proofs/claims/population_minimum.md.
    """

    problem: StudentTeacher
    weights: Matrix
    radius: Fraction
    risk: tuple[Fraction, Fraction]
    larger: bool
    bits: int
    curvature: Fraction

    kind = POPULATION_MINIMUM

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        return (
            "The box of weights holds exactly one critical point of the population risk of "
            f"{counted(problem.units, 'ReLU unit')} against {len(problem.teachers)} on standard normal inputs of "
            f"{counted(problem.dimension, 'dimension')}, and this is a strict local minimum, and a spurious one"
            f"{', also in every larger dimension' if self.larger else ''}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        return {
            "format": GENERAL_FORMAT,
            "claim": {
                "kind": self.kind,
                "sentence": self.sentence,
                "radius": number_document(self.radius),
                "larger": self.larger,
                "risk": vector_document(self.risk),
            },
            "problem": {
                "inputs": "standard normal",
                "units": self.problem.units,
                "teachers": [vector_document(row) for row in self.problem.teachers],
            },
            "parameters": {"W1": [vector_document(row) for row in self.weights]},
            "evidence": {"bits": self.bits, "curvature": number_document(self.curvature)},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: StudentTeacher) -> PopulationMinimumInBox:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        low, high = vector_of(claim["risk"])
        weights, radius = matrix_of(document["parameters"]["W1"]), exact(claim["radius"])
        return cls(problem, weights, radius, (low, high), claim["larger"], evidence["bits"], exact(evidence["curvature"]))

    def __str__(self) -> str:
        return self.sentence

    def __repr__(self) -> str:
        return f"PopulationMinimumInBox({self.problem!r})"
