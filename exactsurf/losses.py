"""Losses: convex functions of the gap between prediction and target, with exact values and subdifferentials.

>>> import exactsurf as es
>>> es.losses.huber("1/2").mean
huber('1/2').mean
"""

from __future__ import annotations

from exactsurf.model.losses import absolute as absolute
from exactsurf.model.losses import epsilon_insensitive as epsilon_insensitive
from exactsurf.model.losses import hinge as hinge
from exactsurf.model.losses import huber as huber
from exactsurf.model.losses import piecewise_quadratic as piecewise_quadratic
from exactsurf.model.losses import quantile as quantile
from exactsurf.model.losses import smoothed_hinge as smoothed_hinge
from exactsurf.model.losses import squared as squared
from exactsurf.model.losses import squared_hinge as squared_hinge

__all__ = [
    "absolute",
    "epsilon_insensitive",
    "hinge",
    "huber",
    "piecewise_quadratic",
    "quantile",
    "smoothed_hinge",
    "squared",
    "squared_hinge",
]
