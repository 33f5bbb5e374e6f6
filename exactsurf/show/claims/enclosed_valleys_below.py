"""The text about the claim ``all enclosed valleys below a level`` (proofs/claims/enclosed_valleys_below.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import dual_vectors
from exactsurf.show.claims.near_global_minimum import decay_forms
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import enclosed_steps, listed_points, numbered, parts, sign_tree
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.prose import Blocks, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 54; proofs/claims/enclosed_valleys_below.md.
    """
    view = surface_view(document)
    level, rise = (numeral(view.numbers[name], 48) for name in ("level", "rise"))
    start = (
        f"From all parameters $θ$ with $L(θ) < {level}$ some path on which the risk never exceeds $L(θ) + {rise}$ leads, up to "
        "the order of the units,"
    )
    statement = (say(f"{start} to {listed_points(view)}:"), *numbered(view.points[: view.counts["valleys"]]))
    cells = sum("point" in node for node in view.nodes)
    use = (
        "The conjugates of the loss make of the vector of a leaf a bound $B(r)$, which is at least the level, or, at "
        f"${cells}$ leaves that lie within a signed cell, at least the height of a given point in that cell, less ${rise}$."
    )
    duals: Blocks = dual_vectors(view, f"On the regions of every leaf the vector of that leaf is of this kind. {use}")
    if view.decay is not None:
        duals = (*decay_forms(view), say(use))
    premises = (*enclosed_steps(view), *sign_tree(view), *duals)
    return parts(view, "All valleys below a level, between two numbers", statement, premises, "enclosed_valleys_below")
