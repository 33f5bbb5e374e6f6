"""The text about the claim ``spurious local minimum on three samples`` (proofs/smooth.md, section 5)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.smooth_view import smooth_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.smooth_setting import smooth_parts
from exactsurf.show.text.arrays import rounding_note
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Blocks, Display, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 11; proofs/smooth.md, section 5.
    """
    view = smooth_view(document)
    v, u = view.numbers[:2], view.numbers[2]
    statement = (
        say(f"Let $v_1 = {numeral(v[0])}$, $v_2 = {numeral(v[1])}$, $u_1 = {numeral(u)}$, and let $u_2$ be defined by"),
        Display("u_1 h(v_1) + u_2 h(v_2) = 1/3"),
        *rounding_note(view.numbers),
        say("Let $θ$ be the point with both entries of row $k$ of $W_1$ equal to $v_k$, $W_2 = (u_1, u_2)$ and biases $0$."),
        say(f"Then every prediction is $1/3$, {equation('L(θ)', view.risk[0])}, and $θ$ is a spurious local minimum of $L$."),
    )
    steps: Blocks = (
        say(
            "Let $N$ be the matrix of entries $u_j h′(v_j) u_k h′(v_k)$, plus $u_k h′′(v_k)/3$ where $j = k$. The intervals give"
        ),
        Display("N_{11} > 0,  N_{11} N_{22} − N_{12}² > 0"),
        say("so $N$ is positive definite, and this is enough for a local minimum of the risk on these three samples."),
    )
    return smooth_parts(view, "A spurious local minimum on three samples", statement, steps, "5")
