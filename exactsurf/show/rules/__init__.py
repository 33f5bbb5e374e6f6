"""One file a rule: its proof in words and formulas."""
