"""The rules of evidence about a point of a smooth risk in words, and the table of them by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from exactsurf.certificate.reading.smooth_view import SmoothView
from exactsurf.show.rules.smooth.dead_unit import dead_unit_steps
from exactsurf.show.rules.smooth.descent import curvature_steps, slope_steps
from exactsurf.show.rules.smooth.fit import fit_steps
from exactsurf.show.rules.smooth.one_sided_curvature import one_sided_curvature_steps
from exactsurf.show.rules.smooth.one_sided_curve import one_sided_curve_steps
from exactsurf.show.rules.smooth.one_sided_slope import one_sided_slope_steps
from exactsurf.show.rules.smooth.unitwise import unitwise_steps
from exactsurf.show.text.prose import Blocks


@dataclass(frozen=True)
class SmoothRule:
    """The `steps` of a proof in words, and the `section` of proofs/smooth.md where they are proved."""

    steps: Callable[[SmoothView], Blocks]
    section: str


RULES = {
    "fit": SmoothRule(fit_steps, "6"),
    "unitwise": SmoothRule(unitwise_steps, "6"),
    "slope": SmoothRule(slope_steps, "7"),
    "curvature": SmoothRule(curvature_steps, "7"),
    "dead unit": SmoothRule(dead_unit_steps, "7"),
    "one-sided slope": SmoothRule(one_sided_slope_steps, "7"),
    "one-sided curvature": SmoothRule(one_sided_curvature_steps, "9"),
    "one-sided curve": SmoothRule(one_sided_curve_steps, "10"),
}
"""The rules of proofs/FORMAT.md, sections 13, 21, 55 and 64."""
