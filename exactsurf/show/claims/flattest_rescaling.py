"""The text about the claim ``flattest rescaling`` (proofs/claims/flattest_rescaling.md)."""

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
    Source: proofs/FORMAT.md, section 42; proofs/claims/flattest_rescaling.md.
    """
    view, claim = surface_view(document), document["claim"]
    (a, b), (c, d) = claim["trace"], claim["eigenvalue"]
    statement = (
        say("Let $θ$ be the point with"),
        *point_blocks(view.parameters),
        say("Multiplying what comes into a hidden unit by a factor, and dividing what goes out of it, changes no prediction."),
        say(f"Over all such rescalings of $θ$ the least trace of the Hessian of the risk lies between ${a}$ and ${b}$,"),
        say(f"and the least value of its largest eigenvalue lies between ${c}$ and ${d}$."),
    )
    proof = (
        say(
            "At the rescaled point the Hessian $G$ has the entries $H_pq/(s_p s_q)$: $H$ is that of $θ$, $s_p$ multiplies $θ_p$."
        ),
        say("The upper bounds are values at the factors of the certificate."),
        say("A flow is as large at most as the entries of a mass, and as much of it comes into every unit as goes out of it;"),
        say("by convexity in the logarithms of the factors its sum bounds the sum of the mass at all factors."),
        say("For the trace the mass is the diagonal of $G$. For the eigenvalue $λ$ and vectors $z$ it is"),
        say("$Σ(Hz)_p²/s_p²$, which is at most $λ Σ z·Hz$, because $H$ is positive semidefinite."),
    )
    return parts(view, "The flattest rescaling of a point", statement, proof, "flattest_rescaling")
