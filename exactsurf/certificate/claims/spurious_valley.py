"""The certificate of a spurious valley: how high every path to a lower risk rises."""

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
from exactsurf.exact.number import brief, exact
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

SPURIOUS_VALLEY = "spurious valley"


@dataclass(frozen=True)
class SpuriousValley(CertificateFile):
    """The claim that a spurious valley has its bottom at the first of the `points`, whose risk is `bottom`.

    No path that stays below `level` leads from it to a lower risk, as the `cut` shows, and the path through the points,
    which is as for `PathCertificate`, does so and reaches no more. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 9; proofs/claims/spurious_valley.md.
    """

    problem: Problem
    level: Fraction
    points: tuple[Parameters, ...]
    cut: Cut
    bottom: Fraction
    embed: bool | None = field(default=None, compare=False)

    kind = SPURIOUS_VALLEY

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"The given parameters are a bottom of a spurious valley of the {named_risk(self.problem)} of "
            f"{described_network(self.problem)}: every path from them to a point of lower risk reaches at least "
            f"{number_document(self.level)}, and one path no more."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        first, *path = map(parameters_document, self.points)
        numbers = {"risk": number_document(self.bottom), "barrier": number_document(self.level)}
        return {
            "format": certificate_format(self.problem),
            "claim": {"kind": self.kind, "sentence": self.sentence, **numbers},
            "problem": problem_document(self.problem, embed=self.embed),
            "parameters": first,
            "evidence": {"path": path, **self.cut.document(self.problem)},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> SpuriousValley:
        """The certificate from its JSON value and its problem."""
        claim = document["claim"]
        points = tuple(map(parameters_of, [document["parameters"], *document["evidence"]["path"]]))
        bottom, level = exact(claim["risk"]), exact(claim["barrier"])
        return cls(problem, level, points, Cut.read(document), bottom, embed=embeds_data(document))

    def __repr__(self) -> str:
        return f"SpuriousValley({brief(self.level)}, {counted(len(self.points) - 1, 'step')}, {self.problem!r})"
