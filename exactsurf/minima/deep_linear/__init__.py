"""Deep linear networks: the kind of a critical point, and ways out of saddles."""
