"""The text about the claim ``near global minimum of an analytic risk`` (proofs/claims/near_analytic_minimum.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import dual_vectors, one_of_them
from exactsurf.show.claims.near_global_minimum import decay_duals, decay_forms
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import bottom, cell_list, parts, sign_tree
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.prose import Blocks, say

_TREE_USE = "On the regions of every leaf the vector of that leaf is of this kind."


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, sections 22 and 39; proofs/claims/near_analytic_minimum.md.
    """
    view = surface_view(document)
    bound, risk = numeral(view.numbers["bound"], 48), numeral(view.numbers["risk"], 48)
    statement: Blocks = (
        *bottom(view),
        say(f"Then $L(θ) ≤ {risk}$, and no parameters of the network have a risk below ${bound}$."),
    )
    enclosed = say(f"The conjugates of the loss are enclosed, and make of it the lower bound ${bound}$.")
    if view.nodes and view.decay is None:
        duals: Blocks = (*sign_tree(view), *dual_vectors(view, _TREE_USE))
    elif view.nodes:
        duals = (*sign_tree(view), *decay_forms(view))
    elif view.decay is None:
        duals = (*cell_list(view), *dual_vectors(view, f"On every signed cell {one_of_them(view)} is of this kind."))
    else:
        duals = (*cell_list(view), *decay_duals(view, "On every signed cell one of the vectors holds."))
    premises: Blocks = (*duals, enclosed)
    return parts(view, "Near a global minimum", statement, premises, "near_analytic_minimum")
