"""What an accepted certificate about a smooth activation says, as frozen values. Nothing is decided or checked here."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.reading.claim_view import ClaimView, Point, activation_view, point_view, stated
from exactsurf.exact.number import exact
from exactsurf.model.activation import Activation
from exactsurf.model.smooth_expression import infix, tree_of


@dataclass(frozen=True)
class SmoothView(ClaimView):
    """A certificate about a smooth activation, read; see proofs/FORMAT.md, sections 10, 11 and 13.

    Attributes: as in the format. `constants` of the activation by their names; `expression`, its formula if it is given by
    one; `piecewise`, the activation if it is piecewise linear; `risk`, two bounds; `radius` is 0 for claims about a point;
    `rule` is that of the evidence, or ``box`` or ``three samples``; `direction`, `lower_point` and `lower_risk` where there
    are any; `curve` and `order` of the rule ``one-sided curve``; `numbers`, the weights of a dead unit, or v₁, v₂ and u₁ of
    three samples. Exactness: exact.
    Source: proofs/FORMAT.md.
    """

    name: str
    constants: dict[str, Fraction]
    expression: str
    piecewise: Activation | None
    risk: tuple[Fraction, Fraction]
    parameters: Point
    radius: Fraction
    held: tuple[tuple[int, int, int], ...]
    bits: int
    rule: str
    direction: Point
    curve: tuple[Point, ...]
    order: int
    lower_point: Point
    lower_risk: Fraction | None
    numbers: tuple[Fraction, ...]
    unit: int


def smooth_view(document: dict[str, Any]) -> SmoothView:
    """Read the parsed JSON document of a certificate that the verifier has accepted.

    Parameters: `document`. Returns: a `SmoothView`. Exactness: every number passes through `exact`.
    Raises: `KeyError` and the like for documents that the verifier would reject. Source: proofs/FORMAT.md.
    """
    claim, problem, evidence = document["claim"], document["problem"], document["evidence"]
    biases, lower = tuple(problem["biases"]), evidence.get("lower_point")
    low, high = claim["risk"] if isinstance(claim["risk"], list) else [claim["risk"]] * 2
    values = [*evidence.get("v", ()), *([evidence["u"]] if "u" in evidence else ()), *evidence.get("weights", ())]
    return SmoothView(
        **stated(document),
        name=problem["activation"].get("name", "piecewise linear"),
        constants={key: exact(value) for key, value in problem["activation"].items() if key in ("alpha", "lambda")},
        expression=infix(tree_of(problem["activation"].get("tree", "z")), "·", "^{{{}}}"),
        piecewise=activation_view(document) if "breakpoints" in problem["activation"] else None,
        risk=(exact(low), exact(high)),
        parameters=point_view(document["parameters"], biases) if "parameters" in document else (),
        radius=exact(claim.get("radius", "0")),
        held=tuple((entry[0], entry[1], entry[2]) for entry in claim.get("held", ())),
        bits=evidence["bits"],
        rule=evidence.get("rule", "box" if "inverse" in evidence else "three samples"),
        direction=point_view(evidence["direction"], biases) if "direction" in evidence else (),
        curve=tuple(point_view(coefficient, biases) for coefficient in evidence.get("curve", ())),
        order=evidence.get("order", 0),
        lower_point=() if lower is None else point_view(lower["parameters"], biases),
        lower_risk=None if lower is None else exact(lower["risk"]),
        numbers=tuple(map(exact, values)),
        unit=evidence.get("unit", 0),
    )
