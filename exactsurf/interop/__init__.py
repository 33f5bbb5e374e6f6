"""In and out of other formats. No mathematics here."""
