"""The certificate *these are all valleys*: points of which every component of every sublevel set has one."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.cut import Cut
from exactsurf.certificate.encoding import CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import (
    certificate_format,
    named_risk,
    number_document,
    parameters_document,
    problem_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

ALL_VALLEYS = "all valleys"


@dataclass(frozen=True)
class AllValleys(CertificateFile):
    """The claim that no valley lacks a bottom among the first points: those that lead to no other.

    From all parameters a path that never rises above the risk of its beginning leads to one of these, up to the order of
    the hidden units. `points` has first the bottoms, then further minimisers of signed cells; each of these leads to the one
    before it that `leads_to` names. `bounds`, all cells of a hidden unit and the dual vectors by which the points are minimal
    in signed cells. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 12; proofs/claims/all_valleys.md.
    """

    problem: Problem
    points: tuple[Parameters, ...]
    leads_to: tuple[int, ...]
    bounds: Cut
    embed: bool | None = field(default=None, compare=False)

    kind = ALL_VALLEYS

    @property
    def valleys(self) -> int:
        """The number of bottoms."""
        return len(self.points) - len(self.leads_to)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        network = f"the {architecture(self.problem)} network on {counted(len(self.problem.data), 'sample')}"
        return (
            f"From all parameters some path that never rises above the {named_risk(self.problem)} of its beginning leads, up "
            f"to the order of the hidden units, to one of the first {counted(self.valleys, 'given point')}, for {network}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        return {
            "format": certificate_format(self.problem),
            "claim": {"kind": self.kind, "sentence": self.sentence, "valleys": number_document(Fraction(self.valleys))},
            "problem": problem_document(self.problem, embed=self.embed),
            "evidence": {
                "points": [parameters_document(point) for point in self.points],
                "leads_to": list(self.leads_to),
                **self.bounds.document(self.problem),
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> AllValleys:
        """The certificate from its JSON value and its problem."""
        evidence = document["evidence"]
        points, leads_to = tuple(map(parameters_of, evidence["points"])), tuple(evidence["leads_to"])
        return cls(problem, points, leads_to, Cut.read(document), embed=embeds_data(document))

    def __repr__(self) -> str:
        return f"AllValleys({counted(self.valleys, 'valley')}, {counted(len(self.points), 'point')}, {self.problem!r})"
