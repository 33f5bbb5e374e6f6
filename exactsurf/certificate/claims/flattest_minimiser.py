"""The certificate of the least sharpness among the minimisers of a signed cell."""

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
class FlattestMinimiserCertificate(CertificateFile):
    """The claim that, in a signed cell with given predictions, the least trace and largest eigenvalue lie in two intervals.

    `flat_trace` and `flat_eigenvalue` are points at which the upper bounds hold; `for_trace` and `for_eigenvalue` prove the lower
    ones. `embed` as in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 48;
    proofs/claims/flattest_minimiser.md.
    """

    problem: Problem
    parameters: Parameters
    risk: Fraction
    trace: tuple[Fraction, Fraction]
    eigenvalue: tuple[Fraction, Fraction]
    flat_trace: Parameters
    flat_eigenvalue: Parameters
    for_trace: FibreBound
    for_eigenvalue: FibreBound
    embed: bool | None = field(default=None, compare=False)

    kind = FLATTEST_MINIMISER

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        (a, b), (c, d) = (map(to_text, bounds) for bounds in (self.trace, self.eigenvalue))
        return (
            f"Among all parameters of the {architecture(self.problem)} network in the signed cell of the given ones that have "
            f"the same predictions on {counted(len(self.problem.data), 'sample')}, the least trace of the Hessian of the risk is "
            f"at least {a} and at most {b}, and its least largest eigenvalue is at least {c} and at most {d}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        parts = {"trace": (self.flat_trace, self.for_trace), "eigenvalue": (self.flat_eigenvalue, self.for_eigenvalue)}
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
                name: {
                    "point": parameters_document(point),
                    **({} if name == "trace" else {"density": matrix_document(bound.density)}),
                    "multipliers": vector_document(bound.multipliers),
                    "prices": matrix_document(bound.prices),
                }
                for name, (point, bound) in parts.items()
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> FlattestMinimiserCertificate:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        (a, b), (c, d) = vector_of(claim["trace"]), vector_of(claim["eigenvalue"])
        parts = [evidence["trace"], evidence["eigenvalue"]]
        bounds = [
            FibreBound(matrix_of(one.get("density", ())), vector_of(one["multipliers"]), matrix_of(one["prices"]))
            for one in parts
        ]
        points = [parameters_of(one["point"]) for one in parts]
        risk = exact(claim["risk"])
        return cls(
            problem,
            parameters_of(document["parameters"]),
            risk,
            (a, b),
            (c, d),
            points[0],
            points[1],
            bounds[0],
            bounds[1],
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"FlattestMinimiserCertificate({self.problem!r})"
