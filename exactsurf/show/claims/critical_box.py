"""The text about a claim on a box with one critical point (proofs/smooth.md, sections 1 to 4)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.critical_box import (
    CRITICAL_POINT,
    LOCAL_MINIMUM_IN_A_BOX,
    NO_LOCAL_MINIMUM_IN_A_BOX,
    SPURIOUS_LOCAL_MINIMUM_IN_A_BOX,
)
from exactsurf.certificate.reading.smooth_view import SmoothView, smooth_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.smooth_setting import risk_statement, smooth_parts
from exactsurf.show.text.arrays import direction_blocks, point_blocks, rounding_note
from exactsurf.show.text.numeral import equation
from exactsurf.show.text.prose import Block, Blocks, Display, say

_TITLES = {
    CRITICAL_POINT: "Exactly one critical point in a box",
    LOCAL_MINIMUM_IN_A_BOX: "A local minimum in a box",
    SPURIOUS_LOCAL_MINIMUM_IN_A_BOX: "A spurious local minimum in a box",
    NO_LOCAL_MINIMUM_IN_A_BOX: "A critical point in a box that is not a local minimum",
}


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 10; proofs/smooth.md, sections 1 to 4.
    """
    view = smooth_view(document)
    return smooth_parts(view, _TITLES[view.kind], _statement(view), _steps(view), "1 to 4")


def _statement(view: SmoothView) -> Blocks:
    free = " that is not held" if view.held else ""
    blocks: list[Block] = [say("Let $m$ be the point with"), *point_blocks(view.parameters)]
    blocks.append(
        say(
            f"Let $X$ be the box of all points that differ from $m$ by at most {equation('r', view.radius)} in every "
            f"coordinate{free}."
        )
    )
    if view.held:
        held = ", ".join(f"entry $({reader + 1}, {unit + 1})$ of $W_{{{layer + 1}}}$" for layer, unit, reader in view.held)
        blocks.append(
            say(f"Held at their values in $m$ are {held}, because hidden units can be rescaled without a change of $L$.")
        )
    kinds = {
        CRITICAL_POINT: ".",
        LOCAL_MINIMUM_IN_A_BOX: ", and it is a strict local minimum.",
        SPURIOUS_LOCAL_MINIMUM_IN_A_BOX: ", and it is a strict local minimum, and a spurious one.",
        NO_LOCAL_MINIMUM_IN_A_BOX: ", and it is not a local minimum.",
    }
    scale = " up to the scale of the hidden units" if view.held else ""
    blocks.append(say(f"Then $X$ holds exactly one critical point of $L${scale}{kinds[view.kind]}"))
    blocks.append(say(f"For every point $θ$ of $X$, {risk_statement(view)}."))
    return (*blocks, *rounding_note(view.risk))


def _steps(view: SmoothView) -> Blocks:
    blocks: list[Block] = [
        say(
            "Let $g$ and $H$ be gradient and Hessian of $L$ in the coordinates that vary, and $Y$ the matrix in the field "
            "evidence.inverse of the certificate. The intervals give, for every row $i$, with the largest values over the box,"
        ),
        Display("|(Y g(m))_i| + r Σ_j |(I − Y H)_{ij}| < r"),
        say(
            "So $θ − Y g(θ)$ maps $X$ into its interior and contracts it (Krawczyk); its one fixed point is the one critical "
            "point in $X$."
        ),
    ]
    if view.kind == NO_LOCAL_MINIMUM_IN_A_BOX:
        blocks += [
            say("On the whole box the second derivative of $L$ is negative along the following direction."),
            *direction_blocks(view.direction),
        ]
    elif view.kind != CRITICAL_POINT:
        blocks.append(
            say("Symmetric elimination with the intervals of $H$ has positive pivots, so $H$ is positive definite on $X$.")
        )
    return tuple(blocks)
