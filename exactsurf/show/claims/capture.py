"""The text about the claim ``captured below a level`` (proofs/claims/capture.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import dual_vectors
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import bottom, cell_list, numbered, parts
from exactsurf.show.text.numeral import equation
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 46; proofs/claims/capture.md.
    """
    view = surface_view(document)
    risks = f"{equation('L(θ)', view.numbers['risk'])} and {equation('L(θ_1)', view.numbers['bottom'])}"
    text = (
        f"Then {risks}. Let a path from $θ$ lead to $θ′$, with a risk below {equation('c', view.numbers['level'])} all along. "
        "Then some path from $θ′$ on which the risk never exceeds $L(θ′)$ leads to"
    )
    statement = (*bottom(view), say(text), *numbered(view.points[:1]))
    further = (
        f"The certificate has ${len(view.points) - 1}$ further points, each of which leads in one step, within a signed cell, to "
        "an earlier one, not higher."
    )
    use = (
        "A facet between two signed cells is closed if that holds on it with $B(r) ≥ c$: nothing below $c$ passes it. In every "
        "signed cell to which facets that are not closed lead from that of $θ$, one of the vectors is of this kind whose $B(r)$ "
        "is at least the risk of a given point in that cell."
    )
    steps = (say(further),) if len(view.points) > 1 else ()
    return parts(view, "Captured by a valley", statement, (*steps, *cell_list(view), *dual_vectors(view, use)), "capture")
