"""The rules of evidence about a point of a network with a smooth activation, and the table of them by name."""

from __future__ import annotations

from typing import TypeAlias

from exactsurf.certificate.rules.smooth.dead_unit import SmoothDeadUnit
from exactsurf.certificate.rules.smooth.descent import SmoothDescent
from exactsurf.certificate.rules.smooth.fit import Fit
from exactsurf.certificate.rules.smooth.one_sided_curvature import OneSidedCurvature
from exactsurf.certificate.rules.smooth.one_sided_curve import OneSidedCurve
from exactsurf.certificate.rules.smooth.one_sided_slope import OneSidedSlope
from exactsurf.certificate.rules.smooth.unitwise import SmoothUnitwise

SmoothEvidence: TypeAlias = (
    Fit | SmoothUnitwise | SmoothDescent | OneSidedSlope | OneSidedCurvature | OneSidedCurve | SmoothDeadUnit
)

RULES: dict[str, type[SmoothEvidence]] = {
    "fit": Fit,
    "unitwise": SmoothUnitwise,
    "slope": SmoothDescent,
    "curvature": SmoothDescent,
    "dead unit": SmoothDeadUnit,
    "one-sided slope": OneSidedSlope,
    "one-sided curvature": OneSidedCurvature,
    "one-sided curve": OneSidedCurve,
}
"""The rules of proofs/FORMAT.md, sections 13, 21, 55 and 64."""
