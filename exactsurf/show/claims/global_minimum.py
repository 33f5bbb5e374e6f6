"""The texts about the claims ``global minimum`` and ``lower bound`` (proofs/claims/global_minimum.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.global_minimum import LOWER_BOUND
from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import dual_vectors, one_of_them
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.region_tree import region_tree
from exactsurf.show.claims.whole_surface import bottom, cell_list, parts, sign_tree
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Blocks, say

_TREE_USE = "On the regions of every leaf the vector of that leaf is of this kind, and its $B(r)$ is at least the bound."


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, sections 7, 18 and 29; proofs/claims/global_minimum.md.
    """
    view = surface_view(document)
    if view.kind == LOWER_BOUND:
        title = "A lower bound of the risk"
        statement: Blocks = (say(f"For all parameters $θ$ of the network, $L(θ) ≥ {numeral(view.numbers['bound'], 48)}$."),)
    else:
        title = "A global minimum"
        end = "and no parameters of the network have a lower risk: $θ$ is a global minimum of $L$."
        statement = (*bottom(view), say(f"Then {equation('L(θ)', view.numbers['risk'])}, {end}"))
    if view.tree:
        return parts(view, title, statement, region_tree(view), "global_minimum")
    if view.nodes:
        return parts(view, title, statement, (*sign_tree(view), *dual_vectors(view, _TREE_USE)), "global_minimum")
    use = f"On every signed cell {one_of_them(view)} is of this kind, and its $B(r)$ is at least the bound."
    return parts(view, title, statement, (*cell_list(view), *dual_vectors(view, use)), "global_minimum")
