"""Hypotheses that several theorems share: each has one name, one statement and one check."""

from __future__ import annotations

from exactsurf.theorems.constructions.lifted_box import affine_minimiser_exists
from exactsurf.theorems.constructions.linear_network import is_critical, linear_without_biases
from exactsurf.theorems.data_conditions import (
    balanced_classes,
    distinct_eigenvalues,
    fewer_targets_than_inputs,
    full_rank_correlation,
    full_rank_inputs,
    separable,
)
from exactsurf.theorems.network_conditions import (
    biases_everywhere,
    differentiable_loss,
    differentiable_loss_or_by_pieces,
    everything_is_penalised,
    hidden_layers,
    hinge_loss,
    homogeneous,
    no_biases,
    no_output_bias,
    one_output,
    relu_activation,
    squared_loss,
    strictly_convex_loss,
    widths_at_least_the_ends,
)
from exactsurf.theorems.point_conditions import any_point, in_open_cell, local_minimum
from exactsurf.theorems.restricted_conditions import of_whole
from exactsurf.theorems.theorem import Hypothesis, PointHypothesis

ONE_HIDDEN_LAYER = Hypothesis("depth", "one hidden layer", hidden_layers(1, 1), setting=True)
SOME_HIDDEN_LAYER = Hypothesis("depth", "at least one hidden layer", hidden_layers(1), setting=True)
ONE_OUTPUT = Hypothesis("d_y", "one output", one_output, setting=True)
WIDTHS_AT_LEAST_THE_ENDS = Hypothesis("widths", "every hidden width is at least min(d_x, d_y)", widths_at_least_the_ends)
BIASES_EVERYWHERE = Hypothesis("biases", "a bias in every layer", biases_everywhere, setting=True)
NO_OUTPUT_BIAS = Hypothesis("output bias", "no output bias", no_output_bias, setting=True)
NO_BIASES = Hypothesis("biases", "no biases", no_biases, setting=True)

LINEAR = Hypothesis("network", "a linear network without biases", linear_without_biases, setting=True)
DEEP_LINEAR = Hypothesis("network", "a deep linear network without biases", linear_without_biases, setting=True)
RELU = Hypothesis("activation", "ReLU", relu_activation, setting=True)
HOMOGENEOUS = Hypothesis("activation", "h(cz) = c h(z) for c > 0", homogeneous, setting=True)

SQUARED_LOSS = Hypothesis("loss", "the squared loss", squared_loss, setting=True)
DIFFERENTIABLE_LOSS = Hypothesis("loss", "a convex and differentiable loss", differentiable_loss, setting=True)
STRICTLY_CONVEX_LOSS = Hypothesis("loss", "a strictly convex and differentiable loss", strictly_convex_loss, setting=True)
REGULARISED = Hypothesis(
    "regulariser", "weight decay of everything that hidden units have", everything_is_penalised, setting=True
)
HINGE_LOSS = Hypothesis("loss", "the hinge loss, labels −1 and 1", hinge_loss, setting=True)
WHOLE_DIFFERENTIABLE_LOSS = Hypothesis("loss", "a convex differentiable loss", of_whole(differentiable_loss), True)
"""Of a restricted problem."""

FULL_RANK_INPUTS = Hypothesis("rank X", "X Xᵀ has full rank", full_rank_inputs)
FULL_RANK_CORRELATION = Hypothesis("rank XY", "X Yᵀ has full rank", full_rank_correlation)
FEWER_TARGETS_THAN_INPUTS = Hypothesis("d_y", "d_y ≤ d_x", fewer_targets_than_inputs)
DISTINCT_EIGENVALUES = Hypothesis("eigenvalues", "Σ has d_y distinct eigenvalues", distinct_eigenvalues)
SEPARABLE = Hypothesis("separable", "the classes are linearly separable", separable)
BALANCED_CLASSES = Hypothesis("balanced", "both classes have the same total weight", balanced_classes)

ANY_POINT = PointHypothesis("point", "any parameters", any_point, setting=True)
CRITICAL = PointHypothesis("critical", "the point is critical", is_critical)
LOCAL_MINIMUM = PointHypothesis("minimum", "the point is a local minimum", local_minimum)
IN_OPEN_CELL = PointHypothesis("cell", "the point lies in an open cell", in_open_cell)

AFFINE_MINIMUM = (
    Hypothesis(
        "loss", "continuously differentiable (the paper), or convex by pieces", differentiable_loss_or_by_pieces, setting=True
    ),
    Hypothesis("attained", "some affine model has the least risk of all", affine_minimiser_exists),
)
"""What is asked for local minima with the risk of the best affine model."""
