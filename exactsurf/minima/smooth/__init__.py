"""Smooth activations: decisions at rational points, and boxes with one critical point."""
