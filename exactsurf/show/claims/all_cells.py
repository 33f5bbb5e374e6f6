"""The text about the claim ``all cells`` (proofs/claims/all_cells.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import cell_list, parts
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 6; proofs/claims/all_cells.md.
    """
    view = surface_view(document)
    counts = view.counts
    text = (
        f"Each hidden unit has exactly ${counts['cells_per_unit']}$ activation cells, and the network exactly "
        f"${counts['cells']}$; up to the order of the units these are ${counts['cells_modulo_permutation']}$."
    )
    return parts(view, "All activation cells", (say(text),), cell_list(view), "all_cells")
