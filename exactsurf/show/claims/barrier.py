"""The text about the claim ``barrier`` (proofs/claims/barrier.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import CLOSED_FACETS, dual_vectors
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import cell_list, numbered, parts, path_premises
from exactsurf.show.text.numeral import equation
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 9; proofs/claims/barrier.md.
    """
    view = surface_view(document)
    text = (
        f"Every path between $θ_{{1}}$ and $θ_{{{len(view.points)}}}$ reaches a risk of at least "
        f"{equation('c', view.numbers['level'])}, and the path through the points below rises no higher."
    )
    cut = (*cell_list(view), *dual_vectors(view, f"{CLOSED_FACETS} the end."))
    return parts(view, "A barrier", (say(text), *numbered(view.points)), (*path_premises(view), *cut), "barrier")
