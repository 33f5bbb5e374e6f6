"""The text about the claim ``path`` (proofs/claims/path.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import numbered, parts, path_premises
from exactsurf.show.text.numeral import equation
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 8; proofs/claims/path.md.
    """
    view = surface_view(document)
    level = equation("c", view.numbers["level"])
    statement = (say(f"On the path through the points below the risk is at most {level}."), *numbered(view.points))
    return parts(view, "A path below a level", statement, path_premises(view), "path")
