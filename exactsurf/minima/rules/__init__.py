"""One file a rule: evidence that a point is, or is not, a local minimum."""
