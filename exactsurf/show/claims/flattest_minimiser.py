"""The text about the claim ``flattest minimiser`` (proofs/claims/flattest_minimiser.md)."""

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
    Source: proofs/FORMAT.md, section 48; proofs/claims/flattest_minimiser.md.
    """
    view, claim = surface_view(document), document["claim"]
    (a, b), (c, d) = claim["trace"], claim["eigenvalue"]
    statement = (
        say("Let $θ$ be the point with"),
        *point_blocks(view.parameters),
        say("and consider all parameters with its predictions in its signed cell:"),
        say("every unit and every output weight keeps its signs."),
        say(f"Over all of these the least trace of the Hessian of the risk lies between ${a}$ and ${b}$,"),
        say(f"and the least value of its largest eigenvalue lies between ${c}$ and ${d}$."),
    )
    proof = (
        say("The upper bounds are values at the two points of the certificate, which have the predictions of $θ$."),
        say("The gradient of $θ$ is zero, so on all of these parameters the Hessian is that of Gauss and Newton:"),
        say("$H_pq = Σ κ_i g_ip g_iq$ with the gradients $g_i$ of the predictions and the curvatures $κ_i$ of the loss."),
        say("With $p_j = v_j w_j$ and $s_j = v_j²$ the numbers $g_i·g_k$ are sums of $s_j$ times a constant"),
        say("and of products of two linear forms of $p_j$ over $s_j$."),
        say("Weighted by a positive semidefinite matrix $Z$, the term of a unit is"),
        say("$s_j A_j + Q_j(p_j)/s_j$, and at least a linear form of $p_j$ whose square is at most $4 A_j Q_j$."),
        say("The multipliers and prices of the certificate make such forms,"),
        say("whose sum is known from the predictions and the walls."),
    )
    return parts(view, "The flattest minimiser of a signed cell", statement, proof, "flattest_minimiser")
