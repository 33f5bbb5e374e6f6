"""The steps of the proof by the rules ``slope`` and ``curvature`` of smooth activations (proofs/smooth.md, section 7)."""

from __future__ import annotations

from exactsurf.certificate.reading.smooth_view import SmoothView
from exactsurf.show.text.arrays import direction_blocks
from exactsurf.show.text.prose import Blocks, say


def slope_steps(view: SmoothView) -> Blocks:
    """Why the risk falls to first order."""
    return (say("The slope of $L$ at $θ$ is negative along the following direction."), *direction_blocks(view.direction))


def curvature_steps(view: SmoothView) -> Blocks:
    """Why the risk falls to second order."""
    return (
        say("The second derivative of $L$ at $θ$ is negative along the following direction $d$."),
        *direction_blocks(view.direction),
        say("So the risk falls along $d$ or along $-d$, whatever the slope is."),
    )
