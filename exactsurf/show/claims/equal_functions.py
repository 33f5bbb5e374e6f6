"""The text about the claims that a network computes the same at two points, or not (proofs/claims/equal_functions.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.equal_functions import DIFFERENT_FUNCTIONS
from exactsurf.certificate.reading.claim_view import point_view
from exactsurf.certificate.reading.network_view import network_view
from exactsurf.certificate.reading.values import vector_of
from exactsurf.show.claims.parts import Parts
from exactsurf.show.text.arrays import point_blocks, vector
from exactsurf.show.text.problem_text import function_setting
from exactsurf.show.text.prose import Blocks, Name, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 34.2; proofs/claims/equal_functions.md.
    """
    view, evidence = network_view(document), document["evidence"]
    if view.kind == DIFFERENT_FUNCTIONS:
        claim = f"At the input $x = {vector(vector_of(evidence['input']))}$ the outputs for $θ$ and $θ′$ differ."
        steps: Blocks = (say("Both are computed there."),)
        title = "Two different functions"
    elif view.inputs is not None:
        claim = f"On the ${view.inputs}$ inputs of the certificate the outputs for $θ$ and $θ′$ are equal."
        steps, title = (say("Both are computed on every input."),), "Equal predictions"
    else:
        claim = "On all inputs the outputs for $θ$ and $θ′$ are equal."
        steps = (
            say(
                "A tree of splits cuts input space into open sets on which every unit stays on one piece of the activation, at "
                "$θ$ and at $θ′$; for every set that it leaves out, a sum of its inequalities says $0 > 0$. On each of these "
                "sets the "
                "outputs are affine functions with the same coefficients, and their closures cover input space."
            ),
            say("The steps are proved in ", Name("proofs/claims/equal_functions.md"), "."),
        )
        title = "Two points with one function"
    other = point_view(document["claim"]["other"], view.biases)
    statement = (
        say("Let $θ$ be the point with"),
        *point_blocks(view.parameters),
        say("and $θ′$ the point with"),
        *point_blocks(other, "a′"),
        say(claim),
    )
    return Parts(title, function_setting(view), statement, steps)
