"""The text about the claim ``all valleys below a level`` (proofs/claims/valleys_below.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import dual_vectors
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import further_points, listed_points, numbered, parts, sign_tree
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 20; proofs/claims/valleys_below.md.
    """
    view = surface_view(document)
    level = numeral(view.numbers["level"], 48)
    start = (
        f"From all parameters $θ$ with $L(θ) < {level}$ some path on which the risk never exceeds $L(θ)$ leads, up to the order"
    )
    statement = (say(f"{start} of the units, to {listed_points(view)}:"), *numbered(view.points[: view.counts["valleys"]]))
    cells = sum("point" in node for node in view.nodes)
    use = (
        "On the regions of every leaf the vector of that leaf is of this kind. Its $B(r)$ is at least the level, or, at "
        f"${cells}$ leaves that lie within a signed cell, at least the risk of a given point in that cell."
    )
    premises = (*further_points(view), *sign_tree(view), *dual_vectors(view, use))
    return parts(view, "All valleys below a level", statement, premises, "valleys_below")
