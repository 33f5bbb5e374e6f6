"""The certificate of a barrier: a path at a level, and why no path between its ends stays below."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.barrier_tree import BarrierTree
from exactsurf.certificate.claims.cut import Cut
from exactsurf.certificate.claims.path import described_network
from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, counted
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

BARRIER = "barrier"


@dataclass(frozen=True)
class Barrier(CertificateFile):
    """The claim that every path between the first and the last of the `points` reaches `level`, and this one no more.

    The path is as for `PathCertificate`; the `cut` shows that none between the same ends stays below `level`: a `BarrierTree` so
    that the checker proved in Coq knows it. `embed` as in `problem_document`. Exactness: exact.
    Source: proofs/FORMAT.md, sections 9 and 9.1; proofs/claims/barrier.md.
    """

    problem: Problem
    level: Fraction
    points: tuple[Parameters, ...]
    cut: Cut | BarrierTree
    embed: bool | None = field(default=None, compare=False)

    kind = BARRIER

    @property
    def _is_general(self) -> bool:
        return isinstance(self.cut, BarrierTree)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        risk = named_risk(self.problem, self._is_general)
        return (
            f"Every path between the first and the last point of the given path reaches a {risk} of at least "
            f"{number_document(self.level)} of {described_network(self.problem)}, and the given path no more."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        return {
            "format": GENERAL_FORMAT if self._is_general else certificate_format(self.problem),
            "claim": {"kind": self.kind, "sentence": self.sentence, "level": number_document(self.level)},
            "problem": problem_document(self.problem, embed=self.embed, general=self._is_general),
            "evidence": {"path": [parameters_document(point) for point in self.points], **self.cut.document(self.problem)},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> Barrier:
        """The certificate from its JSON value and its problem."""
        points = tuple(map(parameters_of, document["evidence"]["path"]))
        level = exact(document["claim"]["level"])
        cut = BarrierTree.read(document) if "meetings" in document["evidence"] else Cut.read(document)
        return cls(problem, level, points, cut, embed=embeds_data(document))

    def __repr__(self) -> str:
        return f"Barrier({brief(self.level)}, {counted(len(self.points) - 1, 'step')}, {self.problem!r})"
