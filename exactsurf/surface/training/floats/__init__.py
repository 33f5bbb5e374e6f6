"""Training in floats: its points are proposals, read exactly afterwards."""
