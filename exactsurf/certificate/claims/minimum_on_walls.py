"""The certificate *this box holds a strict local minimum that lies on walls*."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, counted
from exactsurf.certificate.problem_document import (
    named_risk,
    number_document,
    parameters_document,
    problem_document,
    units,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import matrix_of, parameters_of, vector_of
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import exact
from exactsurf.model.common_outputs import common_outputs
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

MINIMUM_ON_WALLS = "local minimum on walls"
SPURIOUS_MINIMUM_ON_WALLS = "spurious local minimum on walls"
CLAIMS_ON_WALLS = (MINIMUM_ON_WALLS, SPURIOUS_MINIMUM_ON_WALLS)


@dataclass(frozen=True)
class MinimumOnWalls(CertificateFile):
    """The claim that a strict local minimum on the given walls lies within `radius` of `parameters` in every free coordinate.

    Attributes: `kind` of the claim; `walls`, each (layer, unit, sample, breakpoint), the layer behind the hidden ones standing
    for the loss; `held`, the weights (layer, unit, reader) that do not vary where units can be rescaled; `shifted`, units
    (layer, unit) whose biases do not; `risk`, bounds of the risk of the minimum; `multipliers`, near those of the walls; `bits`
    and `inverse` (an approximate inverse of the Hessian of the Lagrangian) for Krawczyk's operator; `weight` of the squares of
    the walls, with which that Hessian is positive definite; `lower_point`, with an upper bound of its risk. `embed` as in
    `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 32; proofs/claims/minimum_on_walls.md.
    """

    kind: str
    problem: Problem
    parameters: Parameters
    radius: Fraction
    walls: tuple[tuple[int, int, int, int], ...]
    held: tuple[tuple[int, int, int], ...]
    shifted: tuple[tuple[int, int], ...]
    risk: tuple[Fraction, Fraction]
    bits: int
    multipliers: Vector
    inverse: Matrix
    weight: Fraction
    lower_point: LowerPoint | None = None
    embed: bool | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        ways = self.ways
        listed = " and ".join([", ".join(ways[:-1]), ways[-1]] if len(ways) > 2 else ways)
        where = f"Up to {listed} the" if ways else "The"
        return (
            f"{where} box holds a strict local minimum of the {named_risk(self.problem, True)} of the "
            f"{'-'.join(map(str, self.problem.network.widths))} network of {units(self.problem)} on "
            f"{counted(len(self.problem.data), 'sample')}, on {counted(len(self.walls), 'wall')}"
            f"{'' if self.lower_point is None else ', and it is spurious'}."
        )

    @property
    def ways(self) -> list[str]:
        """The ways in which the parameters can change without any effect, for which coordinates are held."""
        weights, bias = common_outputs(self.problem)
        return [
            *(["the scale of its hidden units"] if self.held else []),
            *(["shifts of its biases"] if self.shifted else []),
            *([f"one {'function' if weights else 'number'} added to all outputs"] if weights or bias else []),
        ]

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        lower = {} if self.lower_point is None else {"lower_point": self.lower_point.document()}
        return {
            "format": GENERAL_FORMAT,
            "claim": {
                "kind": self.kind,
                "sentence": self.sentence,
                "radius": number_document(self.radius),
                "held": [list(entry) for entry in self.held],
                "shifted": [list(entry) for entry in self.shifted],
                "walls": [list(entry) for entry in self.walls],
                "risk": vector_document(self.risk),
            },
            "problem": problem_document(self.problem, embed=self.embed, general=True),
            "parameters": parameters_document(self.parameters),
            "evidence": {
                "bits": self.bits,
                "multipliers": vector_document(self.multipliers),
                "inverse": [vector_document(row) for row in self.inverse],
                "weight": number_document(self.weight),
                **lower,
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> MinimumOnWalls:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        low, high = vector_of(claim["risk"])
        return cls(
            claim["kind"],
            problem,
            parameters_of(document["parameters"]),
            exact(claim["radius"]),
            tuple((layer, unit, sample, breakpoint) for layer, unit, sample, breakpoint in claim["walls"]),
            tuple((layer, unit, reader) for layer, unit, reader in claim["held"]),
            tuple((layer, unit) for layer, unit in claim["shifted"]),
            (low, high),
            evidence["bits"],
            vector_of(evidence["multipliers"]),
            matrix_of(evidence["inverse"]),
            exact(evidence["weight"]),
            LowerPoint.read(evidence["lower_point"]) if "lower_point" in evidence else None,
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"MinimumOnWalls({self.kind!r}, {len(self.walls)} walls, {self.problem!r})"
