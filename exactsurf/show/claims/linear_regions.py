"""The text about the claim ``linear regions`` (proofs/claims/linear_regions.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.network_view import network_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.text.arrays import point_blocks
from exactsurf.show.text.problem_text import function_setting
from exactsurf.show.text.prose import Blocks, Name, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 34.3; proofs/claims/linear_regions.md.
    """
    view, claim, evidence = network_view(document), document["claim"], document["evidence"]
    statement = (
        say("Let $θ$ be the point with"),
        *point_blocks(view.parameters),
        say(
            f"Let a unit whose pre-activation is a breakpoint be on the piece on the left of it. Then ${claim['activation']}$ "
            f"choices of a piece for every unit belong to some input; for ${claim['proper']}$ of them these inputs have inner "
            f"points, and on these sets the outputs are affine functions, ${claim['affine']}$ different ones."
        ),
    )
    left_out = sum(bool(entry) for entry in evidence["tree"])
    steps: Blocks = (
        say(
            "Unit by unit input space is cut by the hyperplanes on which a pre-activation is a breakpoint, in every part by "
            f"those of the affine functions there. The ${claim['proper']}$ open parts at the end have an input each, and the "
            f"${left_out}$ that are left out on the way have none: a sum of their inequalities says $0 > 0$."
        ),
        say("With pre-activations at breakpoints counted to the left the same is done once more, for all inputs."),
        say("The steps are proved in ", Name("proofs/claims/linear_regions.md"), "."),
    )
    return Parts("Linear regions", function_setting(view), statement, steps)
