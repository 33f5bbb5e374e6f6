"""The steps of the proof by the rule ``one-sided curve`` of `elu` and `selu` (proofs/smooth.md, section 10)."""

from __future__ import annotations

from exactsurf.certificate.reading.smooth_view import SmoothView
from exactsurf.show.text.arrays import direction_blocks
from exactsurf.show.text.numeral import power_of_t
from exactsurf.show.text.prose import Block, Blocks, say


def one_sided_curve_steps(view: SmoothView) -> Blocks:
    """Why the risk falls along a curve although a pre-activation may be 0."""
    powers = [power_of_t(k) for k in range(1, len(view.curve) + 1)]
    blocks: list[Block] = [
        say(f"Let $θ(t) = θ + {' + '.join(f'{power}·c_{{{k}}}' for k, power in enumerate(powers, start=1))}$ for $t ≥ 0$.")
    ]
    for k, coefficient in enumerate(view.curve, start=1):
        blocks += [say(f"The direction $c_{{{k}}}$:"), *direction_blocks(coefficient)]
    falls = f"that of ${power_of_t(view.order)}$ is negative"
    if view.order > 1:
        falls = f"those of lower powers are not positive, and {falls}"
    blocks.append(
        say(
            "A pre-activation that is 0 at $θ$ stays, for all small $t > 0$, on the side of 0 into which its first coefficient "
            "that is not 0 points, or is 0 to all orders that are looked at; and on either side the activation is analytic. So "
            f"the predictions are power series in $t$, and so is the risk. Of its coefficients {falls}. "
            "So the risk is lower at $θ(t)$ for all small $t > 0$."
        )
    )
    return tuple(blocks)
