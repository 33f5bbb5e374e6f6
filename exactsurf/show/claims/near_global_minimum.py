"""The text about the claim ``near global minimum`` (proofs/claims/near_global_minimum.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import SurfaceView, surface_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import bottom, cell_list, parts, sign_tree
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Blocks, Display, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, sections 19 and 39; proofs/claims/near_global_minimum.md.
    """
    view = surface_view(document)
    bound = numeral(view.numbers["bound"], 48)
    statement: Blocks = (
        *bottom(view),
        say(f"Then {equation('L(θ)', view.numbers['risk'])}, and no parameters of the network have a risk below ${bound}$."),
    )
    if view.nodes:
        duals: Blocks = (*sign_tree(view), *decay_forms(view))
    else:
        duals = (*cell_list(view), *decay_duals(view, "On every signed cell one of the vectors holds."))
    premises: Blocks = (
        *duals,
        say(f"The conjugates of the loss make of it the lower bound ${bound}$."),
    )
    return parts(view, "Near a global minimum", statement, premises, "near_global_minimum")


def decay_forms(view: SurfaceView) -> Blocks:
    """What the dual vectors at the leaves of a sign tree do where there is weight decay (FORMAT.md, section 39)."""
    total = " with $Σ_i r_i = 0$" if view.biases[-1] and not (view.decay and view.decay.biases) else ""
    return (
        say(
            f"The certificate has ${len(view.duals)}$ dual vectors $r${total}, of which each leaf of the tree names one. "
            "It holds on the region of each unit there: for all weights $w$ of the region, and each sign $σ$ of the output "
            "weight that is left,"
        ),
        Display("σ Σ_i r_i h(w·x_i) ≥ −λ |w|"),
        say(
            "where $|w|$ is the length of the weights that are penalised. That is proved by "
            f"${view.forms}$ forms in the certificate: a region is cut at walls into parts, and for each part a vector $q$ with "
            "$|q| ≤ λ$, which is 0 at weights that are not penalised, has $σ Σ_i r_i h(u·x_i) ≥ −q·u$ along all rays $u$ of the "
            "part in which walls meet; between these rays $h$ is linear. So a unit with the output weight $v$ adds at least "
            "$−λ |v| |w|$ to $Σ_i r_i f(x_i; θ)$, and its weight decay is at least $λ |v| |w|$."
        ),
    )


def decay_duals(view: SurfaceView, use: str) -> Blocks:
    """What the dual vectors of a risk with weight decay do, and what they are used for."""
    total = " with $Σ_i r_i = 0$" if view.biases[-1] and not (view.decay and view.decay.biases) else ""
    return (
        say(
            f"The certificate has ${len(view.duals)}$ vectors $r${total}, each with a vector $q$ for every signed unit cell on "
            "which it holds: $|q| ≤ λ$, $q$ is 0 at weights that are not penalised, and for all weights $w$ of the closed cell"
        ),
        Display("q·w ≥ −σ Σ_i r_i h(w·x_i),  σ = 1 for v ≥ 0, σ = −1 for v ≤ 0"),
        say(
            "which is decided at the extreme rays of the cell. So a unit in it with the output weight $v$ adds at least "
            f"$−λ |v| |w|$ to $Σ_i r_i f(x_i; θ)$, and its weight decay is at least $λ |v| |w|$. {use}"
        ),
    )
