"""exactsurf: exact analysis of the loss surfaces of small neural networks.

Rational arithmetic decides, certificates say why, and an independent verifier checks them. Names are loaded when
they are first used, so that importing the package is quick.

>>> import exactsurf as es
>>> data = es.Data.from_arrays([[0], [1], [2], [3]], [0, 1, 0, 2])
>>> problem = es.Problem(es.Network([1, 2, 1], activation=es.relu), data, loss=es.squared)
>>> example = es.papers.yun_2019.theorem_1.construct(problem)
>>> print(example.verdict.status, example.risk, example.lower_risk)
PROVED 3/4 21/32
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from exactsurf import activations as activations
    from exactsurf import losses as losses
    from exactsurf import papers as papers
    from exactsurf import plots as plots
    from exactsurf.activations import absolute_value as absolute_value
    from exactsurf.activations import arctan as arctan
    from exactsurf.activations import elu as elu
    from exactsurf.activations import hard_tanh as hard_tanh
    from exactsurf.activations import leaky_relu as leaky_relu
    from exactsurf.activations import linear as linear
    from exactsurf.activations import piecewise_linear as piecewise_linear
    from exactsurf.activations import quadratic as quadratic
    from exactsurf.activations import relu as relu
    from exactsurf.activations import relu6 as relu6
    from exactsurf.activations import relu_like as relu_like
    from exactsurf.activations import selu as selu
    from exactsurf.activations import sigmoid as sigmoid
    from exactsurf.activations import smooth_activation as smooth_activation
    from exactsurf.activations import softplus as softplus
    from exactsurf.activations import tanh as tanh
    from exactsurf.arrangement.arrangement import Arrangement as Arrangement
    from exactsurf.cells.activation_pattern import ActivationPattern as ActivationPattern
    from exactsurf.cells.all_cells import certify_all_cells as certify_all_cells
    from exactsurf.cells.cell import Cell as Cell
    from exactsurf.cells.cell_classes import CellClass as CellClass
    from exactsurf.cells.cell_classes import CellClasses as CellClasses
    from exactsurf.cells.cell_classes import cell_classes as cell_classes
    from exactsurf.cells.cell_graph import cell_graph as cell_graph
    from exactsurf.cells.extremal_vectors import ExtremalVector as ExtremalVector
    from exactsurf.cells.extremal_vectors import ExtremalVectors as ExtremalVectors
    from exactsurf.cells.extremal_vectors import extremal_vectors as extremal_vectors
    from exactsurf.cells.graph_statistics import GraphStatistics as GraphStatistics
    from exactsurf.cells.graph_statistics import graph_statistics as graph_statistics
    from exactsurf.cells.inputs.equal_functions import equal_functions as equal_functions
    from exactsurf.cells.inputs.functional_dimension import FunctionalDimension as FunctionalDimension
    from exactsurf.cells.inputs.functional_dimension import functional_dimension as functional_dimension
    from exactsurf.cells.inputs.linear_regions import LinearRegions as LinearRegions
    from exactsurf.cells.inputs.linear_regions import linear_regions as linear_regions
    from exactsurf.cells.patterns.pattern_decision import PatternDecision as PatternDecision
    from exactsurf.cells.patterns.pattern_decision import decide_pattern as decide_pattern
    from exactsurf.cells.patterns.pattern_regions import PatternRegions as PatternRegions
    from exactsurf.cells.patterns.pattern_regions import pattern_regions as pattern_regions
    from exactsurf.cells.patterns.pattern_text import read_pattern as read_pattern
    from exactsurf.cells.profile import Profile as Profile
    from exactsurf.cells.profile import profile as profile
    from exactsurf.cells.restricted_cell import RestrictedCell as RestrictedCell
    from exactsurf.cells.slice import Slice as Slice
    from exactsurf.cells.unit_cells import count_cells as count_cells
    from exactsurf.cells.unit_cells import enumerate_patterns as enumerate_patterns
    from exactsurf.certificate.check import verify as verify
    from exactsurf.certificate.claims.algebraic_point import AlgebraicPoint as AlgebraicPoint
    from exactsurf.certificate.claims.all_cells import AllCells as AllCells
    from exactsurf.certificate.claims.all_enclosed_valleys import AllEnclosedValleys as AllEnclosedValleys
    from exactsurf.certificate.claims.all_valleys import AllValleys as AllValleys
    from exactsurf.certificate.claims.analytic_point import AnalyticPoint as AnalyticPoint
    from exactsurf.certificate.claims.barrier import Barrier as Barrier
    from exactsurf.certificate.claims.capture import Capture as Capture
    from exactsurf.certificate.claims.critical_box import CriticalPointInBox as CriticalPointInBox
    from exactsurf.certificate.claims.enclosed_barrier import EnclosedBarrier as EnclosedBarrier
    from exactsurf.certificate.claims.enclosed_capture import EnclosedCapture as EnclosedCapture
    from exactsurf.certificate.claims.enclosed_least_risk import EnclosedLeastRisk as EnclosedLeastRisk
    from exactsurf.certificate.claims.enclosed_sharpness import EnclosedSharpnessCertificate as EnclosedSharpnessCertificate
    from exactsurf.certificate.claims.enclosed_spurious_valley import EnclosedSpuriousValley as EnclosedSpuriousValley
    from exactsurf.certificate.claims.enclosed_valleys_below import EnclosedValleysBelow as EnclosedValleysBelow
    from exactsurf.certificate.claims.equal_functions import EqualFunctions as EqualFunctions
    from exactsurf.certificate.claims.exact_flattest_minimiser import ExactFlattestMinimiser as ExactFlattestMinimiser
    from exactsurf.certificate.claims.exact_flattest_rescaling import ExactFlattestRescaling as ExactFlattestRescaling
    from exactsurf.certificate.claims.extremal_vectors import ExtremalVectorsCertificate as ExtremalVectorsCertificate
    from exactsurf.certificate.claims.flattest_minimiser import FlattestMinimiserCertificate as FlattestMinimiserCertificate
    from exactsurf.certificate.claims.flattest_rescaling import FlattestRescalingCertificate as FlattestRescalingCertificate
    from exactsurf.certificate.claims.functional_dimension import DimensionCertificate as DimensionCertificate
    from exactsurf.certificate.claims.global_minimum import GlobalMinimum as GlobalMinimum
    from exactsurf.certificate.claims.lifted_box import LiftedBox as LiftedBox
    from exactsurf.certificate.claims.linear_regions import RegionCertificate as RegionCertificate
    from exactsurf.certificate.claims.margin_point import MarginCertificate as MarginCertificate
    from exactsurf.certificate.claims.minimum_on_walls import MinimumOnWalls as MinimumOnWalls
    from exactsurf.certificate.claims.near_analytic_minimum import NearAnalyticMinimum as NearAnalyticMinimum
    from exactsurf.certificate.claims.near_global_minimum import NearGlobalMinimum as NearGlobalMinimum
    from exactsurf.certificate.claims.one_filter import OneFilter as OneFilter
    from exactsurf.certificate.claims.path import PathCertificate as PathCertificate
    from exactsurf.certificate.claims.point import Certificate as Certificate
    from exactsurf.certificate.claims.population_minimum import PopulationMinimumInBox as PopulationMinimumInBox
    from exactsurf.certificate.claims.population_on_lines import PopulationOnLines as PopulationOnLines
    from exactsurf.certificate.claims.restricted_analytic_point import RestrictedAnalyticPoint as RestrictedAnalyticPoint
    from exactsurf.certificate.claims.restricted_box import RestrictedCriticalPointInBox as RestrictedCriticalPointInBox
    from exactsurf.certificate.claims.restricted_paths import RestrictedAllValleys as RestrictedAllValleys
    from exactsurf.certificate.claims.restricted_paths import RestrictedBarrier as RestrictedBarrier
    from exactsurf.certificate.claims.restricted_paths import RestrictedPath as RestrictedPath
    from exactsurf.certificate.claims.restricted_paths import RestrictedSpuriousValley as RestrictedSpuriousValley
    from exactsurf.certificate.claims.restricted_point import RestrictedPoint as RestrictedPoint
    from exactsurf.certificate.claims.restricted_smooth_point import RestrictedSmoothPoint as RestrictedSmoothPoint
    from exactsurf.certificate.claims.restricted_surface import RestrictedGlobalMinimum as RestrictedGlobalMinimum
    from exactsurf.certificate.claims.sharpness import SharpnessCertificate as SharpnessCertificate
    from exactsurf.certificate.claims.smooth_point import SmoothPoint as SmoothPoint
    from exactsurf.certificate.claims.spurious_valley import SpuriousValley as SpuriousValley
    from exactsurf.certificate.claims.three_samples import ThreeSamples as ThreeSamples
    from exactsurf.certificate.claims.valleys_below import ValleysBelow as ValleysBelow
    from exactsurf.certificate.verdict import Kind as Kind
    from exactsurf.certificate.verdict import Status as Status
    from exactsurf.certificate.verdict import Verdict as Verdict
    from exactsurf.effort import Effort as Effort
    from exactsurf.effort import OutOfTime as OutOfTime
    from exactsurf.errors import ExactsurfError as ExactsurfError
    from exactsurf.errors import HypothesisError as HypothesisError
    from exactsurf.errors import InexactNumberError as InexactNumberError
    from exactsurf.errors import InputError as InputError
    from exactsurf.errors import MissingExtraError as MissingExtraError
    from exactsurf.errors import RejectedCertificate as RejectedCertificate
    from exactsurf.errors import ShapeError as ShapeError
    from exactsurf.errors import UndecidedComparison as UndecidedComparison
    from exactsurf.errors import UnsupportedError as UnsupportedError
    from exactsurf.exact.balls import Ball as Ball
    from exactsurf.exact.number import exact as exact
    from exactsurf.exact.number import exact_float as exact_float
    from exactsurf.interop.convolution_values import convolution_values as convolution_values
    from exactsurf.interop.graph_file import write_graph as write_graph
    from exactsurf.interop.imported_model import ImportedModel as ImportedModel
    from exactsurf.interop.load import load as load
    from exactsurf.interop.numpy_arrays import from_arrays as from_arrays
    from exactsurf.interop.numpy_arrays import to_numpy as to_numpy
    from exactsurf.interop.onnx_model import from_onnx as from_onnx
    from exactsurf.interop.polynomial_system import to_homotopy_continuation as to_homotopy_continuation
    from exactsurf.interop.polynomial_system import to_msolve as to_msolve
    from exactsurf.interop.problem_file import read_problem as read_problem
    from exactsurf.interop.problem_file import read_restricted_problem as read_restricted_problem
    from exactsurf.interop.problem_writer import write_problem as write_problem
    from exactsurf.interop.sklearn_model import from_sklearn as from_sklearn
    from exactsurf.interop.smtlib import to_smtlib as to_smtlib
    from exactsurf.interop.torch_model import ExportedArrays as ExportedArrays
    from exactsurf.interop.torch_model import from_torch as from_torch
    from exactsurf.interop.torch_model import to_torch_state_dict as to_torch_state_dict
    from exactsurf.interop.trajectory_file import read_trajectory as read_trajectory
    from exactsurf.losses import absolute as absolute
    from exactsurf.losses import cross_entropy as cross_entropy
    from exactsurf.losses import epsilon_insensitive as epsilon_insensitive
    from exactsurf.losses import hinge as hinge
    from exactsurf.losses import huber as huber
    from exactsurf.losses import logistic as logistic
    from exactsurf.losses import loss as loss
    from exactsurf.losses import piecewise_quadratic as piecewise_quadratic
    from exactsurf.losses import quantile as quantile
    from exactsurf.losses import smoothed_hinge as smoothed_hinge
    from exactsurf.losses import squared as squared
    from exactsurf.losses import squared_hinge as squared_hinge
    from exactsurf.minima.algebraic.algebraic_minimum import algebraic_minimum as algebraic_minimum
    from exactsurf.minima.decide import decide as decide
    from exactsurf.minima.deep_linear.classification import DeepLinear as DeepLinear
    from exactsurf.minima.deep_linear.classification import classify_deep_linear as classify_deep_linear
    from exactsurf.minima.escape_neurons import EscapeNeuron as EscapeNeuron
    from exactsurf.minima.escape_neurons import escape_neurons as escape_neurons
    from exactsurf.minima.flattest_minimiser import FlattestMinimiser as FlattestMinimiser
    from exactsurf.minima.flattest_minimiser import flattest_minimiser as flattest_minimiser
    from exactsurf.minima.flattest_rescaling import FlattestRescaling as FlattestRescaling
    from exactsurf.minima.flattest_rescaling import flattest_rescaling as flattest_rescaling
    from exactsurf.minima.floats.polish import Polished as Polished
    from exactsurf.minima.floats.polish import polish as polish
    from exactsurf.minima.margin_point import MarginPoint as MarginPoint
    from exactsurf.minima.margin_point import margin_point as margin_point
    from exactsurf.minima.restricted.box import RestrictedBox as RestrictedBox
    from exactsurf.minima.senses.senses import Stationarity as Stationarity
    from exactsurf.minima.senses.sosp_check import SospCheck as SospCheck
    from exactsurf.minima.senses.sosp_check import SospOutput as SospOutput
    from exactsurf.minima.senses.sosp_check import sosp_check as sosp_check
    from exactsurf.minima.senses.stationarity import stationarity as stationarity
    from exactsurf.minima.sharpness import Sharpness as Sharpness
    from exactsurf.minima.sharpness import sharpness as sharpness
    from exactsurf.minima.smooth.critical_box import CriticalBox as CriticalBox
    from exactsurf.minima.smooth.critical_box import find_critical_box as find_critical_box
    from exactsurf.minima.smooth.enclosed_sharpness import EnclosedSharpness as EnclosedSharpness
    from exactsurf.minima.smooth.enclosed_sharpness import enclosed_sharpness as enclosed_sharpness
    from exactsurf.minima.walls.box import BoxOnWalls as BoxOnWalls
    from exactsurf.minima.walls.box import find_minimum_on_walls as find_minimum_on_walls
    from exactsurf.model.activation import Activation as Activation
    from exactsurf.model.activation import PiecewiseLinear as PiecewiseLinear
    from exactsurf.model.convolutions import convolution as convolution
    from exactsurf.model.data import Data as Data
    from exactsurf.model.data_symmetries import DataSymmetries as DataSymmetries
    from exactsurf.model.data_symmetries import InputSymmetry as InputSymmetry
    from exactsurf.model.data_symmetries import data_symmetries as data_symmetries
    from exactsurf.model.loss import Loss as Loss
    from exactsurf.model.network import Network as Network
    from exactsurf.model.parameters import Parameters as Parameters
    from exactsurf.model.pooling import Pooling as Pooling
    from exactsurf.model.problem import Problem as Problem
    from exactsurf.model.restricted_problem import RestrictedProblem as RestrictedProblem
    from exactsurf.model.restriction import Restriction as Restriction
    from exactsurf.model.restrictions import diagonal as diagonal
    from exactsurf.model.restrictions import residual as residual
    from exactsurf.model.restrictions import restriction as restriction
    from exactsurf.model.sample_symmetries import SampleSymmetries as SampleSymmetries
    from exactsurf.model.sample_symmetries import SampleSymmetry as SampleSymmetry
    from exactsurf.model.sample_symmetries import sample_symmetries as sample_symmetries
    from exactsurf.model.smooth_activation import SmoothActivation as SmoothActivation
    from exactsurf.search.claim_search import find_counterexample as find_counterexample
    from exactsurf.search.claims import Answer as Answer
    from exactsurf.search.claims import Claim as Claim
    from exactsurf.search.claims import claim as claim
    from exactsurf.search.claims import fails as fails
    from exactsurf.search.claims import holds as holds
    from exactsurf.search.claims import undecided as undecided
    from exactsurf.search.counterexample import Counterexample as Counterexample
    from exactsurf.search.ready_claims import CLAIMS as CLAIMS
    from exactsurf.search.search_result import SearchEnd as SearchEnd
    from exactsurf.search.search_result import SearchResult as SearchResult
    from exactsurf.search.theorem_claims import claim_of as claim_of
    from exactsurf.show.certificates import latex as latex
    from exactsurf.show.certificates import markdown as markdown
    from exactsurf.show.pages.classroom_page import classroom_page as classroom_page
    from exactsurf.show.pages.landscape_page import landscape_page as landscape_page
    from exactsurf.show.pages.landscape_table import valley_table as valley_table
    from exactsurf.show.pages.slice_page import slice_page as slice_page
    from exactsurf.surface.bounds.bound_search import BoundSearch as BoundSearch
    from exactsurf.surface.global_certificate import certify_global_minimum as certify_global_minimum
    from exactsurf.surface.global_certificate import certify_search as certify_search
    from exactsurf.surface.global_search import GlobalSearch as GlobalSearch
    from exactsurf.surface.in_cell_components import InCellMinima as InCellMinima
    from exactsurf.surface.in_cell_components import in_cell_components as in_cell_components
    from exactsurf.surface.levels.decay_path import DecayPath as DecayPath
    from exactsurf.surface.levels.decay_path import ValleyChange as ValleyChange
    from exactsurf.surface.levels.decay_path import decay_path as decay_path
    from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape as EnclosedLandscape
    from exactsurf.surface.levels.enclosed_landscape import enclosed_landscape as enclosed_landscape
    from exactsurf.surface.levels.enclosed_list import certify_all_enclosed_valleys as certify_all_enclosed_valleys
    from exactsurf.surface.levels.enclosed_list_below import certify_enclosed_valleys_below as certify_enclosed_valleys_below
    from exactsurf.surface.levels.enclosed_paths import certify_enclosed_barrier as certify_enclosed_barrier
    from exactsurf.surface.levels.enclosed_paths import certify_enclosed_valley as certify_enclosed_valley
    from exactsurf.surface.levels.enclosed_search import EnclosedSearch as EnclosedSearch
    from exactsurf.surface.levels.enclosed_sublevel import EnclosedSublevelLandscape as EnclosedSublevelLandscape
    from exactsurf.surface.levels.enclosed_valley import EnclosedValley as EnclosedValley
    from exactsurf.surface.levels.enclosure import Enclosure as Enclosure
    from exactsurf.surface.levels.near_certificate import certify_near_global_minimum as certify_near_global_minimum
    from exactsurf.surface.local_minima import LocalMinimum as LocalMinimum
    from exactsurf.surface.low_path import LowPath as LowPath
    from exactsurf.surface.paths import certify_barrier as certify_barrier
    from exactsurf.surface.paths import certify_path as certify_path
    from exactsurf.surface.paths import certify_spurious_valley as certify_spurious_valley
    from exactsurf.surface.paths import descending_path as descending_path
    from exactsurf.surface.paths import find_path as find_path
    from exactsurf.surface.paths import lowest_path as lowest_path
    from exactsurf.surface.restricted.free_paths import LowFreePath as LowFreePath
    from exactsurf.surface.restricted.minimiser_sets import RestrictedMinimum as RestrictedMinimum
    from exactsurf.surface.restricted.power_landscape import PowerLandscape as PowerLandscape
    from exactsurf.surface.restricted.power_landscape import PowerMinimum as PowerMinimum
    from exactsurf.surface.restricted.power_landscape import PowerValley as PowerValley
    from exactsurf.surface.restricted.power_landscape import power_landscape as power_landscape
    from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape as RestrictedLandscape
    from exactsurf.surface.sublevel import SublevelLandscape as SublevelLandscape
    from exactsurf.surface.sublevel_certificate import certify_valleys_below as certify_valleys_below
    from exactsurf.surface.surface import Landscape as Landscape
    from exactsurf.surface.surface import landscape as landscape
    from exactsurf.surface.training.capture import certify_capture as certify_capture
    from exactsurf.surface.training.enclosed_component import EnclosedSublevelComponent as EnclosedSublevelComponent
    from exactsurf.surface.training.floats.gradient_descent import gradient_descent as gradient_descent
    from exactsurf.surface.training.sublevel_component import SublevelComponent as SublevelComponent
    from exactsurf.surface.training.sublevel_component import sublevel_component as sublevel_component
    from exactsurf.surface.training.trajectory import Trajectory as Trajectory
    from exactsurf.surface.training.trajectory import follow_trajectory as follow_trajectory
    from exactsurf.surface.training.valley_counts import TrainingValleys as TrainingValleys
    from exactsurf.surface.training.valley_counts import training_valleys as training_valleys
    from exactsurf.surface.valley import Valley as Valley
    from exactsurf.surface.valley_list import certify_all_valleys as certify_all_valleys
    from exactsurf.theorems.constructions.lifted_box import BoxWithSpuriousMinimum as BoxWithSpuriousMinimum
    from exactsurf.theorems.constructions.lifted_box import find_lifted_box as find_lifted_box
    from exactsurf.theorems.outcome import Outcome as Outcome
    from exactsurf.theorems.theorem import Report as Report
    from exactsurf.theorems.theorem import SharpnessExample as SharpnessExample
    from exactsurf.theorems.theorem import Theorem as Theorem
    from exactsurf.verifier.submission import Accepted as Accepted

_CLAIMS = """
    algebraic_point:AlgebraicPoint all_cells:AllCells all_enclosed_valleys:AllEnclosedValleys all_valleys:AllValleys
    analytic_point:AnalyticPoint barrier:Barrier capture:Capture critical_box:CriticalPointInBox enclosed_barrier:EnclosedBarrier
    enclosed_capture:EnclosedCapture enclosed_least_risk:EnclosedLeastRisk enclosed_sharpness:EnclosedSharpnessCertificate
    enclosed_spurious_valley:EnclosedSpuriousValley enclosed_valleys_below:EnclosedValleysBelow equal_functions:EqualFunctions
    exact_flattest_minimiser:ExactFlattestMinimiser exact_flattest_rescaling:ExactFlattestRescaling
    extremal_vectors:ExtremalVectorsCertificate flattest_minimiser:FlattestMinimiserCertificate
    flattest_rescaling:FlattestRescalingCertificate functional_dimension:DimensionCertificate global_minimum:GlobalMinimum
    lifted_box:LiftedBox linear_regions:RegionCertificate margin_point:MarginCertificate minimum_on_walls:MinimumOnWalls
    near_analytic_minimum:NearAnalyticMinimum near_global_minimum:NearGlobalMinimum one_filter:OneFilter path:PathCertificate
    point:Certificate population_minimum:PopulationMinimumInBox population_on_lines:PopulationOnLines
    restricted_analytic_point:RestrictedAnalyticPoint restricted_box:RestrictedCriticalPointInBox
    restricted_paths:RestrictedAllValleys,RestrictedBarrier,RestrictedPath,RestrictedSpuriousValley
    restricted_point:RestrictedPoint restricted_smooth_point:RestrictedSmoothPoint restricted_surface:RestrictedGlobalMinimum
    sharpness:SharpnessCertificate smooth_point:SmoothPoint spurious_valley:SpuriousValley three_samples:ThreeSamples
    valleys_below:ValleysBelow
"""
_OTHERS = """
    arrangement.arrangement:Arrangement cells.activation_pattern:ActivationPattern cells.all_cells:certify_all_cells
    cells.cell:Cell cells.cell_classes:CellClass,CellClasses,cell_classes cells.cell_graph:cell_graph
    cells.extremal_vectors:ExtremalVector,ExtremalVectors,extremal_vectors cells.graph_statistics:GraphStatistics,graph_statistics
    cells.inputs.equal_functions:equal_functions cells.inputs.functional_dimension:FunctionalDimension,functional_dimension
    cells.inputs.linear_regions:LinearRegions,linear_regions cells.patterns.pattern_decision:PatternDecision,decide_pattern
    cells.patterns.pattern_regions:PatternRegions,pattern_regions cells.patterns.pattern_text:read_pattern
    cells.profile:Profile,profile cells.restricted_cell:RestrictedCell cells.slice:Slice
    cells.unit_cells:count_cells,enumerate_patterns certificate.check:verify certificate.verdict:Kind,Status,Verdict
    effort:Effort,OutOfTime
    errors:ExactsurfError,HypothesisError,InexactNumberError,InputError,MissingExtraError,RejectedCertificate,ShapeError,UndecidedComparison,UnsupportedError
    exact.balls:Ball exact.number:exact,exact_float interop.convolution_values:convolution_values
    interop.graph_file:write_graph interop.imported_model:ImportedModel interop.load:load
    interop.numpy_arrays:from_arrays,to_numpy interop.onnx_model:from_onnx
    interop.polynomial_system:to_homotopy_continuation,to_msolve interop.problem_file:read_problem,read_restricted_problem
    interop.problem_writer:write_problem interop.sklearn_model:from_sklearn interop.smtlib:to_smtlib
    interop.torch_model:ExportedArrays,from_torch,to_torch_state_dict interop.trajectory_file:read_trajectory
    minima.algebraic.algebraic_minimum:algebraic_minimum minima.decide:decide
    minima.deep_linear.classification:DeepLinear,classify_deep_linear minima.escape_neurons:EscapeNeuron,escape_neurons
    minima.flattest_minimiser:FlattestMinimiser,flattest_minimiser minima.flattest_rescaling:FlattestRescaling,flattest_rescaling
    minima.floats.polish:Polished,polish minima.margin_point:MarginPoint,margin_point minima.restricted.box:RestrictedBox
    minima.senses.senses:Stationarity minima.senses.sosp_check:SospCheck,SospOutput,sosp_check
    minima.senses.stationarity:stationarity minima.sharpness:Sharpness,sharpness
    minima.smooth.critical_box:CriticalBox,find_critical_box minima.smooth.enclosed_sharpness:EnclosedSharpness,enclosed_sharpness
    minima.walls.box:BoxOnWalls,find_minimum_on_walls model.activation:Activation,PiecewiseLinear model.convolutions:convolution
    model.data:Data model.data_symmetries:DataSymmetries,InputSymmetry,data_symmetries model.loss:Loss model.network:Network
    model.parameters:Parameters model.pooling:Pooling model.problem:Problem model.restricted_problem:RestrictedProblem
    model.restriction:Restriction model.restrictions:diagonal,residual,restriction
    model.sample_symmetries:SampleSymmetries,SampleSymmetry,sample_symmetries model.smooth_activation:SmoothActivation
    search.claim_search:find_counterexample search.claims:Answer,Claim,claim,fails,holds,undecided
    search.counterexample:Counterexample search.ready_claims:CLAIMS search.search_result:SearchEnd,SearchResult
    search.theorem_claims:claim_of show.certificates:latex,markdown show.pages.classroom_page:classroom_page
    show.pages.landscape_page:landscape_page show.pages.landscape_table:valley_table show.pages.slice_page:slice_page
    surface.bounds.bound_search:BoundSearch surface.global_certificate:certify_global_minimum,certify_search
    surface.global_search:GlobalSearch surface.in_cell_components:InCellMinima,in_cell_components
    surface.levels.decay_path:DecayPath,ValleyChange,decay_path
    surface.levels.enclosed_landscape:EnclosedLandscape,enclosed_landscape
    surface.levels.enclosed_list:certify_all_enclosed_valleys surface.levels.enclosed_list_below:certify_enclosed_valleys_below
    surface.levels.enclosed_paths:certify_enclosed_barrier,certify_enclosed_valley surface.levels.enclosed_search:EnclosedSearch
    surface.levels.enclosed_sublevel:EnclosedSublevelLandscape surface.levels.enclosed_valley:EnclosedValley
    surface.levels.enclosure:Enclosure surface.levels.near_certificate:certify_near_global_minimum
    surface.local_minima:LocalMinimum surface.low_path:LowPath
    surface.paths:certify_barrier,certify_path,certify_spurious_valley,descending_path,find_path,lowest_path
    surface.restricted.free_paths:LowFreePath surface.restricted.minimiser_sets:RestrictedMinimum
    surface.restricted.power_landscape:PowerLandscape,PowerMinimum,PowerValley,power_landscape
    surface.restricted.restricted_landscape:RestrictedLandscape surface.sublevel:SublevelLandscape
    surface.sublevel_certificate:certify_valleys_below surface.surface:Landscape,landscape
    surface.training.capture:certify_capture surface.training.enclosed_component:EnclosedSublevelComponent
    surface.training.floats.gradient_descent:gradient_descent
    surface.training.sublevel_component:SublevelComponent,sublevel_component
    surface.training.trajectory:Trajectory,follow_trajectory surface.training.valley_counts:TrainingValleys,training_valleys
    surface.valley:Valley surface.valley_list:certify_all_valleys
    theorems.constructions.lifted_box:BoxWithSpuriousMinimum,find_lifted_box theorems.outcome:Outcome
    theorems.theorem:Report,SharpnessExample,Theorem verifier.submission:Accepted
"""
"""Where names are loaded from: ``module:Name,Name``; claims are in `certificate.claims`."""
_HOMES = {
    prefix + module: tuple(names.split(","))
    for prefix, text in (("certificate.claims.", _CLAIMS), ("", _OTHERS))
    for module, _, names in (home.partition(":") for home in text.split())
}
_NAMESPACES = ("activations", "losses", "papers", "plots")
_SHORTHANDS = {
    "activations": (
        *("absolute_value", "arctan", "elu", "hard_tanh", "leaky_relu", "linear", "piecewise_linear", "quadratic", "relu"),
        *("relu6", "relu_like", "selu", "sigmoid", "smooth_activation", "softplus", "tanh"),
    ),
    "losses": (
        *("absolute", "cross_entropy", "epsilon_insensitive", "hinge", "huber", "logistic", "loss", "piecewise_quadratic"),
        *("quantile", "smoothed_hinge", "squared", "squared_hinge"),
    ),
}
"""What problems are written with every day also stands flat: ``es.relu`` is ``es.activations.relu``."""
_HOME_OF = {name: home for homes in (_HOMES, _SHORTHANDS) for home, names in homes.items() for name in names}
__all__ = sorted([*(name for names in _HOMES.values() for name in names), *_NAMESPACES])


def __getattr__(name: str) -> Any:
    if name in _NAMESPACES:
        return import_module(f"exactsurf.{name}")
    home = _HOME_OF.get(name)
    if home is None:
        from exactsurf.errors import nearest

        near = f"it is es.plots.{name}" if name.startswith("plot_") else nearest(name, _HOME_OF).strip()
        raise AttributeError(f"module 'exactsurf' has no attribute {name!r}{near and f'; {near}'}")
    value = getattr(import_module(f"exactsurf.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
