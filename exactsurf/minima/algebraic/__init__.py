"""Critical points whose coordinates are algebraic numbers."""
