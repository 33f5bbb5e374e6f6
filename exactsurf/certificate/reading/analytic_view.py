"""What an accepted certificate says about a point where the loss is an expression. Nothing is decided or checked here."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.reading.claim_view import ClaimView, Point, activation_view, point_view, stated
from exactsurf.certificate.rules.analytic import ANALYTIC_RULES, AnalyticEvidence
from exactsurf.exact.number import exact
from exactsurf.model.activation import Activation


@dataclass(frozen=True)
class AnalyticView(ClaimView):
    """A certificate about a point where the loss is an expression, read.

    Attributes: as in proofs/FORMAT.md, section 15; `risk`, two bounds; `direction`, `lower_point` and `lower_risk` where there
    are any. Exactness: exact. Source: proofs/FORMAT.md.
    """

    risk: tuple[Fraction, Fraction]
    activation: Activation
    parameters: Point
    bits: int
    evidence: AnalyticEvidence
    direction: Point
    lower_point: Point
    lower_risk: Fraction | None


def analytic_view(document: dict[str, Any]) -> AnalyticView:
    """Read the parsed JSON document of a certificate that the verifier has accepted.

    Parameters: `document`. Returns: an `AnalyticView`. Exactness: every number passes through `exact`.
    Raises: `KeyError` and the like for documents that the verifier would reject. Source: proofs/FORMAT.md.
    """
    evidence, biases = document["evidence"], tuple(document["problem"]["biases"])
    low, high = map(exact, document["claim"]["risk"])
    lower = evidence.get("lower_point")
    return AnalyticView(
        **stated(document),
        risk=(low, high),
        activation=activation_view(document),
        parameters=point_view(document["parameters"], biases),
        bits=evidence["bits"],
        evidence=ANALYTIC_RULES[evidence["rule"]].read(evidence),
        direction=point_view(evidence["direction"], biases) if "direction" in evidence else (),
        lower_point=() if lower is None else point_view(lower["parameters"], biases),
        lower_risk=None if lower is None else exact(lower["risk"]),
    )
