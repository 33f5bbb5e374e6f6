"""The text about the claim ``sharpness`` (proofs/claims/sharpness.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import parts
from exactsurf.show.text.arrays import point_blocks
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 33.2; proofs/claims/sharpness.md.
    """
    view, claim = surface_view(document), document["claim"]
    low, high = claim["bounds"]
    told = f"is ${low}$" if low == high else f"lies between ${low}$ and ${high}$"
    statement = (
        say("Let $θ$ be the point with"),
        *point_blocks(view.parameters),
        say(f"The risk has a Hessian $H$ there. Its largest eigenvalue {told}, and its trace is ${claim['trace']}$."),
    )
    proof = (
        say("No unit is at a kink and no prediction at a breakpoint of the loss, so the risk is a polynomial near $θ$."),
        say(f"For the vector $u$ of the certificate $u·Hu ≥ {low} u·u$, so some eigenvalue is at least ${low}$."),
        say(f"Symmetric elimination of ${high} I − H$ meets no negative pivot, so no eigenvalue is larger than ${high}$."),
    )
    return parts(view, "The sharpness of a point", statement, proof, "sharpness")
