"""The proof in words for certificates by the rule ``direction`` (proofs/rules/direction.md)."""

from __future__ import annotations

from exactsurf.certificate.reading.claim_view import view_of
from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.rules.visible_descent import visible_descent
from exactsurf.show.text.arrays import direction_blocks
from exactsurf.show.text.numeral import equation
from exactsurf.show.text.prose import Blocks, Display, say


def proof(evidence: DescentDirection, view: PointView, values: SampleValues | None) -> Blocks:
    """Why every neighbourhood of the point holds a lower one: the risk falls along a direction.

    Parameters: `evidence` of the certificate in `view`; `values` of the samples if they were recomputed.
    Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 5; proofs/rules/direction.md.
    """
    slope = equation("L′(θ; d)", evidence.derivative)
    pull = "" if view.decay is None else "and of the derivative of the weight decay along $d$ "
    return (
        say("Let $d$ be this direction in the space of the parameters."),
        *direction_blocks(view_of(evidence.direction)),
        say(
            "The risk is built from affine maps, products, the piecewise linear $h$ and a convex loss. These are Lipschitz "
            "near every point and have one-sided directional derivatives, which therefore obey the chain rule. Write $Ẇ_l$, "
            "$ḃ_l$ for the parts of $d$, $z_l$ for the pre-activations of layer $l$ on a sample, $f_0 = x$ and $f_l = h(z_l)$. "
            "Starting with $ḟ_0 = 0$,"
        ),
        Display("ż_l = Ẇ_l f_{l-1} + W_l ḟ_{l-1} + ḃ_l"),
        say(
            "and $ḟ_l$ is $ż_l$ times the right slope of $h$ at $z_l$ where $ż_l > 0$, times the left slope where $ż_l < 0$, "
            "and $0$ where $ż_l = 0$ (the bias term is absent in layers without a bias, and the last layer has no $h$). The "
            f"sum of the one-sided derivatives of the loss in the direction of the last $ż_l$ {pull}is {slope}. This is the "
            "limit of $(L(θ + t·d) − L(θ))/t$ for $t ↓ 0$, and it is negative. So $L(θ + t·d) < L(θ)$ for all small $t > 0$, and "
            "every neighbourhood of $θ$ holds a lower point."
        ),
        *visible_descent(view, evidence.lower_point, "θ + t·d", evidence.direction, values),
    )
