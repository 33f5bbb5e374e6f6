"""The text about claims on values of free parameters where the activation is smooth."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.restricted_smooth_point import NO_RESTRICTED_SMOOTH_MINIMUM, RESTRICTED_SMOOTH_GLOBAL_MINIMUM
from exactsurf.certificate.reading.values import vector_of
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.restricted_box import lower_values, restricted_view
from exactsurf.show.claims.restricted_point import values_stated
from exactsurf.show.claims.smooth_setting import risk_statement, smooth_parts
from exactsurf.show.rules.smooth import RULES
from exactsurf.show.text.arrays import rounding_note, vector
from exactsurf.show.text.prose import Blocks, say

_MEANINGS = {
    RESTRICTED_SMOOTH_GLOBAL_MINIMUM: "is a global minimum of the restricted risk: no point of the subspace has a lower risk.",
    NO_RESTRICTED_SMOOTH_MINIMUM: (
        "is not a local minimum of the restricted risk: points of the subspace as near as one likes have a lower risk."
    ),
}
_LOCAL = "is a local minimum of the restricted risk: no point of the subspace nearby has a lower risk."
_WORDS = {"slope": "derivative", "curvature": "second derivative"}


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 60.2; proofs/claims/restricted_smooth_point.md.
    """
    view, claim, evidence = restricted_view(document), document["claim"], document["evidence"]
    statement = (
        *values_stated(document),
        say(f"Then, with $θ = θ(u)$, {risk_statement(view)}, and $u$ {_MEANINGS.get(claim['kind'], _LOCAL)}"),
        *rounding_note(view.risk),
        *lower_values(evidence),
    )
    steps: Blocks
    if evidence["rule"] in _WORDS:
        along = vector(vector_of(evidence["direction"]))
        steps = (say(f"The {_WORDS[evidence['rule']]} of the risk along $u = {along}$ is negative."),)
    else:
        steps = (*RULES[evidence["rule"]].steps(view), say("So it is a minimum also where only the free parameters vary."))
    title = f"{claim['kind'][0].upper()}{claim['kind'][1:]}"
    return smooth_parts(
        view, title, statement, steps, "", by_intervals=evidence["rule"] != "fit", page="proofs/claims/restricted_smooth_point.md"
    )
