"""The certificate *these are all valleys below a level* where levels are enclosed."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.unit_forms import UnitForm, form_document, form_of
from exactsurf.certificate.claims.valleys_below import LevelTreeNode, level_node_document, level_node_of
from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import (
    named_risk,
    number_document,
    parameters_document,
    problem_document,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import matrix_of, parameters_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact, near
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

ENCLOSED_VALLEYS_BELOW = "all enclosed valleys below a level"


@dataclass(frozen=True)
class EnclosedValleysBelow(CertificateFile):
    """The claim that no valley of risk below `level` that is deeper than `rise` lacks a point among the first ones.

    From all parameters of a risk below the level a path that rises by `rise` at most leads to one of these, up to the order of
    the hidden units. `points` and `leads_to` as in `AllEnclosedValleys`; `duals`, `forms` (with weight decay) and the `tree` as
    in `NearGlobalMinimum`, but a leaf may be a signed cell with a point near the least risk there, as in `ValleysBelow`; `bits`,
    with which the verifier encloses a loss given by an expression (None: by pieces); `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 54; proofs/claims/enclosed_valleys_below.md.
    """

    problem: Problem
    level: Fraction
    rise: Fraction
    points: tuple[Parameters, ...]
    leads_to: tuple[int, ...]
    duals: tuple[Vector, ...]
    forms: tuple[UnitForm, ...]
    tree: tuple[LevelTreeNode, ...]
    bits: int | None
    embed: bool | None = field(default=None, compare=False)

    kind = ENCLOSED_VALLEYS_BELOW

    @property
    def valleys(self) -> int:
        """The number of points that lead to no other."""
        return len(self.points) - len(self.leads_to)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        return (
            f"From all parameters whose {named_risk(problem)} is below {number_document(self.level)} some path on which it rises "
            f"above that of its beginning by at most {number_document(self.rise)} leads, up to the order of the hidden units, to "
            f"one of the first {counted(self.valleys, 'given point')}, for the {architecture(problem)} network on "
            f"{counted(len(problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        numbers = {"level": self.level, "valleys": Fraction(self.valleys), "rise": self.rise}
        return {
            "format": GENERAL_FORMAT,
            "claim": {
                "kind": self.kind,
                "sentence": self.sentence,
                **{name: number_document(value) for name, value in numbers.items()},
            },
            "problem": problem_document(self.problem, embed=self.embed, general=True),
            "evidence": {
                **({} if self.bits is None else {"bits": self.bits}),
                "points": list(map(parameters_document, self.points)),
                "leads_to": list(self.leads_to),
                "duals": list(map(vector_document, self.duals)),
                **({} if self.problem.decay is None else {"forms": list(map(form_document, self.forms))}),
                "nodes": list(map(level_node_document, self.tree)),
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> EnclosedValleysBelow:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        return cls(
            problem,
            exact(claim["level"]),
            exact(claim["rise"]),
            tuple(map(parameters_of, evidence["points"])),
            tuple(evidence["leads_to"]),
            matrix_of(evidence["duals"]),
            tuple(map(form_of, evidence.get("forms", ()))),
            tuple(map(level_node_of, evidence["nodes"])),
            evidence.get("bits"),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        found = f"{counted(self.valleys, 'valley')} below {near(self.level)}, {counted(len(self.points), 'point')}"
        return f"EnclosedValleysBelow({found}, rises of {near(self.rise)}, {self.problem!r})"
