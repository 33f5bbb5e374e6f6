"""The text about every claim, one module each, and the table of them by the kinds that certificates state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from exactsurf.certificate.claims.analytic_point import CLAIMS_ABOUT_AN_ANALYTIC_POINT
from exactsurf.certificate.claims.critical_box import CLAIMS_ABOUT_A_BOX
from exactsurf.certificate.claims.enclosed_least_risk import ENCLOSED_LEAST_RISK
from exactsurf.certificate.claims.enclosed_sharpness import ENCLOSED_SHARPNESS
from exactsurf.certificate.claims.equal_functions import CLAIMS_ABOUT_TWO_FUNCTIONS
from exactsurf.certificate.claims.exact_flattest_minimiser import EXACT_FLATTEST_MINIMISER
from exactsurf.certificate.claims.exact_flattest_rescaling import EXACT_FLATTEST_RESCALING
from exactsurf.certificate.claims.extremal_vectors import EXTREMAL_VECTORS
from exactsurf.certificate.claims.flattest_minimiser import FLATTEST_MINIMISER
from exactsurf.certificate.claims.flattest_rescaling import FLATTEST_RESCALING
from exactsurf.certificate.claims.functional_dimension import BATCH_FUNCTIONAL_DIMENSION, FUNCTIONAL_DIMENSION
from exactsurf.certificate.claims.lifted_box import LIFTED_BOX
from exactsurf.certificate.claims.margin_point import CLAIMS_ABOUT_MARGINS
from exactsurf.certificate.claims.minimum_on_walls import CLAIMS_ON_WALLS
from exactsurf.certificate.claims.one_filter import CLAIMS_ABOUT_A_FILTER
from exactsurf.certificate.claims.point import CLAIMS_ABOUT_A_POINT
from exactsurf.certificate.claims.population_minimum import POPULATION_MINIMUM
from exactsurf.certificate.claims.population_on_lines import CLAIMS_ON_LINES
from exactsurf.certificate.claims.restricted_analytic_point import CLAIMS_ABOUT_A_RESTRICTED_ANALYTIC_POINT
from exactsurf.certificate.claims.restricted_box import CLAIMS_ABOUT_A_RESTRICTED_BOX
from exactsurf.certificate.claims.restricted_paths import CLAIMS_ABOUT_RESTRICTED_PATHS
from exactsurf.certificate.claims.restricted_point import CLAIMS_ABOUT_A_RESTRICTED_POINT
from exactsurf.certificate.claims.restricted_smooth_point import CLAIMS_ABOUT_A_RESTRICTED_SMOOTH_POINT
from exactsurf.certificate.claims.restricted_surface import RESTRICTED_GLOBAL_MINIMUM
from exactsurf.certificate.claims.sharpness import SHARPNESS
from exactsurf.certificate.claims.smooth_point import CLAIMS_ABOUT_A_SMOOTH_POINT
from exactsurf.show.claims import (
    algebraic_point,
    all_cells,
    all_enclosed_valleys,
    all_valleys,
    analytic_point,
    barrier,
    capture,
    critical_box,
    enclosed_barrier,
    enclosed_capture,
    enclosed_least_risk,
    enclosed_sharpness,
    enclosed_spurious_valley,
    enclosed_valleys_below,
    equal_functions,
    exact_flattest_minimiser,
    exact_flattest_rescaling,
    extremal_vectors,
    flattest_minimiser,
    flattest_rescaling,
    functional_dimension,
    global_minimum,
    lifted_box,
    linear_regions,
    margin_point,
    minimum_on_walls,
    near_analytic_minimum,
    near_global_minimum,
    one_filter,
    path,
    point,
    population_minimum,
    population_on_lines,
    restricted_analytic_point,
    restricted_box,
    restricted_paths,
    restricted_point,
    restricted_smooth_point,
    restricted_surface,
    sharpness,
    smooth_point,
    spurious_valley,
    three_samples,
    valleys_below,
)
from exactsurf.show.claims.parts import Parts

Exposed: TypeAlias = Callable[[dict[str, Any]], Parts]

CLAIMS: dict[str, Exposed] = {
    **dict.fromkeys(CLAIMS_ABOUT_A_POINT, point.exposed),
    "all cells": all_cells.exposed,
    "global minimum": global_minimum.exposed,
    "lower bound": global_minimum.exposed,
    "near global minimum": near_global_minimum.exposed,
    ENCLOSED_LEAST_RISK: enclosed_least_risk.exposed,
    "near global minimum of an analytic risk": near_analytic_minimum.exposed,
    "path": path.exposed,
    "barrier": barrier.exposed,
    "spurious valley": spurious_valley.exposed,
    "enclosed barrier": enclosed_barrier.exposed,
    "enclosed spurious valley": enclosed_spurious_valley.exposed,
    "all enclosed valleys": all_enclosed_valleys.exposed,
    "all valleys": all_valleys.exposed,
    "all enclosed valleys below a level": enclosed_valleys_below.exposed,
    "all valleys below a level": valleys_below.exposed,
    "captured below a level": capture.exposed,
    "captured below an enclosed level": enclosed_capture.exposed,
    **dict.fromkeys(CLAIMS_ABOUT_A_BOX, critical_box.exposed),
    "spurious local minimum on three samples": three_samples.exposed,
    **dict.fromkeys(CLAIMS_ABOUT_A_SMOOTH_POINT, smooth_point.exposed),
    **dict.fromkeys(CLAIMS_ABOUT_AN_ANALYTIC_POINT, analytic_point.exposed),
    EXTREMAL_VECTORS: extremal_vectors.exposed,
    SHARPNESS: sharpness.exposed,
    ENCLOSED_SHARPNESS: enclosed_sharpness.exposed,
    FLATTEST_MINIMISER: flattest_minimiser.exposed,
    EXACT_FLATTEST_MINIMISER: exact_flattest_minimiser.exposed,
    EXACT_FLATTEST_RESCALING: exact_flattest_rescaling.exposed,
    FLATTEST_RESCALING: flattest_rescaling.exposed,
    LIFTED_BOX: lifted_box.exposed,
    POPULATION_MINIMUM: population_minimum.exposed,
    **dict.fromkeys(CLAIMS_ABOUT_A_FILTER, one_filter.exposed),
    **dict.fromkeys(CLAIMS_ON_LINES, population_on_lines.exposed),
    FUNCTIONAL_DIMENSION: functional_dimension.exposed,
    BATCH_FUNCTIONAL_DIMENSION: functional_dimension.exposed,
    **dict.fromkeys(CLAIMS_ABOUT_TWO_FUNCTIONS, equal_functions.exposed),
    "linear regions": linear_regions.exposed,
    "local minimum of algebraic coordinates": algebraic_point.exposed,
    **dict.fromkeys(CLAIMS_ON_WALLS, minimum_on_walls.exposed),
    **dict.fromkeys(CLAIMS_ABOUT_MARGINS, margin_point.exposed),
    **dict.fromkeys(CLAIMS_ABOUT_A_RESTRICTED_POINT, restricted_point.exposed),
    **dict.fromkeys(CLAIMS_ABOUT_A_RESTRICTED_BOX, restricted_box.exposed),
    **dict.fromkeys(CLAIMS_ABOUT_A_RESTRICTED_SMOOTH_POINT, restricted_smooth_point.exposed),
    **dict.fromkeys(CLAIMS_ABOUT_A_RESTRICTED_ANALYTIC_POINT, restricted_analytic_point.exposed),
    RESTRICTED_GLOBAL_MINIMUM: restricted_surface.exposed,
    **dict.fromkeys(CLAIMS_ABOUT_RESTRICTED_PATHS, restricted_paths.exposed),
}
"""The claims of proofs/FORMAT.md."""
