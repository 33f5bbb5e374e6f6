"""Claims and evidence as frozen values, their encoding, and verdicts."""
