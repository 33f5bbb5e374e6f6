"""Losses: convex functions of the gap between prediction and target, with exact values and subdifferentials.

>>> import exactsurf as es
>>> es.losses.huber("1/2").mean
huber('1/2').mean
"""

from __future__ import annotations

from exactsurf.model.losses import *  # noqa: F403
from exactsurf.model.losses import __all__ as __all__
