"""Floats that propose where to cut and where the risk may be low; what they propose is decided exactly."""
