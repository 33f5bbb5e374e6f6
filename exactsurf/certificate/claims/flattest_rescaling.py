"""The certificate of the least sharpness among rescalings of the hidden units of a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exactsurf.certificate.claims.sharpness_bounds import SharpnessBounds
from exactsurf.certificate.encoding import architecture, counted
from exactsurf.certificate.problem_document import matrix_document, vector_document
from exactsurf.certificate.reading.values import matrix_of, vector_of
from exactsurf.exact.linear_algebra import Matrix, Vector
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
class FlattestRescalingCertificate(SharpnessBounds):
    """The claim that, among rescalings, the least trace of the Hessian and its least largest eigenvalue lie in two intervals.

    `for_trace` and `for_eigenvalue` prove them. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 42; proofs/claims/flattest_rescaling.md.
    """

    for_trace: BalancedFlow
    for_eigenvalue: BalancedFlow

    kind = FLATTEST_RESCALING

    @property
    def beginning(self) -> str:
        """The claim up to the bounds on the trace."""
        return (
            f"Rescaling the hidden units of the {architecture(self.problem)} network at the given parameters, the least trace of "
            f"the Hessian of the risk on {counted(len(self.problem.data), 'sample')} is"
        )

    def evidence(self) -> dict[str, Any]:
        """Of each bound its factors and its flow."""
        trace, eigenvalue = self.for_trace, self.for_eigenvalue
        return {
            "trace": {"factors": matrix_document(trace.factors), "flow": vector_document(trace.flow)},
            "eigenvalue": {
                "factors": matrix_document(eigenvalue.factors),
                "flow": vector_document(eigenvalue.flow),
                "vectors": matrix_document(eigenvalue.vectors),
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> FlattestRescalingCertificate:
        """The certificate from its JSON value and its problem."""
        for_trace, for_eigenvalue = (
            BalancedFlow(matrix_of(one["factors"]), vector_of(one["flow"]), matrix_of(one.get("vectors", ())))
            for one in (document["evidence"][name] for name in ("trace", "eigenvalue"))
        )
        return cls(problem, **cls.stated(document), for_trace=for_trace, for_eigenvalue=for_eigenvalue)

    def __repr__(self) -> str:
        return f"FlattestRescalingCertificate({self.problem!r})"
