"""Certificates of claims about one point, with their evidence, and their documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import (
    certificate_format,
    named_risk,
    number_document,
    parameters_document,
    problem_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.certificate.rules import DESCENT_RULES, LOCAL_MINIMUM_RULES, Descent, LocalMinimum
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.rules.kinked_paths import KinkedPaths
from exactsurf.certificate.rules.low_rank import LowRank
from exactsurf.certificate.rules.paths import Paths
from exactsurf.certificate.rules.positive_products import PositiveProducts
from exactsurf.exact.number import exact
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

LOCAL_MINIMUM = "local minimum"
SPURIOUS_LOCAL_MINIMUM = "spurious local minimum"
NOT_A_LOCAL_MINIMUM = "not a local minimum"

_PHRASES = {
    LOCAL_MINIMUM: "a local minimum",
    SPURIOUS_LOCAL_MINIMUM: "a spurious local minimum",
    NOT_A_LOCAL_MINIMUM: "not a local minimum",
}
CLAIMS_ABOUT_A_POINT = tuple(_PHRASES)


@dataclass(frozen=True)
class Certificate(CertificateFile):
    """A claim about `parameters` in `problem`, with the evidence that the verifier checks.

    Attributes: `kind` (one of the three claims), `risk` of `parameters`; `local_minimum` and `lower_points`, or `descent`;
    `embed` as in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md.
    """

    kind: str
    problem: Problem
    parameters: Parameters
    risk: Fraction
    local_minimum: LocalMinimum | None = None
    descent: Descent | None = None
    lower_points: tuple[LowerPoint, ...] = ()
    embed: bool | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        risk = named_risk(self.problem, self._is_general)
        return (
            f"The given parameters are {_PHRASES[self.kind]} of the {risk} of the "
            f"{architecture(self.problem)} network on {counted(len(self.problem.data), 'sample')}."
        )

    @property
    def _is_general(self) -> bool:
        """Whether the evidence needs the second format (proofs/FORMAT.md, sections 27, 40, 52 and 63)."""
        evidence = self.local_minimum
        return (
            (isinstance(evidence, LowRank) and evidence.left_out is not None)
            or (isinstance(evidence, PositiveProducts) and evidence.fixed is not None)
            or (isinstance(evidence, Paths) and evidence.merged)
            or isinstance(evidence, KinkedPaths)
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        evidence: dict[str, Any] = {}
        if self.local_minimum is not None:
            evidence["local_minimum"] = self.local_minimum.document()
        if self.lower_points:
            evidence["lower_points"] = [point.document() for point in self.lower_points]
        if self.descent is not None:
            evidence["descent"] = self.descent.document()
        return {
            "format": GENERAL_FORMAT if self._is_general else certificate_format(self.problem),
            "claim": {"kind": self.kind, "sentence": self.sentence, "risk": number_document(self.risk)},
            "problem": problem_document(self.problem, embed=self.embed, general=self._is_general),
            "parameters": parameters_document(self.parameters),
            "evidence": evidence,
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> Certificate:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        minimum, descent = evidence.get("local_minimum"), evidence.get("descent")
        return cls(
            claim["kind"],
            problem,
            parameters_of(document["parameters"]),
            exact(claim["risk"]),
            None if minimum is None else LOCAL_MINIMUM_RULES[minimum["rule"]].read(minimum),
            None if descent is None else DESCENT_RULES[descent["rule"]].read(descent),
            tuple(map(LowerPoint.read, evidence.get("lower_points", ()))),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"Certificate({self.kind!r}, {self.problem!r})"
