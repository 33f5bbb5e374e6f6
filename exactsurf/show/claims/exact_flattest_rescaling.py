"""The text about the claim ``exact flattest rescaling`` (proofs/claims/exact_flattest_rescaling.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import parts
from exactsurf.show.text.algebraic import the_root
from exactsurf.show.text.arrays import point_blocks
from exactsurf.show.text.prose import say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 62; proofs/claims/exact_flattest_rescaling.md.
    """
    view, claim = surface_view(document), document["claim"]
    degree = len(document["evidence"]["root"]["polynomial"]) - 1
    statement = (
        say("Let $θ$ be the point with"),
        *point_blocks(view.parameters),
        say("Multiplying what comes into a hidden unit by a factor, and dividing what goes out of it, changes no prediction."),
        say(f"Over all such rescalings of $θ$ the least {claim['of']} of the Hessian of the risk is"),
        *the_root(claim["value"]),
    )
    proof = (
        say(f"All numbers of the certificate are polynomials in one algebraic number, of degree {degree},"),
        say("and every equation holds modulo its polynomial; what is to be positive is enclosed."),
        say("At the factors of the certificate as much mass comes into every hidden unit as goes out of it;"),
        say("by convexity in the logarithms of the factors no others make the sum of the mass smaller."),
        say("For the trace the mass is the diagonal of the rescaled Hessian, whose sum is its trace."),
        say("For the eigenvalue it is made of eigenvectors of the largest eigenvalue there."),
    )
    return parts(view, f"The least {claim['of']} of the Hessian among rescalings", statement, proof, "exact_flattest_rescaling")
