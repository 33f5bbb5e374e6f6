"""Which activation patterns of a deep network occur: decided by linear systems on branches."""
