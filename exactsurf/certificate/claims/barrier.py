"""The certificate of a barrier: a path at a level, and why no path between its ends stays below."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.cut import Cut
from exactsurf.certificate.claims.path import described_network
from exactsurf.certificate.encoding import CertificateFile, counted
from exactsurf.certificate.problem_document import (
    certificate_format,
    named_risk,
    number_document,
    parameters_document,
    problem_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.exact.number import exact, to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

BARRIER = "barrier"


@dataclass(frozen=True)
class Barrier(CertificateFile):
    """The claim that every path between the first and the last of the `points` reaches `level`, and this one no more.

    The path is as for `PathCertificate`; the `cut` shows that none between the same ends stays below `level`. `embed` as in
    `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 9; proofs/claims/barrier.md.
    """

    problem: Problem
    level: Fraction
    points: tuple[Parameters, ...]
    cut: Cut
    embed: bool | None = field(default=None, compare=False)

    kind = BARRIER

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            "Every path between the first and the last point of the given path reaches a "
            f"{named_risk(self.problem)} of at least {number_document(self.level)} of {described_network(self.problem)}, and "
            "the given path no more."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        return {
            "format": certificate_format(self.problem),
            "claim": {"kind": self.kind, "sentence": self.sentence, "level": number_document(self.level)},
            "problem": problem_document(self.problem, embed=self.embed),
            "evidence": {"path": [parameters_document(point) for point in self.points], **self.cut.document(self.problem)},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> Barrier:
        """The certificate from its JSON value and its problem."""
        points = tuple(map(parameters_of, document["evidence"]["path"]))
        level = exact(document["claim"]["level"])
        return cls(problem, level, points, Cut.read(document), embed=embeds_data(document))

    def __repr__(self) -> str:
        return f"Barrier({to_text(self.level)}, {counted(len(self.points) - 1, 'step')}, {self.problem!r})"
