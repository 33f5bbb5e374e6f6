"""The text about the claim ``exact flattest minimiser`` (proofs/claims/exact_flattest_minimiser.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import parts
from exactsurf.show.text.algebraic import the_root
from exactsurf.show.text.arrays import point_blocks
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 61; proofs/claims/exact_flattest_minimiser.md.
    """
    view, claim = surface_view(document), document["claim"]
    degree = len(document["evidence"]["root"]["polynomial"]) - 1
    statement = (
        say("Let $θ$ be the point with"),
        *point_blocks(view.parameters),
        say("and consider all parameters with its predictions in its signed cell:"),
        say("every unit and every output weight keeps its signs."),
        say(f"Over all of these the least {claim['of']} of the Hessian of the risk is"),
        *the_root(claim["value"]),
    )
    proof = (
        say(f"All numbers of the certificate are polynomials in one algebraic number, of degree {degree},"),
        say("and every equation holds modulo its polynomial; what is to be positive is enclosed."),
        say("With $p_j = v_j w_j$ and $s_j = v_j²$ the sharpness is a convex function on the closed signed cell."),
        say("The place of the certificate lies in it and has the predictions of $θ$, so its sharpness is at least the infimum."),
        say("Its lines $y_j$ give linear forms of the $p_j$ that lie below the terms of the units, by Cauchy and Schwarz;"),
        say("their sum is known from the predictions and the walls, and it is the sharpness of the place."),
    )
    return parts(view, f"The least {claim['of']} of the Hessian in a signed cell", statement, proof, "exact_flattest_minimiser")
