"""The texts about the claims ``global minimum`` and ``lower bound`` (proofs/claims/global_minimum.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.global_minimum import LOWER_BOUND
from exactsurf.certificate.reading.surface_view import SurfaceView, surface_view
from exactsurf.show.claims.dual_vectors import dual_vectors, one_of_them
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import bottom, cell_list, parts
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Blocks, say

_TREE_USE = "On the regions of every leaf the vector of that leaf is of this kind, and its $B(r)$ is at least the bound."


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, sections 7 and 18; proofs/claims/global_minimum.md.
    """
    view = surface_view(document)
    if view.kind == LOWER_BOUND:
        title = "A lower bound of the risk"
        statement: Blocks = (say(f"For all parameters $θ$ of the network, $L(θ) ≥ {numeral(view.numbers['bound'], 48)}$."),)
    else:
        title = "A global minimum"
        end = "and no parameters of the network have a lower risk: $θ$ is a global minimum of $L$."
        statement = (*bottom(view), say(f"Then {equation('L(θ)', view.numbers['risk'])}, {end}"))
    if view.nodes:
        return parts(view, title, statement, (*_tree(view), *dual_vectors(view, _TREE_USE)), "global_minimum")
    use = f"On every signed cell {one_of_them(view)} is of this kind, and its $B(r)$ is at least the bound."
    return parts(view, title, statement, (*cell_list(view), *dual_vectors(view, use)), "global_minimum")


def _tree(view: SurfaceView) -> Blocks:
    """What the sign tree is."""
    splits = sum("split" in node for node in view.nodes)
    text = (
        f"A tree of ${len(view.nodes)}$ nodes cuts the parameters into regions. At each of its ${splits}$ splits a unit is cut "
        "at a wall, where its pre-activation on a sample is at a breakpoint of the activation, or at output weight 0: at the "
        "first child the unit is on the upper side, at the second child it is on the lower side, together with all units that "
        "have the same region. Because units may be exchanged, the children cover what their node covers. The tree stands in the "
        "certificate."
    )
    return (say(text),)
