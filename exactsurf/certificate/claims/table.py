"""The table of claims by the kinds that certificates state; it reads all their modules, so only readers import it."""

from __future__ import annotations

from typing import TypeAlias

from exactsurf.certificate.claims.algebraic_point import ALGEBRAIC_MINIMUM, AlgebraicPoint
from exactsurf.certificate.claims.all_cells import ALL_CELLS, AllCells
from exactsurf.certificate.claims.all_enclosed_valleys import ALL_ENCLOSED_VALLEYS, AllEnclosedValleys
from exactsurf.certificate.claims.all_valleys import ALL_VALLEYS, AllValleys
from exactsurf.certificate.claims.analytic_point import CLAIMS_ABOUT_AN_ANALYTIC_POINT, AnalyticPoint
from exactsurf.certificate.claims.barrier import BARRIER, Barrier
from exactsurf.certificate.claims.capture import CAPTURED, Capture
from exactsurf.certificate.claims.critical_box import CLAIMS_ABOUT_A_BOX, CriticalPointInBox
from exactsurf.certificate.claims.enclosed_barrier import ENCLOSED_BARRIER, EnclosedBarrier
from exactsurf.certificate.claims.enclosed_capture import ENCLOSED_CAPTURE, EnclosedCapture
from exactsurf.certificate.claims.enclosed_least_risk import ENCLOSED_LEAST_RISK, EnclosedLeastRisk
from exactsurf.certificate.claims.enclosed_sharpness import ENCLOSED_SHARPNESS, EnclosedSharpnessCertificate
from exactsurf.certificate.claims.enclosed_spurious_valley import ENCLOSED_SPURIOUS_VALLEY, EnclosedSpuriousValley
from exactsurf.certificate.claims.enclosed_valleys_below import ENCLOSED_VALLEYS_BELOW, EnclosedValleysBelow
from exactsurf.certificate.claims.equal_functions import CLAIMS_ABOUT_TWO_FUNCTIONS, EqualFunctions
from exactsurf.certificate.claims.exact_flattest_minimiser import EXACT_FLATTEST_MINIMISER, ExactFlattestMinimiser
from exactsurf.certificate.claims.exact_flattest_rescaling import EXACT_FLATTEST_RESCALING, ExactFlattestRescaling
from exactsurf.certificate.claims.extremal_vectors import EXTREMAL_VECTORS, ExtremalVectorsCertificate
from exactsurf.certificate.claims.flattest_minimiser import FLATTEST_MINIMISER, FlattestMinimiserCertificate
from exactsurf.certificate.claims.flattest_rescaling import FLATTEST_RESCALING, FlattestRescalingCertificate
from exactsurf.certificate.claims.functional_dimension import (
    BATCH_FUNCTIONAL_DIMENSION,
    FUNCTIONAL_DIMENSION,
    DimensionCertificate,
)
from exactsurf.certificate.claims.global_minimum import GLOBAL_MINIMUM, LOWER_BOUND, GlobalMinimum
from exactsurf.certificate.claims.lifted_box import LIFTED_BOX, LiftedBox
from exactsurf.certificate.claims.linear_regions import LINEAR_REGIONS, RegionCertificate
from exactsurf.certificate.claims.margin_point import CLAIMS_ABOUT_MARGINS, MarginCertificate
from exactsurf.certificate.claims.minimum_on_walls import CLAIMS_ON_WALLS, MinimumOnWalls
from exactsurf.certificate.claims.near_analytic_minimum import NEAR_ANALYTIC_MINIMUM, NearAnalyticMinimum
from exactsurf.certificate.claims.near_global_minimum import NEAR_GLOBAL_MINIMUM, NearGlobalMinimum
from exactsurf.certificate.claims.one_filter import CLAIMS_ABOUT_A_FILTER, OneFilter
from exactsurf.certificate.claims.path import PATH, PathCertificate
from exactsurf.certificate.claims.point import CLAIMS_ABOUT_A_POINT, Certificate
from exactsurf.certificate.claims.population_minimum import POPULATION_MINIMUM, PopulationMinimumInBox
from exactsurf.certificate.claims.population_on_lines import CLAIMS_ON_LINES, PopulationOnLines
from exactsurf.certificate.claims.restricted_analytic_point import (
    CLAIMS_ABOUT_A_RESTRICTED_ANALYTIC_POINT,
    RestrictedAnalyticPoint,
)
from exactsurf.certificate.claims.restricted_box import CLAIMS_ABOUT_A_RESTRICTED_BOX, RestrictedCriticalPointInBox
from exactsurf.certificate.claims.restricted_paths import (
    RESTRICTED_ALL_VALLEYS,
    RESTRICTED_BARRIER,
    RESTRICTED_PATH,
    RESTRICTED_SPURIOUS_VALLEY,
    RestrictedAllValleys,
    RestrictedBarrier,
    RestrictedPath,
    RestrictedSpuriousValley,
)
from exactsurf.certificate.claims.restricted_point import CLAIMS_ABOUT_A_RESTRICTED_POINT, RestrictedPoint
from exactsurf.certificate.claims.restricted_smooth_point import (
    CLAIMS_ABOUT_A_RESTRICTED_SMOOTH_POINT,
    RestrictedSmoothPoint,
)
from exactsurf.certificate.claims.restricted_surface import RESTRICTED_GLOBAL_MINIMUM, RestrictedGlobalMinimum
from exactsurf.certificate.claims.sharpness import SHARPNESS, SharpnessCertificate
from exactsurf.certificate.claims.smooth_point import CLAIMS_ABOUT_A_SMOOTH_POINT, SmoothPoint
from exactsurf.certificate.claims.spurious_valley import SPURIOUS_VALLEY, SpuriousValley
from exactsurf.certificate.claims.three_samples import ON_THREE_SAMPLES, ThreeSamples
from exactsurf.certificate.claims.valleys_below import VALLEYS_BELOW, ValleysBelow

AnyClaim: TypeAlias = (
    Certificate
    | AllCells
    | GlobalMinimum
    | NearGlobalMinimum
    | NearAnalyticMinimum
    | PathCertificate
    | Barrier
    | SpuriousValley
    | EnclosedBarrier
    | EnclosedLeastRisk
    | EnclosedSpuriousValley
    | AllValleys
    | AllEnclosedValleys
    | EnclosedValleysBelow
    | ValleysBelow
    | Capture
    | EnclosedCapture
    | CriticalPointInBox
    | ThreeSamples
    | SmoothPoint
    | AnalyticPoint
    | LiftedBox
    | PopulationMinimumInBox
    | OneFilter
    | PopulationOnLines
    | DimensionCertificate
    | EqualFunctions
    | ExtremalVectorsCertificate
    | RegionCertificate
    | AlgebraicPoint
    | SharpnessCertificate
    | FlattestMinimiserCertificate
    | FlattestRescalingCertificate
    | ExactFlattestMinimiser
    | ExactFlattestRescaling
    | EnclosedSharpnessCertificate
    | MinimumOnWalls
    | MarginCertificate
    | RestrictedGlobalMinimum
    | RestrictedPath
    | RestrictedBarrier
    | RestrictedSpuriousValley
    | RestrictedAllValleys
    | RestrictedPoint
    | RestrictedAnalyticPoint
    | RestrictedCriticalPointInBox
    | RestrictedSmoothPoint
)

CLAIMS: dict[str, type[AnyClaim]] = {
    **dict.fromkeys(CLAIMS_ABOUT_A_POINT, Certificate),
    ALL_CELLS: AllCells,
    GLOBAL_MINIMUM: GlobalMinimum,
    LOWER_BOUND: GlobalMinimum,
    NEAR_GLOBAL_MINIMUM: NearGlobalMinimum,
    NEAR_ANALYTIC_MINIMUM: NearAnalyticMinimum,
    PATH: PathCertificate,
    BARRIER: Barrier,
    SPURIOUS_VALLEY: SpuriousValley,
    ENCLOSED_BARRIER: EnclosedBarrier,
    ENCLOSED_SPURIOUS_VALLEY: EnclosedSpuriousValley,
    ENCLOSED_LEAST_RISK: EnclosedLeastRisk,
    ALL_VALLEYS: AllValleys,
    ALL_ENCLOSED_VALLEYS: AllEnclosedValleys,
    ENCLOSED_VALLEYS_BELOW: EnclosedValleysBelow,
    VALLEYS_BELOW: ValleysBelow,
    CAPTURED: Capture,
    ENCLOSED_CAPTURE: EnclosedCapture,
    **dict.fromkeys(CLAIMS_ABOUT_A_BOX, CriticalPointInBox),
    ON_THREE_SAMPLES: ThreeSamples,
    **dict.fromkeys(CLAIMS_ABOUT_A_SMOOTH_POINT, SmoothPoint),
    **dict.fromkeys(CLAIMS_ABOUT_AN_ANALYTIC_POINT, AnalyticPoint),
    LIFTED_BOX: LiftedBox,
    POPULATION_MINIMUM: PopulationMinimumInBox,
    **dict.fromkeys(CLAIMS_ABOUT_A_FILTER, OneFilter),
    **dict.fromkeys(CLAIMS_ON_LINES, PopulationOnLines),
    FUNCTIONAL_DIMENSION: DimensionCertificate,
    BATCH_FUNCTIONAL_DIMENSION: DimensionCertificate,
    **dict.fromkeys(CLAIMS_ABOUT_TWO_FUNCTIONS, EqualFunctions),
    EXTREMAL_VECTORS: ExtremalVectorsCertificate,
    LINEAR_REGIONS: RegionCertificate,
    ALGEBRAIC_MINIMUM: AlgebraicPoint,
    SHARPNESS: SharpnessCertificate,
    FLATTEST_MINIMISER: FlattestMinimiserCertificate,
    EXACT_FLATTEST_MINIMISER: ExactFlattestMinimiser,
    EXACT_FLATTEST_RESCALING: ExactFlattestRescaling,
    FLATTEST_RESCALING: FlattestRescalingCertificate,
    ENCLOSED_SHARPNESS: EnclosedSharpnessCertificate,
    **dict.fromkeys(CLAIMS_ON_WALLS, MinimumOnWalls),
    **dict.fromkeys(CLAIMS_ABOUT_MARGINS, MarginCertificate),
    **dict.fromkeys(CLAIMS_ABOUT_A_RESTRICTED_POINT, RestrictedPoint),
    **dict.fromkeys(CLAIMS_ABOUT_A_RESTRICTED_ANALYTIC_POINT, RestrictedAnalyticPoint),
    **dict.fromkeys(CLAIMS_ABOUT_A_RESTRICTED_BOX, RestrictedCriticalPointInBox),
    **dict.fromkeys(CLAIMS_ABOUT_A_RESTRICTED_SMOOTH_POINT, RestrictedSmoothPoint),
    RESTRICTED_GLOBAL_MINIMUM: RestrictedGlobalMinimum,
    RESTRICTED_PATH: RestrictedPath,
    RESTRICTED_BARRIER: RestrictedBarrier,
    RESTRICTED_SPURIOUS_VALLEY: RestrictedSpuriousValley,
    RESTRICTED_ALL_VALLEYS: RestrictedAllValleys,
}
"""All kinds of claims: proofs/FORMAT.md, sections 3, 6 to 13, 15, 17, 19, 20, 22, 26, 30 to 36, 41 to 49, 57, 59 and 60."""
