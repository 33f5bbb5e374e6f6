"""What an accepted certificate says about units on normal inputs. Nothing is decided or checked here."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.reading.claim_view import ArrayView, Point, texts
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.number import exact


@dataclass(frozen=True)
class PopulationView:
    """A certificate about a population risk, read.

    Attributes: as in proofs/FORMAT.md, section 26; `teachers`, one array. Exactness: exact. Source: proofs/FORMAT.md.
    """

    units: int
    dimension: int
    teachers: ArrayView
    parameters: Point
    radius: Fraction
    risk: tuple[Fraction, Fraction]
    larger: bool
    bits: int
    curvature: Fraction


def population_view(document: dict[str, Any]) -> PopulationView:
    """Read the parsed JSON document of a certificate that the verifier has accepted.

    Parameters: `document`. Returns: a `PopulationView`. Exactness: every number passes through `exact`.
    Raises: `KeyError` and the like for documents that the verifier would reject. Source: proofs/FORMAT.md.
    """
    claim, problem, evidence = document["claim"], document["problem"], document["evidence"]
    low, high = vector_of(claim["risk"])
    return PopulationView(
        units=problem["units"],
        dimension=len(problem["teachers"][0]),
        teachers=ArrayView("V1", texts(problem["teachers"]), False),
        parameters=(ArrayView("W1", texts(document["parameters"]["W1"]), False),),
        radius=exact(claim["radius"]),
        risk=(low, high),
        larger=claim["larger"],
        bits=evidence["bits"],
        curvature=exact(evidence["curvature"]),
    )
