"""Certificates that parameters come near the least risk with weight decay, with dual vectors as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from exactsurf.certificate.claims.all_cells import ListedCell, cells_document, cells_of
from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import (
    named_risk,
    number_document,
    parameters_document,
    problem_document,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of, vector_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact, near
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

NEAR_GLOBAL_MINIMUM = "near global minimum"


@dataclass(frozen=True)
class DecayDual:
    """A dual vector, and by signed unit cell on which it holds a slope that bounds it there.

    `facets`, slopes that bound it where two signed unit cells of one sign meet, where claims ask for them.
    """

    vector: Vector
    slopes: tuple[tuple[int, Vector], ...]
    facets: tuple[tuple[int, int, Vector], ...] = ()


def duals_document(duals: Sequence[DecayDual]) -> list[dict[str, Any]]:
    """Dual vectors and their slopes as the JSON value of FORMAT.md, section 19."""
    return [
        {"vector": vector_document(dual.vector), "slopes": [[kind, vector_document(slope)] for kind, slope in dual.slopes]}
        for dual in duals
    ]


def duals_of(entries: Sequence[dict[str, Any]]) -> tuple[DecayDual, ...]:
    """Dual vectors from that JSON value."""
    return tuple(
        DecayDual(vector_of(entry["vector"]), tuple((kind, vector_of(slope)) for kind, slope in entry["slopes"]))
        for entry in entries
    )


def bounds_document(problem: Problem, duals: Sequence[DecayDual]) -> list[Any]:
    """Dual vectors of a problem with enclosed levels as a JSON value: with slopes if there is weight decay."""
    return [vector_document(dual.vector) for dual in duals] if problem.decay is None else duals_document(duals)


def bounds_of(problem: Problem, entries: Sequence[Any]) -> tuple[DecayDual, ...]:
    """Dual vectors from that JSON value."""
    return tuple(DecayDual(vector_of(vector), ()) for vector in entries) if problem.decay is None else duals_of(entries)


@dataclass(frozen=True)
class NearGlobalMinimum(CertificateFile):
    """The claim that no parameters have a risk below `bound`, with parameters whose risk is near it.

    `problem` has weight decay, one hidden layer and one output; `cells` are all cells of one hidden unit; `embed` as in
    `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 19; proofs/claims/near_global_minimum.md.
    """

    problem: Problem
    bound: Fraction
    cells: tuple[ListedCell, ...]
    duals: tuple[DecayDual, ...]
    parameters: Parameters
    embed: bool | None = field(default=None, compare=False)
    kind: str = field(default=NEAR_GLOBAL_MINIMUM, init=False)

    @cached_property
    def risk(self) -> Fraction:
        """The risk of the parameters."""
        return self.problem.rational_risk(self.parameters)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        return (
            f"The given parameters have the risk {number_document(self.risk)}, and no parameters have a lower "
            f"{named_risk(problem)} than {number_document(self.bound)}, for the {architecture(problem)} network on "
            f"{counted(len(problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        risk, bound = number_document(self.risk), number_document(self.bound)
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "risk": risk, "bound": bound},
            "problem": problem_document(self.problem, embed=self.embed),
            "parameters": parameters_document(self.parameters),
            "evidence": {"cells": cells_document(self.problem, self.cells), "duals": duals_document(self.duals)},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> NearGlobalMinimum:
        """The certificate from its JSON value and its problem."""
        duals = duals_of(document["evidence"]["duals"])
        bound, point = exact(document["claim"]["bound"]), parameters_of(document["parameters"])
        return cls(problem, bound, cells_of(document), duals, point, embed=embeds_data(document))

    def __repr__(self) -> str:
        between = f"between {near(self.bound)} and {near(self.risk)}"
        return f"NearGlobalMinimum({between}, {counted(len(self.duals), 'dual vector')}, {self.problem!r})"
