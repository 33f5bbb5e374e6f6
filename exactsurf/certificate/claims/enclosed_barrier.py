"""The certificate of a barrier between two numbers: a path, and why no path between its ends stays below a bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.enclosed_cut import EnclosedCut
from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import named_risk, number_document, parameters_document, problem_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.exact.number import exact, near
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

ENCLOSED_BARRIER = "enclosed barrier"


@dataclass(frozen=True)
class EnclosedBarrier(CertificateFile):
    """The claim that every path between the first and the last of the `points` reaches `bound`, and this one at most `level`.

    `cut` shows the first part; `embed` as in `problem_document`. Exactness: exact.
    Source: proofs/FORMAT.md, section 30; proofs/claims/enclosed_barrier.md.
    """

    problem: Problem
    bound: Fraction
    level: Fraction
    points: tuple[Parameters, ...]
    cut: EnclosedCut
    embed: bool | None = field(default=None, compare=False)

    kind = ENCLOSED_BARRIER

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        return (
            f"Every path between the first and the last point of the given path reaches a {named_risk(problem)} of at least "
            f"{number_document(self.bound)} of the {architecture(problem)} network on {counted(len(problem.data), 'sample')}, "
            f"and the given path at most {number_document(self.level)}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        numbers = {"bound": number_document(self.bound), "level": number_document(self.level)}
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, **numbers},
            "problem": problem_document(self.problem, embed=self.embed),
            "evidence": self.cut.document(self.problem, list(map(parameters_document, self.points))),
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> EnclosedBarrier:
        """The certificate from its JSON value and its problem."""
        claim, points = document["claim"], tuple(map(parameters_of, document["evidence"]["path"]))
        bound, level = exact(claim["bound"]), exact(claim["level"])
        return cls(problem, bound, level, points, EnclosedCut.read(document), embed=embeds_data(document))

    def __repr__(self) -> str:
        between = f"between {near(self.bound)} and {near(self.level)}"
        return f"EnclosedBarrier({between}, {counted(len(self.points) - 1, 'step')}, {self.problem!r})"
