"""The certificates about a pattern of units on lines: where its local minima of a risk on normal inputs are, and what sort."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateDocument, counted
from exactsurf.certificate.problem_document import number_document, vector_document
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import exact
from exactsurf.model.student_on_lines import StudentOnLines

SPURIOUS_ON_LINES = "spurious local minimum of a population risk on lines"
GLOBAL_ON_LINES = "global minimum of a population risk on lines"
NO_MINIMUM_ON_LINES = "no local minimum of a population risk on lines"
CLAIMS_ON_LINES = (SPURIOUS_ON_LINES, GLOBAL_ON_LINES, NO_MINIMUM_ON_LINES)


@dataclass(frozen=True)
class PopulationOnLines(CertificateDocument):
    """The claim that the local minima of a pattern of units on lines are spurious, or global, or that there are none.

    Attributes: `kind`; `problem`; `looking`, on every line how many units have t > 0 and t < 0; `sums` of lengths near a critical
    point of the pattern, one number for each ray u_1, −u_1, u_2, …; `radius` around it; `risk`, two bounds for a minimum, else
    empty; `bits` of the intervals; `curvature`, a lower bound of the eigenvalues of the kernel matrix of the used rays; `lower`,
    sums of lower risk for a spurious local minimum; `bounds`, sums whose residuals bound the risk from below for a global one;
    `ray`, the index of the one along which the risk falls, or whose sum is not positive, where there is no local minimum.
    Exactness: exact. Source: proofs/FORMAT.md, section 47; proofs/claims/population_on_lines.md.
    """

    kind: str
    problem: StudentOnLines
    looking: tuple[tuple[int, int], ...]
    sums: Vector
    radius: Fraction
    risk: Vector
    bits: int
    curvature: Fraction
    lower: Vector = ()
    bounds: Matrix = ()
    ray: int | None = None

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        name = (
            f"the population risk of {counted(sum(problem.units), 'ReLU unit')} on {counted(len(problem.lines), 'line')} against "
            f"{len(problem.teachers)} on standard normal inputs of {counted(problem.dimension, 'dimension')}"
        )
        if self.kind == NO_MINIMUM_ON_LINES:
            return f"The pattern has no local minimum of {name}."
        what = "spurious local minima" if self.kind == SPURIOUS_ON_LINES else "global minima"
        return (
            "The points of the pattern whose sums of lengths are those of one vector within the radius of the given one are "
            f"{what} of {name}, and the pattern has no other local minimum."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        radius = {"radius": number_document(self.radius)}
        evidence: dict[str, Any] = {"bits": self.bits, "curvature": number_document(self.curvature)}
        claim: dict[str, Any] = {"kind": self.kind, "sentence": self.sentence, "looking": [list(pair) for pair in self.looking]}
        if self.kind == NO_MINIMUM_ON_LINES:
            evidence |= radius | {"ray": self.ray}
        else:
            claim |= radius | {"risk": vector_document(self.risk)}
        if self.kind == SPURIOUS_ON_LINES:
            evidence["lower"] = _pairs(self.lower)
        if self.kind == GLOBAL_ON_LINES:
            evidence["bounds"] = [_pairs(sums) for sums in self.bounds]
        return {
            "format": GENERAL_FORMAT,
            "claim": claim,
            "problem": {
                "inputs": "standard normal",
                "lines": [vector_document(row) for row in self.problem.lines],
                "units": list(self.problem.units),
                "teachers": [vector_document(row) for row in self.problem.teachers],
            },
            "parameters": {"lengths": _pairs(self.sums)},
            "evidence": evidence,
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: StudentOnLines) -> PopulationOnLines:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        return cls(
            claim["kind"],
            problem,
            tuple((plus, minus) for plus, minus in claim["looking"]),
            sums_of(document["parameters"]["lengths"]),
            exact(claim["radius"] if "radius" in claim else evidence["radius"]),
            vector_of(claim.get("risk", ())),
            evidence["bits"],
            exact(evidence["curvature"]),
            sums_of(evidence.get("lower", ())),
            tuple(map(sums_of, evidence.get("bounds", ()))),
            evidence.get("ray"),
        )

    def __str__(self) -> str:
        return self.sentence

    def __repr__(self) -> str:
        return f"PopulationOnLines({self.kind!r}, {self.problem!r})"


def sums_of(pairs: Any) -> Vector:
    """A list of sums, one number for each ray, from its JSON value."""
    return tuple(value for pair in pairs for value in vector_of(pair))


def _pairs(sums: Vector) -> list[list[str]]:
    return [vector_document(sums[j : j + 2]) for j in range(0, len(sums), 2)]
