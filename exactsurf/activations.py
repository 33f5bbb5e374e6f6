"""Activations of hidden units: piecewise linear ones, on which everything is rational, and smooth ones.

>>> import exactsurf as es
>>> es.activations.leaky_relu("1/100").slopes
(Fraction(1, 100), Fraction(1, 1))
"""

from __future__ import annotations

from exactsurf.model.activation import absolute_value as absolute_value
from exactsurf.model.activation import hard_tanh as hard_tanh
from exactsurf.model.activation import leaky_relu as leaky_relu
from exactsurf.model.activation import linear as linear
from exactsurf.model.activation import piecewise_linear as piecewise_linear
from exactsurf.model.activation import relu as relu
from exactsurf.model.activation import relu6 as relu6
from exactsurf.model.activation import relu_like as relu_like
from exactsurf.model.smooth_activation import arctan as arctan
from exactsurf.model.smooth_activation import elu as elu
from exactsurf.model.smooth_activation import quadratic as quadratic
from exactsurf.model.smooth_activation import selu as selu
from exactsurf.model.smooth_activation import sigmoid as sigmoid
from exactsurf.model.smooth_activation import smooth_activation as smooth_activation
from exactsurf.model.smooth_activation import softplus as softplus
from exactsurf.model.smooth_activation import tanh as tanh

__all__ = [
    "absolute_value",
    "arctan",
    "elu",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "piecewise_linear",
    "quadratic",
    "relu",
    "relu6",
    "relu_like",
    "selu",
    "sigmoid",
    "smooth_activation",
    "softplus",
    "tanh",
]
