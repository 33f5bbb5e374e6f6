"""The text about the claim ``near global minimum of an analytic risk`` (proofs/claims/near_analytic_minimum.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import dual_vectors, one_of_them
from exactsurf.show.claims.near_global_minimum import decay_duals
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import bottom, cell_list, parts
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.prose import Blocks, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 22; proofs/claims/near_analytic_minimum.md.
    """
    view = surface_view(document)
    bound, risk = numeral(view.numbers["bound"], 48), numeral(view.numbers["risk"], 48)
    statement: Blocks = (
        *bottom(view),
        say(f"Then $L(θ) ≤ {risk}$, and no parameters of the network have a risk below ${bound}$."),
    )
    enclosed = say(f"The conjugates of the loss are enclosed, and make of it the lower bound ${bound}$.")
    if view.decay is None:
        use = f"On every signed cell {one_of_them(view)} is of this kind."
        duals: Blocks = dual_vectors(view, use)
    else:
        duals = decay_duals(view, "On every signed cell one of the vectors holds.")
    premises: Blocks = (*cell_list(view), *duals, enclosed)
    return parts(view, "Near a global minimum", statement, premises, "near_analytic_minimum")
