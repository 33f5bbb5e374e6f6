"""The certificate of a spurious valley with enclosed levels: how high every path to a lower risk rises, between two numbers."""

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

ENCLOSED_SPURIOUS_VALLEY = "enclosed spurious valley"


@dataclass(frozen=True)
class EnclosedSpuriousValley(CertificateFile):
    """The claim that the first of the `points` lies in a spurious valley, with its depth and its barrier between numbers.

    Its risk is at most `risk`; no path below `bound` leads from it to a risk below `floor`, as the `cut` shows; the path
    through the points does so, and reaches at most `level`. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 30; proofs/claims/enclosed_spurious_valley.md.
    """

    problem: Problem
    risk: Fraction
    floor: Fraction
    bound: Fraction
    level: Fraction
    points: tuple[Parameters, ...]
    cut: EnclosedCut
    embed: bool | None = field(default=None, compare=False)

    kind = ENCLOSED_SPURIOUS_VALLEY

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        risk, floor, bound, level = map(number_document, (self.risk, self.floor, self.bound, self.level))
        return (
            f"The given parameters have a {named_risk(problem)} of at most {risk}, every path from them to a point where it is "
            f"below {floor} reaches at least {bound}, and the given path, which leads to one, at most {level}, for the "
            f"{architecture(problem)} network on {counted(len(problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        first, *path = map(parameters_document, self.points)
        numbers = {name: number_document(getattr(self, name)) for name in ("risk", "floor", "bound", "level")}
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, **numbers},
            "problem": problem_document(self.problem, embed=self.embed),
            "parameters": first,
            "evidence": self.cut.document(self.problem, path),
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> EnclosedSpuriousValley:
        """The certificate from its JSON value and its problem."""
        points = tuple(map(parameters_of, [document["parameters"], *document["evidence"]["path"]]))
        risk, floor, bound, level = (exact(document["claim"][name]) for name in ("risk", "floor", "bound", "level"))
        return cls(problem, risk, floor, bound, level, points, EnclosedCut.read(document), embed=embeds_data(document))

    def __repr__(self) -> str:
        between = f"between {near(self.bound)} and {near(self.level)}"
        return f"EnclosedSpuriousValley(barrier {between}, {counted(len(self.points) - 1, 'step')}, {self.problem!r})"
