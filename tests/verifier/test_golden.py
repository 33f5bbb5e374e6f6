"""Certificates that are kept as files: every verifier of the format must give these verdicts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exactsurf.verifier import Rejected, verify
from tests.verifier.analytic_examples import NAMES as ANALYTIC
from tests.verifier.cell_examples import CELL_EXAMPLES
from tests.verifier.claims.test_algebraic_point import NAMES as ALGEBRAIC
from tests.verifier.claims.test_all_enclosed_valleys import NAMES as ALL_ENCLOSED_VALLEYS
from tests.verifier.claims.test_capture import NAMES as CAPTURED
from tests.verifier.claims.test_enclosed_barrier import NAMES as ENCLOSED_BARRIERS
from tests.verifier.claims.test_enclosed_capture import NAMES as ENCLOSED_CAPTURED
from tests.verifier.claims.test_enclosed_least_risk import NAMES as ENCLOSED_LEAST_RISKS
from tests.verifier.claims.test_enclosed_sharpness import NAMES as ENCLOSED_SHARPNESS
from tests.verifier.claims.test_enclosed_spurious_valley import NAMES as ENCLOSED_VALLEYS
from tests.verifier.claims.test_enclosed_valleys_below import NAMES as ENCLOSED_BELOW
from tests.verifier.claims.test_equal_functions import NAMES as EQUAL_FUNCTIONS
from tests.verifier.claims.test_exact_flattest_minimiser import NAMES as EXACT_FLATTEST
from tests.verifier.claims.test_exact_flattest_rescaling import NAMES as EXACT_RESCALINGS
from tests.verifier.claims.test_extremal_vectors import NAMES as EXTREMAL_VECTORS
from tests.verifier.claims.test_flattest_minimiser import NAMES as FLATTEST_MINIMISERS
from tests.verifier.claims.test_flattest_rescaling import NAMES as FLATTEST
from tests.verifier.claims.test_functional_dimension import NAMES as DIMENSIONS
from tests.verifier.claims.test_lifted_box import NAMES as LIFTED
from tests.verifier.claims.test_linear_regions import NAMES as LINEAR_REGIONS
from tests.verifier.claims.test_margin_point import NAMES as MARGINS
from tests.verifier.claims.test_minimum_on_walls import NAMES as ON_WALLS
from tests.verifier.claims.test_near_analytic_minimum import NAMES as NEAR_ANALYTIC_MINIMUM
from tests.verifier.claims.test_near_global_minimum import NAMES as NEAR_GLOBAL_MINIMUM
from tests.verifier.claims.test_one_filter import NAMES as ONE_FILTER
from tests.verifier.claims.test_population_minimum import NAMES as POPULATION
from tests.verifier.claims.test_population_on_lines import NAMES as ON_LINES
from tests.verifier.claims.test_restricted_analytic_point import NAMES as RESTRICTED_ANALYTIC
from tests.verifier.claims.test_restricted_box import NAMES as RESTRICTED_BOXES
from tests.verifier.claims.test_restricted_paths import NAMES as RESTRICTED_PATHS
from tests.verifier.claims.test_restricted_point import NAMES as RESTRICTED
from tests.verifier.claims.test_restricted_smooth_point import NAMES as RESTRICTED_SMOOTH
from tests.verifier.claims.test_restricted_surface import NAMES as RESTRICTED_SURFACES
from tests.verifier.claims.test_sharpness import NAMES as SHARPNESS
from tests.verifier.claims.test_three_samples import THREE_SAMPLES
from tests.verifier.claims.test_valleys_below import NAMES as VALLEYS_BELOW
from tests.verifier.class_examples import CLASS_EXAMPLES
from tests.verifier.examples import EXAMPLES
from tests.verifier.format_2_examples import FORMAT_2
from tests.verifier.global_examples import GLOBAL_EXAMPLES
from tests.verifier.low_rank_examples import LOW_RANK_EXAMPLES
from tests.verifier.rules.test_convex_cells import NAMES as CONVEX_CELLS
from tests.verifier.rules.test_curve import NAMES as CURVES
from tests.verifier.rules.test_kinked_paths import NAMES as KINKED_PATHS
from tests.verifier.rules.test_positive_products import NAMES as POSITIVE_PRODUCTS
from tests.verifier.rules.test_second_order import ALL as SECOND_ORDER
from tests.verifier.rules.test_unitwise_decay import NAMES as UNITWISE_DECAY
from tests.verifier.rules.test_unitwise_vectors import NAMES as UNITWISE_VECTORS
from tests.verifier.smooth_examples import SMOOTH_EXAMPLES
from tests.verifier.smooth_point_examples import POINT_EXAMPLES
from tests.verifier.test_barrier_tree import NAMES as BARRIER_TREES
from tests.verifier.test_decay_tree import NAMES as DECAY_TREES
from tests.verifier.test_every_loss import NAMES as EVERY_LOSS
from tests.verifier.test_invariance import NAMES as DECAY_TANGENTS
from tests.verifier.test_matrix_model import NAMES as LOW_RANK_PIECES
from tests.verifier.test_region_tree import NAMES as REGION_TREES
from tests.verifier.test_sign_tree import NAMES as SIGN_TREES
from tests.verifier.test_surrogates import NAMES as SURROGATES
from tests.verifier.test_unit_forms import NAMES as FORM_TREES
from tests.verifier.verdicts import GOLDEN

ACCEPTED = sorted([*(GOLDEN / "accept").glob("*.json"), *(GOLDEN / "accept_2").glob("*.json")])
PLACES = json.loads((GOLDEN / "reject" / "places.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
def test_accept(path: Path) -> None:
    verify(path.read_bytes(), data_folder=path.parent)


@pytest.mark.parametrize(("name", "place"), PLACES.items())
def test_reject(name: str, place: str) -> None:
    with pytest.raises(Rejected) as caught:
        verify((GOLDEN / "reject" / name).read_bytes(), data_folder=GOLDEN / "reject")
    assert caught.value.place == place


def test_every_file_is_used() -> None:
    assert {path.name for path in (GOLDEN / "reject").glob("*.json")} == {*PLACES, "places.json"}
    assert {path.stem for path in ACCEPTED} == {
        *EXAMPLES,
        *CELL_EXAMPLES,
        *CLASS_EXAMPLES,
        *LOW_RANK_EXAMPLES,
        *LOW_RANK_PIECES,
        *GLOBAL_EXAMPLES,
        *SECOND_ORDER,
        *CONVEX_CELLS,
        *CURVES,
        *POSITIVE_PRODUCTS,
        *KINKED_PATHS,
        *UNITWISE_DECAY,
        *NEAR_GLOBAL_MINIMUM,
        *NEAR_ANALYTIC_MINIMUM,
        *ALL_ENCLOSED_VALLEYS,
        *ENCLOSED_BARRIERS,
        *ENCLOSED_LEAST_RISKS,
        *ENCLOSED_VALLEYS,
        *ENCLOSED_BELOW,
        *UNITWISE_VECTORS,
        *VALLEYS_BELOW,
        *SMOOTH_EXAMPLES,
        *POINT_EXAMPLES,
        *THREE_SAMPLES,
        *ANALYTIC,
        *FORMAT_2,
        *SIGN_TREES,
        *DECAY_TREES,
        *REGION_TREES,
        *FORM_TREES,
        *BARRIER_TREES,
        *LIFTED,
        *EVERY_LOSS,
        *POPULATION,
        *ONE_FILTER,
        *ON_LINES,
        *DIMENSIONS,
        *EXTREMAL_VECTORS,
        *SHARPNESS,
        *CAPTURED,
        *ENCLOSED_CAPTURED,
        *FLATTEST,
        *FLATTEST_MINIMISERS,
        *EXACT_FLATTEST,
        *EXACT_RESCALINGS,
        *ENCLOSED_SHARPNESS,
        *EQUAL_FUNCTIONS,
        *LINEAR_REGIONS,
        *ALGEBRAIC,
        *ON_WALLS,
        *MARGINS,
        *SURROGATES,
        *DECAY_TANGENTS,
        *RESTRICTED,
        *RESTRICTED_ANALYTIC,
        *RESTRICTED_PATHS,
        *RESTRICTED_BOXES,
        *RESTRICTED_SMOOTH,
        *RESTRICTED_SURFACES,
        "example_a_csv",
    }
