"""Points of restricted problems."""
