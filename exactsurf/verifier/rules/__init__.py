"""One file a rule: what is required of its evidence."""
