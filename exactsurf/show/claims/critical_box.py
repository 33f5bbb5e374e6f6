"""The text about a claim on a box with one critical point (proofs/smooth.md, sections 1 to 4 and 8)."""

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
    Source: proofs/FORMAT.md, sections 10 and 23; proofs/smooth.md, sections 1 to 4 and 8.
    """
    view = smooth_view(document)
    return smooth_parts(view, _TITLES[view.kind], _statement(view), _steps(view), "1 to 4 and 8")


def _statement(view: SmoothView) -> Blocks:
    common = common_of(view)
    free = " that is not held" if view.held or common else ""
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
    if common:
        blocks.append(say(f"Held too are {common} of the last output, because the loss depends on differences of outputs only."))
    kinds = {
        CRITICAL_POINT: ".",
        LOCAL_MINIMUM_IN_A_BOX: ", and it is a strict local minimum.",
        SPURIOUS_LOCAL_MINIMUM_IN_A_BOX: ", and it is a strict local minimum, and a spurious one.",
        NO_LOCAL_MINIMUM_IN_A_BOX: ", and it is not a local minimum.",
    }
    ways = [*(["the scale of the hidden units"] if view.held else []), *(["what is added to all outputs"] if common else [])]
    scale = f" up to {' and '.join(ways)}" if ways else ""
    blocks.append(say(f"Then $X$ holds exactly one critical point of $L${scale}{kinds[view.kind]}"))
    blocks.append(say(f"For every point $θ$ of $X$, {risk_statement(view)}."))
    return (*blocks, *rounding_note(view.risk))


def common_of(view: SmoothView) -> str:
    """What of the last output is held because the same can be added to all outputs (proofs/FORMAT.md, section 23)."""
    if not (view.loss.is_of_classes or view.has_classes):
        return ""
    weights = view.decay is None
    bias = view.biases[-1] and (view.decay is None or not view.decay.biases)
    return " and ".join([*(["the weights"] if weights else []), *(["the bias"] if bias else [])])


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
