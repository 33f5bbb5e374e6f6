"""The certificate that a point is captured by a valley: below a level no path from it leads anywhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.cut import Cut
from exactsurf.certificate.claims.path import described_network
from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, counted
from exactsurf.certificate.problem_document import number_document, parameters_document, problem_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.exact.number import exact, near
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

CAPTURED = "captured below a level"


@dataclass(frozen=True)
class Capture(CertificateFile):
    """The claim that from wherever a path leads from `parameters` below `level`, a path that never rises goes to the first point.

    `risk` is that of `parameters`. `points` has first the bottom of the valley, then minimisers of signed cells, each of which
    leads to the one before it that `leads_to` names. The `cut` has all cells of a hidden unit and dual vectors that close the way
    at the level, and by which the points are minimal. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 46; proofs/claims/capture.md.
    """

    problem: Problem
    parameters: Parameters
    risk: Fraction
    level: Fraction
    points: tuple[Parameters, ...]
    leads_to: tuple[int, ...]
    cut: Cut
    embed: bool | None = field(default=None, compare=False)

    kind = CAPTURED

    @property
    def bottom(self) -> Fraction:
        """The risk of the bottom: the least one that a path from the point reaches below the level."""
        return self.problem.rational_risk(self.points[0])

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            "From all parameters to which a path from the given ones leads on which the risk stays below "
            f"{number_document(self.level)}, some path that never rises above the risk of its beginning leads to the first of "
            f"the given points, for {described_network(self.problem)}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        numbers = {"risk": self.risk, "level": self.level, "bottom": self.bottom}
        return {
            "format": GENERAL_FORMAT,
            "claim": {
                "kind": self.kind,
                "sentence": self.sentence,
                **{name: number_document(value) for name, value in numbers.items()},
            },
            "problem": problem_document(self.problem, embed=self.embed, general=True),
            "parameters": parameters_document(self.parameters),
            "evidence": {
                "points": [parameters_document(point) for point in self.points],
                "leads_to": list(self.leads_to),
                **self.cut.document(self.problem),
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> Capture:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        return cls(
            problem,
            parameters_of(document["parameters"]),
            exact(claim["risk"]),
            exact(claim["level"]),
            tuple(map(parameters_of, evidence["points"])),
            tuple(evidence["leads_to"]),
            Cut.read(document),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"Capture({near(self.bottom)} below {near(self.level)}, {counted(len(self.points), 'point')}, {self.problem!r})"
