"""The certificate of a local minimum whose coordinates are algebraic numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import certificate_format, named_risk, problem_document, vector_document
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact, near, to_text
from exactsurf.model.problem import Problem

ALGEBRAIC_MINIMUM = "local minimum of algebraic coordinates"


@dataclass(frozen=True)
class AlgebraicNumber:
    """The one root of an integer polynomial (coefficients from the constant upwards) between `low` and `high`.

    Exactness: exact. Source: proofs/FORMAT.md, section 35.
    """

    polynomial: tuple[int, ...]
    low: Fraction
    high: Fraction

    def document(self) -> dict[str, Any]:
        """As a JSON value."""
        return {"polynomial": [to_text(Fraction(c)) for c in self.polynomial], "interval": vector_document((self.low, self.high))}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> AlgebraicNumber:
        """From a JSON value."""
        low, high = vector_of(document["interval"])
        return cls(tuple(int(exact(c)) for c in document["polynomial"]), low, high)

    def __repr__(self) -> str:
        return f"AlgebraicNumber({near((self.low + self.high) / 2, 9)}, coefficients {self.polynomial})"


@dataclass(frozen=True)
class AlgebraicPoint(CertificateFile):
    """The claim that the point of these coordinates is a local minimum of this risk.

    Attributes: `root`, a number α; `coordinates`, by name the coefficients of a polynomial in α, from the constant upwards;
    `risk`, an `AlgebraicNumber`; `bits`, with which the verifier encloses numbers.
    Exactness: exact. Source: proofs/FORMAT.md, section 35; proofs/claims/algebraic_point.md.
    """

    problem: Problem
    root: AlgebraicNumber
    coordinates: Mapping[str, Vector]
    risk: AlgebraicNumber
    bits: int

    kind = ALGEBRAIC_MINIMUM

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"The point of the given algebraic coordinates is a local minimum of the {named_risk(self.problem)} of the "
            f"{architecture(self.problem)} network on {counted(len(self.problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        coordinates = {name: vector_document(image) for name, image in self.coordinates.items()}
        return {
            "format": certificate_format(self.problem),
            "claim": {"kind": self.kind, "sentence": self.sentence, "risk": self.risk.document()},
            "problem": problem_document(self.problem, embed=self.embed),
            "evidence": {"bits": self.bits, "root": self.root.document(), "coordinates": coordinates},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> AlgebraicPoint:
        """The certificate from its JSON value and its problem."""
        evidence = document["evidence"]
        return cls(
            problem,
            AlgebraicNumber.read(evidence["root"]),
            {name: vector_of(image) for name, image in evidence["coordinates"].items()},
            AlgebraicNumber.read(document["claim"]["risk"]),
            evidence["bits"],
        )

    def __repr__(self) -> str:
        return f"AlgebraicPoint({self.problem!r}, degree {len(self.root.polynomial) - 1})"
