"""The certificate of the least sharpness among the minimisers of a signed cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exactsurf.certificate.claims.sharpness_bounds import SharpnessBounds
from exactsurf.certificate.encoding import architecture, counted
from exactsurf.certificate.problem_document import matrix_document, parameters_document, vector_document
from exactsurf.certificate.reading.values import matrix_of, parameters_of, vector_of
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

FLATTEST_MINIMISER = "flattest minimiser"


@dataclass(frozen=True)
class FibreBound:
    """What bounds a sharpness from below on a fibre: a matrix (none for the trace), and numbers of samples and of walls.

    `density`, symmetric and positive semidefinite, a row for each sample whose term of the risk is curved; `multipliers`, a
    number for each sample; `prices`, a row for each unit with a number ≥ 0 for each sample.
    Exactness: exact. Source: proofs/FORMAT.md, section 48.
    """

    density: Matrix
    multipliers: Vector
    prices: Matrix


@dataclass(frozen=True)
class FlattestMinimiserCertificate(SharpnessBounds):
    """The claim that, in a signed cell with given predictions, the least trace and largest eigenvalue lie in two intervals.

    `flat_trace` and `flat_eigenvalue` are points at which the upper bounds hold; `for_trace` and `for_eigenvalue` prove the lower
    ones. `embed` as in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 48;
    proofs/claims/flattest_minimiser.md.
    """

    flat_trace: Parameters
    flat_eigenvalue: Parameters
    for_trace: FibreBound
    for_eigenvalue: FibreBound

    kind = FLATTEST_MINIMISER

    @property
    def beginning(self) -> str:
        """The claim up to the bounds on the trace."""
        return (
            f"Among all parameters of the {architecture(self.problem)} network in the signed cell of the given ones that have "
            f"the same predictions on {counted(len(self.problem.data), 'sample')}, the least trace of the Hessian of the risk is"
        )

    def evidence(self) -> dict[str, Any]:
        """Of each bound its point, and what proves the lower one."""
        parts = {"trace": (self.flat_trace, self.for_trace), "eigenvalue": (self.flat_eigenvalue, self.for_eigenvalue)}
        return {
            name: {
                "point": parameters_document(point),
                **({} if name == "trace" else {"density": matrix_document(bound.density)}),
                "multipliers": vector_document(bound.multipliers),
                "prices": matrix_document(bound.prices),
            }
            for name, (point, bound) in parts.items()
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> FlattestMinimiserCertificate:
        """The certificate from its JSON value and its problem."""
        parts = [document["evidence"][name] for name in ("trace", "eigenvalue")]
        flat_trace, flat_eigenvalue = (parameters_of(one["point"]) for one in parts)
        for_trace, for_eigenvalue = (
            FibreBound(matrix_of(one.get("density", ())), vector_of(one["multipliers"]), matrix_of(one["prices"]))
            for one in parts
        )
        return cls(
            problem,
            flat_trace=flat_trace,
            flat_eigenvalue=flat_eigenvalue,
            for_trace=for_trace,
            for_eigenvalue=for_eigenvalue,
            **cls.stated(document),
        )

    def __repr__(self) -> str:
        return f"FlattestMinimiserCertificate({self.problem!r})"
