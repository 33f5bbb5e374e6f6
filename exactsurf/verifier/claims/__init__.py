"""One file a claim: what is required of it. `CLAIMS` names the function that checks a kind; files are read when needed."""

from __future__ import annotations

from typing import Any

from ..loading import function

CLAIMS = {
    "local minimum": "point.check_point",
    "spurious local minimum": "point.check_point",
    "not a local minimum": "point.check_point",
    "critical point in a box": "critical_box.check_critical_box",
    "local minimum in a box": "critical_box.check_critical_box",
    "spurious local minimum in a box": "critical_box.check_critical_box",
    "no local minimum in a box": "critical_box.check_critical_box",
    "local minimum on walls": "minimum_on_walls.check_minimum_on_walls",
    "spurious local minimum on walls": "minimum_on_walls.check_minimum_on_walls",
    "spurious local minimum on three samples": "three_samples.check_three_samples",
    "global minimum of a smooth risk": "smooth_point.check_smooth_point",
    "local minimum of a smooth risk": "smooth_point.check_smooth_point",
    "not a local minimum of a smooth risk": "smooth_point.check_smooth_point",
    "global minimum of an analytic risk": "analytic_point.check_analytic_point",
    "local minimum of an analytic risk": "analytic_point.check_analytic_point",
    "spurious local minimum of an analytic risk": "analytic_point.check_analytic_point",
    "not a local minimum of an analytic risk": "analytic_point.check_analytic_point",
    "spurious local minimum in a lifted box": "lifted_box.check_lifted_box",
    "spurious local minimum of a population risk in a box": "population_minimum.check_population_minimum",
    "spurious local minimum of the risk of one filter": "one_filter.check_one_filter",
    "no local minimum of the risk of one filter": "one_filter.check_one_filter",
    "spurious local minimum of a population risk on lines": "population_on_lines.check_population_on_lines",
    "global minimum of a population risk on lines": "population_on_lines.check_population_on_lines",
    "no local minimum of a population risk on lines": "population_on_lines.check_population_on_lines",
    "functional dimension": "functional_dimension.check_functional_dimension",
    "batch functional dimension": "functional_dimension.check_functional_dimension",
    "equal functions": "equal_functions.check_equal_functions",
    "equal predictions": "equal_functions.check_equal_functions",
    "different functions": "equal_functions.check_equal_functions",
    "linear regions": "linear_regions.check_linear_regions",
    "local minimum of algebraic coordinates": "algebraic_point.check_algebraic_point",
    "kkt point of the margin problem": "margin_point.check_margin_point",
    "no kkt point of the margin problem": "margin_point.check_margin_point",
    "local optimum of the margin problem": "margin_point.check_margin_point",
    "no local optimum of the margin problem": "margin_point.check_margin_point",
    "local minimum of a restricted risk": "restricted_point.check_restricted_point",
    "spurious local minimum of a restricted risk": "restricted_point.check_restricted_point",
    "not a local minimum of a restricted risk": "restricted_point.check_restricted_point",
    "global minimum of a restricted analytic risk": "restricted_analytic_point.check_restricted_analytic_point",
    "local minimum of a restricted analytic risk": "restricted_analytic_point.check_restricted_analytic_point",
    "spurious local minimum of a restricted analytic risk": "restricted_analytic_point.check_restricted_analytic_point",
    "not a local minimum of a restricted analytic risk": "restricted_analytic_point.check_restricted_analytic_point",
    "global minimum of a restricted risk": "restricted_surface.check_global_minimum",
    "all cells": "all_cells.check_all_cells",
    "lower bound": "global_minimum.check_lower_bound",
    "global minimum": "global_minimum.check_global_minimum",
    "enclosed least risk": "enclosed_least_risk.check_enclosed_least_risk",
    "near global minimum": "near_global_minimum.check_near_global_minimum",
    "near global minimum of an analytic risk": "near_analytic_minimum.check_near_analytic_minimum",
    "path": "path.check_path",
    "barrier": "barrier.check_barrier",
    "spurious valley": "spurious_valley.check_spurious_valley",
    "enclosed barrier": "enclosed_barrier.check_enclosed_barrier",
    "enclosed spurious valley": "enclosed_spurious_valley.check_enclosed_spurious_valley",
    "all enclosed valleys": "all_enclosed_valleys.check_all_enclosed_valleys",
    "all valleys": "all_valleys.check_all_valleys",
    "sharpness": "sharpness.check_sharpness",
    "enclosed sharpness": "enclosed_sharpness.check_enclosed_sharpness",
    "flattest minimiser": "flattest_minimiser.check_flattest_minimiser",
    "flattest rescaling": "flattest_rescaling.check_flattest_rescaling",
    "extremal vectors": "extremal_vectors.check_extremal_vectors",
    "all valleys below a level": "valleys_below.check_valleys_below",
    "captured below a level": "capture.check_capture",
    "captured below an enclosed level": "enclosed_capture.check_enclosed_capture",
}


def checker(kind: str) -> Any:
    """The function that checks claims of a kind: it takes a Submission, and gives the sentence and the risk, if one is stated."""
    return function(__name__, CLAIMS[kind])
