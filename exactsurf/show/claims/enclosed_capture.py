"""The text about the claim ``captured below an enclosed level`` (proofs/claims/enclosed_capture.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import CLOSED_FACETS
from exactsurf.show.claims.enclosed_barrier import cut_duals
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import bottom, cell_list, numbered, parts
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 49; proofs/claims/enclosed_capture.md.
    """
    view = surface_view(document)
    risk, lowest, rise = (numeral(view.numbers[name], 48) for name in ("risk", "bottom", "rise"))
    text = (
        f"Then $L(θ) ≤ {risk}$ and $L(θ_1) ≤ {lowest}$. Let a path from $θ$ lead to $θ′$, with a risk below "
        f"{equation('c', view.numbers['level'])} all along. Then some path from $θ′$ on which the risk never exceeds "
        f"$L(θ′) + {rise}$ leads to"
    )
    statement = (*bottom(view), say(text), *numbered(view.points[:1]))
    further = (
        f"The certificate has ${len(view.points) - 1}$ further points, each of which leads in one step, within a signed cell, to "
        "an earlier one. The height of a point is the greatest risk on its way to $θ_1$, or what an enclosure of it does not "
        "exceed."
    )
    steps = (say(further),) if len(view.points) > 1 else ()
    use = (
        f"{CLOSED_FACETS} a signed cell on which no vector of the certificate shows that the risk is at least the height of a "
        f"given point in it, less ${rise}$."
    )
    cut = (*cell_list(view), *cut_duals(view, use))
    return parts(view, "Captured by a valley between numbers", statement, (*steps, *cut), "enclosed_capture")
