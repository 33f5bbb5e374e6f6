"""The rules about a rational point of a network with a smooth activation, one file each, in the order in which they are asked."""

from __future__ import annotations

from exactsurf.minima.smooth.rules import (
    dead_unit,
    descent,
    fit,
    one_sided_curvature,
    one_sided_curve,
    one_sided_slope,
    unitwise,
)
from exactsurf.minima.smooth.rules.rule import Rule

EXACT_RULES: tuple[Rule, ...] = (fit.RULE, unitwise.RULE)
"""They prove a local minimum by exact arithmetic."""

RULES_OF_DESCENT: tuple[Rule, ...] = (
    descent.RULE,
    one_sided_slope.RULE,
    one_sided_curvature.RULE,
    one_sided_curve.RULE,  # after those of one direction, whose certificates are shorter
    dead_unit.RULE,
)
"""They refute one by balls of rising precision."""
