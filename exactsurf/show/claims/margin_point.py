"""The text about claims on the margin problem (proofs/claims/margin_point.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.margin_point import KKT, LOCAL, NO_KKT, NO_LOCAL
from exactsurf.certificate.reading.network_view import network_view
from exactsurf.exact.number import exact
from exactsurf.show.claims.parts import Parts
from exactsurf.show.text.arrays import point_blocks
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.problem_text import function_setting
from exactsurf.show.text.prose import Blocks, Display, Name, say

_WHAT = {KKT: "a KKT point", NO_KKT: "no KKT point", LOCAL: "a local optimum", NO_LOCAL: "no local optimum"}


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 36; proofs/claims/margin_point.md.
    """
    view, claim, evidence = network_view(document), document["claim"], document["evidence"]
    margin = exact(claim["margin"])
    setting: Blocks = (
        *function_setting(view),
        say("For the inputs $x_i$ and labels $y_i$ of the certificate the margin problem is"),
        Display("min ½|θ|²  with  y_i f(x_i; θ) ≥ 1"),
    )
    statement: Blocks = (
        say("Let $θ$ be the point with"),
        *point_blocks(view.parameters),
        say(
            f"The least margin is {equation('m', margin)}, and $θ$, multiplied by a factor, is {_WHAT[view.kind]} of the problem."
        ),
    )
    if view.kind == NO_LOCAL:
        steps = say("Along a polynomial curve that starts at $θ$ the norm falls, and no margin falls below $m$.")
    elif view.kind == NO_KKT:
        steps = say("Along a direction the norm falls, and no least margin falls, whichever slopes are taken at kinks.")
    else:
        listed = ", ".join(f"$μ_{{{i + 1}}} = {numeral(exact(value))}$" for i, value in evidence["multipliers"])
        steps = say(f"$θ$ is the sum of $μ_i y_i$ times the gradient of $f(x_i; θ)$, with {listed} (samples counted from 1).")
    more: Blocks = ()
    if view.kind == LOCAL:
        more = (say("The Hessian of the Lagrangian is positive definite where these gradients vanish."),)
    last = say("The steps are proved in ", Name("proofs/claims/margin_point.md"), ".")
    return Parts("A point of the margin problem", setting, statement, (steps, *more, last))
