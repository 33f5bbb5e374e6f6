"""What an accepted certificate says about a lifted box. Nothing is decided or checked here."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.reading.claim_view import ClaimView, Point, activation_view, point_view, stated
from exactsurf.exact.number import exact
from exactsurf.model.activation import Activation


@dataclass(frozen=True)
class LiftedView(ClaimView):
    """A certificate of a lifted box, read.

    Attributes: as in proofs/FORMAT.md, section 17; `risk`, two bounds; `held`, the numbers of the columns that do not vary;
    `size`, how many coordinates do. Exactness: exact. Source: proofs/FORMAT.md.
    """

    activation: Activation
    parameters: Point
    radius: Fraction
    units: tuple[int, ...]
    risk: tuple[Fraction, Fraction]
    bits: int
    held: tuple[int, ...]
    size: int
    lower_point: Point
    lower_risk: Fraction


def lifted_view(document: dict[str, Any]) -> LiftedView:
    """Read the parsed JSON document of a certificate that the verifier has accepted.

    Parameters: `document`. Returns: a `LiftedView`. Exactness: every number passes through `exact`.
    Raises: `KeyError` and the like for documents that the verifier would reject. Source: proofs/FORMAT.md.
    """
    claim, evidence, biases = document["claim"], document["evidence"], tuple(document["problem"]["biases"])
    low, high = map(exact, claim["risk"])
    return LiftedView(
        **stated(document),
        activation=activation_view(document),
        parameters=point_view(document["parameters"], biases),
        radius=exact(claim["radius"]),
        units=tuple(claim["units"]),
        risk=(low, high),
        bits=evidence["bits"],
        held=tuple(item["column"] for item in evidence["held"]),
        size=len(evidence["inverse"]),
        lower_point=point_view(evidence["lower_point"]["parameters"], biases),
        lower_risk=exact(evidence["lower_point"]["risk"]),
    )
