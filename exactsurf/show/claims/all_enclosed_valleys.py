"""The text about the claim ``all enclosed valleys`` (proofs/claims/all_enclosed_valleys.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import dual_vectors
from exactsurf.show.claims.near_global_minimum import decay_duals
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import cell_list, enclosed_steps, listed_points, numbered, parts
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 31; proofs/claims/all_enclosed_valleys.md.
    """
    view = surface_view(document)
    rise = numeral(view.numbers["rise"], 48)
    start = (
        f"From all parameters $θ$ some path on which the risk never exceeds $L(θ) + {rise}$ leads, up to the order of the units,"
    )
    statement = (say(f"{start} to {listed_points(view)}:"), *numbered(view.points[: view.counts["valleys"]]))
    use = (
        "On every signed cell one of the vectors holds whose $B(r)$ is at least the height of a given point in that cell, less "
        f"${rise}$."
    )
    duals = (
        dual_vectors(view, use) if view.decay is None else decay_duals(view, f"The conjugates make of it a bound $B(r)$. {use}")
    )
    return parts(
        view,
        "All valleys, between two numbers",
        statement,
        (*enclosed_steps(view), *cell_list(view), *duals),
        "all_enclosed_valleys",
    )
