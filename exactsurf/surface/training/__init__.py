"""Trajectories of training on the exact landscape: which valleys a point can still reach, and where a run has been captured."""
