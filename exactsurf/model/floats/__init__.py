"""Risks and losses in floats, of many predictions at once: for proposals only."""
