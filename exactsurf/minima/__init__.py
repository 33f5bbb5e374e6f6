"""One point of parameter space: is it a local minimum, and why (or why not)."""
