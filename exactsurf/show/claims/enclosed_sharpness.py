"""The text about the claim ``enclosed sharpness`` (proofs/claims/enclosed_sharpness.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.smooth_view import smooth_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.smooth_setting import smooth_parts
from exactsurf.show.text.arrays import point_blocks
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 43; proofs/claims/enclosed_sharpness.md.
    """
    view, claim = smooth_view(document), document["claim"]
    (a, b), (c, d) = claim["bounds"], claim["trace"]
    statement = (
        say("Let $θ$ be the point with"),
        *point_blocks(view.parameters),
        say(f"The risk has a Hessian $H$ there. Its largest eigenvalue lies between ${a}$ and ${b}$,"),
        say(f"and its trace between ${c}$ and ${d}$."),
    )
    steps = (
        say("Every entry of $H$ lies in an interval, and so does its trace."),
        say(f"For the vector $u$ of the certificate $u·Hu ≥ {a} u·u$, so some eigenvalue is at least ${a}$."),
        say(f"Symmetric elimination of ${b} I − H$ on intervals meets positive pivots only, so every eigenvalue is below ${b}$."),
    )
    return smooth_parts(view, "The sharpness of a point", statement, steps, "", page="proofs/claims/enclosed_sharpness.md")
