"""The steps of the proof by the rule ``one-sided slope`` of `elu` and `selu` (proofs/smooth.md, section 7)."""

from __future__ import annotations

from exactsurf.certificate.reading.smooth_view import SmoothView
from exactsurf.show.text.arrays import direction_blocks
from exactsurf.show.text.prose import Blocks, say


def one_sided_slope_steps(view: SmoothView) -> Blocks:
    """Why the risk falls to first order although a pre-activation may be 0."""
    return (
        say("The one-sided derivative of $L$ at $θ$ along the following direction is negative."),
        *direction_blocks(view.direction),
        say("It exists although a pre-activation may be 0: there the activation has a slope on either side."),
    )
