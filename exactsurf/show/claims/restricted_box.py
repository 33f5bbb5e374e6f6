"""The text about claims on a box of values of free parameters (proofs/claims/restricted_box.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.restricted_box import (
    NO_RESTRICTED_MINIMUM_IN_A_BOX,
    RESTRICTED_CRITICAL_POINT,
    RESTRICTED_MINIMUM_IN_A_BOX,
    RESTRICTED_SPURIOUS_MINIMUM_IN_A_BOX,
)
from exactsurf.certificate.reading.smooth_view import SmoothView, smooth_view
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.number import exact
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.restricted_point import values_stated
from exactsurf.show.claims.smooth_setting import smooth_parts
from exactsurf.show.text.arrays import rounding_note, vector
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Block, Blocks, Display, say

PAGE = "proofs/claims/restricted_box.md"
_ENDINGS = {
    RESTRICTED_CRITICAL_POINT: ".",
    RESTRICTED_MINIMUM_IN_A_BOX: ", and it is a strict local minimum.",
    RESTRICTED_SPURIOUS_MINIMUM_IN_A_BOX: ", and it is a strict local minimum, and a spurious one.",
    NO_RESTRICTED_MINIMUM_IN_A_BOX: ", and it is not a local minimum.",
}


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 60.1; proofs/claims/restricted_box.md.
    """
    claim, evidence = document["claim"], document["evidence"]
    held = claim["held"]
    low, high = map(exact, claim["risk"])
    those = " that is not held" if held else ""
    statement: list[Block] = [
        *values_stated(document),
        say(
            f"Let $X$ be the box of all values that differ from it by at most {equation('r', exact(claim['radius']))} in every "
            f"free parameter{those}."
        ),
    ]
    if held:
        names = ", ".join(f"$u_{{{k + 1}}}$" for k in held)
        statement.append(say(f"Held are {names}, because flows of the network move them without a change of the risk."))
    scale = " up to these flows" if held else ""
    statement += [
        say(f"Then $X$ holds exactly one critical point of the restricted risk{scale}{_ENDINGS[claim['kind']]}"),
        say(f"On $X$ the risk is at least ${numeral(low)}$ and at most ${numeral(high)}$."),
        *rounding_note((low, high)),
        *lower_values(evidence),
    ]
    title = f"{claim['kind'][0].upper()}{claim['kind'][1:]}"
    return smooth_parts(restricted_view(document), title, tuple(statement), _steps(document), "", page=PAGE)


def restricted_view(document: dict[str, Any]) -> SmoothView:
    """The problem and the bounds of a certificate whose point is given by values of free parameters."""
    claim = {key: value for key, value in document["claim"].items() if key != "held"}
    evidence = {key: value for key, value in document["evidence"].items() if key not in ("direction", "lower_point")}
    return smooth_view({**document, "claim": claim, "evidence": evidence})


def lower_values(evidence: dict[str, Any]) -> Blocks:
    """The lower point, if there is one."""
    if "lower_point" not in evidence:
        return ()
    lower = evidence["lower_point"]
    place = vector(vector_of(lower["values"]))
    return (say(f"At $u = {place}$ the risk is at most ${numeral(exact(lower['risk']))}$, which is lower."),)


def _steps(document: dict[str, Any]) -> Blocks:
    evidence = document["evidence"]
    blocks: list[Block] = [
        say(
            "Let $g$ and $H$ be gradient and Hessian of the restricted risk in the free parameters that vary, and $Y$ the matrix "
            "in the field evidence.inverse of the certificate. The intervals give, for every row $i$, with the largest values "
            "over the box,"
        ),
        Display("|(Y g(m))_i| + r Σ_j |(I − Y H)_{ij}| < r"),
        say("So $u − Y g(u)$ maps $X$ into its interior and contracts it (Krawczyk); its one fixed point is the critical point."),
    ]
    if document["claim"]["held"]:
        blocks.append(
            say(
                "The flows in the field evidence.flows scale hidden units, or add one function to all outputs, and map the "
                "subspace to itself. On the box they move the parameters that are held independently of one another: so what is "
                "critical in the others is critical, and all points nearby are moved to the box."
            )
        )
    if "direction" in evidence:
        blocks.append(
            say(f"On the whole box the second derivative is negative along $u = {vector(vector_of(evidence['direction']))}$.")
        )
    elif document["claim"]["kind"] != RESTRICTED_CRITICAL_POINT:
        blocks.append(
            say("Symmetric elimination with the intervals of $H$ has positive pivots, so $H$ is positive definite on $X$.")
        )
    return tuple(blocks)
