"""Mehta, Chen, Tang and Hauenstein, 2021; it is decided by the count of `bharadwaj_2023`."""

from exactsurf.papers.bharadwaj_2023 import regularised_points_are_isolated

__all__ = ["regularised_points_are_isolated"]
