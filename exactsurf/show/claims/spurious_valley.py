"""The text about the claim ``spurious valley`` (proofs/claims/spurious_valley.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import CLOSED_FACETS, dual_vectors
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import bottom, cell_list, numbered, parts, path_premises
from exactsurf.show.text.numeral import equation
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 9; proofs/claims/spurious_valley.md.
    """
    view = surface_view(document)
    end = "and one path rises no higher. So $θ$ is a bottom of a spurious valley of $L$."
    text = f"every path from $θ$ to a point of lower risk reaches at least {equation('c', view.numbers['barrier'])},"
    statement = (*bottom(view), say(f"Then {equation('L(θ)', view.numbers['risk'])}; {text} {end}"))
    path = (say("The path leads from $θ_{0} = θ$ through"), *numbered(view.points), *path_premises(view))
    use = f"{CLOSED_FACETS} a signed cell on which no vector below shows $L ≥ L(θ)$."
    cut = (*cell_list(view), *dual_vectors(view, use))
    return parts(view, "A spurious valley", statement, (*path, *cut), "spurious_valley")
