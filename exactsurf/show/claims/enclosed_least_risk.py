"""The text about the claim ``enclosed least risk`` (proofs/claims/enclosed_least_risk.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.region_tree import region_tree
from exactsurf.show.claims.whole_surface import bottom, parts
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.prose import Blocks, Display, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 41; proofs/claims/enclosed_least_risk.md.
    """
    view = surface_view(document)
    bound, risk = numeral(view.numbers["bound"], 48), numeral(view.numbers["risk"], 48)
    statement: Blocks = (
        *bottom(view),
        say(f"Then $L(θ) ≤ {risk}$, and no parameters of the network have a risk below ${bound}$."),
    )
    premises: Blocks = region_tree(view)
    if "prices" in document["evidence"]:
        premises = (
            *premises,
            say(
                "With weight decay λ the sum may be negative, but a unit must pay for it: on every part of the region of a unit "
                "the certificate has a matrix $Q$, none of whose singular values is above λ, such that for all weights $w$ of "
                "the part and all generators $v$ of the cone of its output weights"
            ),
            Display("v·Q w + Σ_i (U_i·v) h(w·x_i) ≥ 0"),
            say("So the unit adds at least $−λ |v| |w|$ to the sum, and its weight decay is at least $λ |v| |w|$."),
        )
    elif view.decay is not None:
        premises = (*premises, say("Weight decay is not negative; it adds nothing to this bound."))
    return parts(view, "The least risk between two numbers", statement, premises, "enclosed_least_risk")
