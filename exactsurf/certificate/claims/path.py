"""Certificates of paths and barriers: an explicit path below a level, and a cut of dual vectors at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.all_cells import ListedCell, cells_document
from exactsurf.certificate.encoding import FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import (
    number_document,
    parameters_document,
    problem_document,
    vector_document,
)
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

PATH = "path"
BARRIER = "barrier"
SPURIOUS_VALLEY = "spurious valley"


@dataclass(frozen=True)
class Cut:
    """Why no path stays below a level: all `cells` of one hidden unit, and dual vectors."""

    cells: tuple[ListedCell, ...]
    duals: tuple[Vector, ...]


@dataclass(frozen=True)
class PathCertificate(CertificateFile):
    """The claim that a path does not rise above `level`; with a `cut`, that none between the same ends stays below it.

    From each of the `points` to the next the product variables move in a straight line within one signed cell. With `bottom`,
    the risk of the first point, the claim is that a spurious valley has its bottom there: no path that stays below
    `level` leads from it to a lower risk, and this path does with no more. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, sections 8 and 9; proofs/claims/paths_and_barriers.md.
    """

    problem: Problem
    level: Fraction
    points: tuple[Parameters, ...]
    cut: Cut | None = None
    bottom: Fraction | None = None
    embed: bool | None = field(default=None, compare=False)

    @property
    def kind(self) -> str:
        """The kind of the claim: ``path``, ``barrier`` or ``spurious valley``."""
        if self.cut is None:
            return PATH
        return BARRIER if self.bottom is None else SPURIOUS_VALLEY

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        loss, level = self.problem.loss.name, number_document(self.level)
        network = f"the {architecture(self.problem)} network on {counted(len(self.problem.data), 'sample')}"
        if self.kind == PATH:
            path = "The given path leads from its first point to its last"
            return f"{path} at a {loss} risk of at most {level} of {network}."
        if self.kind == BARRIER:
            ends = "the first and the last point of the given path"
            return (
                f"Every path between {ends} reaches a {loss} risk of at least {level} of {network}, and the given path no more."
            )
        return (
            f"The given parameters are a bottom of a spurious valley of the {loss} risk of {network}: every path from them to a "
            f"point of lower risk reaches at least {level}, and one path no more."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        level = number_document(self.level)
        claim: dict[str, Any] = {"kind": self.kind, "sentence": self.sentence}
        points = [parameters_document(point) for point in self.points]
        start: dict[str, Any] = {}
        if self.bottom is None:
            claim["level"] = level
        else:
            claim |= {"risk": number_document(self.bottom), "barrier": level}
            start["parameters"] = points.pop(0)
        evidence: dict[str, Any] = {"path": points}
        if self.cut is not None:
            evidence["cells"] = cells_document(self.problem, self.cut.cells)
            evidence["duals"] = [vector_document(dual) for dual in self.cut.duals]
        stated = {"problem": problem_document(self.problem, embed=self.embed), **start}
        return {"format": FORMAT, "claim": claim, **stated, "evidence": evidence}

    def __repr__(self) -> str:
        return f"PathCertificate({self.kind} {to_text(self.level)}, {counted(len(self.points) - 1, 'step')}, {self.problem!r})"
