"""A certificate's document read back as values."""
