"""The steps of the proof by the rule ``fit`` of smooth activations (proofs/smooth.md, section 6)."""

from __future__ import annotations

from exactsurf.certificate.reading.smooth_view import SmoothView
from exactsurf.show.text.prose import Blocks, say


def fit_steps(view: SmoothView) -> Blocks:
    """Why no function of the input fits better."""
    return (
        say("All predictions at $θ$ are rational. For every input the residuals of the samples with this input add up to $0$."),
        say("The predictions are functions of the input, and the squared loss is convex, so no parameters have a lower risk."),
    )
