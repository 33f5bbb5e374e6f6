"""Long computations of a landscape: batches, checkpoints, processes, clusters."""
