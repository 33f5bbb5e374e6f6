"""The steps of the proof by the rule ``dead unit`` of smooth activations (proofs/smooth.md, section 7)."""

from __future__ import annotations

from exactsurf.certificate.reading.smooth_view import SmoothView
from exactsurf.show.text.arrays import rounding_note, vector
from exactsurf.show.text.prose import Blocks, Display, say


def dead_unit_steps(view: SmoothView) -> Blocks:
    """Why a unit that no output reads would help elsewhere."""
    return (
        say(
            f"No output reads unit {view.unit + 1} of the last hidden layer. The sum of the activations that it "
            "would have at the weights"
        ),
        Display(f"w′ = {vector(view.numbers)}"),
        say("(its bias, if it has one, is the last entry) times the residuals is not $0$."),
        *rounding_note(view.numbers),
        say(
            "This sum is an analytic function of the weights, so it is not $0$ at some weights arbitrarily near to those of the "
            "unit. There a small output weight of the right sign lowers the risk."
        ),
    )
