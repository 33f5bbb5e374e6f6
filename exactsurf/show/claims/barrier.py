"""The text about the claim ``barrier`` (proofs/claims/barrier.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import SurfaceView, surface_view
from exactsurf.show.claims.dual_vectors import CLOSED_FACETS, dual_vectors
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import cell_list, numbered, parts, path_premises
from exactsurf.show.text.numeral import equation
from exactsurf.show.text.prose import Blocks, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, sections 9 and 9.1; proofs/claims/barrier.md.
    """
    view = surface_view(document)
    text = (
        f"Every path between $θ_{{1}}$ and $θ_{{{len(view.points)}}}$ reaches a risk of at least "
        f"{equation('c', view.numbers['level'])}, and the path through the points below rises no higher."
    )
    cut = _regions(view) if view.nodes else (*cell_list(view), *dual_vectors(view, f"{CLOSED_FACETS} the end."))
    return parts(view, "A barrier", (say(text), *numbered(view.points)), (*path_premises(view), *cut), "barrier")


def _regions(view: SurfaceView) -> Blocks:
    """The two sides of a barrier as regions of a tree."""
    sides = [sum(node.get("side") == side for node in view.nodes) for side in (0, 1)]
    text = (
        f"A tree of ${len(view.nodes)}$ nodes cuts the parameters into closed regions, at walls, where the pre-activation of a "
        "unit on a sample is at a breakpoint of the activation, and at output weight 0. Its leaves are on the side of the first "
        f"point (${sides[0]}$), on that of the last (${sides[1]}$), or have a dual vector that bounds the risk there. Wherever a "
        "region of the first kind meets one of the second, a dual vector bounds the risk too. A path that begins on one side and "
        "ends on the other is on both at some time, or in a region of the third kind. The tree stands in the certificate."
    )
    use = "Each bounds the risk by at least c on regions of the third kind, and where regions of the first two meet."
    return (say(text), *dual_vectors(view, use))
