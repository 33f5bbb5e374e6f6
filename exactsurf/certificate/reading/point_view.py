"""What an accepted certificate about a point says, as frozen values. Nothing is decided or checked here."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.reading.claim_view import ClaimView, Point, activation_view, point_view, stated
from exactsurf.certificate.rules import RULES
from exactsurf.certificate.rules.evidence import Evidence
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import exact
from exactsurf.model.activation import Activation


@dataclass(frozen=True)
class LowerPointView:
    """A point of lower risk; `gap` is what it is lower by."""

    parameters: Point
    risk: Fraction
    gap: Fraction


@dataclass(frozen=True)
class PointView(ClaimView):
    """A certificate about a point, read.

    Attributes: as in proofs/FORMAT.md; `evidence` of the local minimum or of the descent, in the form of its rule.
    Exactness: numbers are Fractions, or the certificate's own text where they are shown in part only. Source: proofs/FORMAT.md.
    """

    risk: Fraction
    activation: Activation
    parameters: Point
    evidence: Evidence
    lower_points: tuple[LowerPointView, ...]

    @property
    def lower_risks(self) -> tuple[Fraction, ...]:
        """The risks of the lower points of the claim, or of the one that makes a descent visible."""
        seen = getattr(self.evidence, "lower_point", None)
        return tuple(point.risk for point in self.lower_points) if seen is None else (seen.risk,)

    @property
    def subgradient(self) -> Matrix | None:
        """The frozen derivatives that the evidence gives, where its rule has them and the loss a kink."""
        found: Matrix | None = getattr(self.evidence, "subgradient", None)
        return found


def point_claim_view(document: dict[str, Any]) -> PointView:
    """Read the parsed JSON document of a certificate that the verifier has accepted.

    Parameters: `document`. Returns: a `PointView`. Exactness: every number passes through `exact`.
    Raises: `KeyError` and the like for documents that the verifier would reject. Source: proofs/FORMAT.md.
    """
    fields, biases = document["evidence"], tuple(document["problem"]["biases"])
    risk = exact(document["claim"]["risk"])
    evidence = fields["local_minimum"] if "local_minimum" in fields else fields["descent"]
    return PointView(
        **stated(document),
        risk=risk,
        activation=activation_view(document),
        parameters=point_view(document["parameters"], biases),
        evidence=RULES[evidence["rule"]].read(evidence),
        lower_points=tuple(_lower_point(point, biases, risk) for point in fields.get("lower_points", ())),
    )


def _lower_point(point: dict[str, Any], biases: tuple[bool, ...], risk: Fraction) -> LowerPointView:
    lower = exact(point["risk"])
    return LowerPointView(point_view(point["parameters"], biases), lower, risk - lower)
