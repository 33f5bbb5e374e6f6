"""The form of a theorem: hypotheses with witnesses, conclusions, reports, references."""
