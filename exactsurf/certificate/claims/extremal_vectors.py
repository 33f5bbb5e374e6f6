"""The certificate *these are all extremal vectors*: every face of the arrangement of a hidden unit, and what it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import (
    claim_at_point,
    number_document,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of, vector_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

EXTREMAL_VECTORS = "extremal vectors"


@dataclass(frozen=True)
class Face:
    """A face of the arrangement of a hidden unit: a point in it, and what proves that its candidate is extremal or is not.

    `multipliers`, the slopes on the samples of its walls with which the candidate is reached, or `separator`, a vector that
    proves there are none; both None where the candidate lies on another face, or is 0.
    """

    witness: Vector
    multipliers: Vector | None = None
    separator: Vector | None = None


@dataclass(frozen=True)
class ExtremalVectorsCertificate(CertificateFile):
    """The claim that `vectors`, pairs of a sign c and a vector D, are all extremal vectors at `parameters`.

    On the face of c·D the set of the directions −∂(risk)/∂w of a unit with output weight 1 holds D. `faces` are all faces.
    `embed` as in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 33.1; proofs/claims/extremal_vectors.md.
    """

    problem: Problem
    parameters: Parameters
    risk: Fraction
    vectors: tuple[tuple[int, Vector], ...]
    faces: tuple[Face, ...]
    embed: bool | None = field(default=None, compare=False)

    kind = EXTREMAL_VECTORS

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        count, size = counted(len(self.vectors), "extremal vector"), counted(len(self.problem.data), "sample")
        where = f"risk of the {architecture(self.problem)} network on {size}"
        return f"At the given parameters the {where} has exactly {count}."

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        stated = {
            "risk": number_document(self.risk),
            "vectors": [[number_document(Fraction(sign)), vector_document(vector)] for sign, vector in self.vectors],
        }
        return claim_at_point(self, self.parameters, stated, {"faces": [_face_document(face) for face in self.faces]})

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> ExtremalVectorsCertificate:
        """The certificate from its JSON value and its problem."""
        claim = document["claim"]
        return cls(
            problem,
            parameters_of(document["parameters"]),
            exact(claim["risk"]),
            tuple((int(sign), vector_of(vector)) for sign, vector in claim["vectors"]),
            tuple(map(_face_of, document["evidence"]["faces"])),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"ExtremalVectorsCertificate({counted(len(self.vectors), 'vector')}, {self.problem!r})"


def _face_document(face: Face) -> dict[str, Any]:
    given = {"multipliers": face.multipliers, "separator": face.separator}
    proof = {name: vector_document(value) for name, value in given.items() if value is not None}
    return {"witness": vector_document(face.witness), **proof}


def _face_of(entry: Mapping[str, Any]) -> Face:
    multipliers, separator = (vector_of(entry[name]) if name in entry else None for name in ("multipliers", "separator"))
    return Face(vector_of(entry["witness"]), multipliers, separator)
