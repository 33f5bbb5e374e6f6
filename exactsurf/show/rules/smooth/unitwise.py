"""The steps of the proof by the rule ``unitwise`` of smooth activations (proofs/smooth.md, section 6)."""

from __future__ import annotations

from exactsurf.certificate.reading.smooth_view import SmoothView
from exactsurf.show.text.prose import Blocks, say


def unitwise_steps(view: SmoothView) -> Blocks:
    """Why no unit can lower the frozen risk."""
    return (
        say("All predictions at $θ$ are rational. The derivatives of the loss are frozen; by convexity it is enough that for"),
        say("every hidden unit its output weight times its frozen risk has a local minimum with value $0$ at its weights."),
        say(
            "Where samples have equal pre-activations this is a matter of rational equations between residuals, and of signs "
            "of second derivatives, which the intervals give."
        ),
    )
