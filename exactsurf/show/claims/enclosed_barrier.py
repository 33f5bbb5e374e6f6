"""The text about the claim ``enclosed barrier`` (proofs/claims/enclosed_barrier.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import SurfaceView, surface_view
from exactsurf.show.claims.dual_vectors import CLOSED_FACETS, dual_vectors
from exactsurf.show.claims.near_global_minimum import decay_duals
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import cell_list, enclosed_path_premises, numbered, parts
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Blocks, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 30; proofs/claims/enclosed_barrier.md.
    """
    view = surface_view(document)
    text = (
        f"Every path between $θ_{{1}}$ and $θ_{{{len(view.points)}}}$ reaches a risk of at least "
        f"{equation('c', view.numbers['bound'])}, and the path through the points below rises to ${level(view)}$ at most."
    )
    cut = (*cell_list(view), *cut_duals(view, f"{CLOSED_FACETS} the end."))
    premises: Blocks = (*enclosed_path_premises(view), *cut)
    return parts(view, "A barrier between two numbers", (say(text), *numbered(view.points)), premises, "enclosed_barrier")


def level(view: SurfaceView) -> str:
    """What the path does not exceed."""
    return numeral(view.numbers["level"], 48)


def cut_duals(view: SurfaceView, use: str) -> Blocks:
    """The dual vectors of a cut, with weight decay or without."""
    if view.decay is None:
        return dual_vectors(view, use)
    facets = (
        "The conjugates of the loss make of it a lower bound $B(r)$ of the risk on signed cells, and the same test at the common "
        "rays of two cells on the facets between them."
    )
    return decay_duals(view, f"{facets} {use}")
