"""The certificate that a point is captured by a valley whose levels are enclosed: no path below a level leads elsewhere."""

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

ENCLOSED_CAPTURE = "captured below an enclosed level"


@dataclass(frozen=True)
class EnclosedCapture(CertificateFile):
    """The claim that wherever a path from `parameters` leads below `level`, a path that hardly rises goes to the first point.

    It rises by at most `rise`. The risk of `parameters` is at most `risk`, that of the first point at most `bottom`. `points` has
    first the bottom of the valley, then points near the least risk over signed cells, each of which leads to the one before it
    that `leads_to` names. The `cut` closes the way at the level, and bounds the risk from below. `embed` as in
    `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 49; proofs/claims/enclosed_capture.md.
    """

    problem: Problem
    parameters: Parameters
    risk: Fraction
    level: Fraction
    bottom: Fraction
    rise: Fraction
    points: tuple[Parameters, ...]
    leads_to: tuple[int, ...]
    cut: EnclosedCut
    embed: bool | None = field(default=None, compare=False)

    kind = ENCLOSED_CAPTURE

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        return (
            f"From all parameters to which a path from the given ones leads on which the {named_risk(problem)} stays below "
            f"{number_document(self.level)}, some path on which it rises above that of its beginning by at most "
            f"{number_document(self.rise)} leads to the first of the given points, for the {architecture(problem)} network on "
            f"{counted(len(problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        numbers = {name: number_document(getattr(self, name)) for name in ("risk", "level", "bottom", "rise")}
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, **numbers},
            "problem": problem_document(self.problem, embed=self.embed),
            "parameters": parameters_document(self.parameters),
            "evidence": {
                **self.cut.of_cells(self.problem),
                "points": list(map(parameters_document, self.points)),
                "leads_to": list(self.leads_to),
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> EnclosedCapture:
        """The certificate from its JSON value and its problem."""
        evidence = document["evidence"]
        risk, level, bottom, rise = (exact(document["claim"][name]) for name in ("risk", "level", "bottom", "rise"))
        return cls(
            problem,
            parameters_of(document["parameters"]),
            risk,
            level,
            bottom,
            rise,
            tuple(map(parameters_of, evidence["points"])),
            tuple(evidence["leads_to"]),
            EnclosedCut.read(document),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        found = f"{near(self.bottom)} below {near(self.level)}, {counted(len(self.points), 'point')}"
        return f"EnclosedCapture({found}, rises of {near(self.rise)}, {self.problem!r})"
