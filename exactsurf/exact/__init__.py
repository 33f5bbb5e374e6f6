"""Proved answers about numbers: rationals in and out, linear algebra, linear systems with bounds."""

from exactsurf.exact.number import exact, exact_float, to_text

__all__ = ["exact", "exact_float", "to_text"]
