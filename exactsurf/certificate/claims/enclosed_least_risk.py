"""Certificates that the least risk of any number of outputs and hidden layers lies between two numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.price_tree import PriceNode, price_document, price_of
from exactsurf.certificate.claims.region_nodes import RegionNode, region_document, region_of
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

ENCLOSED_LEAST_RISK = "enclosed least risk"

BITS = 160
"""Bits with which the verifier encloses a loss that is an expression."""


@dataclass(frozen=True)
class EnclosedLeastRisk(CertificateFile):
    """The claim that no parameters have a risk below `bound`, and that those given have one of at most `risk`.

    `problem` has weight decay, or a loss that is an expression; any number of outputs and hidden layers. A dual vector has a
    number for each sample and output, sample by sample; the tree `regions` covers all parameters; its leaves name `prices`,
    if there are any. `embed` as in `problem_document`. Exactness: exact.
    Source: proofs/FORMAT.md, section 41; proofs/claims/enclosed_least_risk.md.
    """

    problem: Problem
    bound: Fraction
    risk: Fraction
    duals: tuple[Vector, ...]
    regions: tuple[RegionNode, ...]
    parameters: Parameters
    prices: tuple[PriceNode, ...] = ()
    embed: bool | None = field(default=None, compare=False)
    kind: str = field(default=ENCLOSED_LEAST_RISK, init=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        return (
            f"The given parameters have a risk of at most {number_document(self.risk)}, and no parameters have a lower "
            f"{named_risk(problem, True)} than {number_document(self.bound)}, for the {architecture(problem)} network on "
            f"{counted(len(problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        problem, risk, bound = self.problem, number_document(self.risk), number_document(self.bound)
        outputs = problem.network.widths[-1]
        rows = [[dual[p : p + outputs] for p in range(0, len(dual), outputs)] for dual in self.duals]
        bits = {} if problem.loss.is_piecewise_quadratic else {"bits": BITS}
        duals = [[vector_document(row) for row in dual] for dual in rows]
        prices = {"prices": list(map(price_document, self.prices))} if self.prices else {}
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "risk": risk, "bound": bound},
            "problem": problem_document(problem, embed=self.embed, general=True),
            "parameters": parameters_document(self.parameters),
            "evidence": {**bits, "duals": duals, **prices, "tree": list(map(region_document, self.regions))},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> EnclosedLeastRisk:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        return cls(
            problem,
            exact(claim["bound"]),
            exact(claim["risk"]),
            matrix_of([[value for row in dual for value in row] for dual in evidence["duals"]]),
            tuple(map(region_of, evidence["tree"])),
            parameters_of(document["parameters"]),
            tuple(map(price_of, evidence.get("prices", ()))),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        between = f"between {near(self.bound)} and {near(self.risk)}"
        return f"EnclosedLeastRisk({between}, {counted(len(self.duals), 'dual vector')}, {self.problem!r})"
