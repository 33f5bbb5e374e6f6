"""The certificate of a path that stays below a level."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

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
from exactsurf.exact.number import brief, exact
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

PATH = "path"


@dataclass(frozen=True)
class PathCertificate(CertificateFile):
    """The claim that a path does not rise above `level`.

    From each of the `points` to the next the product variables move in a straight line within one signed cell. `embed` as
    in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 8; proofs/claims/path.md.
    """

    problem: Problem
    level: Fraction
    points: tuple[Parameters, ...]
    embed: bool | None = field(default=None, compare=False)

    kind = PATH

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"The given path leads from its first point to its last at a {named_risk(self.problem)} of at most "
            f"{number_document(self.level)} of {described_network(self.problem)}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        return {
            "format": certificate_format(self.problem),
            "claim": {"kind": self.kind, "sentence": self.sentence, "level": number_document(self.level)},
            "problem": problem_document(self.problem, embed=self.embed),
            "evidence": {"path": [parameters_document(point) for point in self.points]},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> PathCertificate:
        """The certificate from its JSON value and its problem."""
        points = tuple(map(parameters_of, document["evidence"]["path"]))
        return cls(problem, exact(document["claim"]["level"]), points, embed=embeds_data(document))

    def __repr__(self) -> str:
        return f"PathCertificate({brief(self.level)}, {counted(len(self.points) - 1, 'step')}, {self.problem!r})"


def described_network(problem: Problem) -> str:
    """The network and the number of samples, as the sentences about paths have them."""
    return f"the {architecture(problem)} network on {counted(len(problem.data), 'sample')}"
