"""The certificate *these are all valleys* where levels are enclosed: points from which no valley but a shallow one is far."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.all_cells import ListedCell, cells_document, cells_of
from exactsurf.certificate.claims.near_global_minimum import DecayDual, bounds_document, bounds_of
from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import named_risk, number_document, parameters_document, problem_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.exact.number import exact, near
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

ALL_ENCLOSED_VALLEYS = "all enclosed valleys"


@dataclass(frozen=True)
class AllEnclosedValleys(CertificateFile):
    """The claim that no valley deeper than `rise` lacks a point among the first ones: those that lead to no other.

    From all parameters a path that rises by `rise` at most leads to one of these, up to the order of the hidden units. `points`
    has first one of every valley, then further ones near the least risk over signed cells; each of these leads to the one before
    it that `leads_to` names. `cells`, all cells of a hidden unit; `duals`, which bound the risk on signed cells from below, with
    slopes if there is weight decay; `bits`, with which the verifier encloses a loss given by an expression (None: by pieces);
    `embed` as in `problem_document`. Exactness: exact.
    Source: proofs/FORMAT.md, section 31; proofs/claims/all_enclosed_valleys.md.
    """

    problem: Problem
    rise: Fraction
    points: tuple[Parameters, ...]
    leads_to: tuple[int, ...]
    cells: tuple[ListedCell, ...]
    duals: tuple[DecayDual, ...]
    bits: int | None
    embed: bool | None = field(default=None, compare=False)

    kind = ALL_ENCLOSED_VALLEYS

    @property
    def valleys(self) -> int:
        """The number of points that lead to no other."""
        return len(self.points) - len(self.leads_to)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        return (
            f"From all parameters some path on which the {named_risk(problem)} rises above that of its beginning by at most "
            f"{number_document(self.rise)} leads, up to the order of the hidden units, to one of the first "
            f"{counted(self.valleys, 'given point')}, for the {architecture(problem)} network on "
            f"{counted(len(problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        numbers = {"valleys": number_document(Fraction(self.valleys)), "rise": number_document(self.rise)}
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, **numbers},
            "problem": problem_document(self.problem, embed=self.embed),
            "evidence": {
                **({} if self.bits is None else {"bits": self.bits}),
                "points": list(map(parameters_document, self.points)),
                "leads_to": list(self.leads_to),
                "cells": cells_document(self.problem, self.cells),
                "duals": bounds_document(self.problem, self.duals),
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> AllEnclosedValleys:
        """The certificate from its JSON value and its problem."""
        evidence = document["evidence"]
        return cls(
            problem,
            exact(document["claim"]["rise"]),
            tuple(map(parameters_of, evidence["points"])),
            tuple(evidence["leads_to"]),
            cells_of(document),
            bounds_of(problem, evidence["duals"]),
            evidence.get("bits"),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        found = f"{counted(self.valleys, 'valley')}, {counted(len(self.points), 'point')}"
        return f"AllEnclosedValleys({found}, rises of {near(self.rise)}, {self.problem!r})"
