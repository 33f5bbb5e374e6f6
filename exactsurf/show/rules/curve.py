"""The proof in words for certificates by the rule ``curve`` (proofs/rules/curve.md)."""

from __future__ import annotations

from itertools import pairwise

from exactsurf.certificate.reading.claim_view import view_of
from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.rules.visible_descent import visible_descent
from exactsurf.show.text.arrays import direction_blocks
from exactsurf.show.text.numeral import equation, power_of_t
from exactsurf.show.text.prose import Block, Blocks, Display, say


def proof(evidence: DescentCurve, view: PointView, values: SampleValues | None) -> Blocks:
    """Why every neighbourhood of the point holds a lower one: the risk falls along a curve.

    Parameters: `evidence` of the certificate in `view`; `values` of the samples if they were recomputed.
    Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 5; proofs/rules/curve.md.
    """
    n, powers = evidence.order, [power_of_t(k) for k in range(1, len(evidence.curve) + 1)]
    one = len(evidence.curve) == 1
    blocks: list[Block] = [
        say(
            f"Let $θ(t) = θ + {' + '.join(f'{power}·c_{{{k}}}' for k, power in enumerate(powers, start=1))}$ for $t ≥ 0$, with "
            f"{'this direction' if one else 'these directions'} in the space of the parameters."
        )
    ]
    for k, direction in enumerate(evidence.curve, start=1):
        blocks += [say(f"The direction $c_{{{k}}}$:"), *direction_blocks(view_of(direction))]
    hidden = (
        "At $θ(t)$ the pre-activations of the first layer are polynomials in $t$. So each of them stays, for all small $t > 0$, "
        "on one side of every breakpoint of $h$ (or on it), which the first of its coefficients behind the constant one that "
        "is not $0$ decides, and $h$ is affine there; hence the pre-activations of the next layer are polynomials in $t$ as "
        "well, and so on up to the predictions."
        if view.hidden_layers
        else "The predictions at $θ(t)$ are polynomials in $t$."
    )
    fixed, loss = "", view.loss
    if loss.breakpoints:
        term, moving = "The loss", "a prediction"
        if view.has_classes:
            term, moving = "Each term of the loss", "the difference of the two outputs in it"
        where = "is a polynomial between the places at which it turns from one piece to the next", "between two of them"
        if all(bool(a) != bool(b) for (a, _, _), (b, _, _) in pairwise(loss.pieces)):
            where = "is a polynomial between the places at which it turns from square to line", "between two of them"
        if loss.is_piecewise_linear:
            where = "is affine between its kinks", "between two of them"
            if len(loss.breakpoints) == 1:
                where = "is affine on both sides of its kink", "on one of them"
        fixed = f" {term} {where[0]}, and {moving} stays {where[1]}."
    blocks.append(
        say(
            f"{hidden}{fixed} So for small $t > 0$ the risk is a polynomial in $t$, and its coefficients come from sums and "
            f"products of power series cut off behind ${power_of_t(n)}$:"
        )
    )
    blocks.append(Display(f"L(θ(t)) = L(θ) + a {power_of_t(n)} + …"))
    falls = f"the lowest power of $t$ that has a coefficient other than $0$ is ${power_of_t(n)}$"
    blocks.append(
        say(
            f"Here {falls}, and {equation('a', evidence.coefficient)}, which is negative. So $L(θ(t)) < L(θ)$ for all small $t > "
            "0$, and every neighbourhood of $θ$ holds a lower point."
        )
    )
    ray = evidence.curve[0] if one else None
    return (*blocks, *visible_descent(view, evidence.lower_point, "θ(t)", ray, values))
