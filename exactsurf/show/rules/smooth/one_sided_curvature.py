"""The steps of the proof by the rule ``one-sided curvature`` of `elu` (proofs/smooth.md, section 9)."""

from __future__ import annotations

from exactsurf.certificate.reading.smooth_view import SmoothView
from exactsurf.show.text.arrays import direction_blocks
from exactsurf.show.text.prose import Blocks, say


def one_sided_curvature_steps(view: SmoothView) -> Blocks:
    """Why the risk falls to second order although a pre-activation may be 0."""
    return (
        say(
            "Along the following direction $d$ the risk is $L(θ + td) = L(θ) + at + bt^2 + o(t^2)$ for small $t ≥ 0$, "
            "and $b < 0$, although a pre-activation may be 0: there the activation has a second derivative on either side."
        ),
        *direction_blocks(view.direction),
        say(
            "The activation has one slope at 0, so the risk is differentiable at $θ$. If $a ≠ 0$, it falls along $d$ or $-d$; "
            "if $a = 0$, it falls along $d$."
        ),
    )
