"""Floats that propose where the risk over a cone of atoms is least; what they propose is decided exactly."""
