"""One file a rule of claims about a rational point of a smooth risk (FORMAT.md, sections 13, 21, 55 and 64)."""
