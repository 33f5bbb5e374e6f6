"""The text about a claim on a rational point of a smooth risk (proofs/smooth.md, sections 6 and 7)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.smooth_point import (
    GLOBAL_MINIMUM_OF_SMOOTH_RISK,
    LOCAL_MINIMUM_OF_SMOOTH_RISK,
    NO_LOCAL_MINIMUM_OF_SMOOTH_RISK,
)
from exactsurf.certificate.reading.smooth_view import smooth_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.smooth_setting import risk_statement, smooth_parts
from exactsurf.show.rules.smooth import RULES
from exactsurf.show.text.arrays import point_blocks, rounding_note
from exactsurf.show.text.prose import say

_TITLES = {
    GLOBAL_MINIMUM_OF_SMOOTH_RISK: "A global minimum",
    LOCAL_MINIMUM_OF_SMOOTH_RISK: "A local minimum",
    NO_LOCAL_MINIMUM_OF_SMOOTH_RISK: "Not a local minimum",
}
_MEANINGS = {
    GLOBAL_MINIMUM_OF_SMOOTH_RISK: "$θ$ is a global minimum of $L$: no point has a lower risk.",
    LOCAL_MINIMUM_OF_SMOOTH_RISK: "$θ$ is a local minimum of $L$: no point in some neighbourhood has a lower risk.",
    NO_LOCAL_MINIMUM_OF_SMOOTH_RISK: (
        "$θ$ is not a local minimum of $L$: every neighbourhood of $θ$ holds a point of lower risk."
    ),
}


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 13; proofs/smooth.md, sections 6 and 7.
    """
    view = smooth_view(document)
    statement = (
        say("Let $θ$ be the point with"),
        *point_blocks(view.parameters),
        say(f"Then {risk_statement(view)}, and {_MEANINGS[view.kind]}"),
        *rounding_note(view.risk),
    )
    rule = RULES[view.rule]
    return smooth_parts(view, _TITLES[view.kind], statement, rule.steps(view), rule.section, by_intervals=view.rule != "fit")
