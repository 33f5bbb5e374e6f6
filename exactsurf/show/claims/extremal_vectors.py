"""The text about the claim ``extremal vectors`` (proofs/claims/extremal_vectors.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import parts
from exactsurf.show.text.arrays import point_blocks
from exactsurf.show.text.prose import Block, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 33.1; proofs/claims/extremal_vectors.md.
    """
    view, faces = surface_view(document), document["evidence"]["faces"]
    vectors = document["claim"]["vectors"]
    statement: list[Block] = [
        say("Let $θ$ be the point with"),
        *point_blocks(view.parameters),
        say(
            "Write $g_i$ for minus the derivative of the risk by the prediction of sample $i$ there, and $C(w)$ for the set of "
            "the vectors $Σ_i η_i g_i x̃_i$, $η_i$ a slope of $h$ at $w·x̃_i$. A vector $D ≠ 0$ of $C(w)$ is extremal if $w$ is a "
            "multiple of it."
        ),
    ]
    for sign, vector in vectors:
        told = ", ".join(vector)
        way = "w = D" if sign == "1" else "w = −D"
        statement.append(say(f"$D = ({told})$ is extremal, in the direction ${way}$."))
    statement.append(say(f"There is no other one: these are all ${len(vectors)}$." if vectors else "There is none."))
    silent = sum("multipliers" not in face and "separator" not in face for face in faces)
    proof = (
        say(
            f"The ${len(faces)}$ faces of the arrangement of the hyperplanes $w·x̃_i = 0$, without $0$, are counted flat by flat, "
            "by deletion and restriction, and a point of each is listed. On a face only the projection of $C$ on its flat can be "
            "a multiple of its points."
        ),
        say(
            f"On ${silent}$ faces neither this vector nor its negative lies in the face. On the others slopes on the walls are "
            "given with which the vector is reached, or a vector that separates it from $C$."
        ),
    )
    return parts(view, "All extremal vectors", tuple(statement), proof, "extremal_vectors")
