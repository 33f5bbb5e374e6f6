"""The text about the claim ``enclosed spurious valley`` (proofs/claims/enclosed_spurious_valley.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.dual_vectors import CLOSED_FACETS
from exactsurf.show.claims.enclosed_barrier import cut_duals, level
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import bottom, cell_list, enclosed_path_premises, numbered, parts
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 30; proofs/claims/enclosed_spurious_valley.md.
    """
    view = surface_view(document)
    floor = f"${numeral(view.numbers['floor'], 48)}$"
    text = (
        f"Then $L(θ) ≤ {numeral(view.numbers['risk'], 48)}$; every path from $θ$ to a point with a risk below {floor} reaches at "
        f"least {equation('c', view.numbers['bound'])}, and one path rises to ${level(view)}$ at most. So $θ$ lies in a spurious "
        f"valley of $L$, in which no risk is below {floor}."
    )
    path = (say("The path leads from $θ_{0} = θ$ through"), *numbered(view.points), *enclosed_path_premises(view))
    use = f"{CLOSED_FACETS} a signed cell on which no vector of the certificate shows that the risk is at least {floor}."
    cut = (*cell_list(view), *cut_duals(view, use))
    statement = (*bottom(view), say(text))
    return parts(view, "A spurious valley between numbers", statement, (*path, *cut), "enclosed_spurious_valley")
