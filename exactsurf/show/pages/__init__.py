"""Pages that stand alone, and what notebooks show."""
