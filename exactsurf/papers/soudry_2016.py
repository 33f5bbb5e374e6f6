"""Soudry and Carmon, "No bad local minima: Data independent training error guarantees", 2016; the check is in `xie_2017`."""

from exactsurf.papers.xie_2017 import differentiable_minima

__all__ = ["differentiable_minima"]
