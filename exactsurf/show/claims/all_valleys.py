"""The text about the claim ``all valleys`` (proofs/claims/all_valleys.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import dual_vectors, one_of_them
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import cell_list, further_points, listed_points, numbered, parts
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 12; proofs/claims/all_valleys.md.
    """
    view = surface_view(document)
    start = "From all parameters $θ$ some path on which the risk never exceeds $L(θ)$ leads, up to the order of the units,"
    statement = (say(f"{start} to {listed_points(view)}:"), *numbered(view.points[: view.counts["valleys"]]))
    use = (
        f"On every signed cell {one_of_them(view)} is of this kind, and its $B(r)$ is at least the risk of a given point in "
        "that cell."
    )
    return parts(
        view, "All valleys", statement, (*further_points(view), *cell_list(view), *dual_vectors(view, use)), "all_valleys"
    )
