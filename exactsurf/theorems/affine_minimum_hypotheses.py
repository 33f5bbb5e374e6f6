"""What theorems about local minima with the risk of the best affine model ask of the loss."""

from __future__ import annotations

from exactsurf.theorems.constructions.lifted_box import affine_minimiser_exists
from exactsurf.theorems.network_conditions import differentiable_loss_or_by_pieces
from exactsurf.theorems.theorem import Hypothesis

AFFINE_MINIMUM_HYPOTHESES = (
    Hypothesis(
        "loss", "continuously differentiable (the paper), or convex by pieces", differentiable_loss_or_by_pieces, setting=True
    ),
    Hypothesis("attained", "some affine model has the least risk of all", affine_minimiser_exists),
)
"""He, Wang and Tao 2020, Goldblum et al. 2020, and Christof and Kowalczyk 2023 share them."""
