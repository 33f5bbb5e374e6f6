"""The text about the claim ``all valleys`` (proofs/claims/all_valleys.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import dual_vectors, one_of_them
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import cell_list, numbered, parts
from exactsurf.show.text.prose import Blocks, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 12; proofs/claims/all_valleys.md.
    """
    view = surface_view(document)
    count = view.counts["valleys"]
    listed = "$θ_{1}$" if count == 1 else f"one of $θ_{{1}}$ to $θ_{{{count}}}$"
    start = "From all parameters $θ$ some path on which the risk never exceeds $L(θ)$ leads, up to the order of the units,"
    statement = (say(f"{start} to {listed}:"), *numbered(view.points[:count]))
    further = len(view.points) - count
    text = f"The certificate has ${further}$ further points, each of which leads in one such step to an earlier one, not higher."
    more: Blocks = (say(text),) if further > 0 else ()
    use = (
        f"On every signed cell {one_of_them(view)} is of this kind, and its $B(r)$ is at least the risk of a given point in "
        "that cell."
    )
    return parts(view, "All valleys", statement, (*more, *cell_list(view), *dual_vectors(view, use)), "all_valleys")
