"""Stationarity in all senses, and the second-order test for differentiable and kinked points."""
