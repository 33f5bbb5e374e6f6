"""The certificate of the least sharpness among rescalings of the hidden units of a point."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import (
    matrix_document,
    number_document,
    parameters_document,
    problem_document,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import matrix_of, parameters_of, vector_of
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import exact, to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

FLATTEST_RESCALING = "flattest rescaling"


@dataclass(frozen=True)
class BalancedFlow:
    """Factors of the hidden units, layer by layer; a flow on the parameters; and vectors, where the flow is of an eigenvalue.

    Exactness: exact. Source: proofs/FORMAT.md, section 42.
    """

    factors: Matrix
    flow: Vector
    vectors: Matrix = ()


@dataclass(frozen=True)
class FlattestRescalingCertificate(CertificateFile):
    """The claim that, among rescalings, the least trace of the Hessian and its least largest eigenvalue lie in two intervals.

    `for_trace` and `for_eigenvalue` prove them. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 42; proofs/claims/flattest_rescaling.md.
    """

    problem: Problem
    parameters: Parameters
    risk: Fraction
    trace: tuple[Fraction, Fraction]
    eigenvalue: tuple[Fraction, Fraction]
    for_trace: BalancedFlow
    for_eigenvalue: BalancedFlow
    embed: bool | None = field(default=None, compare=False)

    kind = FLATTEST_RESCALING

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        (a, b), (c, d) = (map(to_text, bounds) for bounds in (self.trace, self.eigenvalue))
        return (
            f"Rescaling the hidden units of the {architecture(self.problem)} network at the given parameters, the least trace of "
            f"the Hessian of the risk on {counted(len(self.problem.data), 'sample')} is at least {a} and at most {b}, and its "
            f"least largest eigenvalue is at least {c} and at most {d}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        trace, eigenvalue = self.for_trace, self.for_eigenvalue
        return {
            "format": GENERAL_FORMAT,
            "claim": {
                "kind": self.kind,
                "sentence": self.sentence,
                "risk": number_document(self.risk),
                "trace": vector_document(self.trace),
                "eigenvalue": vector_document(self.eigenvalue),
            },
            "problem": problem_document(self.problem, embed=self.embed, general=True),
            "parameters": parameters_document(self.parameters),
            "evidence": {
                "trace": {"factors": matrix_document(trace.factors), "flow": vector_document(trace.flow)},
                "eigenvalue": {
                    "factors": matrix_document(eigenvalue.factors),
                    "flow": vector_document(eigenvalue.flow),
                    "vectors": matrix_document(eigenvalue.vectors),
                },
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> FlattestRescalingCertificate:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        (a, b), (c, d) = vector_of(claim["trace"]), vector_of(claim["eigenvalue"])
        for_trace, for_eigenvalue = (
            BalancedFlow(matrix_of(one["factors"]), vector_of(one["flow"]), matrix_of(one.get("vectors", ())))
            for one in (evidence["trace"], evidence["eigenvalue"])
        )
        return cls(
            problem,
            parameters_of(document["parameters"]),
            exact(claim["risk"]),
            (a, b),
            (c, d),
            for_trace,
            for_eigenvalue,
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"FlattestRescalingCertificate({self.problem!r})"
