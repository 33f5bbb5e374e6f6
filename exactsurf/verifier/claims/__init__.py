"""One file a claim: what is required for it."""
